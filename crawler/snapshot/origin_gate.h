// crawler/snapshot/origin_gate.h - when the next request to an archive's server may start.
//
// A budget of requests per second, which may be shared with other processes, and what refusals do
// to it: 429 and 5xx and broken connections pause the whole budget for a time of full jitter that
// doubles from refusal to refusal; 403 is taken for a block, pauses it for minutes, and the first
// request after that has to be a probe of a small object that is known to exist. The rules and who
// asked for them: docs/decisions/0013-snapshot-etiquette.md.
//
// Thread rule: thread-compatible. Holds no clock.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/result.h"
#include "crawler/budget_lease.h"
#include "crawler/clock.h"
#include "crawler/retry_policy.h"
#include "crawler/token_bucket.h"

namespace crawlcard::crawler {

struct GateOptions {
  Rate rate{2, 1};
  std::int64_t base_ms = 1000;      // bound of the first pause after a refusal
  std::int64_t cap_ms = 3'600'000;  // bound of any
  std::int64_t block_ms = 300'000;  // of the first pause after a block
  std::int64_t block_cap_ms = 3'600'000;
  std::int64_t start_ms = 0;  // bound of the wait before the first request: ranks start together
  std::uint64_t seed = 0;     // of the jitter
};

// Counted for the evidence of conduct.
struct GateCounts {
  std::uint64_t requests = 0;
  std::uint64_t refusals = 0;  // 429, 5xx, broken connections
  std::uint64_t blocks = 0;
  std::uint64_t probes = 0;
  std::int64_t paused_ms = 0;  // asked for by refusals, blocks and Retry-After
};

class OriginGate {
 public:
  // With `lease`, the budget is that of all its holders; else it is this process's own.
  explicit OriginGate(const GateOptions& options, std::unique_ptr<BudgetLease> lease = nullptr);

  enum class Turn {
    kGo,     // paid for: start the request
    kProbe,  // paid for: start a probe instead, then say how it went
    kWait,   // ask again at `at`
  };
  struct Answer {
    Turn turn = Turn::kWait;
    UnixMillis at = 0;
  };
  // Errors: kIo of the lease.
  [[nodiscard]] Result<Answer> Ask(UnixMillis now);

  // An answer that was no refusal.
  void Good();
  // 429, 500, 502, 503, 504, or a connection that broke. Errors: kIo of the lease.
  [[nodiscard]] Status Refused(UnixMillis now, std::optional<std::int64_t> retry_after_ms);
  // 403. Errors: kIo of the lease.
  [[nodiscard]] Status Blocked(UnixMillis now);
  // The probe was answered well; a refusal or a block is told by the functions above.
  void ProbePassed();

  // How many blocks ended with a good probe so far: who was refused before one and is refused again
  // after it was not blocked.
  std::uint64_t blocks_passed() const { return blocks_passed_; }
  const GateCounts& counts() const { return counts_; }

 private:
  [[nodiscard]] Status Pause(UnixMillis now, std::int64_t wait_ms);

  GateOptions options_;
  std::unique_ptr<BudgetLease> lease_;
  TokenBucket bucket_;
  Jitter jitter_;
  GateCounts counts_;
  UnixMillis paused_until_ = 0;
  std::uint32_t refusals_in_a_row_ = 0;
  std::uint32_t blocks_in_a_row_ = 0;
  std::uint64_t blocks_passed_ = 0;
  bool started_ = false;
  bool needs_probe_ = false;
  bool probing_ = false;
};

}  // namespace crawlcard::crawler
