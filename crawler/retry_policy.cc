#include "crawler/retry_policy.h"

#include <algorithm>
#include <limits>

#include "base/assert.h"
#include "base/text.h"
#include "crawler/limits.h"

namespace crawlcard::crawler {
namespace {

std::uint32_t TriesFor(AnswerClass answer, FetchError error, const RetryOptions& options) {
  switch (answer) {
    case AnswerClass::kBusy:
      return options.tries_busy;
    case AnswerClass::kServerError:
      return options.tries_server;
    case AnswerClass::kNoAnswer:
      switch (RetryClassOf(error)) {
        case RetryClass::kSoon:
          return options.tries_soon;
        case RetryClass::kLater:
          return options.tries_later;
        case RetryClass::kNever:
          break;
      }
      return 1;
    case AnswerClass::kOk:
    case AnswerClass::kNotModified:
    case AnswerClass::kRedirect:
    case AnswerClass::kAbsent:
      break;
  }
  return 1;
}

bool IsFailure(AnswerClass answer) {
  return answer == AnswerClass::kBusy || answer == AnswerClass::kServerError ||
         answer == AnswerClass::kNoAnswer;
}

}  // namespace

AnswerClass ClassifyAnswer(FetchError error, std::uint16_t status) {
  if (error != FetchError::kNone || status < 200) return AnswerClass::kNoAnswer;
  if (status < 300) return AnswerClass::kOk;
  switch (status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return AnswerClass::kRedirect;
    case 304:
      return AnswerClass::kNotModified;
    case 408:
      return AnswerClass::kServerError;
    case 429:
    case 503:
      return AnswerClass::kBusy;
    default:
      return status < 500 ? AnswerClass::kAbsent : AnswerClass::kServerError;
  }
}

// SplitMix64 (Steele, Lea, Flood 2014).
std::int64_t Jitter::UpTo(std::int64_t bound) {
  CRAWLCARD_ASSERT(bound >= 0);
  state_ += 0x9E3779B97F4A7C15;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
  mixed ^= mixed >> 31;
  return static_cast<std::int64_t>(mixed % (static_cast<std::uint64_t>(bound) + 1));
}

RetryDecision DecideRetry(AnswerClass answer, FetchError error, std::uint32_t tries,
                          std::optional<std::int64_t> retry_after_ms, const RetryOptions& options,
                          Jitter& jitter) {
  RetryDecision decision;
  if (!IsFailure(answer)) return decision;
  const std::uint32_t doublings = std::min(tries > 0 ? tries - 1 : 0, 30U);
  const std::int64_t bound =
      std::min(options.cap_ms, options.base_ms * (std::int64_t{1} << doublings));
  const std::int64_t asked = retry_after_ms.value_or(0);
  decision.wait_ms = std::min(asked, limits::kRetryAfterMsMax) + jitter.UpTo(bound);
  decision.again = tries < TriesFor(answer, error, options) && asked <= limits::kRetryAfterMsMax;
  return decision;
}

std::optional<std::int64_t> ParseRetryAfter(std::string_view value, UnixMillis now) {
  const std::string_view text = TrimAscii(value);
  if (!text.empty() && IsAsciiDigit(text.front())) {
    constexpr std::uint64_t kSecondsMax = std::numeric_limits<std::int64_t>::max() / 1000;
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits != std::string_view::npos) return std::nullopt;
    // More digits than fit ask for ever.
    const std::uint64_t seconds = std::min(ParseUint(text).value_or(kSecondsMax), kSecondsMax);
    return static_cast<std::int64_t>(seconds) * 1000;
  }
  const std::optional<UnixSeconds> date = ParseHttpDate(text);
  if (!date) return std::nullopt;
  return std::max<std::int64_t>(0, *date * 1000 - now);
}

}  // namespace crawlcard::crawler
