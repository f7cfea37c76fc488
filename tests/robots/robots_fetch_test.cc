// Outcomes of asking for a robots.txt, at and over their limits.

#include "robots/robots_fetch.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

std::vector<FetchStep> Chain(std::size_t redirects) {
  std::vector<FetchStep> chain(redirects,
                               FetchStep{"https://a.example/robots.txt", 301, false, {}});
  chain.push_back({"https://b.example/robots.txt", 200, false, "User-agent: *\nDisallow: /\n"});
  return chain;
}

// RFC 9309, 2.3.1.2: five redirects are followed, the sixth may be given up.
TEST(Rfc9309, S2_3_1_2_FiveRedirects) {
  const RobotsFetch five =
      JudgeFetch(Chain(limits::kRobotsRedirectsMax), {}, FetchPolicy::kCareful);
  EXPECT_EQ(five.decides, RobotsDefault::kRules);
  EXPECT_EQ(five.applies_to, "https://a.example");
  EXPECT_EQ(JudgeFetch(Chain(limits::kRobotsRedirectsMax + 1), {}, FetchPolicy::kCareful).state,
            RobotsState::kUnavailable);
}

// RFC 9309, 2.3.1.4: unreachable is a complete disallow, until it has lasted long.
TEST(Rfc9309, S2_3_1_4_Unreachable) {
  const std::vector<FetchStep> chain{{"https://a.example/robots.txt", 503, false, {}}};
  FetchHistory history;
  history.unreachable_days = limits::kRobotsUnreachableDaysMax;
  EXPECT_EQ(JudgeFetch(chain, history, FetchPolicy::kCareful).decides, RobotsDefault::kDeny);
  history.unreachable_days += 1;
  EXPECT_EQ(JudgeFetch(chain, history, FetchPolicy::kCareful).decides, RobotsDefault::kAllow);
  history.has_cached_copy = true;
  EXPECT_EQ(JudgeFetch(chain, history, FetchPolicy::kCareful).decides, RobotsDefault::kCachedRules);
  EXPECT_EQ(JudgeFetch(chain, history, FetchPolicy::kGoogle).decides, RobotsDefault::kAllow);
}

TEST(RobotsFetch, RedirectWithoutATargetIsUnreachable) {
  const std::vector<FetchStep> chain{{"https://a.example/robots.txt", 301, false, {}}};
  EXPECT_EQ(JudgeFetch(chain, {}, FetchPolicy::kCareful).decides, RobotsDefault::kDeny);
}

RobotsDefault Outcome(std::uint16_t status, bool failed, FetchPolicy policy) {
  const std::vector<FetchStep> chain{{"https://a.example/robots.txt", status, failed, {}}};
  return JudgeFetch(chain, {}, policy).decides;
}

// The table of docs/formats/dialects.md, one row a status and one column a policy.
TEST(RobotsFetch, PoliciesAreParameters) {
  struct Row {
    std::uint16_t status;
    bool failed;
    RobotsDefault careful, rfc, google, common_crawl;
  };
  constexpr RobotsDefault kAllow = RobotsDefault::kAllow;
  constexpr RobotsDefault kDeny = RobotsDefault::kDeny;
  constexpr RobotsDefault kDefer = RobotsDefault::kDefer;
  constexpr Row kRows[] = {
      {200, false, kAllow, kAllow, kAllow, kAllow},  // empty
      {301, false, kDeny, kDeny, kDeny, kDefer},     // target not seen
      {403, false, kAllow, kAllow, kAllow, kAllow}, {404, false, kAllow, kAllow, kAllow, kAllow},
      {429, false, kDeny, kAllow, kDeny, kDefer},   {500, false, kDeny, kDeny, kDeny, kDefer},
      {503, false, kDeny, kDeny, kDeny, kDefer},    {0, true, kDeny, kDeny, kDeny, kAllow},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(Outcome(row.status, row.failed, FetchPolicy::kCareful), row.careful) << row.status;
    EXPECT_EQ(Outcome(row.status, row.failed, FetchPolicy::kRfc9309), row.rfc) << row.status;
    EXPECT_EQ(Outcome(row.status, row.failed, FetchPolicy::kGoogle), row.google) << row.status;
    EXPECT_EQ(Outcome(row.status, row.failed, FetchPolicy::kCommonCrawl), row.common_crawl)
        << row.status;
  }
}

TEST(RobotsFetch, CommonCrawlFollowsFiveHopsThenAllows) {
  const auto decides = [](std::size_t redirects) {
    return JudgeFetch(Chain(redirects), {}, FetchPolicy::kCommonCrawl).decides;
  };
  EXPECT_EQ(decides(5), RobotsDefault::kRules);
  EXPECT_EQ(decides(6), RobotsDefault::kAllow);
}

TEST(RobotsFetch, CommonCrawlKeepsNoOldCopyAndHasASwitchFor403) {
  const std::vector<FetchStep> busy{{"https://a.example/robots.txt", 503, false, {}}};
  const FetchHistory history{.has_cached_copy = true, .unreachable_days = 40};
  EXPECT_EQ(JudgeFetch(busy, history, FetchPolicy::kCommonCrawl).decides, RobotsDefault::kDefer);
  const std::vector<FetchStep> forbidden{{"https://a.example/robots.txt", 403, false, {}}};
  FetchRules rules = FetchRulesOf(FetchPolicy::kCommonCrawl);
  rules.forbidden_refuses = true;
  EXPECT_EQ(JudgeFetch(forbidden, {}, rules).decides, RobotsDefault::kDeny);
}

}  // namespace
}  // namespace crawlcard::robots
