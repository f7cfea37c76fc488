// tests/page/json_ld_test.cc - rights statements in JSON-LD.
#include "page/json_ld/json_ld.h"

#include <string>

#include <gtest/gtest.h>

#include "base/arena.h"
#include "page/facts.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

class JsonLd : public ::testing::Test {
 protected:
  PageFacts Observe(const std::string& json, const std::string& type = "application/ld+json") {
    body_ = "<script type=\"" + type + "\">" + json + "</script>";
    return observer_.Observe({.url = "https://h.example/a",
                              .head = nullptr,
                              .content_type = "text/html; charset=utf-8",
                              .identified_type = "",
                              .body = body_,
                              .truncated = false},
                             arena_);
  }
  static bool Noted(const PageFacts& facts, std::string_view note) {
    for (const std::string_view have : facts.notes) {
      if (have == note) return true;
    }
    return false;
  }

  std::string body_;
  Arena arena_;
  Observer observer_{ObserveOptions{}};
};

const std::string kBy = "https://creativecommons.org/licenses/by/4.0/";
const std::string kArticle = R"({"@type":"Article","license":")" + kBy + R"("})";

TEST_F(JsonLd, TypeAttributeIsDecodedAndMayHaveParameters) {
  for (const char* type : {"application/ld+json", "application&#x2F;ld&#x2B;json",
                           " Application/LD+JSON ; charset=utf-8"}) {
    EXPECT_EQ(Observe(kArticle, type).licences.size(), 1U) << type;
  }
  EXPECT_TRUE(Observe(kArticle, "application/json").licences.empty());
}

TEST_F(JsonLd, TermsWithPrefixAndTypesInLists) {
  const PageFacts facts =
      Observe(R"({"@type":["Thing","schema:NewsArticle"],"https://schema.org/license":{"@id":")" +
              kBy + R"("}})");
  ASSERT_EQ(facts.licences.size(), 1U);
  EXPECT_EQ(facts.licences[0].node_type, "NewsArticle");
  EXPECT_EQ(facts.licences[0].scope, "page");
  EXPECT_EQ(facts.rights.page_licence, "CC-BY-4.0");
}

TEST_F(JsonLd, NestedNodesSpeakForThemselves) {
  const PageFacts facts = Observe(
      R"({"@type":"WebPage","image":{"@type":"ImageObject","license":")" + kBy +
      R"("},"mainEntity":{"@type":"Article","license":"https://creativecommons.org/licenses/by-sa/4.0/"},)" +
      R"("hasPart":[{"@type":"Article","url":"https://o.example/x","license":"https://creativecommons.org/licenses/by-nd/4.0/"}]})");
  ASSERT_EQ(facts.licences.size(), 3U);
  EXPECT_EQ(facts.licences[0].scope, "media");
  EXPECT_EQ(facts.licences[1].scope, "page");
  EXPECT_EQ(facts.licences[2].scope, "other-resource");
  EXPECT_EQ(facts.licences[2].subject, "https://o.example/x");
  EXPECT_EQ(facts.rights.page_licence, "CC-BY-SA-4.0");
  EXPECT_FALSE(facts.rights.disagreement);
}

TEST_F(JsonLd, BrokenBlocksStateNothing) {
  for (const std::string& json : {kArticle + "}", std::string("{\"a\":"), std::string("\0", 1),
                                  "<!--" + kArticle + "-->", std::string("{'a':1}")}) {
    const PageFacts facts = Observe(json);
    EXPECT_TRUE(facts.licences.empty()) << json;
    EXPECT_TRUE(Noted(facts, "jsonld.syntax")) << json;
    EXPECT_EQ(facts.json_ld_broken_blocks, 1U);
  }
  EXPECT_EQ(Observe(kArticle + "}").rights.hint, "CC-BY-4.0");
  // A good block after a broken one is read.
  const PageFacts both = Observe("{</script><script type=application/ld+json>" + kArticle);
  EXPECT_EQ(both.licences.size(), 1U);
  EXPECT_EQ(both.json_ld_blocks, 2U);
}

TEST_F(JsonLd, BytesThatAreNotUtf8BecomeReplacements) {
  const PageFacts facts =
      Observe(R"({"@type":"Article","license":"x )" + std::string("\xFF") + R"("})");
  ASSERT_EQ(facts.licences.size(), 1U);
  EXPECT_EQ(facts.licences[0].name, "custom");
  EXPECT_EQ(facts.licences[0].raw, "x \xEF\xBF\xBD");
}

TEST_F(JsonLd, DepthLimit) {
  const auto nested = [](std::size_t depth) {
    std::string json;
    for (std::size_t i = 1; i < depth; ++i) json += R"({"a":)";
    json += kArticle;
    for (std::size_t i = 1; i < depth; ++i) json += "}";
    return json;
  };
  EXPECT_EQ(Observe(nested(limits::kJsonLdDepthMax - 1)).licences.size(), 1U);
  EXPECT_EQ(Observe(nested(limits::kJsonLdDepthMax)).licences.size(), 1U);
  const PageFacts over = Observe(nested(limits::kJsonLdDepthMax + 1));
  EXPECT_TRUE(over.licences.empty());
  EXPECT_TRUE(Noted(over, "jsonld.too_deep"));
}

TEST_F(JsonLd, SizeLimit) {
  for (const std::size_t extra : {0U, 1U}) {
    const std::string end = R"("})";
    std::string json = R"({"@type":"Article","license":")" + kBy + R"(","x":")";
    json += std::string(limits::kJsonLdBytesMax + extra - json.size() - end.size(), 'y') + end;
    const PageFacts facts = Observe(json);
    EXPECT_EQ(facts.licences.size(), extra == 0 ? 1U : 0U);
    EXPECT_EQ(Noted(facts, "jsonld.too_large"), extra == 1);
  }
}

TEST_F(JsonLd, PaywallAndCopyright) {
  const PageFacts facts = Observe(
      R"({"@type":"NewsArticle","isAccessibleForFree":"http://schema.org/False","copyrightYear":"2024",)"
      R"("copyrightHolder":["Org"],"creditText":"C","conditionsOfAccess":"D",)"
      R"("hasPart":[{"isAccessibleForFree":"False","cssSelector":[".a",".b"]}]})");
  EXPECT_EQ(facts.rights.access, Access::kPaid);
  EXPECT_EQ(facts.rights.paywall_selector, ".a");
  EXPECT_EQ(facts.rights.copyright_year, 2024);
  EXPECT_EQ(facts.rights.copyright_holder, "Org");
  EXPECT_EQ(facts.rights.credit_text, "C");
  EXPECT_EQ(facts.rights.conditions_of_access, "D");
}

}  // namespace
}  // namespace crawlcard::page
