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

void Fail(const FetchHistory& history, OnFailure rule, RobotsFetch& fetch) {
  const bool long_time = history.unreachable_days > limits::kRobotsUnreachableDaysMax;
  const RobotsState state = long_time ? RobotsState::kUnreachableLong : RobotsState::kUnreachable;
  const bool copy = history.has_cached_copy;
  switch (rule) {
    case OnFailure::kDefer:
      return Set(fetch, state, RobotsDefault::kDefer);
    case OnFailure::kAllow:
      return Set(fetch, state, RobotsDefault::kAllow);
    case OnFailure::kGoogle:
      // Half a day of rest, then the last good copy for 30 days, then as if there were no file.
      if (history.unreachable_days < 0.5) return Set(fetch, state, RobotsDefault::kDeny);
      return Set(fetch, state,
                 copy && !long_time ? RobotsDefault::kCachedRules : RobotsDefault::kAllow);
    case OnFailure::kDenyThenAllow:
      if (copy) return Set(fetch, state, RobotsDefault::kCachedRules);
      return Set(fetch, state, long_time ? RobotsDefault::kAllow : RobotsDefault::kDeny);
  }
}

void Refuse(const FetchStep& last, const FetchRules& rules, RobotsFetch& fetch) {
  if (last.status == 401 || last.status == 403) fetch.flags.push_back("robots.forbidden");
  if (last.status == 451) fetch.flags.push_back("robots.legal_451");
  const bool deny = last.status == 403 && rules.forbidden_refuses;
  Set(fetch, RobotsState::kUnavailable, deny ? RobotsDefault::kDeny : RobotsDefault::kAllow);
}

}  // namespace

std::string_view RobotsStateName(RobotsState state) {
  constexpr std::array<std::string_view, 5> kNames = {"ok", "ok-empty", "unavailable",
                                                      "unreachable", "unreachable-long"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string_view RobotsDefaultName(RobotsDefault value) {
  constexpr std::array<std::string_view, 5> kNames = {"rules", "cached-rules", "allow", "deny",
                                                      "defer"};
  return kNames[static_cast<std::size_t>(value)];
}

FetchPolicy FetchPolicyOf(Dialect dialect) {
  switch (dialect) {
    case Dialect::kRfc9309:
      return FetchPolicy::kRfc9309;
    case Dialect::kGoogle:
      return FetchPolicy::kGoogle;
    case Dialect::kCommonCrawl:
      return FetchPolicy::kCommonCrawl;
    case Dialect::kLenient:
    case Dialect::kCicLegacy:
    case Dialect::kCicFixed:
      break;
  }
  return FetchPolicy::kCareful;
}

FetchRules FetchRulesOf(FetchPolicy policy) {
  FetchRules rules;
  rules.redirects_max = limits::kRobotsRedirectsMax;
  switch (policy) {
    case FetchPolicy::kCareful:
      break;
    case FetchPolicy::kRfc9309:
      rules.busy_is_failure = false;
      break;
    case FetchPolicy::kGoogle:
      rules.server = rules.network = OnFailure::kGoogle;
      break;
    case FetchPolicy::kCommonCrawl:
      rules.server = OnFailure::kDefer;
      rules.network = OnFailure::kAllow;
      break;
  }
  return rules;
}

RobotsFetch JudgeFetch(std::span<const FetchStep> chain, const FetchHistory& history,
                       const FetchRules& rules) {
  CRAWLCARD_ASSERT(!chain.empty());
  RobotsFetch fetch;
  fetch.applies_to = internal::Origin(chain.front().url);
  std::size_t hops = 0;
  while (hops < chain.size() && IsRedirect(chain[hops])) ++hops;
  if (hops > rules.redirects_max) {
    Set(fetch, RobotsState::kUnavailable, RobotsDefault::kAllow);
    return fetch;
  }
  // The target of the last redirect was never seen. That is no failed connection: nobody knows.
  if (hops == chain.size()) {
    Fail(history, rules.server, fetch);
    return fetch;
  }
  const FetchStep& last = chain[hops];
  const bool busy = last.status == 429 && rules.busy_is_failure;
  if (last.failed) {
    Fail(history, rules.network, fetch);
  } else if (last.status >= 200 && last.status < 300) {
    Read(last.body, fetch);
  } else if (last.status >= 400 && last.status < 500 && !busy) {
    Refuse(last, rules, fetch);
  } else {
    Fail(history, rules.server, fetch);
  }
  return fetch;
}

RobotsFetch JudgeFetch(std::span<const FetchStep> chain, const FetchHistory& history,
                       FetchPolicy policy) {
  return JudgeFetch(chain, history, FetchRulesOf(policy));
}

std::string RobotsUrlFor(std::string_view page_url) {
  const std::string origin = internal::Origin(page_url);
  return origin.empty() ? std::string() : origin + "/robots.txt";
}

}  // namespace crawlcard::robots
