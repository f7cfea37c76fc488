#include "crawler/budget_lease.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "crawler/limits.h"
#include "tests/crawler/scratch.h"

namespace crawlcard::crawler {
namespace {

constexpr UnixMillis kStart = 1'790'000'000'000;

class BudgetLeaseTest : public ScratchTest {
 protected:
  std::unique_ptr<BudgetLease> Open(const Rate& rate) {
    Result<std::unique_ptr<BudgetLease>> lease = BudgetLease::Open(Path("budget"), rate);
    EXPECT_TRUE(lease) << lease.error().ToString();
    return std::move(*lease);
  }
};

TEST_F(BudgetLeaseTest, TwoWorkersShareOneRate) {
  const auto a = Open({.requests_per_second = 4});
  const auto b = Open({.requests_per_second = 4});
  EXPECT_EQ(a->Ask(kStart).value(), kStart);
  EXPECT_EQ(b->Ask(kStart).value(), kStart + 250);
  EXPECT_EQ(a->Ask(kStart + 249).value(), kStart + 250);
  EXPECT_EQ(b->Ask(kStart + 250).value(), kStart + 250);
  EXPECT_EQ(a->Ask(kStart + 250).value(), kStart + 500);
}

TEST_F(BudgetLeaseTest, BudgetOutlivesItsWorkers) {
  EXPECT_EQ(Open({.requests_per_second = 1})->Ask(kStart).value(), kStart);
  EXPECT_EQ(Open({.requests_per_second = 1})->Ask(kStart + 1).value(), kStart + 1000);
}

TEST_F(BudgetLeaseTest, PauseOfOneHoldsAllBack) {
  const auto a = Open({.requests_per_second = 100});
  const auto b = Open({.requests_per_second = 100});
  ASSERT_TRUE(a->PauseUntil(kStart, kStart + 60'000));
  ASSERT_TRUE(a->PauseUntil(kStart, kStart + 10));
  EXPECT_EQ(b->Ask(kStart + 59'999).value(), kStart + 60'000);
  EXPECT_EQ(b->Ask(kStart + 60'000).value(), kStart + 60'000);
  EXPECT_EQ(a->Ask(kStart + 60'000).value(), kStart + 60'010);
}

TEST_F(BudgetLeaseTest, PauseIsCutAtItsLimit) {
  const auto lease = Open({});
  ASSERT_TRUE(lease->PauseUntil(kStart, kStart + limits::kPauseMsMax + 1));
  EXPECT_EQ(lease->Ask(kStart).value(), kStart + limits::kPauseMsMax);
}

TEST_F(BudgetLeaseTest, TheSlowestWorkerSetsTheRateWhileItAsks) {
  const auto fast = Open({.requests_per_second = 10});
  const auto slow = Open({.requests_per_second = 1});
  EXPECT_EQ(slow->Ask(kStart).value(), kStart);
  EXPECT_EQ(fast->Ask(kStart + 1000).value(), kStart + 1000);
  EXPECT_EQ(fast->Ask(kStart + 1100).value(), kStart + 2000);
  // An hour later the slow job is history.
  EXPECT_EQ(fast->Ask(kStart + 3'600'000).value(), kStart + 3'600'000);
  EXPECT_EQ(fast->Ask(kStart + 3'600'100).value(), kStart + 3'600'100);
}

TEST_F(BudgetLeaseTest, ClockSetBackDelaysByTheLimitAtMost) {
  const auto lease = Open({.requests_per_second = 1});
  EXPECT_EQ(lease->Ask(kStart).value(), kStart);
  const UnixMillis yesterday = kStart - 86'400'000;
  EXPECT_EQ(lease->Ask(yesterday).value(), yesterday + 1000 + limits::kLeaseAheadMsMax);
}

TEST_F(BudgetLeaseTest, TornFileCountsAsSpent) {
  std::ofstream(Path("budget")) << "CCLEASE1 half a state";
  EXPECT_EQ(Open({.requests_per_second = 2})->Ask(kStart).value(), kStart + 500);
  std::ofstream(Path("budget")) << std::string(56, 'x');
  EXPECT_EQ(Open({.requests_per_second = 2, .burst = 3})->Ask(kStart).value(), kStart + 500);
}

TEST_F(BudgetLeaseTest, RateAndPathAreChecked) {
  EXPECT_EQ(BudgetLease::Open(Path("b"), {.requests_per_second = 0}).error().code(),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(BudgetLease::Open(Path("none/b"), {}).error().code(), ErrorCode::kIo);
}

// Every worker moves one clock on and writes down when it was let through. Some are killed in
// mid-work; others take their place.
struct SharedClock {
  std::atomic<std::int64_t> now;
  std::atomic<std::uint32_t> granted;
  std::array<std::int64_t, 200'000> starts;
};

[[noreturn]] void WorkForever(const std::string& path, const Rate& rate, SharedClock& clock) {
  const auto lease = BudgetLease::Open(path, rate);
  if (!lease) ::_exit(2);
  while (true) {
    const std::int64_t now = clock.now.load();
    const Result<UnixMillis> ready = (*lease)->Ask(now);
    if (!ready) ::_exit(3);
    if (*ready <= now) {
      const std::uint32_t i = clock.granted.fetch_add(1);
      if (i >= clock.starts.size()) ::_exit(0);
      clock.starts[i] = now;
    } else {
      std::int64_t seen = now;
      clock.now.compare_exchange_strong(seen, now + 1);
    }
  }
}

TEST_F(BudgetLeaseTest, ManyProcessesWithKillsNeverExceedTheBudget) {
  const Rate rate{.requests_per_second = 50, .burst = 4};
  auto* clock = static_cast<SharedClock*>(::mmap(
      nullptr, sizeof(SharedClock), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(clock, MAP_FAILED);
  clock->now = kStart;
  const std::string path = Path("budget");
  std::vector<pid_t> workers;
  const auto spawn = [&] {
    const pid_t pid = ::fork();
    if (pid == 0) WorkForever(path, rate, *clock);
    workers.push_back(pid);
  };
  for (int i = 0; i < 8; ++i) spawn();
  for (std::uint32_t kills = 1; kills <= 20; ++kills) {
    while (clock->granted < kills * 20) ::usleep(200);
    ::kill(workers.front(), SIGKILL);
    ASSERT_EQ(::waitpid(workers.front(), nullptr, 0), workers.front());
    workers.erase(workers.begin());
    spawn();
  }
  for (const pid_t pid : workers) {
    ::kill(pid, SIGKILL);
    ASSERT_EQ(::waitpid(pid, nullptr, 0), pid);
  }
  // A killed worker may have been counted before it wrote its time down.
  std::vector<std::int64_t> starts(clock->starts.begin(), clock->starts.begin() + clock->granted);
  std::erase(starts, 0);
  std::sort(starts.begin(), starts.end());
  ASSERT_GE(starts.size(), 350U);
  for (std::size_t first = 0; first + 54 < starts.size(); ++first) {
    EXPECT_GE(starts[first + 54] - starts[first], 1000) << "55 starts within a second at " << first;
  }
  ::munmap(clock, sizeof(SharedClock));
}

}  // namespace
}  // namespace crawlcard::crawler
