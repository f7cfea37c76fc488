// warc/limits.h - what one archive file may cost.
#pragma once

#include <cstddef>
#include <cstdint>

namespace crawlcard::warc::limits {

// Common Crawl cuts payloads at 5 MiB; other archives keep videos. 64 MiB keeps two workers with
// their decoded bodies inside 512 MiB.
inline constexpr std::uint64_t kBlockBytesMax = 64ULL << 20;

// Real headers stay under 4 KiB; Heritrix writes long metadata URIs. Beyond this it is no header.
inline constexpr std::uint64_t kHeaderBytesMax = 1ULL << 20;

// Fields of one record header; real records have about 15.
inline constexpr std::uint64_t kHeaderFieldsMax = 1000;

// The one header line of an ARC record: a URL and four short fields.
inline constexpr std::uint64_t kArcLineBytesMax = 64ULL << 10;

// A dictionary at the head of a .warc.zst file; writers train 100 KiB to 1 MiB.
inline constexpr std::uint64_t kDictionaryBytesMax = 8ULL << 20;

// Members that unpack to at most this are unpacked at once, larger ones in pieces.
inline constexpr std::size_t kWholeMemberBytesMax = std::size_t{8} << 20;

// A file that we write is sealed when it is past this: the size of Common Crawl's files.
inline constexpr std::uint64_t kSealBytesDefault = 1ULL << 30;

// Header of a record that we write; the URI is nearly all of it. Far under what readers allow.
inline constexpr std::uint64_t kWrittenHeaderBytesMax = 64ULL << 10;

}  // namespace crawlcard::warc::limits
