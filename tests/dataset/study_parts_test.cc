// Dates, ranks and sums by site: what studies are made of.
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include <gtest/gtest.h>
#include <unistd.h>

#include "dataset/limits.h"
#include "dataset/study/periods.h"
#include "dataset/study/ranks.h"
#include "dataset/study/site_totals.h"

namespace crawlcard::dataset {
namespace {

std::string NamesOf(std::string_view text) {
  const auto periods = ParsePeriods(text);
  if (!periods) return periods.error().message();
  std::string names;
  for (const Period& period : *periods) names += period.name + " ";
  return names;
}

TEST(Periods, RangesStepsAndEnds) {
  EXPECT_EQ(NamesOf("2023-11..2024-02/month"), "2023-11 2023-12 2024-01 2024-02 ");
  EXPECT_EQ(NamesOf("2023-11..2024-02"), "2023-11 2023-12 2024-01 2024-02 ");
  EXPECT_EQ(NamesOf("2023..2024/month").size(), 24U * 8);
  EXPECT_EQ(NamesOf("2016-05..2018-01/year"), "2016 2017 2018 ");
  EXPECT_EQ(NamesOf("2024-02-27..2024-03-01"), "2024-02-27 2024-02-28 2024-02-29 2024-03-01 ");
  EXPECT_EQ(NamesOf("2024, 2016-01,2024"), "2016-01 2024 ");
  const auto february = ParsePeriods("2024-02");
  ASSERT_TRUE(february);
  EXPECT_EQ(FormatRfc3339(february->front().begin), "2024-02-01T00:00:00Z");
  EXPECT_EQ(FormatRfc3339(february->front().end), "2024-02-29T23:59:59Z");
}

TEST(Periods, WhatIsNoDate) {
  for (const std::string_view text : {"", ",", "2024-13", "24", "2024..", "2024/week", "2025..2024",
                                      "now", "2024-01-01T00:00:00Z"}) {
    EXPECT_FALSE(ParsePeriods(text)) << text;
  }
}

// 1970-01-01 is day 1, 1974-02-08 day 1,500 (3 * 365 + 366 + 39).
TEST(Periods, AtMost_kPeriodsMax) {
  static_assert(limits::kPeriodsMax == 1500);
  const auto most = ParsePeriods("1970-01-01..1974-02-08");
  ASSERT_TRUE(most) << most.error().ToString();
  EXPECT_EQ(most->size(), limits::kPeriodsMax);
  EXPECT_FALSE(ParsePeriods("1970-01-01..1974-02-09"));
}

TEST(Ranks, BordersOfStrata) {
  const auto list = RankList::Parse(
      "domain,rank\na.org,1000\nb.org,1001\n10000,c.org\nwww.D.org,10001\ne.org,2000000\n"
      "f.org,2000001\ng.org,50000\nh.org,50001\ni.org,100000\nj.org,1000000\nj.org,7\n",
      "r");
  ASSERT_TRUE(list) << list.error().ToString();
  EXPECT_EQ(list->size(), 9U);  // f.org is beyond kRankMax
  static_assert(limits::kRankMax == 2'000'000);
  EXPECT_EQ(kStratumNames[list->StratumOf("a.org")], "1k");
  EXPECT_EQ(kStratumNames[list->StratumOf("b.org")], "10k");
  EXPECT_EQ(kStratumNames[list->StratumOf("c.org")], "10k");
  EXPECT_EQ(kStratumNames[list->StratumOf("d.org")], "50k");
  EXPECT_EQ(kStratumNames[list->StratumOf("g.org")], "50k");
  EXPECT_EQ(kStratumNames[list->StratumOf("h.org")], "100k");
  EXPECT_EQ(kStratumNames[list->StratumOf("i.org")], "100k");
  EXPECT_EQ(kStratumNames[list->StratumOf("j.org")], "1k");  // the better one counts
  EXPECT_EQ(kStratumNames[list->StratumOf("e.org")], "2M");
  EXPECT_EQ(kStratumNames[list->StratumOf("f.org")], "all");
  EXPECT_EQ(kStratumNames[list->StratumOf("unranked.org")], "all");
}

TEST(Ranks, WhatIsNoList) {
  EXPECT_FALSE(RankList::Parse("a.org,1\nb.org\n", "r"));
  EXPECT_FALSE(RankList::Parse("a.org,1\nb.org,0\n", "r"));
  const auto bad = RankList::Parse("a.org,1\nb.org,x\n", "ranks.csv");
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().message().find("ranks.csv:2"), std::string::npos);
}

TEST(Ranks, AFileOver_kRankFileBytesMax) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("crawlcard_ranks_" + std::to_string(::getpid())))
          .string();
  std::ofstream(path) << "a.org,1\n";
  ASSERT_TRUE(RankList::Read(path));
  std::filesystem::resize_file(path, limits::kRankFileBytesMax + 1);  // holes alone
  const auto list = RankList::Read(path);
  std::filesystem::remove(path);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code(), ErrorCode::kTooLarge);
}

