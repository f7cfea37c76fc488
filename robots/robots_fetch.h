// robots/robots_fetch.h - what the outcome of asking for a robots.txt means.
//
// RFC 9309 section 2.3.1 with the policies of three readers: this project's (the careful side where
// the standard leaves a choice), the standard's own, and what Google documents
// (docs/formats/signals.md 1.2). Pure: responses in, an outcome out. Thread rule: thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crawlcard::robots {

enum class FetchPolicy : std::uint8_t { kCareful, kRfc9309, kGoogle };

// One response of a redirect chain, in order.
struct FetchStep {
  std::string_view url;
  std::uint16_t status = 0;
  bool failed = false;  // no answer: DNS, connect, TLS, timeout
  std::string_view body;
};

enum class RobotsState : std::uint8_t {
  kOk,
  kOkEmpty,
  kUnavailable,
  kUnreachable,
  kUnreachableLong
};
std::string_view RobotsStateName(RobotsState state);  // "ok", "ok-empty", ..., "unreachable-long"

// What decides a crawl.
enum class RobotsDefault : std::uint8_t { kRules, kCachedRules, kAllow, kDeny };
std::string_view RobotsDefaultName(RobotsDefault value);  // "rules", "cached-rules", ...

struct RobotsFetch {
  RobotsState state = RobotsState::kUnreachable;
  RobotsDefault decides = RobotsDefault::kDeny;
  std::string applies_to;  // origin first asked
  std::vector<std::string_view> flags;
};

struct FetchHistory {
  bool has_cached_copy = false;  // a good copy from before
  double unreachable_days = 0;   // for how long it has failed
};

// `chain` must not be empty.
RobotsFetch JudgeFetch(std::span<const FetchStep> chain, const FetchHistory& history,
                       FetchPolicy policy);

// The robots.txt that rules `page_url`; empty where it has no origin.
std::string RobotsUrlFor(std::string_view page_url);

}  // namespace crawlcard::robots
