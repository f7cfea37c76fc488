// The two ways of reading tags give the same tokens, at every level of this machine: over real
// pages cut at any place, and over pages that were damaged at random.
#include <filesystem>
#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/simd.h"
#include "page/html/open_elements.h"
#include "page/html/tag.h"
#include "page/html/tokenizer.h"
#include "page/limits.h"
#include "tests/page/damage.h"

namespace crawlcard::page::html {
namespace {

namespace fs = std::filesystem;

class PickedAttributes : public ::testing::TestWithParam<Simd> {
 protected:
  void SetUp() override { LimitSimdLevel(GetParam()); }
  void TearDown() override { LimitSimdLevel(Simd::kAvx2); }
};

bool Same(std::string_view a, std::string_view b) {
  return a.data() == b.data() && a.size() == b.size();
}

// The first difference between attributes, or empty.
std::string Difference(const TagAttributes& a, const TagAttributes& b) {
  if (a.present != b.present) return "present";
  for (const auto member : {&TagAttributes::about,
                            &TagAttributes::content,
                            &TagAttributes::href,
                            &TagAttributes::http_equiv,
                            &TagAttributes::id,
                            &TagAttributes::itemid,
                            &TagAttributes::itemprop,
                            &TagAttributes::itemref,
                            &TagAttributes::itemscope_value,
                            &TagAttributes::itemtype,
                            &TagAttributes::lang,
                            &TagAttributes::name,
                            &TagAttributes::no_snippet_value,
                            &TagAttributes::property,
                            &TagAttributes::rel,
                            &TagAttributes::resource,
                            &TagAttributes::src,
                            &TagAttributes::type,
                            &TagAttributes::type_of,
                            &TagAttributes::vocab,
                            &TagAttributes::class_name}) {
    if ((a.*member).empty() && (b.*member).empty()) continue;
    if (!Same(a.*member, b.*member)) return "value " + std::string(a.*member);
  }
  return {};
}

// Where the tokens of the two differ first, or empty.
std::string Compare(std::string_view body) {
  Tokenizer all(body);
  Tokenizer picked(body, AttributeMode::kPicked);
  OpenElements open;
  for (;;) {
    const Token& a = all.Next();
    const Token& b = picked.Next();
    const std::string at = " at byte " + std::to_string(a.offset);
    if (a.kind != b.kind || a.offset != b.offset || a.end != b.end) return "token" + at;
    if (a.kind == TokenKind::kEnd) break;
    if (a.kind == TokenKind::kText && (a.mode != b.mode || !Same(a.data, b.data))) {
      return "text" + at;
    }
    if (a.kind == TokenKind::kComment && !Same(a.data, b.data)) return "comment" + at;
    if (a.kind != TokenKind::kStartTag && a.kind != TokenKind::kEndTag) continue;
    if (!Same(a.name, b.name) || a.self_closing != b.self_closing) return "tag" + at;
    if (a.key.element != b.key.element || a.key.hash != b.key.hash) return "name" + at;
    if (a.key.element != ElementOf(a.name)) return "element" + at;
    if (a.kind == TokenKind::kStartTag) {
      const std::string difference = Difference(PickAttributes(a.attributes), *b.picked);
      if (!difference.empty()) return difference + at;
      const Element element = open.Enter(a.key);
      open.Push(element, a.key, a.self_closing, {});
    } else {
      open.Close(a.key);
    }
    all.SetForeign(open.in_foreign());
    picked.SetForeign(open.in_foreign());
  }
  return all.attributes_dropped() == picked.attributes_dropped() ? "" : "attributes_dropped";
}

// The pieces of an archive, markup and all else: the tokenizer takes any bytes.
void ComparePieces(const fs::path& archive, std::size_t damaged_of) {
  std::mt19937 random(11);
  std::size_t number = 0;
  for (const std::string& piece : test::PiecesOf(archive.string())) {
    ASSERT_EQ(Compare(piece), "") << archive << " piece " << number;
    if (++number % damaged_of != 0) continue;
    ASSERT_EQ(Compare(test::Damaged(piece, random)), "") << archive << " damaged piece " << number;
  }
  EXPECT_GT(number, 0U);
}

TEST_P(PickedAttributes, SameTokensOverTheSample) {
  for (const char* name : {"pages.warc.gz", "signals.warc.gz", "whirlwind.warc.gz"}) {
    ComparePieces(fs::path(CRAWLCARD_TEST_DATA) / "sample" / name, 1);
  }
}

TEST_P(PickedAttributes, SameTokensOverRealPages) {
  const fs::path archive = fs::path(CRAWLCARD_SHARED) / "corpora/pages/pages-00000.warc.gz";
  if (!fs::exists(archive)) GTEST_SKIP() << archive << " is not there";
  ComparePieces(archive, 4);
}

TEST_P(PickedAttributes, SameTokensAtTheEdgesOfTags) {
  const std::string names = " a=1 REL=\"x\" rel=y href='z' itemScope data-noSnippet class = \"c\" ";
  const std::string tag = "<A" + names + "/><long-element-name-of-mine" + names + "></a\t x=1>";
  for (std::size_t size = 0; size <= tag.size(); ++size) {
    for (const std::size_t behind : {0U, 1U, 15U, 16U, 17U, 40U}) {
      EXPECT_EQ(Compare(tag.substr(0, size) + std::string(behind, ' ')), "") << size;
      EXPECT_EQ(Compare(tag.substr(size) + std::string(behind, '>')), "") << size;
    }
  }
}

TEST_P(PickedAttributes, AttributesAreLimitedAlike) {
  for (const std::string attribute : {" a=1", " class", " b='<'"}) {
    for (const std::size_t count : {limits::kAttributesMax, limits::kAttributesMax + 1}) {
      std::string tag = "<p";
      for (std::size_t i = 0; i < count; ++i) tag += attribute;
      EXPECT_EQ(Compare(tag + ">"), "");
      EXPECT_EQ(Compare(tag + " rel=license>"), "");
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, PickedAttributes,
                         ::testing::Values(Simd::kScalar, Simd::kSse2, Simd::kAvx2),
                         [](const auto& level) { return std::string(SimdName(level.param)); });

}  // namespace
}  // namespace crawlcard::page::html
