// The bits of a body, at every level of this machine, against the obvious loops.
#include "page/html/body_map.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/page/levels.h"

namespace crawlcard::page::html {
namespace {

class BodyMapTest : public ::testing::TestWithParam<Level> {
 protected:
  void SetUp() override { UseLevel(GetParam()); }
  void TearDown() override { UseLevel({}); }

  void Map(std::string_view body) {
    map_.Reset(body);
    map_.PrepareAll();
  }
  bool Marked(std::size_t at) const {
    return (map_.WordOf(BodyMap::kTagMark, at) >> (at % BodyMap::kBlockBytes) & 1) != 0;
  }

  BodyMap map_;
};

template <class Is>
std::size_t FirstFrom(std::string_view body, std::size_t at, Is is) {
  while (at < body.size() && !is(body[at])) ++at;
  return at;
}

TEST_P(BodyMapTest, FindsWhatTheObviousLoopsFind) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    std::string body(random() % 400, '\0');
    for (char& c : body) {
      c = random() % 2 == 0 ? static_cast<char>(random() % 256)
                            : "<>='\"& \t\n\f\r\v/"[random() % 13];
    }
    Map(body);
    for (std::size_t at = 0; at < body.size(); ++at) {
      EXPECT_EQ(map_.Next(BodyMap::kLess, at),
                FirstFrom(body, at, [](char c) { return c == '<'; }));
      EXPECT_EQ(map_.Next(BodyMap::kStop, at),
                FirstFrom(body, at, [](char c) { return c == '>' || c == '\''; }));
      if (body[at] == '&') {
        EXPECT_EQ(map_.Next(BodyMap::kTextMark, at), at);
      }
    }
    // Behind the body there is nothing.
    EXPECT_EQ(map_.Next(BodyMap::kTagMark, body.size()), body.size());
  }
}

TEST_P(BodyMapTest, BitsFromAPlaceOnAreThoseOfTheWords) {
  std::string body(500, ' ');
  for (std::size_t at = 0; at < body.size(); at += at % 7 + 1) body[at] = '<';
  Map(body);
  const std::uint64_t* const row = map_.rows()[BodyMap::kLess];
  for (std::size_t at = 0; at < body.size(); ++at) {
    const std::uint64_t bits = BodyMap::Bits(row, at);
    const std::size_t rest = BodyMap::kBlockBytes - at % BodyMap::kBlockBytes;
    for (std::size_t i = 0; i < std::max(rest, BodyMap::kBitsMin) && at + i < body.size(); ++i) {
      EXPECT_EQ((bits >> i & 1) != 0, body[at + i] == '<') << at << '+' << i;
    }
  }
}

TEST_P(BodyMapTest, MarksEveryWordThatMattersWhereverItStands) {
  const std::string_view words[] = {
      "licence",   "licenses",  "commons.org", "gemma/",      "copyleft",          "cdla.",
      "dl-de",     "nlod",      "mpl/",        "rights",      "rightsstatements",  "copyright",
      "usageInfo", "itemscope", "typeof",      "attribution", "government-works",  "resource",
      "vocab",     "about",     "nosnippet",   "rsl+xml",     "accessibleForFree", "ld+json",
      "comment",   "footer",    "colophon",    "LICENSE",     "acquireLicense",    "disqus_thread"};
  for (const std::string_view word : words) {
    for (std::size_t before = 0; before < 140; ++before) {
      for (const bool capitals : {false, true}) {
        std::string written(word);
        for (char& c : written) {
          if (capitals) c = static_cast<char>(std::toupper(c));
        }
        const std::string body = std::string(before, ' ') + written + "=";
        Map(body);
        bool found = false;
        for (std::size_t at = before; at < before + word.size(); ++at) {
          found = found || (Marked(at) && map_.IsWordAround(at));
        }
        EXPECT_TRUE(found) << body;
      }
    }
  }
}

