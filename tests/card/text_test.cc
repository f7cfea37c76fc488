#include "card/text.h"

#include <limits>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "card/check/figure.h"
#include "card/formats/language_codes.h"
#include "card/svg.h"

namespace crawlcard::card {
namespace {

TEST(CardText, NumbersAreGroupedInThrees) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1000), "1,000");
  EXPECT_EQ(FormatCount(1234567), "1,234,567");
  EXPECT_EQ(FormatCount(std::numeric_limits<std::uint64_t>::max()), "18,446,744,073,709,551,615");
}

TEST(CardText, BytesAreDecimalWithOneDigit) {
  EXPECT_EQ(FormatBytes(1), "1 byte");
  EXPECT_EQ(FormatBytes(999), "999 bytes");
  EXPECT_EQ(FormatBytes(1000), "1.0 kB");
  EXPECT_EQ(FormatBytes(12'345'678), "12.3 MB");
  EXPECT_EQ(FormatBytes(999'949), "999.9 kB");
  EXPECT_EQ(FormatBytes(999'950), "1.0 MB");
  EXPECT_EQ(FormatBytes(std::numeric_limits<std::uint64_t>::max()), "18.4 EB");
}

TEST(CardText, SharesNeverRoundToNothingOrToAll) {
  EXPECT_EQ(FormatShare(1, 0), "Not applicable");
  EXPECT_EQ(FormatShare(0, 5), "0 %");
  EXPECT_EQ(FormatShare(1, 8), "12.5 %");
  EXPECT_EQ(FormatShare(1, 1'000'000), "< 0.1 %");
  EXPECT_EQ(FormatShare(999'999, 1'000'000), "> 99.9 %");
  EXPECT_EQ(FormatShare(7, 7), "100.0 %");
}

TEST(CardText, DeceptiveCharactersAreSpeltOut) {
  EXPECT_EQ(VisibleText("a\xE2\x80\xAEz"), "a\\u{202E}z");  // right-to-left override
  EXPECT_EQ(VisibleText("\xEF\xBB\xBF"
                        "b\x01\x7F"),
            "\\u{FEFF}b\\u{0001}\\u{007F}");
  EXPECT_EQ(VisibleText("\xE2\x81\xA6x\xE2\x81\xA9"), "\\u{2066}x\\u{2069}");  // isolates
  EXPECT_EQ(VisibleText("gr\xC3\xBC\xC3\x9F"), "gr\xC3\xBC\xC3\x9F");
  EXPECT_EQ(VisibleText("\xFF"), "\xEF\xBF\xBD");
}

TEST(CardText, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(VisibleText(std::string(limits::kTextBytesMax, 'a')).size(), limits::kTextBytesMax);
  EXPECT_EQ(VisibleText(std::string(limits::kTextBytesMax + 1, 'a')),
            std::string(limits::kTextBytesMax, 'a') + "\xE2\x80\xA6");
  EXPECT_EQ(VisibleText("a\xC3\xBC", 2), "a\xE2\x80\xA6");
}

TEST(CardText, NumbersAndTheirUnitsStayOnOneLine) {
  const auto kept = [](std::string_view words) {
    return fmt::format("<span class=\"nb\">{}</span>", words);
  };
  EXPECT_EQ(EscapeHtmlProse("1.9 % of it"), kept("1.9 %") + " of it");
  EXPECT_EQ(EscapeHtmlProse("is (36.9 %)."), "is " + kept("(36.9 %)."));
  EXPECT_EQ(EscapeHtmlProse("50.2 MB, read"), kept("50.2 MB,") + " read");
  EXPECT_EQ(EscapeHtmlProse("512 bytes"), kept("512 bytes"));
  EXPECT_EQ(EscapeHtmlProse("eu-tdm@1, use <b>"), kept("eu-tdm@1,") + " use &lt;b&gt;");
  EXPECT_EQ(EscapeHtmlProse("card --all-policies"), "card " + kept("--all-policies"));
  // Nothing to keep together; and what is too long for a phone.
  for (const std::string_view text :
       {"", " ", "5 pages", "of %", "a  b ", "machine-readable", "a-name-of-some-length-and-a-1"}) {
    EXPECT_EQ(EscapeHtmlProse(text), text);
  }
}

TEST(CardText, EscapesLeaveNoMarkup) {
  EXPECT_EQ(EscapeHtml("<a href='x\"'>&"), "&lt;a href=&#39;x&quot;&#39;&gt;&amp;");
  EXPECT_EQ(MarkdownText("*a*|<b># [x](y) @me"), "\\*a\\*\\|\\<b\\>\\# \\[x\\](y) \\@me");
  EXPECT_EQ(MarkdownText("a\n# b"), "a\\\\u\\{000A\\}\\# b");
  EXPECT_EQ(MarkdownCode("a|b"), "`a\\|b`");
  EXPECT_EQ(MarkdownCode("`x"), "`` `x ``");
}

TEST(CardText, SpreadsheetsRunNothing) {
  EXPECT_EQ(CsvCell("example.org"), "example.org");
  EXPECT_EQ(CsvCell("=1+1"), "\"'=1+1\"");
  EXPECT_EQ(CsvCell("@x"), "\"'@x\"");
  EXPECT_EQ(CsvCell("a,\"b\""), "\"a,\"\"b\"\"\"");
}

TEST(CardText, JsonKeepsTheValueAndLosesTheTrick) {
  EXPECT_EQ(NeutraliseJson("\"a\xE2\x80\xAE\xF3\xA0\x81\x81\""), "\"a\\u202e\\udb40\\udc41\"");
}

TEST(CardText, LabelsFitTheirColumns) {
  EXPECT_EQ(FitLabel("short", 60), "short");
  EXPECT_EQ(FitLabel("abcdef", 45), "abc\xE2\x80\xA6");
  EXPECT_EQ(FitLabel("wwwwww", 45), "ww\xE2\x80\xA6");
  EXPECT_EQ(FitLabel("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", 30), "\xE6\x97\xA5\xE2\x80\xA6");
}

TEST(LanguageLabel, NamesWhatItKnowsAndLeavesTheRest) {
  EXPECT_EQ(LanguageLabel("deu"), "German (deu)");
  EXPECT_EQ(LanguageLabel("afr"), "Afrikaans (afr)");
  EXPECT_EQ(LanguageLabel("zul"), "Zulu (zul)");
  EXPECT_EQ(LanguageLabel("qqq"), "qqq");
  EXPECT_EQ(LanguageLabel(""), "");
}

TEST(Figure, EndsWithItsUnit) {
  EXPECT_EQ(EndOfFigure("1,107 pages", 0), 5U);
  EXPECT_EQ(EndOfFigure("58.6 % (1,107)", 0), 6U);
  EXPECT_EQ(LastFigure("English (eng) 58.6 %"), "58.6 %");
  EXPECT_EQ(LastFigure("text/plain < 0.1 %"), "< 0.1 %");
  EXPECT_EQ(LastFigure("a word"), "");
  EXPECT_EQ(LastFigure("x12"), "");
  EXPECT_TRUE(IsFigure("12.4 MB"));
  EXPECT_FALSE(IsFigure("12 rows"));
  EXPECT_TRUE(LooksMeasured("1,107"));
  EXPECT_FALSE(LooksMeasured("9309"));
  EXPECT_TRUE(IsPlainNumber("9309"));
}

}  // namespace
}  // namespace crawlcard::card
