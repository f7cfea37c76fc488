#include "robots/robots_fetch.h"

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "robots/internal/url.h"
#include "robots/limits.h"
#include "robots/robots_txt.h"

namespace crawlcard::robots {
namespace {

bool IsRedirect(const FetchStep& step) {
  return !step.failed && step.status >= 300 && step.status < 400;
}

void Set(RobotsFetch& fetch, RobotsState state, RobotsDefault decides) {
  fetch.state = state;
  fetch.decides = decides;
}

void Read(std::string_view body, RobotsFetch& fetch) {
  const RobotsTxt robots = RobotsTxt::Parse(body);
  fetch.flags.assign(robots.flags().begin(), robots.flags().end());
  if (robots.has_records()) {
    Set(fetch, RobotsState::kOk, RobotsDefault::kRules);
  } else {
    Set(fetch, RobotsState::kOkEmpty, RobotsDefault::kAllow);
  }
}

void Fail(const FetchHistory& history, FetchPolicy policy, RobotsFetch& fetch) {
  const bool long_time = history.unreachable_days > limits::kRobotsUnreachableDaysMax;
  const RobotsState state = long_time ? RobotsState::kUnreachableLong : RobotsState::kUnreachable;
  if (policy == FetchPolicy::kGoogle) {
    // Half a day of rest, then the last good copy for 30 days, then as if there were no file.
    if (history.unreachable_days < 0.5) return Set(fetch, state, RobotsDefault::kDeny);
    const bool copy = history.has_cached_copy && !long_time;
    return Set(fetch, state, copy ? RobotsDefault::kCachedRules : RobotsDefault::kAllow);
  }
  if (history.has_cached_copy) return Set(fetch, state, RobotsDefault::kCachedRules);
  Set(fetch, state, long_time ? RobotsDefault::kAllow : RobotsDefault::kDeny);
}

}  // namespace

std::string_view RobotsStateName(RobotsState state) {
  constexpr std::array<std::string_view, 5> kNames = {"ok", "ok-empty", "unavailable",
                                                      "unreachable", "unreachable-long"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string_view RobotsDefaultName(RobotsDefault value) {
  constexpr std::array<std::string_view, 4> kNames = {"rules", "cached-rules", "allow", "deny"};
  return kNames[static_cast<std::size_t>(value)];
}

RobotsFetch JudgeFetch(std::span<const FetchStep> chain, const FetchHistory& history,
                       FetchPolicy policy) {
  CRAWLCARD_ASSERT(!chain.empty());
  RobotsFetch fetch;
  fetch.applies_to = internal::Origin(chain.front().url);
  std::size_t hops = 0;
  while (hops < chain.size() && IsRedirect(chain[hops])) ++hops;
  if (hops > limits::kRobotsRedirectsMax) {
    Set(fetch, RobotsState::kUnavailable, RobotsDefault::kAllow);
    return fetch;
  }
  if (hops == chain.size()) {  // the target of the last redirect was never seen
    Fail(history, policy, fetch);
    return fetch;
  }
  const FetchStep& last = chain[hops];
  const bool busy = last.status == 429 && policy != FetchPolicy::kRfc9309;
  if (!last.failed && last.status >= 200 && last.status < 300) {
    Read(last.body, fetch);
  } else if (!last.failed && last.status >= 400 && last.status < 500 && !busy) {
    if (last.status == 401 || last.status == 403) fetch.flags.push_back("robots.forbidden");
    if (last.status == 451) fetch.flags.push_back("robots.legal_451");
    Set(fetch, RobotsState::kUnavailable, RobotsDefault::kAllow);
  } else {
    Fail(history, policy, fetch);
  }
  return fetch;
}

std::string RobotsUrlFor(std::string_view page_url) {
  const std::string origin = internal::Origin(page_url);
  return origin.empty() ? std::string() : origin + "/robots.txt";
}

}  // namespace crawlcard::robots