TEST_P(BodyMapTest, WordsOfTextAreMarkedAsWritten) {
  for (const std::string_view word : {"ommons", "eserved", "ESERVED", "CC"}) {
    for (const std::string_view behind : {"", "\xC3\xA9", " BY", "<"}) {
      const std::string body = "xx" + std::string(word) + std::string(behind);
      Map(body);
      EXPECT_LT(map_.Next(BodyMap::kTextMark, 2), 2 + word.size()) << body;
    }
  }
}

TEST_P(BodyMapTest, ReferencesThatMayHideALetterAreMarkedInTags) {
  struct Named {
    std::string_view name;
    char32_t first;
    char32_t second;
  };
  constexpr Named kNamed[] = {
#include "page/html/entities.inc"
  };
  std::size_t hidden = 0;
  const auto is_of_words = [](char32_t c) {
    return c < 0x80 &&
           (std::isalnum(static_cast<int>(c)) != 0 ||
            std::string_view("/.-+_:#").find(static_cast<char>(c)) != std::string::npos);
  };
  for (const Named& named : kNamed) {
    if (!is_of_words(named.first) && (named.second == 0 || !is_of_words(named.second))) continue;
    ++hidden;
    Map("<a rel='licens&" + std::string(named.name) + "'> and what follows");
    EXPECT_TRUE(Marked(14)) << named.name;
  }
  EXPECT_GT(hidden, 5U);
  for (const std::string_view reference : {"&#101;", "&#x65;", "&#X65;"}) {
    Map("<a rel='licens" + std::string(reference) + "'> and what follows");
    EXPECT_TRUE(Marked(14)) << reference;
  }
}

TEST_P(BodyMapTest, NamesOfAttributesCountOnlyAsSuch) {
  const auto is_word = [this](std::string_view body) {
    Map(body);
    const std::size_t at = map_.Next(BodyMap::kTagMark, 0);
    return at < body.size() && map_.IsWordAround(at);
  };
  for (const char* body : {"<a about>", "<a ABOUT=x>", "<a/about/>", "<a x=\"y\"about >"}) {
    EXPECT_TRUE(is_word(body)) << body;
  }
  for (const char* body : {"<a href=/about.html>", "<a aboutme>", "<a x='about'y>", "<a xabout>"}) {
    EXPECT_FALSE(is_word(body)) << body;
  }
}

TEST_P(BodyMapTest, ClassesCountOnlyWhereTheyNameARegion) {
  const auto is_word = [this](std::string_view body) {
    Map(body);
    for (std::size_t at = 0; at < body.size(); ++at) {
      if (Marked(at) && map_.IsWordAround(at)) return true;
    }
    return false;
  };
  for (const char* body :
       {"<p class=footer>", "<p class='a site-footer'>", "<p id=\"FOOTER-bottom\">",
        "<p class=comments", "<p class=\"comment-list b\">", "<p id=disqus_thread>",
        "<p class='x\tcolophon\ny'>"}) {
    EXPECT_TRUE(is_word(body)) << body;
  }
  for (const char* body :
       {"<p class=footer2>", "<p class='a sub-footer'>", "<a href='/footer.css'>",
        "<p class='recentcomments'>", "<p class='comment-meta'>", "<p id=disqus>"}) {
    EXPECT_FALSE(is_word(body)) << body;
  }
}

TEST_P(BodyMapTest, PartsThatAreSkippedNeedNoMap) {
  const std::string body = std::string(9000, '<') + std::string(100, ' ') + "<";
  map_.Reset(body);
  map_.Prepare(0);
  EXPECT_EQ(map_.Next(BodyMap::kLess, 0), 0U);
  map_.SkipTo(9001);
  map_.Prepare(9001);
  EXPECT_EQ(map_.Next(BodyMap::kLess, 9001), 9100U);
}

INSTANTIATE_TEST_SUITE_P(Levels, BodyMapTest, AllLevels(), LevelName);

}  // namespace
}  // namespace crawlcard::page::html
