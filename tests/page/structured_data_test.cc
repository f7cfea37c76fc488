// tests/page/structured_data_test.cc - licences in microdata and RDFa: extruct's samples, and
// values that are text.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/arena.h"
#include "page/facts.h"

namespace crawlcard::page {
namespace {

using nlohmann::json;
using testing::SizeIs;
namespace fs = std::filesystem;

class StructuredData : public testing::Test {
 protected:
  PageFacts Observe(std::string_view body) {
    return observer.Observe({.url = "https://h.example/page",
                             .head = nullptr,
                             .content_type = "text/html",
                             .identified_type = "",
                             .body = body,
                             .truncated = false},
                            arena);
  }

  Observer observer{ObserveOptions{}};
  Arena arena;
};

std::string Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool IsLicenceKey(std::string_view key) {
  return key == "license" || key.ends_with("/license") || key.ends_with("#license");
}

void AddValues(const json& value, std::set<std::string>& out) {
  if (value.is_string()) out.insert(value.get<std::string>());
  if (value.is_array()) {
    for (const json& item : value) AddValues(item, out);
  }
  if (value.is_object() && value.contains("@id")) AddValues(value["@id"], out);
}

// Every licence that extruct's expected answer holds, at any depth.
void Walk(const json& value, std::set<std::string>& out) {
  for (const auto& [key, member] : value.items()) {
    if (value.is_object() && IsLicenceKey(key)) AddValues(member, out);
    if (member.is_structured()) Walk(member, out);
  }
}

TEST_F(StructuredData, ExtructSamplesNameTheirLicencesAndNoOthers) {
  const fs::path folder =
      fs::path(CRAWLCARD_SHARED) / "corpora/conformance/scrapinghub__extruct/tests/samples";
  if (!fs::exists(folder)) GTEST_SKIP() << "corpus absent: " << folder;
  std::size_t samples = 0;
  std::size_t licences = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".html") continue;
    fs::path answer = entry.path();
    answer.replace_extension(".json");
    if (!fs::exists(answer)) answer.replace_extension(".expanded.json");
    if (!fs::exists(answer)) continue;
    std::set<std::string> want;
    Walk(json::parse(Read(answer)), want);
    std::set<std::string> found;
    for (const Licence& licence : Observe(Read(entry.path())).licences) {
      if (licence.location != "a-plain") found.emplace(licence.raw);
    }
    EXPECT_EQ(found, want) << entry.path();
    ++samples;
    licences += want.size();
  }
  EXPECT_GE(samples, 25U);
  EXPECT_GE(licences, 3U);
}

TEST_F(StructuredData, MicrodataTakesTheTextOfAnElementWithoutUrl) {
  const PageFacts facts = Observe(
      "<div itemscope itemtype=https://schema.org/Article>"
      "<p>Use: <span itemprop=license><b>CC BY-SA 4.0</b></span> and more.</div>");
  ASSERT_THAT(facts.licences, SizeIs(1));
  EXPECT_EQ(facts.licences[0].spdx, "CC-BY-SA-4.0");
  EXPECT_EQ(facts.licences[0].location, "microdata");
  EXPECT_EQ(facts.licences[0].raw, "CC BY-SA 4.0");
}

TEST_F(StructuredData, ElementsOfTheSameNameInsideDoNotEndTheText) {
  const PageFacts facts = Observe(
      "<div itemscope itemtype=https://schema.org/Article>"
      "<div itemprop=license><div></div>CC BY 4.0</div> <div>other</div></div>");
  ASSERT_THAT(facts.licences, SizeIs(1));
  EXPECT_EQ(facts.licences[0].raw, "CC BY 4.0");
}

TEST_F(StructuredData, AParagraphEndsWithTheNext) {
  const PageFacts facts = Observe(
      "<div itemscope itemtype=https://schema.org/Article>"
      "<p itemprop=license>CC BY 4.0<p>other</div>");
  ASSERT_THAT(facts.licences, SizeIs(1));
  EXPECT_EQ(facts.licences[0].raw, "CC BY 4.0");
}

TEST_F(StructuredData, AnItemIsNamedByItsId) {
  const PageFacts facts = Observe(
      "<div itemscope itemtype=https://schema.org/Article><div itemprop=license itemscope "
      "itemid=https://creativecommons.org/licenses/by/4.0/>text</div></div>");
  ASSERT_THAT(facts.licences, SizeIs(1));
  EXPECT_EQ(facts.licences[0].spdx, "CC-BY-4.0");
}

TEST_F(StructuredData, RdfaTakesTheTextToo) {
  const PageFacts facts = Observe(
      "<p property=dct:license>https://creativecommons.org/licenses/by/4.0/</p>"
      "<p property=dc:rights>Copyright 2011 Somebody. All rights reserved.</p>");
  ASSERT_THAT(facts.licences, SizeIs(2));
  EXPECT_EQ(facts.licences[0].location, "rdfa");
  EXPECT_EQ(facts.licences[0].spdx, "CC-BY-4.0");
  EXPECT_EQ(facts.licences[1].name, "all-rights-reserved");
  EXPECT_EQ(facts.rights.copyright_year, 2011);
}

TEST_F(StructuredData, TheVocabularyInForceGivesABareTermItsMeaning) {
  const std::string link = "<a property=license href=https://l.example/x>terms</a>";
  EXPECT_THAT(Observe(link).licences, SizeIs(0));
  EXPECT_THAT(Observe("<p vocab=http://xmlns.com/foaf/0.1/>" + link).licences, SizeIs(0));
  for (const std::string vocabulary :
       {"http://creativecommons.org/ns#", "https://schema.org", "http://purl.org/dc/terms/"}) {
    const PageFacts facts = Observe("<p vocab='" + vocabulary + "'>" + link);
    ASSERT_THAT(facts.licences, SizeIs(1)) << vocabulary;
    EXPECT_EQ(facts.licences[0].location, "rdfa");
  }
}

TEST_F(StructuredData, PropertiesOutsideItemsNeedAReference) {
  const std::string link = "<p id=l><a itemprop=license href=https://l.example/x>terms</a>";
  EXPECT_THAT(Observe("<figure itemscope></figure>" + link).licences, SizeIs(0));
  const PageFacts facts = Observe("<figure itemscope itemref=l></figure>" + link);
  ASSERT_THAT(facts.licences, SizeIs(1));
  EXPECT_EQ(facts.licences[0].location, "microdata");
  EXPECT_EQ(facts.licences[0].scope, "item");
}

TEST_F(StructuredData, VoidElementsAndWholeArticlesHaveNoSuchText) {
  const std::string open = "<div itemscope itemtype=https://schema.org/Article>";
  EXPECT_THAT(Observe(open + "<link itemprop=license>CC BY 4.0 text</div>").licences, SizeIs(0));
  const std::string article(5000, 'x');
  EXPECT_THAT(Observe(open + "<div itemprop=license>" + article + "</div>").licences, SizeIs(0));
}

TEST_F(StructuredData, DublinCoreIsReadWithAColonToo) {
  const PageFacts facts =
      Observe("<meta name=DCTERMS:license content=https://creativecommons.org/licenses/by/4.0/>");
  ASSERT_THAT(facts.licences, SizeIs(1));
  EXPECT_EQ(facts.licences[0].location, "meta-dc");
}

}  // namespace
}  // namespace crawlcard::page
