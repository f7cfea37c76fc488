// robots/policy.h - what a user concludes from a decision.
//
// A policy never changes what the publisher said; it decides whether that makes a page usable.
// The built-in ones are data: robots/data/policies/*.toml, compiled in. A file of the user's own
// has the same keys (docs/formats/policy.md) and is read one floor up, where TOML is known.
//
// Thread rule: values; functions are thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "robots/robots_txt.h"
#include "robots/signal.h"

namespace crawlcard::robots {

// A named, versioned table from decisions to usable. A refusal is never usable.
struct Policy {
  std::string name;
  std::uint32_t version = 1;
  bool allow = true;
  bool unspecified = false;
  bool conditional = false;
  bool conflict = false;
  bool indeterminate = false;
  bool robots_only = false;                      // heeds family robots alone
  bool open_licence_only = false;                // allow and unspecified need an open page licence
  bool any_agent = false;                        // a refusal addressed to any agent counts
  bool careful = false;                          // judges by the careful reading
  UnixSeconds robots_age_max_s = 365LL * 86400;  // older robots.txt observations do not count
  std::vector<Family> heed;                      // empty: all families
  std::optional<Dialect> dialect;                // unset: that of the question

  std::string Id() const { return name + "@" + std::to_string(version); }
  bool operator==(const Policy&) const = default;
};

// "eu-tdm", "robots-only", "open-licence-only", "strict".
std::optional<Policy> BuiltInPolicy(std::string_view name);
std::span<const std::string_view> BuiltInPolicyNames();  // in this order

}  // namespace crawlcard::robots
