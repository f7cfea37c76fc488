// robots.txt: clauses of RFC 9309, limits, and hostile files.

#include "robots/robots_txt.h"

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

bool Allows(std::string_view file, std::string_view path, Dialect dialect = Dialect::kRfc9309,
            std::string_view agent = "AnyBot") {
  return RobotsTxt::Parse(file).Allows(agent, path, dialect);
}

// RFC 9309, 2.2.2: the rule with the longest match wins; on a tie, allow wins.
TEST(Rfc9309, S2_2_2_LongestMatchWinsThenAllow) {
  EXPECT_TRUE(Allows("user-agent: *\nallow: /p\ndisallow: /p\n", "/p"));
  EXPECT_FALSE(Allows("user-agent: *\nallow: /p\ndisallow: /pa\n", "/page"));
}

// RFC 9309, 2.2.3: special characters are matched verbatim when they are escaped.
TEST(Rfc9309, S2_2_3_EscapedSpecialCharactersAreLiteral) {
  EXPECT_FALSE(Allows("user-agent: *\ndisallow: /a-%2A.html\n", "/a-*.html"));
  EXPECT_TRUE(Allows("user-agent: *\ndisallow: /a-%2A.html\n", "/a-b.html"));
  EXPECT_FALSE(Allows("user-agent: *\ndisallow: /foo-%24\n", "/foo-$bar"));
}

// RFC 9309, 2.2.1: a named group replaces that of `*`; groups of one name are merged.
TEST(Rfc9309, S2_2_1_NamedGroupsAreMergedAndReplaceTheStar) {
  const auto robots = RobotsTxt::Parse(
      "user-agent: a\ndisallow: /x\nuser-agent: *\ndisallow: /\nuser-agent: A\ndisallow: /y\n");
  EXPECT_FALSE(robots.Allows("a", "/x", Dialect::kRfc9309));
  EXPECT_FALSE(robots.Allows("a", "/y", Dialect::kRfc9309));
  EXPECT_TRUE(robots.Allows("a", "/z", Dialect::kRfc9309));
}

TEST(RobotsTxt, DecisionNamesRuleLineAndGroup) {
  const auto robots =
      RobotsTxt::Parse("# c\nUser-agent: GPTBot\nUser-agent: CCBot\n\nDisallow: /p # x\n");
  const RobotsDecision decision = robots.Decide("ccbot", "/page", Dialect::kRfc9309);
  EXPECT_FALSE(decision.allowed);
  EXPECT_TRUE(decision.by_name);
  EXPECT_EQ(decision.line, 5U);
  EXPECT_EQ(decision.rule, "Disallow: /p");
  EXPECT_THAT(decision.group, ElementsAre("GPTBot", "CCBot"));
  ASSERT_NE(robots.FindSignal(5), nullptr);
  EXPECT_EQ(robots.FindSignal(5)->location, "line 5");
  EXPECT_EQ(robots.FindSignal(4), nullptr);
}

TEST(RobotsTxt, NothingMatchedIsLineZero) {
  const auto decision = RobotsTxt::Parse("").Decide("x", "/", Dialect::kRfc9309);
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.line, 0U);
  EXPECT_THAT(decision.rule, IsEmpty());
  EXPECT_THAT(decision.group, IsEmpty());
}

TEST(RobotsTxt, SignalsKeepGroupsLinesAndUnknownRecords) {
  const auto robots = RobotsTxt::Parse(
      "TDM-Reservation: 1\nUser-agent: A\nUser-agent: B\nContent-Signal: /n/ ai-train=no\n"
      "Disallow: /x\nUnheard-Of: 7\n");
  const auto signals = robots.signals();
  ASSERT_EQ(signals.size(), 5U);
  EXPECT_EQ(signals[0].key, "tdm-reservation");
  EXPECT_EQ(signals[0].agent, "");
  EXPECT_THAT(signals[0].flags, ElementsAre("robots.undefined_signal"));
  EXPECT_EQ(signals[1].agent, "A, B");
  EXPECT_EQ(signals[1].scope, "/n/");
  EXPECT_EQ(signals[1].use, Axis::kTrain);
  EXPECT_EQ(signals[1].says, Says::kDeny);
  EXPECT_EQ(signals[2].use, Axis::kTrainAny);
  EXPECT_EQ(signals[3].use, Axis::kCrawl);
  EXPECT_EQ(signals[4].key, "unheard-of");
  EXPECT_EQ(signals[4].location, "line 6");
}

TEST(RobotsTxt, SpellingThatGoogleTakesIsNoStrictStatement) {
  const auto robots = RobotsTxt::Parse("User-agent: *\nDissallow: /\n");
  EXPECT_EQ(robots.signals()[0].says, Says::kNothing);
  EXPECT_EQ(robots.signals()[0].careful, Says::kDeny);
  EXPECT_THAT(robots.flags(), ElementsAre("robots.typo"));
}

