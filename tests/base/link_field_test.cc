#include "base/link_field.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.h"

namespace crawlcard {
namespace {

std::vector<std::string> Read(std::string_view field) {
  std::vector<std::string> out;
  LinkReader reader(field);
  for (FieldLink link; reader.Next(link);) {
    out.push_back(std::string(link.target) + "|" + std::string(link.rel) + "|" +
                  std::string(link.type) + "|" + std::string(link.anchor));
  }
  return out;
}

using Links = std::vector<std::string>;

// RFC 8288 section 3.5.
TEST(LinkField, LinksAndParameters) {
  EXPECT_EQ(Read("</a>; rel=\"license next\"; type=text/html, <b>;REL=x;anchor=\"#c\""),
            (Links{"/a|license next|text/html|", "b|x||#c"}));
  EXPECT_EQ(Read("<a,b;c>; title=\"x, <y>; rel=no\"; rel=yes"), (Links{"a,b;c|yes||"}));
}

// RFC 8288 section 3.3: the first rel counts.
TEST(LinkField, FirstRelCounts) {
  EXPECT_EQ(Read("<a>;rel=one;rel=two"), (Links{"a|one||"}));
}

TEST(LinkField, EscapesInsideQuotesDoNotEndThem) {
  EXPECT_EQ(Read("<a>; title=\"\\\"; rel=no\"; rel=yes"), (Links{"a|yes||"}));
}

TEST(LinkField, WhatIsNoLinkIsPassedOver) {
  EXPECT_EQ(Read(""), Links{});
  EXPECT_EQ(Read("<a"), Links{});
  EXPECT_EQ(Read("<a>; rel=\"cut"), (Links{"a|cut||"}));
  EXPECT_EQ(Read("<a> junk; rel=x"), (Links{"a|x||"}));
  EXPECT_EQ(Read("<a>;;=;rel=x,,<b>"), (Links{"a|x||", "b|||"}));
  EXPECT_EQ(Read("<a>; t=\"\\"), (Links{"a|||"}));
}

// HTML 2.3.7: tokens stand between ASCII white space.
TEST(HasToken, WhiteSpaceSeparatesAndCaseDoesNotCount) {
  EXPECT_TRUE(HasToken("nofollow\tLICENSE", "license"));
  EXPECT_FALSE(HasToken("licenses", "license"));
  EXPECT_FALSE(HasToken(" \n ", "license"));
}

}  // namespace
}  // namespace crawlcard
