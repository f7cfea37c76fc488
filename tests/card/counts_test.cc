#include "card/counts.h"

#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace crawlcard::card {
namespace {

TEST(GroupCount, CountsAGroupOnceAndPassesOverZero) {
  GroupCount count;
  for (const std::uint64_t ordinal : {1U, 1U, 0U, 2U, 2U, 5U}) count.Add(ordinal);
  EXPECT_EQ(count.count, 3U);
  EXPECT_EQ(count.first, 1U);
  EXPECT_EQ(count.last, 5U);
}

TEST(GroupCount, AGroupAcrossTheSeamCountsOnce) {
  GroupCount left;
  left.Add(3);
  GroupCount right;
  right.Add(1);
  right.Add(2);
  GroupCount joined = left;
  joined.Merge(right, Seam{3, true});
  EXPECT_EQ(joined.count, 2U);
  EXPECT_EQ(joined.last, 4U);
  GroupCount apart = left;
  apart.Merge(right, Seam{3, false});
  EXPECT_EQ(apart.count, 3U);
  EXPECT_EQ(apart.last, 5U);
}

// The last host on the left goes on, but this value was seen on an earlier host only.
TEST(GroupCount, ASeamThatTheValueDoesNotTouchJoinsNothing) {
  GroupCount left;
  left.Add(2);
  GroupCount right;
  right.Add(1);
  left.Merge(right, Seam{3, true});
  EXPECT_EQ(left.count, 2U);
}

TEST(ReachTable, KeepsEveryKeyUpToTheLimit) {
  ReachTable table({}, 4);
  for (const char* key : {"a", "b", "c", "d"}) table.Add(key, {1, 1, 1}, {1, 1, 1});
  EXPECT_EQ(table.size(), 4U);
  EXPECT_EQ(table.rest().captures, 0U);
  table.Add("e", {1, 1, 1}, {1, 1, 1});
  EXPECT_EQ(table.size(), 4U);
  EXPECT_EQ(table.rest().captures, 1U);
}

TEST(ReachTable, TheDefaultLimitIsTested) {
  ReachTable table;
  for (std::size_t i = 0; i < limits::kTableKeysMax + 10; ++i) {
    table.Add("key" + std::to_string(i), {1, 1, 0}, {1, 1, 1});
  }
  EXPECT_EQ(table.size(), limits::kTableKeysMax);
  EXPECT_EQ(table.rest().captures, 10U);
}

TEST(ReachTable, LongKeysAreCut) {
  ReachTable table;
  const std::string at(limits::kKeyBytesMax, 'x');
  table.Add(at, {1, 1, 0}, {1, 1, 1});
  table.Add(at + "y", {1, 1, 0}, {1, 1, 1});
  ASSERT_EQ(table.size(), 1U);
  EXPECT_EQ(table.Find(at)->captures, 2U);
}

TEST(ReachTable, CommonKeysNeverGiveWay) {
  constexpr std::array<std::string_view, 1> kKept{"text/html"};
  ReachTable table(kKept, 8);
  for (int i = 0; i < 1000; ++i) table.Add("made/up" + std::to_string(i), {1, 1, 0}, {1, 1, 1});
  table.Add("text/html", {1, 1, 0}, {1, 1, 1});
  ASSERT_NE(table.Find("text/html"), nullptr);
  EXPECT_EQ(table.Find("text/html")->captures, 1U);
}

// Which keys are kept, and their counts, depend neither on the order nor on the split.
TEST(ReachTable, ASmallTableGivesTheSameForAnySplit) {
  std::mt19937 engine(3);
  std::vector<std::string> keys;
  for (int i = 0; i < 3000; ++i) keys.push_back("k" + std::to_string(engine() % 200));
  ReachTable whole({}, 20);
  for (const std::string& key : keys) whole.Add(key, {1, 10, 1}, Position{});
  for (int round = 0; round < 20; ++round) {
    ReachTable merged({}, 20);
    std::size_t at = 0;
    while (at < keys.size()) {
      ReachTable part({}, 20);
      const std::size_t end = std::min(keys.size(), at + 1 + engine() % 700);
      for (; at < end; ++at) part.Add(keys[at], {1, 10, 1}, Position{});
      merged.Merge(part, Seams{});
    }
    ASSERT_EQ(merged.size(), whole.size());
    EXPECT_EQ(merged.rest().captures, whole.rest().captures);
    EXPECT_EQ(merged.rest().payload_bytes, whole.rest().payload_bytes);
    for (const ReachTable::Row& row : whole.Sorted()) {
      ASSERT_NE(merged.Find(row.key), nullptr);
      EXPECT_EQ(merged.Find(row.key)->captures, row.reach->captures);
    }
  }
}

TEST(DistinctCount, ExactUpToTheLimitAndCloseBeyond) {
  DistinctCount count;
  std::mt19937_64 engine(9);
  for (std::size_t i = 0; i < limits::kDistinctHashesMax; ++i) {
    const std::uint64_t hash = engine();
    count.Add(hash);
    count.Add(hash);
  }
  EXPECT_TRUE(count.exact());
  EXPECT_EQ(count.Count(), limits::kDistinctHashesMax);
  DistinctCount right;
  for (std::size_t i = 0; i < 3 * limits::kDistinctHashesMax; ++i) right.Add(engine());
  count.Merge(right);
  EXPECT_FALSE(count.exact());
  EXPECT_NEAR(static_cast<double>(count.Count()), 4.0 * limits::kDistinctHashesMax,
              0.04 * limits::kDistinctHashesMax);
}

// Rows that were met lately are remembered; what gave way, and copies, must not be.
TEST(ReachTable, WhatIsRememberedGivesWayToo) {
  ReachTable table({}, 4);
  std::map<std::string, std::uint64_t> added;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 40; ++i) {
      const std::string key = "key" + std::to_string(i);
      table.Add(key, {1, 1, 1}, {1, 1, 1});
      ++added[key];
    }
  }
  ReachTable copy = table;
  for (const ReachTable::Row& row : table.Sorted()) copy.Add(row.key, {1, 1, 1}, {1, 1, 1});
  std::uint64_t kept = 0;
  ASSERT_EQ(table.size(), 4U);
  for (const ReachTable::Row& row : table.Sorted()) {
    EXPECT_EQ(row.reach->captures, 3U) << row.key;
    EXPECT_EQ(copy.Find(row.key)->captures, 4U) << row.key;
    kept += row.reach->captures;
  }
  EXPECT_EQ(kept + table.rest().captures, 120U);
}

}  // namespace
}  // namespace crawlcard::card
