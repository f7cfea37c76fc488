// Searches by vectors against the obvious loop, at every level this machine has.
#include "base/find.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/simd.h"
#include "base/text.h"

namespace crawlcard {
namespace {

class FindTest : public ::testing::TestWithParam<Simd> {
 protected:
  void SetUp() override { LimitSimdLevel(GetParam()); }
  void TearDown() override { LimitSimdLevel(Simd::kAvx2); }
};

TEST_P(FindTest, FindsWhatTheObviousLoopFinds) {
  std::mt19937 random(7);
  const std::string alphabet = "aAbB@`[{ \xC3";
  for (int round = 0; round < 4000; ++round) {
    std::string text(random() % 300, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    std::string needle(random() % 5, ' ');
    for (char& c : needle) c = alphabet[random() % alphabet.size()];
    const std::size_t from = random() % 40;
    EXPECT_EQ(Find(text, needle, from), text.find(needle, from)) << needle << " in " << text;
    const std::size_t lower = AsciiLowerCopy(text).find(AsciiLowerCopy(needle), from);
    EXPECT_EQ(FindIgnoreCase(text, needle, from), lower) << needle << " in " << text;
  }
}

TEST_P(FindTest, FindsAtEveryPlaceOfALongText) {
  for (std::size_t at = 0; at + 7 <= 400; ++at) {
    std::string text(400, '.');
    text.replace(at, 7, "NeEdLe!");
    EXPECT_EQ(FindIgnoreCase(text, "needle!"), at);
    EXPECT_EQ(FindIgnoreCase(text, "needle!", at), at);
    EXPECT_EQ(FindIgnoreCase(text, "needle!", at + 1), std::string::npos);
    EXPECT_EQ(Find(text, "needle!"), std::string::npos);
    EXPECT_EQ(Find(text, "NeEdLe!"), at);
  }
}

TEST_P(FindTest, BytesAreFoundAndCounted) {
  std::mt19937 random(9);
  for (const std::size_t size : {0U, 1U, 15U, 16U, 17U, 100U, 5000U, 20000U}) {
    std::string text(size, ' ');
    for (char& c : text) c = static_cast<char>('a' + random() % 3);
    const std::size_t from = size / 3;
    EXPECT_EQ(FindByte(text, 'b', from), text.find('b', from));
    EXPECT_EQ(FindByte(text, 'z', from), std::string::npos);
    EXPECT_EQ(CountByte(text, 'b'),
              static_cast<std::size_t>(std::count(text.begin(), text.end(), 'b')));
    EXPECT_EQ(CountByte(std::string(size, 'b'), 'b'), size);
  }
}

TEST_P(FindTest, EdgesOfTextAndNeedle) {
  EXPECT_EQ(Find("", ""), 0U);
  EXPECT_EQ(Find("abc", "", 3), 3U);
  EXPECT_EQ(Find("abc", "", 4), std::string_view::npos);
  EXPECT_EQ(Find("abc", "abcd"), std::string_view::npos);
  EXPECT_EQ(FindIgnoreCase("a NoIndex", "noindex"), 2U);
}

INSTANTIATE_TEST_SUITE_P(Levels, FindTest,
                         ::testing::Values(Simd::kScalar, Simd::kSse2, Simd::kAvx2),
                         [](const auto& level) { return std::string(SimdName(level.param)); });

TEST(Simd, LevelIsNeverAboveItsLimit) {
  LimitSimdLevel(Simd::kScalar);
  EXPECT_EQ(SimdLevel(), Simd::kScalar);
  LimitSimdLevel(Simd::kAvx2);
  EXPECT_LE(SimdLevel(), Simd::kAvx2);
}

}  // namespace
}  // namespace crawlcard
