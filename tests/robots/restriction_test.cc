// Files reduced to classes, mode by mode, and Protego's way of picking groups.
#include "robots/restriction.h"

#include <array>

#include <gtest/gtest.h>

namespace crawlcard::robots {
namespace {

struct Case {
  std::string_view name;
  std::string_view body;
  std::string_view agent;
  AgentClass legacy;
  AgentClass fixed;
  AgentClass rfc;
};

constexpr AgentClass kNone = AgentClass::kNone;
constexpr AgentClass kSome = AgentClass::kSome;
constexpr AgentClass kAll = AgentClass::kAll;

// Each line of the table was worked out by hand from docs/formats/dialects.md and study.md.
TEST(Restriction, ModesByHand) {
  const std::array cases = {
      Case{"empty", "", "GPTBot", kNone, kNone, kNone},
      Case{"named all", "User-agent: GPTBot\nDisallow: /\n", "GPTBot", kAll, kAll, kAll},
      Case{"inherits the star", "User-agent: *\nDisallow: /\n", "GPTBot", kAll, kAll, kAll},
      Case{"own group sets the star aside",
           "User-agent: *\nDisallow: /\n\nUser-agent: GPTBot\nDisallow: /a\n", "GPTBot", kSome,
           kSome, kSome},
      Case{"one empty value", "User-agent: *\nDisallow:\n", "GPTBot", kNone, kNone, kNone},
      // Two empty values are "some" in the code, and nothing by the standard.
      Case{"two empty values", "User-agent: *\nDisallow:\nDisallow:\n", "GPTBot", kSome, kSome,
           kNone},
      // A list of agents: legacy hands the rules to the last one alone, GPTBot has none of its own.
      Case{"list of agents", "User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n", "GPTBot",
           kNone, kAll, kAll},
      // Case of names.
      Case{"case", "user-agent: gptbot\ndisallow: /\n", "GPTBot", kNone, kAll, kAll},
      Case{"comment in the value", "User-agent: GPTBot\nDisallow: / # all\n", "GPTBot", kSome, kAll,
           kAll},
      // Any Allow makes it "some" in the code; an Allow of everything wins the tie by the standard.
      Case{"allow beats disallow", "User-agent: *\nDisallow: /\nAllow: /\n", "GPTBot", kNone, kNone,
           kNone},
      Case{"an allowed path", "User-agent: *\nDisallow: /\nAllow: /a\n", "GPTBot", kSome, kSome,
           kSome},
      Case{"an empty allow", "User-agent: *\nDisallow: /\nAllow:\n", "GPTBot", kSome, kSome, kAll},
      // "/*" is no "/" to the code.
      Case{"a star for all", "User-agent: *\nDisallow: /*\n", "GPTBot", kSome, kSome, kAll},
      Case{"shorter allow", "User-agent: *\nAllow: /\nDisallow: /*\n", "GPTBot", kSome, kSome,
           kAll},
      // Whatever the Disallow matches, the Allow does with as many octets.
      Case{"an allowed star", "User-agent: *\nDisallow: /a\nDisallow: *\nAllow: /*\n", "GPTBot",
           kSome, kSome, kNone},
      Case{"the root alone", "User-agent: *\nDisallow: /$\n", "GPTBot", kSome, kSome, kSome},
      Case{"question mark", "User-agent: *\nDisallow: /?x=\n", "GPTBot", kNone, kNone, kSome},
  };
  for (const Case& each : cases) {
    const RobotsTxt robots = RobotsTxt::Parse(each.body);
    EXPECT_EQ(RestrictionOf(robots, each.agent, Dialect::kCicLegacy), each.legacy) << each.name;
    EXPECT_EQ(RestrictionOf(robots, each.agent, Dialect::kCicFixed), each.fixed) << each.name;
    EXPECT_EQ(RestrictionOf(robots, each.agent, Dialect::kRfc9309), each.rfc) << each.name;
  }
}

TEST(Restriction, AnOperatorHasTheStrictestOfItsAgents) {
  const RobotsTxt robots = RobotsTxt::Parse(
      "User-agent: GPTBot\nDisallow: /a\n\nUser-agent: ChatGPT-User\nDisallow: /\n");
  const std::array<std::string_view, 2> agents = {"GPTBot", "ChatGPT-User"};
  EXPECT_EQ(RestrictionOf(robots, agents, Dialect::kRfc9309), kAll);
  EXPECT_EQ(RestrictionOf(robots, std::span(agents).first(1), Dialect::kRfc9309), kSome);
}

TEST(Restriction, NamingIsByGroupNotByRule) {
  const RobotsTxt robots = RobotsTxt::Parse("User-agent: ccbot\nAllow: /\n\nUser-agent: *\n");
  EXPECT_TRUE(NamesAgent(robots, "CCBot", Dialect::kRfc9309));
  EXPECT_FALSE(NamesAgent(robots, "GPTBot", Dialect::kRfc9309));
  EXPECT_FALSE(NamesAgent(robots, "CCBot", Dialect::kCicLegacy));  // compares with case
  EXPECT_TRUE(NamesAgent(robots, "CCBot", Dialect::kCicFixed));
}

TEST(Restriction, DetailsLookAtTheTextOfTheFile) {
  const auto name = [](AgentClass value, std::string_view body) {
    const DetailClass detail = DetailOf(value, body);
    EXPECT_EQ(ClassOfDetail(detail), value);
    return DetailClassName(detail);
  };
  EXPECT_EQ(name(kAll, "Crawl-delay: 1"), "all");
  EXPECT_EQ(name(kSome, "Disallow: /a?b\nDisallow: /admin"), "some_pattern_restrictions");
  EXPECT_EQ(name(kSome, "Disallow:/a?b\nDisallow:/admin"), "some_disallow_important_dir");
  EXPECT_EQ(name(kSome, "Disallow: *.pdf$\nDisallow: /private"), "some_disallow_file_types");
  EXPECT_EQ(name(kSome, "Disallow: *.doc\n"), "some_other");
  EXPECT_EQ(name(kSome, "disallow: /admin"), "some_other");
  EXPECT_EQ(name(kSome, "Disallow: /a\nAllow: /?x"), "some_other");
  EXPECT_EQ(name(kNone, "Sitemap: x\nCrawl-delay: 1"), "none_crawl_delay");
  EXPECT_EQ(name(kNone, "Sitemap: x"), "none_sitemap");
  EXPECT_EQ(name(kNone, "sitemap: x"), "none");
  // The order of strictness is that of the published code.
  EXPECT_LT(DetailClass::kNoneSitemap, DetailClass::kNoneCrawlDelay);
  EXPECT_LT(DetailClass::kSomeDisallowImportantDir, DetailClass::kSomeDisallowFileTypes);
  EXPECT_LT(DetailClass::kSomeDisallowFileTypes, DetailClass::kSomePatternRestrictions);
}

bool Refuses(std::string_view body, std::string_view agent, std::string_view path) {
  const RobotsTxt robots = RobotsTxt::Parse(body);
  return ProtegoRules(robots, std::array{agent}).RefusesAny(path);
}

TEST(Protego, PicksTheLongestNameThatIsPartOfTheAgents) {
  EXPECT_TRUE(Refuses("User-agent: CCBot\nDisallow: /\n", "CCBot/2.0", "/x"));
  EXPECT_TRUE(Refuses("user-agent: ccbot/2.0\nDisallow: /\n", "CCBot/2.0", "/x"));
  EXPECT_FALSE(Refuses("User-agent: CCBot/2.0\nDisallow: /\n", "CCBot", "/x"));
  EXPECT_TRUE(Refuses("User-agent: Applebot\nDisallow: /\n", "Applebot-Extended", "/x"));
  EXPECT_FALSE(
      Refuses("User-agent: Applebot\nDisallow: /\n\nUser-agent: applebot-extended\n"
              "Allow: /\n",
              "Applebot-Extended", "/x"));
  EXPECT_TRUE(Refuses("User-agent: *\nDisallow: /\n", "GPTBot", "/x"));
  EXPECT_FALSE(Refuses("User-agent: GPTBot\nDisallow: /\n", "*", "/x"));
}

TEST(Protego, LongestMatchThenAllow) {
  EXPECT_FALSE(Refuses("User-agent: *\nDisallow: /a\nAllow: /a\n", "*", "/a"));
  EXPECT_FALSE(Refuses("User-agent: *\nAllow: /a\nDisallow: /a\n", "*", "/a"));
  EXPECT_FALSE(Refuses("User-agent: *\nDisallow: /a\nAllow: /a/b\n", "*", "/a/b/c"));
  EXPECT_TRUE(Refuses("User-agent: *\nDisallow: /a\nAllow: /a/b\n", "*", "/a/c"));
  EXPECT_FALSE(Refuses("User-agent: *\nDisallow:\n", "*", "/a"));
  EXPECT_FALSE(Refuses("", "*", "/a"));
  EXPECT_TRUE(Refuses("User-agent: *\nDisallow: /*?q=\n", "*", "/s?q=1"));
}

TEST(Protego, AnyOfManyAgents) {
  const RobotsTxt robots = RobotsTxt::Parse(
      "User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /a\n\nUser-agent: *\nDisallow: /b\n");
  const std::array<std::string_view, 3> agents = {"CCBot", "GPTBot", "ClaudeBot"};
  const ProtegoRules rules(robots, agents);
  EXPECT_TRUE(rules.RefusesAny("/a"));
  EXPECT_TRUE(rules.RefusesAny("/b"));  // ClaudeBot has the group of `*`
  EXPECT_FALSE(rules.RefusesAny("/c"));
}

}  // namespace
}  // namespace crawlcard::robots
