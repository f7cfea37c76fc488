// The built-in policies: one row each, as the contract of the command lists them.

#include "robots/policy.h"

#include <array>

namespace crawlcard::robots {
namespace {

struct Row {
  std::string_view name;
  // usable when the decision is:
  bool allow, unspecified, conditional, conflict, indeterminate;
  bool robots_only, open_licence_only, any_agent, careful;
};

constexpr std::array<Row, 4> kRows = {{
    {"eu-tdm", true, true, false, false, false, false, false, false, false},
    {"robots-only", true, true, true, true, false, true, false, false, false},
    {"open-licence-only", true, true, true, false, false, false, true, false, false},
    {"strict", true, false, false, false, false, false, false, true, true},
}};

constexpr std::array<std::string_view, 4> kNames = {kRows[0].name, kRows[1].name, kRows[2].name,
                                                    kRows[3].name};

}  // namespace

std::optional<Policy> BuiltInPolicy(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.name != name) continue;
    Policy policy;
    policy.name = row.name;
    policy.allow = row.allow;
    policy.unspecified = row.unspecified;
    policy.conditional = row.conditional;
    policy.conflict = row.conflict;
    policy.indeterminate = row.indeterminate;
    policy.robots_only = row.robots_only;
    policy.open_licence_only = row.open_licence_only;
    policy.any_agent = row.any_agent;
    policy.careful = row.careful;
    return policy;
  }
  return std::nullopt;
}

std::span<const std::string_view> BuiltInPolicyNames() {
  return kNames;
}

}  // namespace crawlcard::robots
