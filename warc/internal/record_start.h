// warc/internal/record_start.h - what the first bytes of a record and of a file can look like.
//
// Pure functions over bytes in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace crawlcard::warc::internal {

enum class UnitKind : std::uint8_t {
  kPlain,      // a record starts here, not compressed
  kGzip,       // RFC 1952
  kZstd,       // RFC 8878, a frame
  kSkippable,  // RFC 8878, a skippable frame
  kZeros,
  kLz4,
  kZip,
  kCut,      // the first bytes of a member, then nothing
  kUnknown,  // nothing of these
};

// Tells what starts at the front of `bytes`, which is all there is when it is shorter than 64.
UnitKind SniffUnit(std::string_view bytes);

inline constexpr std::string_view kGzipMagic("\x1f\x8b\x08", 3);
inline constexpr std::string_view kZstdMagic("\x28\xb5\x2f\xfd", 4);

// The skippable frame that holds a dictionary (IIPC draft, WARC with zstd, section 4).
inline constexpr std::string_view kDictionaryMagic("\x5d\x2a\x4d\x18", 4);

// "WARC/" in any case.
bool StartsWarc(std::string_view bytes);

// A text that could become "WARC/..." or a gzip member if it went on.
bool IsCutWarc(std::string_view bytes);

// True when `bytes` starts as a record does: "WARC/" or an ARC header line.
bool StartsRecord(std::string_view bytes);

// Finds the next place at or after `from` (which is at least 1) where a line starts a record: a
// WARC version line with a header field on the next line, or, when `is_arc`, an ARC header line. A
// record that starts in the last bytes may be missed unless its first two lines are there. npos
// when there is none.
std::size_t FindRecordStart(std::string_view text, std::size_t from, bool is_arc);

}  // namespace crawlcard::warc::internal
