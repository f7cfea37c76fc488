#include "base/text.h"

#include <gtest/gtest.h>

namespace crawlcard {
namespace {

std::string Valid(std::string_view text) {
  std::string out;
  AppendValidUtf8(text, out);
  return out;
}

// Unicode 3.9, table 3-8: each maximal invalid part becomes one replacement character.
TEST(Utf8, InvalidPartsBecomeOneReplacementEach) {
  EXPECT_EQ(Valid("a\xF1\x80\x80\xE1\x80\xC2"
                  "b"),
            "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(Valid("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
  EXPECT_EQ(Valid("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // overlong
}

TEST(Utf8, ValidTextIsKept) {
  const std::string text = "plain, \xC3\xA9, \xE2\x82\xAC, \xF0\x9F\x98\x80";
  EXPECT_TRUE(IsUtf8(text));
  EXPECT_EQ(Valid(text), text);
  EXPECT_FALSE(IsUtf8("\xF4\x90\x80\x80"));  // past U+10FFFF
}

TEST(Utf8, PrefixNeverCutsASequence) {
  EXPECT_EQ(Utf8Prefix("a\xE2\x82\xAC", 3), "a");
  EXPECT_EQ(Utf8Prefix("a\xE2\x82\xAC", 4), "a\xE2\x82\xAC");
  EXPECT_EQ(Utf8Prefix("abc", 10), "abc");
}

TEST(Utf8, CodePoints) {
  std::string out;
  AppendUtf8(U'A', out);
  AppendUtf8(U'\u20AC', out);
  AppendUtf8(static_cast<char32_t>(0x1F600), out);
  AppendUtf8(static_cast<char32_t>(0xD800), out);
  AppendUtf8(static_cast<char32_t>(0x110000), out);
  EXPECT_EQ(out, "A\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Ascii, CaseAndSpace) {
  EXPECT_TRUE(EqualsIgnoreCase("Content-TYPE", "content-type"));
  EXPECT_FALSE(EqualsIgnoreCase("\xC3\x89", "\xC3\xA9"));  // not ASCII: compared as it is
  EXPECT_EQ(TrimAscii(" \t\r\n x y \f"), "x y");
}

// Words of eight and four bytes are compared at once, with ends that overlap.
TEST(Ascii, CaseOfEachLengthAndPlace) {
  for (std::size_t length = 1; length < 40; ++length) {
    const std::string text(length, 'q');
    for (std::size_t at = 0; at < length; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string a = text;
        a[at] = static_cast<char>(byte);
        for (const int other : {byte, byte ^ 0x20, byte ^ 0x80, byte ^ 1}) {
          std::string b = text;
          b[at] = static_cast<char>(other);
          const bool same = AsciiLower(a[at]) == AsciiLower(b[at]);
          ASSERT_EQ(EqualsIgnoreCase(a, b), same) << length << ' ' << at << ' ' << byte;
        }
      }
    }
  }
}

TEST(ParseUint, RefusesWhatIsNoNumber) {
  EXPECT_EQ(ParseUint("18446744073709551615"), 18446744073709551615ULL);
  for (const char* text : {"", "-1", "+1", "1 ", "0x1", "18446744073709551616"}) {
    EXPECT_FALSE(ParseUint(text)) << text;
  }
}

}  // namespace
}  // namespace crawlcard
