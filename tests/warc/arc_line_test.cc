#include "warc/internal/arc_line.h"

#include <gtest/gtest.h>

namespace crawlcard::warc::internal {
namespace {

TEST(ArcLine, FieldsOfVersionOne) {
  const auto line = ParseArcLine("http://a.example/x 192.0.2.7 20080430204825 text/html 680\r");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->url, "http://a.example/x");
  EXPECT_EQ(line->ip, "192.0.2.7");
  EXPECT_EQ(line->date, "20080430204825");
  EXPECT_EQ(line->type, "text/html");
  EXPECT_EQ(line->length, "680");
}

TEST(ArcLine, UrlWithBlanksAndTypeWithParameters) {
  const auto line =
      ParseArcLine("http://a.example/a b 2001:db8::1 20080430204825 text/html; charset=x 7");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->url, "http://a.example/a b");
  EXPECT_EQ(line->type, "text/html;");
  EXPECT_EQ(line->length, "7");
}

TEST(ArcLine, OtherLinesAreNone) {
  for (const char* text :
       {"", " ", "URL IP-address Archive-date Content-type Archive-length", "1 0 InternetArchive",
        "http://a.example/ 192.0.2.7 2008 text/html 680", "http://a.example/ 20080430204825 1",
        "192.0.2.7 20080430204825 text/html 680", "a: 192.0.2.7 20080430204825",
        "nourl 192.0.2.7 20080430204825 text/html 1"}) {
    EXPECT_FALSE(ParseArcLine(text)) << text;
  }
}

}  // namespace
}  // namespace crawlcard::warc::internal
