// The built-in policies, compiled in from robots/data/policies/*.toml.

#include "robots/policy.h"

#include <algorithm>
#include <utility>

namespace crawlcard::robots {
namespace {

std::vector<Policy> ReadPolicies() {
  std::vector<Policy> policies;
#include "policies.inc"
  return policies;
}

const std::vector<Policy>& Policies() {
  static const std::vector<Policy> policies = ReadPolicies();
  return policies;
}

}  // namespace

std::optional<Policy> BuiltInPolicy(std::string_view name) {
  const auto found = std::find_if(Policies().begin(), Policies().end(),
                                  [&](const Policy& one) { return one.name == name; });
  return found == Policies().end() ? std::nullopt : std::optional(*found);
}

std::span<const std::string_view> BuiltInPolicyNames() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> out;
    for (const Policy& policy : Policies()) out.emplace_back(policy.name);
    return out;
  }();
  return names;
}

}  // namespace crawlcard::robots
