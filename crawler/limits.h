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

// --- fetching -----------------------------------------------------------------------------------

// Servers refuse request lines beyond 8 KiB; longer URLs lead nowhere.
inline constexpr std::size_t kTargetUrlBytesMax = 8 * 1024;
// RFC 1035 section 2.3.4, in text form.
inline constexpr std::size_t kHostNameBytesMax = 253;
inline constexpr std::size_t kHostLabelBytesMax = 63;
// Addresses of one name that are kept; large sites publish a dozen.
inline constexpr std::size_t kAddressesMax = 16;
// Fields that a caller adds to a request, and the bytes of one value.
inline constexpr std::size_t kRequestFieldsMax = 16;
inline constexpr std::size_t kRequestFieldBytesMax = 1024;
// Head of an answer: libcurl itself stops at 300 KiB in all and 100 KiB a line.
inline constexpr std::size_t kResponseHeadBytesMax = 256 * 1024;
// Text of a FetchResult for people.
inline constexpr std::size_t kFetchMessageBytesMax = 300;
// User agent with its contact; longer ones trip firewalls.
inline constexpr std::size_t kUserAgentBytesMax = 256;
// Multi handles: the cost of one grows with the hosts in it, a handle costs two descriptors.
inline constexpr std::size_t kShardsMax = 256;
// Lookups that wait for a resolver thread. Beyond, names fail as if the resolver were down.
inline constexpr std::size_t kLookupsWaitingMax = 100'000;
inline constexpr std::size_t kResolverThreadsMax = 256;
// Names that ThreadResolver remembers.
inline constexpr std::size_t kResolverCacheNamesMax = 200'000;
// Lines of a table of hosts, and bytes of one line.
inline constexpr std::size_t kHostsTableLinesMax = 10'000'000;
inline constexpr std::size_t kHostsTableLineBytesMax = 4096;

// --- hosts --------------------------------------------------------------------------------------

// A Crawl-delay beyond this is not waited for: the host is left after its robots.txt.
inline constexpr std::int64_t kCrawlDelayMsMax = 60'000;
// A Retry-After beyond this ends the step instead.
inline constexpr std::int64_t kRetryAfterMsMax = 600'000;
// Failed attempts at one host in one run, after which what is left of its plan is given up.
inline constexpr std::uint32_t kHostFailuresMax = 12;
// Redirects followed for one step: RFC 9309 section 2.3.1.2 asks for five, and readers of the index
// follow as many.
inline constexpr std::uint32_t kStepHopsMax = 5;
// Documents that one origin may name, and that may be asked of one origin by others.
inline constexpr std::size_t kNamedStepsMax = 32;
// One URL of a plan. What servers are asked for stops far below.
inline constexpr std::size_t kPlanUrlBytesMax = 4096;
// ETag and Last-Modified as sent back; longer ones are forgotten.
inline constexpr std::size_t kValidatorBytesMax = 512;
// Kept of a front page: what speaks about rights stands in its head.
inline constexpr std::size_t kFrontPageBytes = 256 * 1024;
// Kept of ai.txt, ai.json and trust.txt: honest ones have some KiB.
inline constexpr std::size_t kSmallFileBytes = 256 * 1024;
// RFC 9309 section 2.4: a cached robots.txt is used for at most a day.
inline constexpr std::int64_t kRobotsAgeMsMax = 24LL * 3600 * 1000;

}  // namespace crawlcard::crawler::limits
