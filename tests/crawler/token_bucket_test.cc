#include "crawler/token_bucket.h"

#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "crawler/limits.h"

namespace crawlcard::crawler {
namespace {

constexpr UnixMillis kStart = 1'790'000'000'000;

// The most starts within any window of `window_ms`.
std::size_t MostIn(const std::vector<UnixMillis>& starts, std::int64_t window_ms) {
  std::size_t most = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    while (starts[i] - starts[first] >= window_ms) ++first;
    most = std::max(most, i - first + 1);
  }
  return most;
}

TEST(TokenBucket, StartsAtOnceAndThenKeepsTheInterval) {
  TokenBucket bucket({.requests_per_second = 4, .burst = 1});
  EXPECT_TRUE(bucket.Take(kStart));
  EXPECT_FALSE(bucket.Take(kStart));
  EXPECT_EQ(bucket.ReadyAt(), kStart + 250);
  EXPECT_FALSE(bucket.Take(kStart + 249));
  EXPECT_TRUE(bucket.Take(kStart + 250));
}

TEST(TokenBucket, BurstIsSpentOnceAndEarnedBackByRest) {
  TokenBucket bucket({.requests_per_second = 10, .burst = 3});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.Take(kStart)) << i;
  EXPECT_FALSE(bucket.Take(kStart));
  EXPECT_TRUE(bucket.Take(kStart + 100));
  EXPECT_FALSE(bucket.Take(kStart + 100));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.Take(kStart + 10'000)) << i;
  EXPECT_FALSE(bucket.Take(kStart + 10'000));
}

TEST(TokenBucket, NoWindowHoldsMoreThanBurstPlusRate) {
  for (const double rate : {0.5, 3.0, 7.0, 300.0, 1999.0}) {
    for (const std::uint32_t burst : {1U, 5U}) {
      TokenBucket bucket({.requests_per_second = rate, .burst = burst});
      std::mt19937_64 random(static_cast<std::uint64_t>(rate * 10) + burst);
      std::vector<UnixMillis> starts;
      for (UnixMillis now = kStart; starts.size() < 3000 && now < kStart + 4'000'000;) {
        if (bucket.Take(now)) {
          starts.push_back(now);
        } else {
          now = std::max(now + static_cast<std::int64_t>(random() % 3), bucket.ReadyAt());
        }
        if (random() % 100 == 0) now += static_cast<std::int64_t>(random() % 5000);
      }
      for (const std::int64_t window : {1000, 2000, 10'000}) {
        const double allowed = burst + rate * static_cast<double>(window) / 1000;
        EXPECT_LE(static_cast<double>(MostIn(starts, window)), allowed) << rate << ' ' << burst;
      }
    }
  }
}

TEST(TokenBucket, PauseHoldsEverythingBackAndOnlyGrows) {
  TokenBucket bucket({.requests_per_second = 100, .burst = 10});
  bucket.PauseUntil(kStart, kStart + 5000);
  bucket.PauseUntil(kStart, kStart + 1000);
  EXPECT_FALSE(bucket.Take(kStart + 4999));
  EXPECT_EQ(bucket.ReadyAt(), kStart + 5000);
  EXPECT_TRUE(bucket.Take(kStart + 5000));
}

TEST(TokenBucket, PauseIsCutAtItsLimit) {
  TokenBucket bucket({});
  bucket.PauseUntil(kStart, kStart + limits::kPauseMsMax - 1);
  EXPECT_EQ(bucket.paused_until(), kStart + limits::kPauseMsMax - 1);
  bucket.PauseUntil(kStart, kStart + limits::kPauseMsMax);
  EXPECT_EQ(bucket.paused_until(), kStart + limits::kPauseMsMax);
  bucket.PauseUntil(kStart, kStart + limits::kPauseMsMax + 1);
  EXPECT_EQ(bucket.paused_until(), kStart + limits::kPauseMsMax);
}

TEST(TokenBucket, RatesBeyondTheLimitsAreRefused) {
  using limits::kRequestsPerSecondMax;
  using limits::kRequestsPerSecondMin;
  EXPECT_TRUE(CheckRate({.requests_per_second = kRequestsPerSecondMax}));
  EXPECT_FALSE(CheckRate({.requests_per_second = kRequestsPerSecondMax + 1}));
  EXPECT_TRUE(CheckRate({.requests_per_second = kRequestsPerSecondMin}));
  EXPECT_FALSE(CheckRate({.requests_per_second = kRequestsPerSecondMin / 2}));
  EXPECT_FALSE(CheckRate({.requests_per_second = 0}));
  EXPECT_FALSE(CheckRate({.requests_per_second = std::numeric_limits<double>::quiet_NaN()}));
  EXPECT_TRUE(CheckRate({.burst = limits::kBurstMax}));
  EXPECT_FALSE(CheckRate({.burst = limits::kBurstMax + 1}));
  EXPECT_FALSE(CheckRate({.burst = 0}));
}

}  // namespace
}  // namespace crawlcard::crawler
