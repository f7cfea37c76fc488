#include "crawler/robots_gate.h"

#include <gtest/gtest.h>

#include "crawler/limits.h"

namespace crawlcard::crawler {
namespace {

using robots::RobotsDefault;
using robots::RobotsState;

constexpr UnixMillis kNow = 1'790'000'000'000;
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::string_view kUrl = "https://example.org/robots.txt";

RobotsFacts Judge(const RobotsAnswer& answer, RobotsFacts facts = {}, UnixMillis now = kNow) {
  JudgeRobots(answer, kUrl, now, facts);
  return facts;
}

TEST(RobotsGate, RulesAreThoseOfTheOwnGroupElseOfEverybody) {
  const std::string_view body =
      "User-agent: crawlcard\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n";
  const RobotsRules own(body, "crawlcard");
  EXPECT_FALSE(own.Allows("https://example.org/a?x"));
  EXPECT_TRUE(own.Allows("https://example.org/b"));
  const RobotsRules other(body, "somebody");
  EXPECT_TRUE(other.Allows("https://example.org/a"));
  EXPECT_FALSE(other.Allows("https://example.org/b"));
}

TEST(RobotsGate, CrawlDelayOfTheOwnGroupElseOfEverybody) {
  const auto delay = [](std::string_view body) {
    return RobotsRules(body, "crawlcard").CrawlDelayMs();
  };
  EXPECT_EQ(delay("User-agent: *\nCrawl-delay: 10\n"), 10'000);
  EXPECT_EQ(delay("User-agent: *\nCrawl-delay: 0.5\nDisallow: /x\n"), 500);
  EXPECT_EQ(
      delay("User-agent: CrawlCard\nCrawl-delay: 3\nDisallow:\n\nUser-agent: *\nCrawl-delay: 10\n"),
      3000);
  // RFC 9309 section 2.2.4: another record ends no group, so this is one, and the longer one holds.
  EXPECT_EQ(delay("User-agent: CrawlCard\nCrawl-delay: 3\n\nUser-agent: *\nCrawl-delay: 10\n"),
            10'000);
  EXPECT_EQ(delay("User-agent: *\nCrawl-delay: 2\n\nUser-agent: *\nCrawl-delay: 7\n"), 7000);
  EXPECT_EQ(delay("User-agent: GPTBot\nCrawl-delay: 10\n"), std::nullopt);
  EXPECT_EQ(delay("Crawl-delay: 10\nUser-agent: *\nDisallow:\n"), std::nullopt);
  for (const char* bad : {"-1", "soon", "1 s", "nan", ""}) {
    EXPECT_EQ(delay("User-agent: *\nCrawl-delay: " + std::string(bad) + "\n"), std::nullopt) << bad;
  }
  EXPECT_GT(delay("User-agent: *\nCrawl-delay: 1e300\n").value(), limits::kCrawlDelayMsMax);
}

// RFC 9309, 2.3.1.3 and 2.3.1.4.
TEST(Rfc9309, S2_3_1_RefusalAllowsAndFailureForbids) {
  EXPECT_EQ(Judge({.status = 404}).decides, RobotsDefault::kAllow);
  EXPECT_EQ(Judge({.status = 403}).decides, RobotsDefault::kAllow);
  EXPECT_EQ(Judge({.status = 429}).decides, RobotsDefault::kDeny);
  EXPECT_EQ(Judge({.status = 503}).decides, RobotsDefault::kDeny);
  EXPECT_EQ(Judge({.error = FetchError::kTimeout}).decides, RobotsDefault::kDeny);
  EXPECT_EQ(Judge({.status = 200, .body = "User-agent: *\n"}).decides, RobotsDefault::kRules);
  EXPECT_EQ(Judge({.status = 200, .body = "<!doctype html><p>"}).state, RobotsState::kOkEmpty);
}

// RFC 9309, 2.3.1.2: at least five redirects; this crawler stops there.
TEST(Rfc9309, S2_3_1_2_MoreThanFiveRedirectsAreNoFile) {
  const std::string_view body = "User-agent: *\nDisallow: /\n";
  EXPECT_EQ(Judge({.status = 200, .hops = limits::kStepHopsMax, .body = body}).decides,
            RobotsDefault::kRules);
  EXPECT_EQ(Judge({.status = 302, .hops = limits::kStepHopsMax, .lost = true}).decides,
            RobotsDefault::kAllow);
  EXPECT_EQ(Judge({.status = 302, .hops = 0, .lost = true}).decides, RobotsDefault::kDeny)
      << "a redirect to nowhere: nobody knows";
}

TEST(RobotsGate, AGoodCopyRulesThroughFailuresAndThirtyDaysWithoutOneAllow) {
  RobotsFacts facts;
  EXPECT_TRUE(JudgeRobots({.status = 200, .body = "User-agent: *\n"}, kUrl, kNow, facts));
  EXPECT_TRUE(facts.has_copy);
  facts = Judge({.status = 500}, facts, kNow + kDayMs);
  EXPECT_EQ(facts.decides, RobotsDefault::kCachedRules);
  EXPECT_EQ(facts.failing_since, kNow + kDayMs);
  facts = Judge({.status = 500}, facts, kNow + 90 * kDayMs);
  EXPECT_EQ(facts.decides, RobotsDefault::kCachedRules);
  facts = Judge({.status = 404}, facts, kNow + 91 * kDayMs);
  EXPECT_EQ(facts.decides, RobotsDefault::kAllow);
  EXPECT_FALSE(facts.has_copy);
  EXPECT_EQ(facts.failing_since, 0);

  RobotsFacts never = Judge({.status = 500});
  EXPECT_EQ(Judge({.status = 500}, never, kNow + 30 * kDayMs).decides, RobotsDefault::kDeny);
  EXPECT_EQ(Judge({.status = 500}, never, kNow + 31 * kDayMs).decides, RobotsDefault::kAllow);
}

TEST(RobotsGate, NotModifiedRenewsTheCopy) {
  RobotsFacts facts = Judge({.status = 200, .body = "User-agent: *\n"});
  facts = Judge({.status = 304}, facts, kNow + kDayMs);
  EXPECT_EQ(facts.decides, RobotsDefault::kRules);
  EXPECT_EQ(facts.judged_at, kNow + kDayMs);
  EXPECT_EQ(Judge({.status = 304}).decides, RobotsDefault::kDeny) << "of nothing";
}

// RFC 9309, 2.4.
TEST(Rfc9309, S2_4_AnAnswerCountsForADay) {
  RobotsFacts facts;
  EXPECT_TRUE(NeedsRobots(facts, kNow));
  facts.judged_at = kNow;
  EXPECT_FALSE(NeedsRobots(facts, kNow + limits::kRobotsAgeMsMax));
  EXPECT_TRUE(NeedsRobots(facts, kNow + limits::kRobotsAgeMsMax + 1));
}

}  // namespace
}  // namespace crawlcard::crawler
