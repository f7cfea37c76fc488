// index/interchange/limits.h - what lines, blocks and sorts of the exchange formats may cost.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crawlcard::index::limits {

// One line of a CDX: a URL of kKeyUrlBytesMax twice, once as its key, and a redirect.
inline constexpr std::size_t kCdxLineBytesMax = 64 * 1024;

// How far into a file its first line of CDX is looked for.
inline constexpr std::size_t kCdxSniffBytesMax = 16 * 1024;

// A block of a CDX that unpacks to at most this tells its own length: one of ZipNum has 1.4 MB.
inline constexpr std::size_t kCdxBlockBytesMax = std::size_t{8} << 20;

// Lines in one block of ZipNum, as Common Crawl has them.
inline constexpr std::uint64_t kZipNumBlockLines = 3000;

// Blocks in one cdx-NNNNN.gz: nine million lines, as in Common Crawl's shards.
inline constexpr std::uint64_t kZipNumBlocksMax = 3000;

// Rows of a sort in memory, before they go to disk.
inline constexpr std::size_t kSortBytes = std::size_t{128} << 20;
// The least that a sort can work with.
inline constexpr std::size_t kSortBytesMin = 64 * 1024;
// Sorted runs that are merged at once; each has a file open and a buffer.
inline constexpr std::size_t kSortRunsMax = 64;
inline constexpr std::size_t kSortRunBufferBytes = 64 * 1024;
// One record of a sort.
inline constexpr std::size_t kSortRecordBytesMax = 256 * 1024;

// Hosts that differ by "www" alone, and robots.txt bodies of one host told apart in a table.
inline constexpr std::size_t kHostsOfGroupMax = 256;
inline constexpr std::size_t kHostDigestsMax = 1000;

}  // namespace crawlcard::index::limits
