// crawler/token_bucket.h - so many requests per second to one origin, and no more.
//
// The generic cell rate algorithm: one number, the time at which the bucket would be full again. In
// any window of w seconds at most burst + w * rate requests start. Refusals pause the whole bucket
// (docs/decisions/0012-politeness-defaults.md): slowing one transfer of many helps nobody.
//
// Thread rule: thread-compatible. Holds no clock: the caller says what time it is.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "crawler/clock.h"

namespace crawlcard::crawler {

struct Rate {
  double requests_per_second = 1;
  std::uint32_t burst = 1;  // requests that may follow each other at once after a rest
};

// Errors: kInvalidArgument beyond crawler/limits.h.
[[nodiscard]] Status CheckRate(const Rate& rate);

// Microseconds between two requests, rounded up: rounding never exceeds the rate.
std::int64_t IntervalMicros(const Rate& rate);

class TokenBucket {
 public:
  // `rate` must pass CheckRate().
  explicit TokenBucket(const Rate& rate);

  // When a request may start, if none starts before: `now` or earlier means at once.
  UnixMillis ReadyAt() const;

  // Pays for one request. False when it may not start yet: ask again at ReadyAt().
  bool Take(UnixMillis now);

  // Nothing starts before `until`. Pauses only grow; they are cut at limits::kPauseMsMax from now.
  void PauseUntil(UnixMillis now, UnixMillis until);
  UnixMillis paused_until() const { return paused_until_; }

 private:
  std::int64_t interval_us_;
  std::int64_t slack_us_;        // (burst - 1) intervals
  std::int64_t full_at_us_ = 0;  // theoretical arrival time of the next request
  UnixMillis paused_until_ = 0;
};

}  // namespace crawlcard::crawler
