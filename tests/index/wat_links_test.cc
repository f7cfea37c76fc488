// The links of WAT records that are cut out before parsing: with them or without, the same is read.
#include "index/ingest/wat_links.h"

#include <algorithm>
#include <array>
#include <random>

#include "base/simd.h"
#include "index/ingest/wat.h"
#include "wat_builder.h"

namespace crawlcard::index {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kLink =
    R"({"path": "A@/href", "url": "/a?b=[{]}&c=\"d\\", "text": "x"})";
constexpr std::string_view kLicence =
    R"({"path": "A@/href", "url": "https://creativecommons.org/licenses/by/4.0/", )"
    R"("rel": "license"})";

class WatLinks : public ::testing::Test {
 protected:
  void SetUp() override {
    if (SimdLevel() != Simd::kAvx2) GTEST_SKIP() << "links are cut out with AVX2 alone";
  }
  void TearDown() override { LimitSimdLevel(Simd::kAvx2); }
};

std::string ArrayOf(const std::vector<std::string_view>& links) {
  return fmt::format("[{}]", fmt::join(links, ", "));
}

std::string WithLinks(std::string_view array, std::string_view behind = "}}}}}") {
  return fmt::format(
      R"({{"Container": {{}}, "Envelope": {{"WARC-Header-Metadata": {{"WARC-Type": "response"}}, )"
      R"("Payload-Metadata": {{"HTTP-Response-Metadata": {{"HTML-Metadata": {{"Links": {}{})",
      array, behind);
}

// All that was read, as text: views are dead after the next read.
std::string TextOf(const Result<const WatRecord*>& read) {
  if (!read) return "damaged";
  if (*read == nullptr) return "none";
  const WatRecord& record = **read;
  std::string text = fmt::format("{}|{}|{}|{}|{}|{}|{}|{}|", record.url, record.date, record.status,
                                 record.has_html, record.html_lang, record.damaged_envelope,
                                 record.damaged_fields, record.damaged_html);
  for (const page::HttpField& field : record.fields)
    text += fmt::format("{}:{}|", field.name, field.value);
  for (const page::OutlineMeta& meta : record.metas)
    text += fmt::format("{}={}|", meta.name, meta.content);
  for (const page::OutlineLink& link : record.links) {
    text +=
        fmt::format("{} {} {} {}|", static_cast<int>(link.element), link.rel, link.type, link.href);
  }
  return text;
}

// What is read with and without cutting.
std::array<std::string, 2> BothWays(WatReader& reader, std::string_view json) {
  std::array<std::string, 2> texts;
  LimitSimdLevel(Simd::kSse2);
  texts[0] = TextOf(reader.Read(json, false));
  LimitSimdLevel(Simd::kAvx2);
  texts[1] = TextOf(reader.Read(json, false));
  return texts;
}

TEST_F(WatLinks, AreCutWhereTheyHaveNoWordOfALicence) {
  std::vector<std::string_view> links(100, kLink);
  std::string out;
  ASSERT_TRUE(CutLinks(WithLinks(ArrayOf(links)), out));
  EXPECT_EQ(out, WithLinks("[{}]"));
  const std::string quiet = ArrayOf(links);
  links[99] = kLicence;
  links[7] = kLicence;
  const std::string loud = ArrayOf(links);
  const std::string kept = fmt::format("[{},{}]", kLicence, kLicence);
  ASSERT_TRUE(CutLinks(WithLinks(loud), out));
  EXPECT_EQ(out, WithLinks(kept));
  // The link elements of the head come before those of the body.
  ASSERT_TRUE(CutLinks(WithLinks(quiet, R"(, "Link": )" + quiet + "}}}}}"), out));
  EXPECT_EQ(out, WithLinks("[{}]", R"(, "Link": [{}]}}}}})"));
  ASSERT_TRUE(CutLinks(WithLinks(quiet, R"(, "Link": )" + loud + "}}}}}"), out));
  EXPECT_EQ(out, WithLinks("[{}]", R"(, "Link": )" + kept + "}}}}}"));
  ASSERT_TRUE(CutLinks(WithLinks(loud, R"(, "Link": )" + quiet + "}}}}}"), out));
  EXPECT_EQ(out, WithLinks(kept, R"(, "Link": [{}]}}}}})"));
}

