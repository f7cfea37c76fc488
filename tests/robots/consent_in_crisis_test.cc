// The Consent-in-Crisis dialects: each expectation was worked out by hand from the rules in
// docs/formats/dialects.md.

#include "robots/consent_in_crisis.h"

#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "robots/compare_dialects.h"

namespace crawlcard::robots {
namespace {

using testing::ElementsAre;

constexpr Dialect kLegacy = Dialect::kCicLegacy;
constexpr Dialect kFixed = Dialect::kCicFixed;
constexpr AgentClass kNone = AgentClass::kNone;
constexpr AgentClass kSome = AgentClass::kSome;
constexpr AgentClass kAll = AgentClass::kAll;

AgentClass ClassIn(Dialect dialect, std::string_view file, std::string_view agent = "GPTBot") {
  return CicClassOf(RobotsTxt::Parse(file), agent, dialect);
}

AgentClass OperatorClass(const RobotsTxt& robots, std::string_view name, Dialect dialect) {
  for (const CicOperator& one : CicOperators(dialect)) {
    if (one.name == name) return CicClassOf(robots, one, dialect);
  }
  ADD_FAILURE() << "no operator " << name;
  return kNone;
}

// The reduction is the same in both dialects.
TEST(CicReduction, NoneSomeAll) {
  struct Case {
    std::string_view rules;
    AgentClass expected;
  };
  constexpr Case kCases[] = {
      {"", kNone},
      {"Allow: /a\n", kNone},                                         // no Disallow
      {"Disallow:\n", kNone},                                         // one empty Disallow
      {"Disallow:\nDisallow:\n", kSome},                              // two, as coded
      {"Disallow: /a\nAllow: /a\n", kNone},                           // equal lists
      {"Disallow: /a\nDisallow: /b\nAllow: /b\nAllow: /a\n", kSome},  // equal sets, other order
      {"Disallow: /?q\n", kNone},                                     // ignored: nothing is left
      {"Disallow: /\n", kAll},
      {"Disallow: /a\nDisallow: /\n", kAll},
      {"Disallow: /\nAllow: /?q\n", kAll},  // the Allow is ignored
      {"Disallow: /\nAllow: /a\n", kSome},
      {"Disallow: /\nAllow:\n", kSome},  // an empty Allow is an Allow
      {"Disallow: /*\n", kSome},         // not written as "/"
      {"Disallow: /a\n", kSome},
      {"Crawl-delay: 10\n", kNone},
  };
  for (const Case& one : kCases) {
    for (const Dialect dialect : {kLegacy, kFixed}) {
      EXPECT_EQ(ClassIn(dialect, "User-agent: GPTBot\n" + std::string(one.rules)), one.expected)
          << one.rules << " in " << DialectName(dialect);
    }
  }
}

TEST(CicReduction, AnAgentThatIsNotListedInheritsTheStar) {
  constexpr std::string_view kFile =
      "User-agent: *\nDisallow: /\n\nUser-agent: GPTBot\nDisallow:\n";
  for (const Dialect dialect : {kLegacy, kFixed}) {
    EXPECT_EQ(ClassIn(dialect, kFile), kNone);
    EXPECT_EQ(ClassIn(dialect, kFile, "CCBot"), kAll);
    EXPECT_EQ(ClassIn(dialect, kFile, "*"), kAll);
    EXPECT_EQ(ClassIn(dialect, "", "CCBot"), kNone);
  }
}

TEST(CicLegacy, OnlyTheLastAgentOfAListHasRules) {
  constexpr std::string_view kFile = "User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n";
  EXPECT_EQ(ClassIn(kLegacy, kFile, "GPTBot"), kNone);
  EXPECT_EQ(ClassIn(kLegacy, kFile, "CCBot"), kAll);
  EXPECT_EQ(ClassIn(kFixed, kFile, "GPTBot"), kAll);
  EXPECT_EQ(ClassIn(kFixed, kFile, "CCBot"), kAll);
}

TEST(CicLegacy, BlankAndCommentLinesEndAGroup) {
  EXPECT_EQ(ClassIn(kLegacy, "User-agent: GPTBot\n\nDisallow: /\n"), kNone);
  EXPECT_EQ(ClassIn(kLegacy, "User-agent: GPTBot\n# no AI\nDisallow: /\n"), kNone);
  EXPECT_EQ(ClassIn(kLegacy, "User-agent: GPTBot\nHost: x\nDisallow: /\n"), kAll);
  EXPECT_EQ(ClassIn(kFixed, "User-agent: GPTBot\n\n# no AI\nDisallow: /\n"), kAll);
}

TEST(CicLegacy, CommentsBehindAValueBelongToIt) {
  EXPECT_EQ(ClassIn(kLegacy, "User-agent: GPTBot\nDisallow: / # all\n"), kSome);
  EXPECT_EQ(ClassIn(kFixed, "User-agent: GPTBot\nDisallow: / # all\n"), kAll);
  EXPECT_EQ(ClassIn(kLegacy, "User-agent: GPTBot # AI\nDisallow: /\n"), kNone);
  EXPECT_EQ(ClassIn(kFixed, "User-agent: GPTBot # AI\nDisallow: /\n"), kAll);
}

TEST(CicLegacy, NamesAreComparedWithCase) {
  EXPECT_EQ(ClassIn(kLegacy, "User-Agent: GPTBot\nDisallow: /\n"), kNone);
  EXPECT_EQ(ClassIn(kLegacy, "User-agent: gptbot\nDisallow: /\n"), kNone);
  EXPECT_EQ(ClassIn(kLegacy, "User-agent: GPTBot\ndisallow: /\n"), kNone);
  EXPECT_EQ(ClassIn(kFixed, "USER-AGENT: gptbot\ndisallow: /\n"), kAll);
  EXPECT_EQ(ClassIn(kFixed, "User-agent : GPTBot\nDisallow: /\n"),
            kNone);  // blank before the colon
}

// The papers' text says that later groups replace earlier ones; the code appends.
TEST(CicLegacy, LaterGroupsOfAnAgentAreAppended) {
  constexpr std::string_view kFile =
      "User-agent: GPTBot\nDisallow: /\n\nUser-agent: GPTBot\nDisallow: /a\n";
  EXPECT_EQ(ClassIn(kLegacy, kFile), kAll);
  EXPECT_EQ(ClassIn(kFixed, kFile), kAll);
}

// RFC 9309 would give the rule to both agents of the second list; the corrected code gathers agent
// lines up to the first rule of the file alone.
TEST(CicFixed, AgentListsBehindTheFirstRuleAreNotGathered) {
  constexpr std::string_view kFile =
      "User-agent: *\nDisallow: /a\n\nUser-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n";
  EXPECT_EQ(ClassIn(kFixed, kFile, "GPTBot"), kNone);
  EXPECT_EQ(ClassIn(kFixed, kFile, "CCBot"), kAll);
  EXPECT_EQ(ClassIn(kFixed,
                    "Sitemap: https://h/s\nUser-agent: GPTBot\nUser-agent: CCBot\n"
                    "Disallow: /\n"),
            kNone);
}

TEST(CicOperators, StrictestOfTheAgentsAndCombined) {
  const auto robots = RobotsTxt::Parse(
      "User-agent: OAI-SearchBot\nDisallow: /\n\nUser-agent: GPTBot\nDisallow: /a\n\n"
      "User-agent: anthropic-ai\nDisallow: /\n\nUser-agent: Amazonbot\nDisallow: /\n\n"
      "User-agent: Perplexity-User\nDisallow: /\n");
  EXPECT_EQ(OperatorClass(robots, "OpenAI", kLegacy), kSome);  // knows no OAI-SearchBot
  EXPECT_EQ(OperatorClass(robots, "OpenAI", kFixed), kAll);
  EXPECT_EQ(OperatorClass(robots, "Anthropic", kFixed), kNone);
  EXPECT_EQ(OperatorClass(robots, "False Anthropic", kFixed), kAll);
  EXPECT_EQ(OperatorClass(robots, "Perplexity", kFixed), kAll);
  EXPECT_EQ(CicCombined(robots, kLegacy), kSome);  // Amazon is not among them
  EXPECT_EQ(CicCombined(robots, kFixed), kAll);
  EXPECT_EQ(
      OperatorClass(RobotsTxt::Parse("User-agent: CCBot\nDisallow: /\n"), "Anthropic", kFixed),
      kAll);
}

TEST(CicDecide, FollowsTheClass) {
  const auto robots = RobotsTxt::Parse(
      "User-agent: A\nDisallow: /\nDisallow: /x/y\n\nUser-agent: B\nDisallow: /p\nAllow: /p/q\n"
      "Disallow: /p/q?r\n\nUser-agent: C\nDisallow: /p\nAllow: /p\n");
  for (const Dialect dialect : {kLegacy, kFixed}) {
    const RobotsDecision all = robots.Decide("A", "/x", dialect);
    EXPECT_FALSE(all.allowed);
    EXPECT_EQ(all.line, 2U);
    EXPECT_EQ(all.rule, "Disallow: /");
    EXPECT_THAT(all.group, ElementsAre("A"));
    EXPECT_THAT(all.flags, ElementsAre("cic.all"));
    EXPECT_TRUE(robots.Allows("A", "/robots.txt", dialect));
    EXPECT_EQ(robots.Decide("A", "no-path", dialect).line, 2U);
    EXPECT_FALSE(robots.Allows("B", "/p", dialect));
    EXPECT_TRUE(robots.Allows("B", "/p/q?r", dialect));  // the rule with `?` takes no part
    EXPECT_EQ(robots.Decide("B", "/p/q", dialect).line, 7U);
    EXPECT_TRUE(robots.Allows("B", "/z", dialect));
    EXPECT_EQ(robots.Decide("C", "/p", dialect).line, 0U);
    EXPECT_TRUE(robots.Allows("C", "/p", dialect));
    EXPECT_TRUE(robots.Allows("D", "/p", dialect));
  }
}

// One list of many agents with many rules: nothing is stored or walked once an agent and rule.
TEST(CicDecide, ManyAgentsAndRulesAreLinear) {
  std::string file;
  for (int i = 0; i < 12'000; ++i)
    file += "User-agent: a\nUser-agent: b" + std::to_string(i) + "\n";
  for (int i = 0; i < 10'000; ++i) file += "Disallow: /p\n";
  const auto robots = RobotsTxt::Parse(file);
  EXPECT_EQ(CicClassOf(robots, "a", kFixed), kSome);
  EXPECT_EQ(CicClassOf(robots, "a", kLegacy), kNone);
  EXPECT_EQ(CicClassOf(robots, "b11999", kLegacy), kSome);
}

TEST(CompareDialects, SaysWhereAndWhyTheyDisagree) {
  const auto robots =
      RobotsTxt::Parse("User-agent: GPTBot, CCBot\nDisallow: /\n\nUser-agent: *\nDissallow: /a\n");
  const auto answers = CompareDialects(robots, "CCBot", "/a");
  ASSERT_EQ(answers.size(), AllDialects().size());
  EXPECT_FALSE(DialectsAgree(answers));
  const auto of = [&](Dialect dialect) {
    return answers[static_cast<std::size_t>(dialect)].decision;
  };
  EXPECT_TRUE(of(Dialect::kRfc9309).allowed);
  EXPECT_TRUE(of(Dialect::kCommonCrawl).allowed);
  EXPECT_FALSE(of(Dialect::kGoogle).allowed);
  EXPECT_EQ(of(Dialect::kGoogle).line, 5U);
  EXPECT_FALSE(of(Dialect::kLenient).allowed);
  EXPECT_EQ(of(Dialect::kLenient).line, 2U);
  EXPECT_TRUE(of(kLegacy).allowed);
  EXPECT_TRUE(DialectsAgree(CompareDialects(RobotsTxt::Parse(""), "CCBot", "/")));
}

TEST(Dialects, NamesGoBothWays) {
  for (const Dialect dialect : AllDialects()) {
    EXPECT_EQ(DialectFromName(DialectName(dialect)), dialect);
  }
  EXPECT_FALSE(DialectFromName("all").has_value());
}

}  // namespace
}  // namespace crawlcard::robots
