#include "crawler/snapshot/origin_gate.h"

#include <algorithm>
#include <utility>

namespace crawlcard::crawler {
namespace {

constexpr std::int64_t kProbeWaitMs = 100;

// `base` doubled `times`, at most `cap`.
std::int64_t Doubled(std::int64_t base, std::uint32_t times, std::int64_t cap) {
  while (times > 0 && base < cap) {
    base *= 2;
    --times;
  }
  return std::min(base, cap);
}

}  // namespace

OriginGate::OriginGate(const GateOptions& options, std::unique_ptr<BudgetLease> lease)
    : options_(options), lease_(std::move(lease)), bucket_(options.rate), jitter_(options.seed) {}

Result<OriginGate::Answer> OriginGate::Ask(UnixMillis now) {
  if (!started_) {
    started_ = true;
    paused_until_ = now + jitter_.UpTo(options_.start_ms);
  }
  if (now < paused_until_) return Answer{Turn::kWait, paused_until_};
  if (probing_) return Answer{Turn::kWait, now + kProbeWaitMs};
  if (lease_ != nullptr) {
    CRAWLCARD_ASSIGN(const UnixMillis at, lease_->Ask(now));
    if (at > now) return Answer{Turn::kWait, at};
  } else if (!bucket_.Take(now)) {
    return Answer{Turn::kWait, std::max(bucket_.ReadyAt(), now + 1)};
  }
  ++counts_.requests;
  if (!needs_probe_) return Answer{Turn::kGo, now};
  probing_ = true;
  ++counts_.probes;
  return Answer{Turn::kProbe, now};
}

void OriginGate::Good() {
  refusals_in_a_row_ = 0;
  if (!needs_probe_) blocks_in_a_row_ = 0;
}

Status OriginGate::Pause(UnixMillis now, std::int64_t wait_ms) {
  const UnixMillis until = now + wait_ms;
  if (until > paused_until_) {
    counts_.paused_ms += until - std::max(now, paused_until_);
    paused_until_ = until;
  }
  if (lease_ != nullptr) return lease_->PauseUntil(now, until);
  bucket_.PauseUntil(now, until);
  return {};
}

// Transfers that ran side by side are refused together: that is one refusal, so the bound doubles
// only for those that come after the pause. Common Crawl asks for at most an hour.
Status OriginGate::Refused(UnixMillis now, std::optional<std::int64_t> retry_after_ms) {
  ++counts_.refusals;
  probing_ = false;
  const bool is_new = now >= paused_until_;
  const std::int64_t bound = Doubled(options_.base_ms, refusals_in_a_row_, options_.cap_ms);
  const std::int64_t asked =
      std::clamp<std::int64_t>(retry_after_ms.value_or(0), 0, options_.cap_ms);
  if (is_new) {
    refusals_in_a_row_ = std::min(refusals_in_a_row_ + 1, 40U);
    return Pause(now, asked + jitter_.UpTo(bound));
  }
  return Pause(now, asked);
}

Status OriginGate::Blocked(UnixMillis now) {
  probing_ = false;
  const bool is_new = now >= paused_until_ || !needs_probe_;
  needs_probe_ = true;
  if (!is_new) return {};
  ++counts_.blocks;
  const std::int64_t wait = Doubled(options_.block_ms, blocks_in_a_row_, options_.block_cap_ms);
  blocks_in_a_row_ = std::min(blocks_in_a_row_ + 1, 40U);
  return Pause(now, wait);
}

void OriginGate::ProbePassed() {
  probing_ = false;
  needs_probe_ = false;
  refusals_in_a_row_ = 0;
  ++blocks_passed_;
}

}  // namespace crawlcard::crawler
