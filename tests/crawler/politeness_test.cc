#include "crawler/politeness.h"

#include <gtest/gtest.h>

#include "crawler/limits.h"

namespace crawlcard::crawler {
namespace {

constexpr UnixMillis kNow = 1'790'000'000'000;
constexpr PolitenessOptions kOptions{.host_delay_ms = 1000, .address_delay_ms = 100};

// A millisecond more than the delay everywhere: clocks are cut to milliseconds.
TEST(Politeness, DelayRunsFromTheEndOfAnAnswer) {
  Politeness politeness(kOptions, 0);
  EXPECT_LE(politeness.HostReadyAt("a", 0, kNow), kNow);
  politeness.Start("a", "127.0.0.1", 0, kNow);
  EXPECT_GT(politeness.HostReadyAt("a", 0, kNow + 500), kNow + 500) << "one thing at a time";
  politeness.Finish("a", 0, 0, kNow + 5000);
  EXPECT_EQ(politeness.HostReadyAt("a", 0, kNow + 5000), kNow + 6001);
  EXPECT_LE(politeness.HostReadyAt("b", 0, kNow), kNow);
}

TEST(Politeness, TheLongestDelayCounts) {
  Politeness politeness(kOptions, 0);
  politeness.Start("a", "127.0.0.1", 0, kNow);
  politeness.Finish("a", 10'000, 0, kNow);
  EXPECT_EQ(politeness.HostReadyAt("a", 0, kNow), kNow + 10'001);
  EXPECT_EQ(politeness.HostReadyAt("a", 20'000, kNow), kNow + 20'001);
  politeness.Start("a", "127.0.0.1", 0, kNow + 10'001);
  politeness.Finish("a", 0, 60'000, kNow + 10'001);
  EXPECT_EQ(politeness.HostReadyAt("a", 0, kNow), kNow + 70'002);
}

TEST(Politeness, HostsQueueForTheSlotsOfAnAddress) {
  Politeness politeness(kOptions, 0);
  EXPECT_EQ(politeness.TakeSlot("127.0.0.1", kNow), kNow);
  EXPECT_EQ(politeness.TakeSlot("127.0.0.1", kNow), kNow + 100);
  EXPECT_EQ(politeness.TakeSlot("127.0.0.1", kNow), kNow + 200);
  EXPECT_EQ(politeness.TakeSlot("127.0.0.2", kNow), kNow);
  // A start that comes late moves those behind it.
  politeness.Start("a", "127.0.0.1", 0, kNow + 90);
  EXPECT_EQ(politeness.AddressReadyAt("127.0.0.1"), kNow + 191);
}

TEST(Politeness, AfterARestartEverybodyWasJustAsked) {
  const Politeness politeness(kOptions, kNow);
  EXPECT_EQ(politeness.HostReadyAt("a", 0, kNow), kNow + 1000);
  EXPECT_EQ(politeness.HostReadyAt("a", 30'000, kNow), kNow + 30'000);
  EXPECT_EQ(politeness.AddressReadyAt("127.0.0.1"), kNow + 100);
}

TEST(Politeness, SweepForgetsWhatIsOverForGood) {
  Politeness politeness(kOptions, 0);
  politeness.Start("a", "127.0.0.1", 0, kNow);
  politeness.Start("b", "127.0.0.2", 0, kNow);
  politeness.Finish("a", 0, 0, kNow);
  politeness.Sweep(kNow + 1 + limits::kCrawlDelayMsMax);
  EXPECT_EQ(politeness.hosts_held(), 2U);
  politeness.Sweep(kNow + 1 + limits::kCrawlDelayMsMax + 1);
  EXPECT_EQ(politeness.hosts_held(), 1U) << "b is under way";
  EXPECT_EQ(politeness.addresses_held(), 0U);
}

}  // namespace
}  // namespace crawlcard::crawler
