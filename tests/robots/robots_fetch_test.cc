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

}  // namespace
}  // namespace crawlcard::robots
