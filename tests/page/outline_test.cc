// A page by its metas and links alone, and the filter before the links.
#include "page/outline.h"

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/page/levels.h"

namespace crawlcard::page {
namespace {

constexpr std::array<std::string_view, 16> kLicenceUrls = {
    "https://creativecommons.org/licenses/by/4.0/",
    "http://CreativeCommons.org/publicdomain/zero/1.0/",
    "https://opendatacommons.org/licenses/odbl/1-0/",
    "https://www.gnu.org/copyleft/gpl.html",
    "https://cdla.dev/permissive-2-0/",
    "https://www.govdata.de/dl-de/by-2-0",
    "https://data.norge.no/nlod/en/2.0",
    "https://www.mozilla.org/MPL/2.0/",
    "https://rightsstatements.org/vocab/InC/1.0/",
    "https://ai.google.dev/gemma/terms",
    "https://www.usa.gov/government-works",
    "https://opensource.org/license/mit",
    "https://www.apache.org/licenses/LICENSE-2.0",
    "https://artlibre.org/licence/lal/en/",
    "https://spdx.org/licenses/MIT.html",
    "/LICENSE",
};

class EachSimdLevel : public ::testing::TestWithParam<Level> {
 protected:
  void SetUp() override { UseLevel(GetParam()); }
  void TearDown() override { UseLevel({}); }
};

// At every distance from the ends of the text, whatever stands around.
TEST_P(EachSimdLevel, FilterFindsEveryLicenceLink) {
  for (const std::string_view url : kLicenceUrls) {
    ASSERT_TRUE(MayNameLicence({OutlineElement::kA, url, {}, {}})) << url;
    for (std::size_t before = 0; before < 70; ++before) {
      for (const std::size_t after : {std::size_t{0}, std::size_t{1}, std::size_t{40}}) {
        const std::string text =
            std::string(before, 'x') + std::string(url) + std::string(after, 'x');
        const std::size_t found = FindLicenceLink(text, 0);
        ASSERT_NE(found, std::string::npos) << url << ' ' << before << ' ' << after;
        EXPECT_GE(found, before);
        EXPECT_LT(found, before + url.size());
        EXPECT_EQ(FindLicenceLink(text, before + url.size()), std::string::npos) << text;
      }
    }
  }
}

TEST_P(EachSimdLevel, FilterFindsWordsOfRelAndTypeAndEscapedSlashes) {
  for (const std::string_view text :
       {R"("rel": "nofollow LICENSE")", R"("rel":"copyright")", R"("application/rsl+xml")",
        R"(https:\/\/www.mozilla.org\/MPL\/2.0)", R"(https:\/\/ai.google.dev\/gemma\/terms)"}) {
    const std::string padded = std::string(50, ' ') + std::string(text) + std::string(50, ' ');
    EXPECT_NE(FindLicenceLink(padded, 0), std::string::npos) << text;
  }
  for (const std::string_view text :
       {"", "li", "centre example.com/summary/style.css download-de explode template"}) {
    EXPECT_EQ(FindLicenceLink(text, 0), std::string::npos) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, EachSimdLevel, AllLevels(), LevelName);

TEST(Outline, MetasAndLinksOfOtherThanHtmlAreNoStatements) {
  const std::array<OutlineMeta, 1> metas{{{"name", "robots", "noai"}}};
  const std::array<OutlineLink, 1> links{{{OutlineElement::kLink, kLicenceUrls[0], "license", {}}}};
  const std::array<HttpField, 1> fields{{{"Content-Type", "image/png", 0}}};
  HttpHead head;
  head.fields = fields;
  Outline outline;
  outline.url = "https://example.org/";
  outline.head = &head;
  outline.metas = metas;
  outline.links = links;
  Arena arena;
  OutlineObserver observer;
  PageFacts facts = observer.Observe(outline, arena);
  EXPECT_FALSE(facts.is_html);
  EXPECT_TRUE(facts.metas.empty());
  EXPECT_TRUE(facts.licences.empty());

  outline.head = nullptr;
  outline.identified_type = "application/xhtml+xml";
  facts = observer.Observe(outline, arena);
  EXPECT_TRUE(facts.is_html);
  EXPECT_EQ(facts.metas.size(), 1U);
  ASSERT_EQ(facts.licences.size(), 1U);
  EXPECT_EQ(facts.licences[0].spdx, "CC-BY-4.0");
  EXPECT_EQ(facts.rights.page_licence, "CC-BY-4.0");
}

// A rel=license whose place is not known may speak of a picture: it makes no licence of the page.
TEST(Outline, LicenceLinkOfUnknownPlaceIsNoLicenceOfThePage) {
  const std::array<OutlineLink, 1> links{{{OutlineElement::kA, kLicenceUrls[0], "license", {}}}};
  Outline outline;
  outline.url = "https://example.org/";
  outline.identified_type = "text/html";
  outline.links = links;
  Arena arena;
  OutlineObserver observer;
  const PageFacts facts = observer.Observe(outline, arena);
  ASSERT_EQ(facts.licences.size(), 1U);
  EXPECT_EQ(facts.licences[0].confidence, Confidence::kLow);
  EXPECT_THAT(facts.licences[0].flags, ::testing::ElementsAre("licence.place_unknown"));
  EXPECT_TRUE(facts.rights.page_licence.empty());
}

}  // namespace
}  // namespace crawlcard::page