TEST(RobotsTxt, AiTrainingLineIsASignalAndNoDisallow) {
  const auto robots =
      RobotsTxt::Parse("User-agent: *\nDisallowAITraining: /\nAllowAITraining: /open\n");
  EXPECT_TRUE(robots.Allows("x", "/a", Dialect::kRfc9309));
  EXPECT_TRUE(robots.Allows("x", "/a", Dialect::kLenient));
  std::vector<Signal> selected;
  robots.SelectSignals("x", "/a", Dialect::kRfc9309, selected);
  ASSERT_EQ(selected.size(), 1U);
  EXPECT_EQ(selected[0].says, Says::kDeny);
  selected.clear();
  robots.SelectSignals("x", "/open/1", Dialect::kRfc9309, selected);
  ASSERT_EQ(selected.size(), 1U);
  EXPECT_EQ(selected[0].says, Says::kAllow);
}

TEST(RobotsTxt, LicenceOfTheSelectedGroupSetsGlobalOnesAside) {
  const auto robots = RobotsTxt::Parse(
      "License: https://p.example/g.xml\nUser-agent: A\nLicense: https://p.example/a.xml\n");
  std::vector<Signal> selected;
  robots.SelectSignals("A", "/", Dialect::kRfc9309, selected);
  ASSERT_EQ(selected.size(), 1U);
  EXPECT_EQ(selected[0].value, "https://p.example/a.xml");
  EXPECT_EQ(selected[0].agent, "A");
  selected.clear();
  robots.SelectSignals("B", "/", Dialect::kRfc9309, selected);
  ASSERT_EQ(selected.size(), 1U);
  EXPECT_EQ(selected[0].value, "https://p.example/g.xml");
}

TEST(RobotsTxt, HtmlHasNoRecordsButGoogleReadsIt) {
  const std::string file = "<html>\nUser-agent: *\nDisallow: /\n";
  const auto robots = RobotsTxt::Parse(file);
  EXPECT_FALSE(robots.has_records());
  EXPECT_THAT(robots.flags(), Contains("robots.html_body"));
  EXPECT_TRUE(robots.Allows("x", "/", Dialect::kRfc9309));
  EXPECT_FALSE(robots.Allows("x", "/", Dialect::kGoogle));
}

TEST(RobotsTxt, AnHtmlCommentAboveRulesDoesNotHideThem) {
  const std::string rules = "User-agent: *\nDisallow: /\n";
  const auto robots = RobotsTxt::Parse(" <!-- $Id$ -->\n<!-- $URL$ -->\n\n" + rules);
  EXPECT_FALSE(robots.Allows("x", "/", Dialect::kRfc9309));
  EXPECT_THAT(robots.flags(), Not(Contains("robots.html_body")));
  for (const char* const start : {"<!-- a -->\n<!DOCTYPE html>\n", "<!-- never ended\n"}) {
    EXPECT_TRUE(RobotsTxt::Parse(start + rules).Allows("x", "/", Dialect::kRfc9309)) << start;
  }
}

TEST(RobotsTxt, CutByteOrderMarkIsSkippedByGoogleAlone) {
  const std::string file = "\xEF\xBBUser-agent: *\nDisallow: /\n";
  EXPECT_FALSE(Allows(file, "/x", Dialect::kGoogle));
  EXPECT_TRUE(Allows(file, "/x", Dialect::kRfc9309));
}

TEST(RobotsTxt, GooglePathBeginsBehindTheAuthority) {
  EXPECT_EQ(GooglePathOf("http://www.example.com/a/b?c=http://d.e/"), "/a/b?c=http://d.e/");
  EXPECT_EQ(GooglePathOf("http://www.example.com?q=1#f"), "/?q=1");
  EXPECT_EQ(GooglePathOf("//a/b/c"), "/b/c");
  EXPECT_EQ(GooglePathOf("example.com#/x"), "/");
  EXPECT_EQ(GooglePathOf(""), "/");
}

TEST(RobotsTxtLimits, BytesPastTheLimitAreNotRead) {
  const std::string rule = "User-agent: *\nDisallow: /z\n";
  std::string file(limits::kRobotsTxtBytesMax - rule.size(), '\n');
  file += rule;
  EXPECT_FALSE(Allows(file, "/z"));
  EXPECT_THAT(RobotsTxt::Parse(file).flags(), Not(Contains("robots.truncated")));
  file.insert(0, "\n");
  EXPECT_THAT(RobotsTxt::Parse(file).flags(), Contains("robots.truncated"));
  // An answer from part of a file says so.
  EXPECT_THAT(RobotsTxt::Parse(file).Decide("a", "/y", Dialect::kRfc9309).flags,
              Contains("robots.truncated"));
}