TEST_F(WatLinks, UnusualArraysAreLeftToTheParser) {
  const std::string many = ArrayOf(std::vector<std::string_view>(100, kLink));
  const std::string start = many.substr(0, many.size() - 1);
  std::string out;
  for (const std::string& array : {
           std::string("[]"), ArrayOf({kLink}),                   // short
           start,                                                 // without an end
           start + '}',                                           // the end of something else
           start + ", {\"text\": \"a\nb\"}]",                     // a control character
           start + ", {\"text\": \"\xC3\"}]",                     // no UTF-8
           start + ", {\"text\": \"\\\\\\\", {\"rel\": \"x\"}]",  // a string without an end
       }) {
    EXPECT_FALSE(CutLinks(WithLinks(array), out)) << array.substr(array.size() / 2);
  }
  EXPECT_FALSE(CutLinks(R"({"text": "\"Links\": [{)" + many, out));
}

// With a word in it an array is taken apart, and then its elements have to be plain ones.
TEST_F(WatLinks, UnusualElementsAreLeftToTheParser) {
  std::vector<std::string_view> links(50, kLink);
  links[20] = kLicence;
  const std::string many = ArrayOf(links);
  const std::string start = many.substr(0, many.size() - 1);
  const std::string_view rest = std::string_view(many).substr(1);
  std::string out;
  ASSERT_TRUE(CutLinks(WithLinks(start + " , {}\x20]"), out));
  for (const std::string& array : {
           start + ", 1]",                 // no object
           start + ", []]",                // nor this
           start + ",]",                   // a comma without an element
           start + " {}]",                 // an element without a comma
           start + ",, {}]",               // two
           start + ", {\"a\": {}}]",       // an object in an object
           start + ", {\"a\": [1, 2]}]",   // an array in an object
           start + ", {]]",                // an end of another kind
           "[{} 1, " + std::string(rest),  // more than a comma
           start + ", {1}]",               // no name
           start + ", {\"a\" \"b\"}]",     // no colon
           start + ", {\"a\":: \"b\"}]",   // two
           start + ", {\"a\": 1}]",        // what links begin with is a string
       }) {
    EXPECT_FALSE(CutLinks(WithLinks(array), out)) << array.substr(array.size() / 2);
  }
}

TEST_F(WatLinks, EachEndOfABlockIsSeen) {
  WatReader reader;
  for (std::size_t shift = 0; shift < 130; ++shift) {
    for (const std::string_view tail : {R"(\\)", R"(\")", R"(\\\")", "]", "}"}) {
      std::vector<std::string_view> links(20, kLink);
      const std::string odd = fmt::format(R"({{"text": "{}{}"}})", std::string(shift, 'x'), tail);
      links.insert(links.begin() + 3, odd);
      const std::string json = WithLinks(
          ArrayOf(links), R"(, "Head": {"Metas": [{"name": "robots", "content": "noai"}]}}}}}})");
      std::string out;
      EXPECT_TRUE(CutLinks(json, out)) << odd;
      const std::array<std::string, 2> texts = BothWays(reader, json);
      ASSERT_THAT(texts[0], HasSubstr("robots=noai"));
      ASSERT_EQ(texts[0], texts[1]) << odd;
    }
  }
}

// Bytes of the array are changed, dropped and doubled: whatever that makes of the JSON, both ways
// of reading find the same.
TEST_F(WatLinks, MutatedArraysReadTheSameBothWays) {
  std::mt19937 random(20);
  WatReader reader;
  constexpr std::string_view kBytes = "\"\\[]{},: \n\x01\x80\xC3xl";
  std::size_t cut = 0;
  std::size_t damaged = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<std::string_view> links(18, kLink);
    for (int words = round % 4; words > 1; --words) links[random() % links.size()] = kLicence;
    std::string array = ArrayOf(links);
    for (std::size_t changes = random() % 3; changes-- > 0;) {
      const std::size_t at = 2 + random() % (array.size() - 2);
      const char byte = kBytes[random() % kBytes.size()];
      switch (random() % 3) {
        case 0:
          array[at] = byte;
          break;
        case 1:
          array.erase(at, 1);
          break;
        default:
          array.insert(at, 1, byte);
      }
    }
    const std::string json =
        WithLinks(array, R"(, "Head": {"Metas": [{"name": "robots", "content": "noai"}]}}}}}})");
    const std::array<std::string, 2> texts = BothWays(reader, json);
    ASSERT_EQ(texts[0], texts[1]) << array;
    std::string out;
    if (CutLinks(json, out)) ++cut;
    if (texts[0] == "damaged") ++damaged;
  }
  EXPECT_GT(cut, 5'000U);
  EXPECT_GT(damaged, 2'000U);
}

}  // namespace
}  // namespace crawlcard::index
