// crawler/limits.h - what one host, one request and one crawl may cost.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crawlcard::crawler::limits {

// --- rates --------------------------------------------------------------------------------------

// Requests per second of one budget. The upper end is what a loopback server can answer; the lower
// one keeps sums of intervals far from overflow.
inline constexpr double kRequestsPerSecondMax = 100'000;
inline constexpr double kRequestsPerSecondMin = 0.0001;
// Requests that may follow each other at once after a rest.
inline constexpr std::uint32_t kBurstMax = 1'000'000;
// How far ahead of the clock a shared budget may be promised, pauses apart. A file that says more
// was written before the clock was set back.
inline constexpr std::int64_t kLeaseAheadMsMax = 600'000;
// A pause that one answer may impose on a shared budget.
inline constexpr std::int64_t kPauseMsMax = 24LL * 3600 * 1000;

}  // namespace crawlcard::crawler::limits
