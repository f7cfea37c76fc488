// crawler/retry_policy.h - what an answer means for the step that it belongs to, and whether and
// when to ask again.
//
// Times of waiting are "full jitter": anything from nothing to a bound that doubles with each try,
// so that many clients of one unwell server do not come back together. A Retry-After (RFC 9110
// section 10.2.3) is a lower bound, never shortened. The defaults and their reasons:
// docs/decisions/0012-politeness-defaults.md.
//
// Thread rule: functions are thread-safe, Jitter is thread-compatible.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "crawler/clock.h"
#include "crawler/error_class.h"

namespace crawlcard::crawler {

enum class AnswerClass : std::uint8_t {
  kOk,           // 2xx
  kNotModified,  // 304
  kRedirect,     // 301, 302, 303, 307, 308
  kAbsent,       // any other 3xx and 4xx: an answer, and no
  kBusy,         // 429, 503: ask less
  kServerError,  // any other 5xx, and 408
  kNoAnswer,     // FetchError says why
};

AnswerClass ClassifyAnswer(FetchError error, std::uint16_t status);

// Same seed, same numbers.
class Jitter {
 public:
  explicit Jitter(std::uint64_t seed) : state_(seed) {}
  // From 0 to `bound`, both included; `bound` must not be negative.
  std::int64_t UpTo(std::int64_t bound);

 private:
  std::uint64_t state_;
};

struct RetryOptions {
  // Tries in all, the first one included.
  std::uint32_t tries_soon = 3;    // connections that broke
  std::uint32_t tries_later = 2;   // timeouts and names
  std::uint32_t tries_busy = 4;    // 429, 503
  std::uint32_t tries_server = 3;  // other 5xx
  std::int64_t base_ms = 1000;     // bound of the first wait
  std::int64_t cap_ms = 60'000;    // bound of any wait
};

struct RetryDecision {
  bool again = false;
  std::int64_t wait_ms = 0;  // before the next request to the host, also when not again
};

// After the `tries`-th try (from 1). `retry_after_ms`: what the answer asked for; beyond
// limits::kRetryAfterMsMax it ends the step.
RetryDecision DecideRetry(AnswerClass answer, FetchError error, std::uint32_t tries,
                          std::optional<std::int64_t> retry_after_ms, const RetryOptions& options,
                          Jitter& jitter);

// Milliseconds from `now`, of a number of seconds or an HTTP date; dates gone by are 0. nullopt
// where it is neither.
std::optional<std::int64_t> ParseRetryAfter(std::string_view value, UnixMillis now);

}  // namespace crawlcard::crawler
