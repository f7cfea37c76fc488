#include "crawler/budget_lease.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/digest.h"
#include "crawler/limits.h"

namespace crawlcard::crawler {
namespace {

constexpr std::string_view kMagic = "CCLEASE1";
constexpr std::size_t kFields = 5;
constexpr std::size_t kSumOffset = 8 + 8 * kFields;
constexpr std::size_t kFileBytes = kSumOffset + 8;
// A rate that nobody asked by for this long is that of an earlier job.
constexpr std::int64_t kRateInUseMs = 60'000;

using Bytes = std::array<char, kFileBytes>;

void PutInt(std::int64_t value, char* at) {
  auto bits = static_cast<std::uint64_t>(value);
  for (int i = 7; i >= 0; --i, bits >>= 8) at[i] = static_cast<char>(bits & 0xFF);
}

std::int64_t GetInt(const char* at) {
  std::uint64_t bits = 0;
  for (int i = 0; i < 8; ++i) bits = bits << 8 | static_cast<unsigned char>(at[i]);
  return static_cast<std::int64_t>(bits);
}

void PutSum(Bytes& bytes) {
  const Xxh3Digest sum = Xxh3({bytes.data(), kSumOffset});
  std::copy_n(sum.begin(), 8, bytes.begin() + kSumOffset);
}

bool IsWhole(const Bytes& bytes) {
  Bytes copy = bytes;
  PutSum(copy);
  return std::string_view(bytes.data(), kMagic.size()) == kMagic && copy == bytes;
}

}  // namespace

struct BudgetLease::State {
  std::int64_t interval_us = 0;  // of the slowest worker that asked lately
  std::int64_t burst = 1;
  std::int64_t full_at_us = 0;
  UnixMillis paused_until = 0;
  UnixMillis asked_at = 0;  // the last time that any worker asked
};

BudgetLease::BudgetLease(int fd, std::string path, const Rate& rate)
    : fd_(fd), path_(std::move(path)), rate_(rate) {}

BudgetLease::~BudgetLease() {
  ::close(fd_);
}

Result<std::unique_ptr<BudgetLease>> BudgetLease::Open(const std::string& path, const Rate& rate) {
  CRAWLCARD_TRY(CheckRate(rate));
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    return Fail(ErrorCode::kIo, "cannot open budget '{}': {}", path, std::strerror(errno));
  }
  return std::unique_ptr<BudgetLease>(new BudgetLease(fd, path, rate));
}

Status BudgetLease::Lock() const {
  while (::flock(fd_, LOCK_EX) != 0) {
    if (errno != EINTR) {
      return Fail(ErrorCode::kIo, "cannot lock budget '{}': {}", path_, std::strerror(errno));
    }
  }
  return {};
}

void BudgetLease::Unlock() const {
  ::flock(fd_, LOCK_UN);
}

Result<BudgetLease::State> BudgetLease::Read(UnixMillis now) const {
  const std::int64_t own_interval = IntervalMicros(rate_);
  State state{own_interval, rate_.burst, now * 1000, 0, now};
  Bytes bytes{};
  const ssize_t got = ::pread(fd_, bytes.data(), bytes.size(), 0);
  if (got < 0) {
    return Fail(ErrorCode::kIo, "cannot read budget '{}': {}", path_, std::strerror(errno));
  }
  if (got == 0) return state;
  if (static_cast<std::size_t>(got) < bytes.size() || !IsWhole(bytes)) {
    // Torn by a power loss: what was spent is not known, so one interval is taken as spent.
    state.full_at_us += own_interval * rate_.burst;
    return state;
  }
  const char* field = bytes.data() + kMagic.size();
  State stored{GetInt(field), GetInt(field + 8), GetInt(field + 16), GetInt(field + 24),
               GetInt(field + 32)};
  if (now - stored.asked_at < kRateInUseMs) {
    state.interval_us = std::max(stored.interval_us, own_interval);
    state.burst = std::min<std::int64_t>(stored.burst, rate_.burst);
  }
  const std::int64_t ahead_max =
      std::max(stored.interval_us, own_interval) * std::max<std::int64_t>(stored.burst, 1) +
      limits::kLeaseAheadMsMax * 1000;
  state.full_at_us = std::min(stored.full_at_us, now * 1000 + ahead_max);
  state.paused_until = std::min(stored.paused_until, now + limits::kPauseMsMax);
  state.asked_at = stored.asked_at;
  return state;
}

Status BudgetLease::Write(const State& state) const {
  Bytes bytes{};
  std::copy(kMagic.begin(), kMagic.end(), bytes.begin());
  char* field = bytes.data() + kMagic.size();
  PutInt(state.interval_us, field);
  PutInt(state.burst, field + 8);
  PutInt(state.full_at_us, field + 16);
  PutInt(state.paused_until, field + 24);
  PutInt(state.asked_at, field + 32);
  PutSum(bytes);
  if (::pwrite(fd_, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return Fail(ErrorCode::kIo, "cannot write budget '{}': {}", path_, std::strerror(errno));
  }
  return {};
}

Result<UnixMillis> BudgetLease::Ask(UnixMillis now) {
  CRAWLCARD_TRY(Lock());
  Result<UnixMillis> answer = now;
  if (Result<State> state = Read(now); !state) {
    answer = tl::unexpected(std::move(state).error());
  } else {
    const std::int64_t slack_us = (state->burst - 1) * state->interval_us;
    const UnixMillis ready =
        std::max((state->full_at_us - slack_us + 999) / 1000, state->paused_until);
    if (ready > now) {
      answer = ready;
    } else {
      state->full_at_us = std::max(state->full_at_us, now * 1000) + state->interval_us;
    }
    state->asked_at = std::max(state->asked_at, now);
    // Unpaid for is not granted: a budget that cannot be written stops the worker.
    if (Status written = Write(*state); !written) answer = tl::unexpected(written.error());
  }
  Unlock();
  return answer;
}

Status BudgetLease::PauseUntil(UnixMillis now, UnixMillis until) {
  CRAWLCARD_TRY(Lock());
  Status status;
  if (Result<State> state = Read(now); !state) {
    status = tl::unexpected(std::move(state).error());
  } else {
    const UnixMillis cut = std::min(until, now + limits::kPauseMsMax);
    state->paused_until = std::max(state->paused_until, cut);
    state->asked_at = std::max(state->asked_at, now);
    status = Write(*state);
  }
  Unlock();
  return status;
}

}  // namespace crawlcard::crawler
