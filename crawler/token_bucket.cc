#include "crawler/token_bucket.h"

#include <algorithm>
#include <cmath>

#include "base/assert.h"
#include "crawler/limits.h"

namespace crawlcard::crawler {

Status CheckRate(const Rate& rate) {
  // Written so that NaN fails.
  if (!(rate.requests_per_second >= limits::kRequestsPerSecondMin &&
        rate.requests_per_second <= limits::kRequestsPerSecondMax)) {
    return Fail(ErrorCode::kInvalidArgument, "{} requests per second, allowed are {} to {}",
                rate.requests_per_second, limits::kRequestsPerSecondMin,
                limits::kRequestsPerSecondMax);
  }
  if (rate.burst < 1 || rate.burst > limits::kBurstMax) {
    return Fail(ErrorCode::kInvalidArgument, "burst of {} requests, allowed are 1 to {}",
                rate.burst, limits::kBurstMax);
  }
  return {};
}

std::int64_t IntervalMicros(const Rate& rate) {
  return static_cast<std::int64_t>(std::ceil(1e6 / rate.requests_per_second));
}

TokenBucket::TokenBucket(const Rate& rate)
    : interval_us_(IntervalMicros(rate)),
      slack_us_((static_cast<std::int64_t>(rate.burst) - 1) * interval_us_) {
  CRAWLCARD_ASSERT(CheckRate(rate).has_value());
}

UnixMillis TokenBucket::ReadyAt() const {
  const std::int64_t ready_us = full_at_us_ - slack_us_;
  const UnixMillis ready = (ready_us + 999) / 1000;
  return std::max(ready, paused_until_);
}

bool TokenBucket::Take(UnixMillis now) {
  if (now < ReadyAt()) return false;
  full_at_us_ = std::max(full_at_us_, now * 1000) + interval_us_;
  return true;
}

void TokenBucket::PauseUntil(UnixMillis now, UnixMillis until) {
  const UnixMillis cut = std::min(until, now + limits::kPauseMsMax);
  paused_until_ = std::max(paused_until_, cut);
}

}  // namespace crawlcard::crawler
