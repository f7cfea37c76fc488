// specs/common_crawl.md section 4, on virtual time.
#include "crawler/snapshot/origin_gate.h"

#include <set>

#include <gtest/gtest.h>

namespace crawlcard::crawler {
namespace {

using Turn = OriginGate::Turn;

constexpr UnixMillis kStart = 1'790'000'000'000;

GateOptions Fast() {
  GateOptions options;
  options.rate = {10, 1};
  options.seed = 7;
  return options;
}

Turn TurnAt(OriginGate& gate, UnixMillis now) {
  return gate.Ask(now)->turn;
}

TEST(OriginGate, NeverMoreThanTheRate) {
  OriginGate gate(Fast());
  int started = 0;
  for (UnixMillis now = kStart; now < kStart + 5000; ++now) {
    if (TurnAt(gate, now) == Turn::kGo) ++started;
  }
  EXPECT_EQ(started, 50);
  EXPECT_EQ(gate.counts().requests, 50U);
}

TEST(OriginGate, RanksThatStartTogetherDoNotAskTogether) {
  std::set<UnixMillis> starts;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    GateOptions options = Fast();
    options.start_ms = 1000;
    options.seed = seed;
    OriginGate gate(options);
    UnixMillis now = kStart;
    while (TurnAt(gate, now) != Turn::kGo) ++now;
    EXPECT_LE(now, kStart + 1000);
    starts.insert(now);
  }
  EXPECT_GT(starts.size(), 15U);
}

TEST(OriginGate, WaitsSayWhenToAskAgain) {
  OriginGate gate(Fast());
  EXPECT_EQ(TurnAt(gate, kStart), Turn::kGo);
  const auto answer = gate.Ask(kStart + 1);
  EXPECT_EQ(answer->turn, Turn::kWait);
  EXPECT_EQ(TurnAt(gate, answer->at - 1), Turn::kWait);
  EXPECT_EQ(TurnAt(gate, answer->at), Turn::kGo);
}

TEST(OriginGate, RefusalPausesEverythingWithDoublingJitter) {
  // Full jitter: anywhere between nothing and the bound; over many seeds both ends are met.
  std::int64_t longest = 0;
  std::int64_t shortest = 1'000'000;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    GateOptions options = Fast();
    options.seed = seed;
    OriginGate gate(options);
    UnixMillis now = kStart;
    for (int i = 0; i < 4; ++i) {
      ASSERT_TRUE(gate.Refused(now, std::nullopt));
      const std::int64_t wait = gate.Ask(now)->at - now;
      EXPECT_LE(wait, 1000 << i);
      if (i == 3) {
        longest = std::max(longest, wait);
        shortest = std::min(shortest, wait);
      }
      now += wait + 1;
    }
  }
  EXPECT_GT(longest, 7000);
  EXPECT_LT(shortest, 1000);
}

TEST(OriginGate, RetryAfterIsALowerBound) {
  OriginGate gate(Fast());
  ASSERT_TRUE(gate.Refused(kStart, 30'000));
  EXPECT_EQ(TurnAt(gate, kStart + 29'999), Turn::kWait);
  EXPECT_EQ(TurnAt(gate, kStart + 31'000), Turn::kGo);
}

TEST(OriginGate, RefusalsSideBySideAreOne) {
  OriginGate gate(Fast());
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(gate.Refused(kStart, 500));
  const UnixMillis at = gate.Ask(kStart)->at;
  EXPECT_LE(at, kStart + 500 + 1000);
  ASSERT_TRUE(gate.Refused(at + 1, std::nullopt));
  EXPECT_LE(gate.Ask(at + 1)->at, at + 1 + 2000) << "the second in a row, not the ninth";
}

TEST(OriginGate, PausesAreCutAtAnHour) {
  OriginGate gate(Fast());
  UnixMillis now = kStart;
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(gate.Refused(now, 86'400'000));
    const UnixMillis at = gate.Ask(now)->at;
    EXPECT_LE(at - now, 7'200'000);
    now = at + 1;
  }
}

TEST(OriginGate, BlockCoolsDownThenOneProbeAlone) {
  OriginGate gate(Fast());
  EXPECT_EQ(TurnAt(gate, kStart), Turn::kGo);
  ASSERT_TRUE(gate.Blocked(kStart + 10));
  ASSERT_TRUE(gate.Blocked(kStart + 11));  // another transfer of the same moment
  EXPECT_EQ(gate.counts().blocks, 1U);
  EXPECT_EQ(TurnAt(gate, kStart + 300'009), Turn::kWait) << "at least five minutes";
  EXPECT_EQ(TurnAt(gate, kStart + 300'200), Turn::kProbe);
  EXPECT_EQ(TurnAt(gate, kStart + 301'000), Turn::kWait) << "nobody else until the probe is back";
  ASSERT_TRUE(gate.Blocked(kStart + 301'000));
  EXPECT_EQ(TurnAt(gate, kStart + 301'000 + 599'000), Turn::kWait) << "doubled";
  EXPECT_EQ(TurnAt(gate, kStart + 301'000 + 601'000), Turn::kProbe);
  gate.ProbePassed();
  EXPECT_EQ(gate.blocks_passed(), 1U);
  EXPECT_EQ(TurnAt(gate, kStart + 301'000 + 602'000), Turn::kGo);
}

}  // namespace
}  // namespace crawlcard::crawler
