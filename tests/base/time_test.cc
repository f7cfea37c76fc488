#include "base/time.h"

#include <gtest/gtest.h>

namespace crawlcard {
namespace {

// Dates of the usual form are read eight bytes at once: each byte of each place is looked at.
TEST(ParseRfc3339, EachByteOfTheUsualForm) {
  const std::string usual = "2024-05-18T01:58:10Z";
  for (std::size_t at = 0; at + 1 < usual.size(); ++at) {
    const bool digit = usual[at] >= '0' && usual[at] <= '9';
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = usual;
      text[at] = static_cast<char>(byte);
      // With another zone the usual way is not taken.
      const std::string other = text.substr(0, usual.size() - 1) + "+00:00";
      ASSERT_EQ(ParseRfc3339(text), ParseRfc3339(other)) << text;
      if (digit && (byte < '0' || byte > '9')) {
        ASSERT_FALSE(ParseRfc3339(text)) << text;
      }
    }
  }
}

TEST(Time, Rfc3339RoundTrip) {
  for (const char* text :
       {"1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "2024-05-18T01:58:10Z",
        "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}) {
    const auto time = ParseRfc3339(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(FormatRfc3339(*time), text);
  }
  EXPECT_EQ(ParseRfc3339("2001-09-09T01:46:40Z"), 1'000'000'000);
}

TEST(Time, Rfc3339Variants) {
  EXPECT_EQ(ParseRfc3339("2001-09-09T01:46:40.123456Z"), 1'000'000'000);
  EXPECT_EQ(ParseRfc3339("2001-09-09T03:46:40+02:00"), 1'000'000'000);
  EXPECT_EQ(ParseRfc3339("2016"), ParseRfc3339("2016-01-01T00:00:00Z"));
  EXPECT_EQ(ParseRfc3339("2016-02"), ParseRfc3339("2016-02-01T00:00:00Z"));
  EXPECT_EQ(ParseRfc3339("2016-12-31T23:59:60Z"), ParseRfc3339("2017-01-01T00:00:00Z"));
}

TEST(Time, WhatIsNoDateIsRefused) {
  for (const char* text : {"", "yesterday", "2024-13-01", "2024-02-30", "2023-02-29",
                           "2024-05-18T25:00:00Z", "2024-05-18T01:58:10Zjunk", "20240518"}) {
    EXPECT_FALSE(ParseRfc3339(text)) << text;
  }
}

TEST(Time, Timestamp14) {
  EXPECT_EQ(ParseTimestamp14("20010909014640"), 1'000'000'000);
  EXPECT_EQ(FormatTimestamp14(1'000'000'000), "20010909014640");
  EXPECT_EQ(ParseTimestamp14("2016"), ParseRfc3339("2016"));
  EXPECT_FALSE(ParseTimestamp14("2016123"));
  EXPECT_FALSE(ParseTimestamp14("20010909014640x"));
}

// RFC 9110 section 5.6.7: the three forms name the same instant.
TEST(Time, HttpDates) {
  const auto expected = ParseRfc3339("1994-11-06T08:49:37Z");
  EXPECT_EQ(ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"), expected);
  EXPECT_EQ(ParseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT"), expected);
  EXPECT_EQ(ParseHttpDate("Sun Nov  6 08:49:37 1994"), expected);
  EXPECT_FALSE(ParseHttpDate("0"));
  EXPECT_FALSE(ParseHttpDate("Sun, 06 Foo 1994 08:49:37 GMT"));
  EXPECT_FALSE(ParseHttpDate("Sun,"));
}

}  // namespace
}  // namespace crawlcard
