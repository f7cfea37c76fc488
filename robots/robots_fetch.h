// robots/robots_fetch.h - what the outcome of asking for a robots.txt means.
//
// RFC 9309 section 2.3.1 with the policies of four readers as parameters of one function: this
// project's (the careful side where the standard leaves a choice), the standard's own, what Google
// documents (docs/formats/signals.md 1.2), and the shipped defaults of Common Crawl's crawler
// (docs/formats/dialects.md). Pure: responses in, an outcome out. Thread rule: thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "robots/robots_txt.h"

namespace crawlcard::robots {

enum class FetchPolicy : std::uint8_t { kCareful, kRfc9309, kGoogle, kCommonCrawl };
// The policy that belongs to a dialect; kCareful where it has none of its own.
FetchPolicy FetchPolicyOf(Dialect dialect);

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
// kDefer: the host rests and is dropped for this crawl: nothing is fetched, and nothing was
// decided.
enum class RobotsDefault : std::uint8_t { kRules, kCachedRules, kAllow, kDeny, kDefer };
std::string_view RobotsDefaultName(RobotsDefault value);  // "rules", "cached-rules", ...

// What happens when no rules could be had.
enum class OnFailure : std::uint8_t {
  kDenyThenAllow,  // deny or the cached copy; allow after 30 days (RFC 9309 section 2.3.1.4)
  kGoogle,         // half a day of deny, the cached copy for 30 days, then allow
  kDefer,
  kAllow,
};

// The parameters of JudgeFetch().
struct FetchRules {
  std::size_t redirects_max = 5;   // more of them: as if there were no file
  bool busy_is_failure = true;     // 429 counts as a failure of the server, not as 4xx
  bool forbidden_refuses = false;  // 403 forbids everything
  OnFailure server = OnFailure::kDenyThenAllow;   // 5xx, and 429 where it counts as one
  OnFailure network = OnFailure::kDenyThenAllow;  // no answer
};
FetchRules FetchRulesOf(FetchPolicy policy);

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
                       const FetchRules& rules);
RobotsFetch JudgeFetch(std::span<const FetchStep> chain, const FetchHistory& history,
                       FetchPolicy policy);

// The robots.txt that rules `page_url`; empty where it has no origin.
std::string RobotsUrlFor(std::string_view page_url);

}  // namespace crawlcard::robots