SiteAmount Tokens(std::uint64_t tokens) {
  return {{1, 10, tokens}, {}};
}

TEST(SiteTotals, HeadIsByWeightAndRandomIsTheRest) {
  SiteTotals totals(Weight::kTokens, 100, 100);
  totals.Add({{"a", Tokens(5)}, {"b", Tokens(9)}, {"c", Tokens(5)}});
  totals.Add({{"a", Tokens(1)}, {"d", Tokens(5)}});
  const auto head = totals.Head(3);
  ASSERT_EQ(head.size(), 3U);
  EXPECT_EQ(head[0].first, "b");
  EXPECT_EQ(head[1].first, "a");
  EXPECT_EQ(head[1].second.all, (Amount{2, 20, 6}));
  EXPECT_EQ(head[2].first, "c");  // ties by name
  const auto random = totals.Random(10, head);
  ASSERT_EQ(random.size(), 1U);
  EXPECT_EQ(random[0].first, "d");
  EXPECT_EQ(totals.all().all.tokens, 25U);
  EXPECT_EQ(totals.sites(), 4U);
}

// The sample is that of all sites however they come, with exact sums, though most are forgotten.
TEST(SiteTotals, TheSampleIsExactInLittleMemory) {
  std::mt19937 random(7);
  SiteTotals totals(Weight::kTokens, 50, 40);
  std::map<std::string, std::uint64_t> truth;
  for (int block = 0; block < 500; ++block) {
    SiteAmounts part;
    for (int row = 0; row < 30; ++row) {
      const std::string site = "s" + std::to_string(random() % 3000);
      const std::uint64_t tokens = random() % 100;
      truth[site] += tokens;
      part[site].Add(Tokens(tokens));
    }
    totals.Add(part);
  }
  std::set<std::pair<std::uint64_t, std::string>> order;
  for (const auto& [site, tokens] : truth) order.emplace(SampleDigest(site), site);
  const auto sample = totals.Random(40, {});
  ASSERT_EQ(sample.size(), 40U);
  auto expected = order.begin();
  for (const auto& [site, amount] : sample) {
    EXPECT_EQ(site, expected->second);
    EXPECT_EQ(amount.all.tokens, truth[site]);
    ++expected;
  }
  EXPECT_GT(totals.head_error(), 0U);
  for (const auto& [site, amount] : totals.Head(5)) {
    EXPECT_LE(amount.all.tokens, truth[site]);
    EXPECT_LE(truth[site] - amount.all.tokens, totals.head_error());
  }
  // An estimate from 40 of 3,000: within half and double.
  EXPECT_GT(totals.sites(), 1500U);
  EXPECT_LT(totals.sites(), 6000U);
}

TEST(SiteTotals, ExactUpToTwice_kStudySitesMax) {
  SiteTotals totals(Weight::kRows, limits::kStudySitesMax, 10);
  SiteAmounts part;
  const auto add = [&](std::size_t i) {
    part.clear();
    part.emplace(std::to_string(i), SiteAmount{{1, 1, 1}, {}});
    totals.Add(part);
  };
  for (std::size_t i = 0; i < 2 * limits::kStudySitesMax; ++i) add(i);
  EXPECT_EQ(totals.head_error(), 0U);
  EXPECT_EQ(totals.sites(), 2 * limits::kStudySitesMax);
  add(2 * limits::kStudySitesMax);
  EXPECT_EQ(totals.head_error(), 1U);
}

}  // namespace
}  // namespace crawlcard::dataset
