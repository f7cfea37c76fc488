// index/limits.h - what one row, one batch and one ingest may cost.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crawlcard::index::limits {

// A URL beyond this gets no SURT key (it sorts under "-"); browsers and servers stop far below.
inline constexpr std::size_t kKeyUrlBytesMax = 16 * 1024;

// Kept of a well-known file. Twice the largest of what robots/ reads of any of them.
inline constexpr std::size_t kBlobBytesMax = 2 << 20;

// Fragment rules of one page kept as statements; templates repeat one for every teaser.
inline constexpr std::size_t kFragmentSignalsMax = 100;

// Documents named elsewhere that a reader keeps parsed, and captures of one of them that it looks
// at.
inline constexpr std::size_t kNamedDocumentsMax = 256;
inline constexpr std::size_t kNamedDocumentVersionsMax = 1000;

// Redirect hops followed from a robots.txt, RFC 9309 section 2.3.1.2.
inline constexpr int kRobotsHopsMax = 5;
// The hops of one fetch stand in one file and follow each other within seconds; a slow origin with
// retries needs minutes.
inline constexpr std::int64_t kRobotsHopSecondsMax = 120;

// parts.json, which says in one line what the parts of a build have in common.
inline constexpr std::uint64_t kPartsPlanBytesMax = 4096;

// JSON of one WAT record: a page of 5 MiB made of links alone grows to some 12 MiB. The index of
// its tokens takes five times as much memory.
inline constexpr std::size_t kWatJsonBytesMax = 16 << 20;
// How far the first member of a WAT record may stand from its start.
inline constexpr std::size_t kWatStartBytesMax = 256;
// Links of one WAT record that may name a licence.
inline constexpr std::size_t kWatLinksMax = 4096;

// Messages kept in a summary; all of them are counted.
inline constexpr std::size_t kSummaryErrorsMax = 100;

// A charset name of an annotation; the longest WHATWG label has 19 bytes.
inline constexpr std::size_t kCharsetBytesMax = 40;

// Bytes of a FileInfo value; operators write a sentence.
inline constexpr std::size_t kFileInfoBytesMax = 4096;

// Rows that wait to be hashed for a tree; what is read of a tree kept in a file or of a file that a
// note names, and of a proof.
inline constexpr std::size_t kTreeQueueBytesMax = 64 << 20;
inline constexpr std::uint64_t kTreeFileBytesMax = std::uint64_t{4} << 30;
inline constexpr std::uint64_t kProofBytesMax = 64 << 20;
// Leaves that a proof shows of one question unless asked for more or fewer, and at most.
inline constexpr std::uint64_t kProofLeavesDefault = 100;
inline constexpr std::uint64_t kProofLeavesMax = 10'000;

// A takedown request: an id is a registry's number, a basis a sentence or two.
inline constexpr std::size_t kTakedownIdBytesMax = 256;
inline constexpr std::size_t kTakedownBasisBytesMax = 4096;
// How far into a file its first request is looked for; a line of one is shorter than a line of CDX.
inline constexpr std::size_t kTakedownSniffBytesMax = 4096;

// Key ranges a scan is cut into, for each worker: small enough to even out, large enough to be
// rare.
inline constexpr unsigned kRangesPerJob = 4;
inline constexpr unsigned kJobsMax = 256;

// Bodies that a scan numbers before it starts, with some 50 bytes each.
inline constexpr std::size_t kScanBodiesNumberedMax = 2 * 1024 * 1024;

// What a scan without text remembers for each range: bodies of well-known files that it has parsed
// (a parsed one takes some ten times its bytes), verdicts for them, what rows say alike, and for
// one origin the times between two observations.
inline constexpr std::size_t kScanBodyBytesMax = 8 << 20;
inline constexpr std::size_t kScanBodiesMax = 16 * 1024;
inline constexpr std::size_t kScanAlikeMax = 16 * 1024;
inline constexpr std::size_t kScanCodesMax = 256 * 1024;
inline constexpr std::size_t kScanStandingsMax = 256;

// Decoded well-known files kept for origins that serve the same bytes.
inline constexpr std::size_t kParsedFileCacheBytesMax = 64 << 20;

// What a batch of questions keeps for the next ones: hosts, their files, verdicts.
inline constexpr std::uint64_t kBatchMemoryBytesDefault = 256ULL << 20;
// Standings of one origin that it remembers; captures of one URL that it looks at in one go.
inline constexpr std::size_t kBatchStandingsMax = 64;
inline constexpr std::size_t kBatchCapturesMax = 64;
// URLs that it takes apart in its own, fast way. Far below what the parsers themselves read.
inline constexpr std::size_t kBatchUrlBytesMax = 4096;

// A file is cut this often for several workers: large enough that finding the first capture (one
// record each) costs nothing, small enough that the last ones even out.
inline constexpr std::uint64_t kStretchBytes = 4ULL << 20;
// Results of a stretch that may have been guessed wrong; beyond it, its worker waits. As many
// stretches as there are workers may hold them.
inline constexpr std::size_t kStretchHeldBytesMax = 16 << 20;

// From this much input on it is sorted outside the databases: there it would be compacted.
inline constexpr std::uint64_t kBulkBytes = 256ULL << 20;
// Input of one bulk build: what a crash costs is reading this again, at most.
inline constexpr std::uint64_t kBulkPortionBytes = 16ULL << 30;

// Databases that one index is split into: each costs some ten open files.
inline constexpr unsigned kPartitionsMax = 256;

// Memory that an open index may use (--memory). Below the least, one capture of several MiB would
// not leave room for anything else: eight workers take 96 MiB with it (docs/formats/index.md).
inline constexpr std::uint64_t kMemoryBytesDefault = 1ULL << 30;
inline constexpr std::uint64_t kMemoryBytesMin = 128ULL << 20;
inline constexpr std::uint64_t kMemoryBytesMax = 1ULL << 40;

// A frontier (kv_store.h), whose rows are small and short-lived.
inline constexpr std::size_t kKvCacheBytes = 8 << 20;
inline constexpr std::size_t kKvWriteBufferBytes = 8 << 20;

}  // namespace crawlcard::index::limits
