// Why dialects disagree: one file for each cause.

#include "robots/compare_dialects.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

struct Case {
  std::string_view file;
  std::string_view url;
  std::string_view path;
  Dialect dialect;
  bool allowed;  // in that dialect
  Difference why;
};

TEST(CompareDialects, NamesTheCause) {
  const Case kCases[] = {
      {"User-agent: *\nDissallow: /a\n", "/a", "/a", Dialect::kGoogle, false, Difference::kLine},
      {"User-agent: *\nDisallow /a\n", "/a", "/a", Dialect::kGoogle, false, Difference::kLine},
      {"User-agent: *\nDisallow: /a\n", "/a", "/a", Dialect::kGoogle, false, Difference::kNone},
      {"User-agent: GPTBot, CCBot\nDisallow: /\n", "/", "/", Dialect::kLenient, false,
       Difference::kGroup},
      {"User-agent: GPTBot/1.0\nDisallow: /\n", "/", "/", Dialect::kGoogle, false,
       Difference::kGroup},
      {"useragent: *\nDisallow: /\n", "/", "/", Dialect::kGoogle, false, Difference::kGroup},
      {"User-agent: *\nDisallow: /\n", "/robots.txt", "/robots.txt", Dialect::kGoogle, false,
       Difference::kItself},
      {"User-agent: *\nDisallow: /b\n", "//a/b", "//a/b", Dialect::kGoogle, false,
       Difference::kPath},
      {"User-agent: *\nDisallow: /%61\n", "/a", "/a", Dialect::kGoogle, true,
       Difference::kMatching},
      {"User-agent: *\nDisallow: /a\nAllow: /a/index.html\n", "/a/", "/a/", Dialect::kGoogle, true,
       Difference::kMatching},
      {"User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", "/a", Dialect::kCicFixed, true,
       Difference::kNone},
      {"User-agent: *\nDisallow: /\nAllow: /?q\n", "/?q", "/?q", Dialect::kCicFixed, false,
       Difference::kClass},
      {"User-agent: GPTBot\n\nDisallow: /\n", "/", "/", Dialect::kCicLegacy, true,
       Difference::kClass},
  };
  for (const Case& one : kCases) {
    SCOPED_TRACE(std::string(one.file) + std::string(one.url));
    const auto robots = RobotsTxt::Parse(one.file);
    const auto answers = CompareDialects(robots, "GPTBot", {one.path, GooglePathOf(one.url)});
    ASSERT_EQ(answers.size(), AllDialects().size());
    EXPECT_EQ(answers.front().why, Difference::kNone);
    const DialectAnswer& answer = answers[static_cast<std::size_t>(one.dialect)];
    EXPECT_EQ(answer.decision.allowed, one.allowed);
    EXPECT_EQ(DifferenceName(answer.why), DifferenceName(one.why));
    EXPECT_EQ(answer.why == Difference::kNone,
              answer.decision.allowed == answers.front().decision.allowed);
  }
}

// For RFC 9309 `*` and CCBot share the group that allows /x; where the line of another family ends
// the list of agents, `*` has only the group that refuses everything.
TEST(CompareDialects, AmbiguousGroupsAreSaid) {
  const auto robots = RobotsTxt::Parse(
      "User-agent: *\nContent-Usage: train-ai=n\nUser-agent: CCBot\nAllow: /x\n\n"
      "User-agent: *\nDisallow: /\n");
  const auto answers = CompareDialects(robots, "GPTBot", "/x");
  EXPECT_TRUE(answers.front().decision.allowed);
  const DialectAnswer& lenient = answers[static_cast<std::size_t>(Dialect::kLenient)];
  EXPECT_FALSE(lenient.decision.allowed);
  EXPECT_EQ(lenient.decision.line, 7U);
  EXPECT_EQ(DifferenceName(lenient.why), "group-reading");
}

TEST(CompareDialects, NamesAreDistinct) {
  EXPECT_EQ(DifferenceName(Difference::kNone), "");
  EXPECT_EQ(DifferenceName(Difference::kClass), "class");
  EXPECT_EQ(DifferenceName(Difference::kItself), "robots-txt-itself");
  EXPECT_EQ(DifferenceName(Difference::kAmbiguous), "group-reading");
  EXPECT_EQ(DifferenceName(Difference::kMatching), "matching");
}

// A file at the limit, asked in all dialects: each answer is one pass. The bound is a hundred times
// what it takes.
TEST(CompareDialects, LargeFilesStayLinear) {
  std::string file = "User-agent: *\n";
  while (file.size() < limits::kRobotsTxtBytesMax) file += "Disallow: /*a*b*c*d\n";
  const auto robots = RobotsTxt::Parse(file);
  const std::string path = "/" + std::string(2000, 'a');
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(DialectsAgree(CompareDialects(robots, "GPTBot", path)));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

}  // namespace
}  // namespace crawlcard::robots
