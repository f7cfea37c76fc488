// One look at a text, at every level of this machine, against the obvious loops.
#include "page/html/text_scan.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "base/simd.h"
#include "base/text.h"
#include "page/html/text_counter.h"

namespace crawlcard::page::html {
namespace {

class TextScanTest : public ::testing::TestWithParam<Simd> {
 protected:
  void SetUp() override { LimitSimdLevel(GetParam()); }
  void TearDown() override { LimitSimdLevel(Simd::kAvx2); }
};

TextScan Obvious(std::string_view text) {
  TextScan scan;
  bool space = true;
  for (const char c : text) {
    const bool now = IsAsciiSpace(c);
    if (!now) ++scan.word_bytes;
    if (space && !now) ++scan.words;
    space = now;
  }
  scan.begins_with_space = !text.empty() && IsAsciiSpace(text.front());
  scan.ends_with_space = !text.empty() && IsAsciiSpace(text.back());
  scan.has_reference = text.find('&') != std::string_view::npos;
  scan.capitals_at = text.find("CC");
  scan.commons_at = text.find("ommons");
  scan.has_reserved = text.find("eserved") != std::string_view::npos ||
                      text.find("ESERVED") != std::string_view::npos;
  return scan;
}

std::string RandomText(std::mt19937& random) {
  constexpr std::string_view kPieces[] = {" ",    "\n", "\t",     "\f",       "\r",      "\v",
                                          "C",    "CC", "ommons", "eserved",  "ESERVED", "reserve",
                                          "comm", "&",  "word",   "\xC3\xA9", ""};
  std::string text;
  for (std::size_t left = random() % 40; left > 0; --left) {
    text += kPieces[random() % std::size(kPieces)];
    if (random() % 4 == 0) text += '\0';
  }
  return text;
}

// By the map of a body that the text is part of.
TextScan ScanInside(std::string_view body, std::size_t begin, std::size_t size) {
  BodyMap map;
  map.Reset(body);
  map.PrepareAll();
  return ScanText(map, body, begin, begin + size);
}

TEST_P(TextScanTest, TellsWhatTheObviousLoopsTell) {
  std::mt19937 random(3);
  for (int round = 0; round < 5000; ++round) {
    const std::string text = RandomText(random);
    const std::string before(random() % 70, 'C');
    const std::string body = before + text + std::string(random() % 3, 'C');
    const TextScan expected = Obvious(text);
    for (const TextScan& scan : {ScanText(text), ScanInside(body, before.size(), text.size())}) {
      EXPECT_EQ(scan.word_bytes, expected.word_bytes);
      EXPECT_EQ(scan.words, expected.words);
      EXPECT_EQ(scan.begins_with_space, expected.begins_with_space);
      EXPECT_EQ(scan.ends_with_space, expected.ends_with_space);
      EXPECT_EQ(scan.has_reference, expected.has_reference);
      EXPECT_EQ(scan.capitals_at, expected.capitals_at);
      EXPECT_EQ(scan.commons_at, expected.commons_at);
      EXPECT_EQ(scan.has_reserved, expected.has_reserved);
    }
  }
}

TEST_P(TextScanTest, CounterCountsTheSameFromAScan) {
  std::mt19937 random(4);
  TextCounter plain;
  TextCounter scanned;
  plain.Reset(0);
  scanned.Reset(0);
  for (int round = 0; round < 3000; ++round) {
    const std::string text = RandomText(random);
    plain.Add(text);
    scanned.Add(text, ScanInside(text, 0, text.size()));
    if (random() % 8 == 0) {
      plain.Break();
      scanned.Break();
    }
    ASSERT_EQ(plain.bytes(), scanned.bytes()) << round;
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, TextScanTest,
                         ::testing::Values(Simd::kScalar, Simd::kSse2, Simd::kAvx2),
                         [](const auto& level) { return std::string(SimdName(level.param)); });

}  // namespace
}  // namespace crawlcard::page::html
