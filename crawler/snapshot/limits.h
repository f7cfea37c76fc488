// crawler/snapshot/limits.h - what listings, indexes and transfers of one snapshot may cost.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crawlcard::crawler::limits {

// A listing as it comes and unpacked: 100,000 paths take 1 MB and 14 MB.
inline constexpr std::size_t kListingBytesMax = std::size_t{16} << 20;
inline constexpr std::size_t kListingTextBytesMax = std::size_t{128} << 20;
inline constexpr std::size_t kListingPathBytesMax = 1024;
inline constexpr std::size_t kListingPathsMax = 500'000;

// The first pause after a 403; later ones double up to it, too.
inline constexpr std::uint64_t kBlockPauseSecondsMax = 3600;

// collinfo.json has some 120 entries in 40 KB.
inline constexpr std::size_t kCollinfoBytesMax = std::size_t{8} << 20;

// Parallel transfers of one process: the operator asks for at most 4 to 8.
inline constexpr std::uint32_t kTransfersMax = 64;

// Bytes that wait between the network and the reader of one segment.
inline constexpr std::size_t kFeedBytesMax = std::size_t{8} << 20;
inline constexpr std::size_t kFeedItemsMax = 1024;

// A CDX file of --from-cdx, unpacked; one line of it; one record; one range of merged records.
inline constexpr std::size_t kCdxBytesMax = std::size_t{256} << 20;
inline constexpr std::size_t kCdxLineBytesMax = 64 * 1024;
inline constexpr std::uint64_t kCdxRecordBytesMax = std::uint64_t{16} << 20;
inline constexpr std::uint64_t kCdxRangeBytesMax = std::uint64_t{32} << 20;

// Blocks of a ZipNum: packed (Common Crawl's have 250 KB), unpacked, and for one lookup.
inline constexpr std::uint64_t kZipNumBlockBytesMax = std::uint64_t{8} << 20;
inline constexpr std::size_t kZipNumTextBytesMax = std::size_t{32} << 20;
inline constexpr std::size_t kZipNumLookupBlocksMax = 1000;

}  // namespace crawlcard::crawler::limits