TEST(RobotsTxtLimits, LineAcrossTheLimitIsNotRead) {
  const std::string agent = "User-agent: *\n";
  const std::string rule = "Disallow: /private\n";
  std::string file = agent;
  file += std::string(limits::kRobotsTxtBytesMax - agent.size() - rule.size() + 6, '\n');
  file += rule;  // the limit falls behind "/priv"
  EXPECT_TRUE(Allows(file, "/privacy"));
  EXPECT_TRUE(Allows(file, "/private"));
}

// Google's library stops nowhere; its crawler does, before the library sees the file.
TEST(RobotsTxtLimits, GoogleReadsOn) {
  std::string file = "User-agent: other\nDisallow: /x\n";
  for (int i = 0; i < 100'000; ++i) file += "User-agent: b\nDisallow: /y\n";
  file += "User-agent: *\nDisallow: /z\n";
  ASSERT_GT(file.size(), limits::kRobotsTxtBytesMax);
  const RobotsTxt robots = RobotsTxt::Parse(file);
  EXPECT_FALSE(robots.Allows("a", "/z", Dialect::kGoogle));
  const RobotsDecision decision = robots.Decide("a", "/z", Dialect::kGoogle);
  EXPECT_EQ(decision.line, 200'004U);
  EXPECT_EQ(decision.rule, "Disallow: /z");
  EXPECT_THAT(decision.flags, Not(Contains("robots.truncated")));
  EXPECT_TRUE(robots.Allows("a", "/z", Dialect::kRfc9309));

  const std::string rule = "User-agent: *\nDisallow: /z\n";
  file.assign(limits::kRobotsWholeBytesMax - rule.size(), '\n');
  file += rule;
  EXPECT_FALSE(Allows(file, "/z", Dialect::kGoogle));
  file.insert(0, "\n\n\n");
  EXPECT_TRUE(RobotsTxt::Parse(file).Allows("a", "/z", Dialect::kGoogle));
  EXPECT_THAT(RobotsTxt::Parse(file).Decide("a", "/z", Dialect::kGoogle).flags,
              Contains("robots.truncated"));

  file = "User-agent: *\n";
  for (std::size_t i = 2; i < limits::kRobotsWholeRecordsMax; ++i) file += "a:\n";
  EXPECT_FALSE(Allows(file + "Disallow: /\n", "/", Dialect::kGoogle));
  EXPECT_TRUE(Allows(file + "a:\nDisallow: /\n", "/", Dialect::kGoogle));
}

TEST(RobotsTxt, AFileInUtf16HasNoDirectives) {
  const auto robots = RobotsTxt::Parse(std::string_view("\xFF\xFEU\0s\0e\0r\0", 10));
  EXPECT_THAT(robots.flags(), Contains("robots.utf16"));
  EXPECT_THAT(robots.Decide("a", "/", Dialect::kRfc9309).flags, Contains("robots.utf16"));
}

TEST(RobotsTxtLimits, LongLinesLoseTheirEnd) {
  const std::string name = "Disallow: /";
  const std::string fits(limits::kRobotsLineBytesMax - 1 - name.size(), 'a');
  const std::string head = "User-agent: *\n" + name;
  for (const Dialect dialect : {Dialect::kRfc9309, Dialect::kGoogle, Dialect::kLenient}) {
    EXPECT_FALSE(Allows(head + fits, "/" + fits, dialect));
    EXPECT_TRUE(Allows(head + fits, "/" + fits.substr(1), dialect));
    // One octet more is dropped: the pattern stays what it was.
    EXPECT_FALSE(Allows(head + fits + "b", "/" + fits + "c", dialect));
    EXPECT_THAT(RobotsTxt::Parse(head + fits + "b").Decide("a", "/" + fits, dialect).flags,
                Contains("robots.truncated_line"));
  }
  EXPECT_THAT(RobotsTxt::Parse(head + fits).flags(), Not(Contains("robots.truncated_line")));
  EXPECT_THAT(RobotsTxt::Parse(fits + fits).flags(), Contains("robots.truncated_line"));
  EXPECT_THAT(RobotsTxt::Parse("# " + fits + fits).flags(), IsEmpty());
}

TEST(RobotsTxtLimits, RecordsPastTheLimitAreNotKept) {
  std::string file = "User-agent: *\n";
  for (std::size_t i = 1; i < limits::kRobotsRecordsMax; ++i) file += "a:\n";
  EXPECT_THAT(RobotsTxt::Parse(file).flags(), Not(Contains("robots.truncated")));
  EXPECT_EQ(RobotsTxt::Parse(file).signals().size(), limits::kRobotsRecordsMax - 1);
  file += "Disallow: /\n";
  EXPECT_THAT(RobotsTxt::Parse(file).flags(), Contains("robots.truncated"));
  EXPECT_TRUE(Allows(file, "/x"));
}

TEST(RobotsTxtLimits, EvidenceIsCut) {
  const auto robots = RobotsTxt::Parse("User-agent: *\nDisallow: /" + std::string(1000, 'a'));
  EXPECT_EQ(robots.signals()[0].raw.size(), limits::kRawBytesMax);
}

// Hostile files take time in proportion to their size. The bound is far above what they need, and
// far below what a quadratic reading would take.
class Hostile : public testing::Test {
 protected:
  void Ask(const std::string& file, const std::string& path) {
    const auto start = std::chrono::steady_clock::now();
    const RobotsTxt robots = RobotsTxt::Parse(file);
    for (const Dialect dialect : {Dialect::kRfc9309, Dialect::kGoogle, Dialect::kLenient}) {
      robots.Decide("AnyBot", path, dialect);
    }
    std::vector<Signal> selected;
    robots.SelectSignals("AnyBot", path, Dialect::kRfc9309, selected);
    EXPECT_GE(robots.signals().size() + robots.agents().size() + 1, 1U);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
    EXPECT_LT(robots.held_bytes(), std::size_t{128} << 20);
  }
};

TEST_F(Hostile, OneLine) {
  Ask("User-agent: *\nDisallow: /" + std::string(500'000, '*'), "/x");
}

TEST_F(Hostile, CarriageReturnsAlone) {
  std::string file;
  while (file.size() < 500'000) file += "User-agent: *\rDisallow: /a\r";
  Ask(file, "/a");
}

TEST_F(Hostile, ManyGroups) {
  std::string file;
  while (file.size() < 500'000) file += "user-agent:x\nallow:/\n";
  Ask(file, "/a");
}

TEST_F(Hostile, ManyAgentsThenManyLines) {
  std::string file;
  for (int i = 0; file.size() < 250'000; ++i) file += "User-agent: a" + std::to_string(i) + "\n";
  while (file.size() < 500'000)
    file += "x: 1\nContent-Signal: ai-train=no\nContent-Signal: ai-train=yes\n";
  Ask(file, "/a");
}

TEST_F(Hostile, AmbiguousGroups) {
  std::string file;
  while (file.size() < 500'000) file += "user-agent:x\ncontent-usage:y\n";
  Ask(file, "/a");
}

TEST_F(Hostile, WildcardBombs) {
  std::string file = "User-agent: *\n";
  std::string stars;
  for (int i = 0; i < 500; ++i) stars += "*a";
  while (file.size() < 500'000) file += "Disallow: /" + stars + "*b$\n";
  Ask(file, "/" + std::string(16'000, 'a'));
}

TEST_F(Hostile, BinaryBytes) {
  std::string file;
  for (unsigned i = 0; i < 300'000; ++i) file.push_back(static_cast<char>(i * 7919U >> 3 & 0xFF));
  Ask(file, file.substr(0, 1000));
}

// A piece behind a star is found wherever it stands, also past many places that look like it.
TEST(RobotsTxt, PiecesAreFoundBehindWrongPlaces) {
  const std::string_view file = "User-agent: *\nDisallow: /*ab$\nDisallow: /*bac*c\n";
  for (std::size_t wrong = 1; wrong < 40; ++wrong) {
    const std::string path = "/" + std::string(wrong, 'b');
    EXPECT_TRUE(Allows(file, path)) << path;
    EXPECT_FALSE(Allows(file, path + "acxc")) << path;
    EXPECT_TRUE(Allows(file, path + "ac")) << path;
    EXPECT_FALSE(Allows(file, path + "ab")) << path;
  }
}

// An octet that is told in another form is seen wherever it stands in a path.
TEST(RobotsTxt, EscapesAreReadAtEveryPlace) {
  for (std::size_t before = 0; before < 40; ++before) {
    for (std::size_t after = 0; after < 20; ++after) {
      const std::string plain = "/" + std::string(before, 'x') + "e" + std::string(after, 'y');
      const std::string escaped = "/" + std::string(before, 'x') + "%65" + std::string(after, 'y');
      EXPECT_FALSE(Allows("User-agent: *\nDisallow: " + plain + "$\n", escaped)) << escaped;
      const std::string star = "/" + std::string(before, 'x') + "*" + std::string(after, 'y');
      EXPECT_FALSE(Allows("User-agent: *\nDisallow: /*%2A\n", star)) << star;
      EXPECT_TRUE(Allows("User-agent: *\nDisallow: /*%2A\n", plain)) << plain;
    }
  }
}

TEST(RobotsTxt, MayBeAskedByManyThreads) {
  const auto robots =
      RobotsTxt::Parse("User-agent: *\nDisallow: /x\nContent-Signal: ai-train=no\n");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      EXPECT_EQ(robots.signals().size(), 3U);
      EXPECT_FALSE(robots.Allows("y", "/x", Dialect::kRfc9309));
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace crawlcard::robots
