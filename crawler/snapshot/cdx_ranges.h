// crawler/snapshot/cdx_ranges.h - from lines of a CDX to ranges of archive files, neighbours
// merged.
//
// Reads CDXJ ("SURT TIMESTAMP {json}") and JSON lines as the CDX server gives them. The rule of
// merging: two captures of one file are asked for together when the gap between them is small,
// since requests are what a server runs out of, not bytes (specs/common_crawl.md section 4).
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace crawlcard::crawler {

struct CdxPlace {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  bool operator==(const CdxPlace&) const = default;
};

struct CdxRange {
  std::string path;
  std::uint64_t first = 0;
  std::uint64_t end = 0;         // behind the last byte
  std::vector<CdxPlace> places;  // of the captures wanted, by offset, none twice

  bool operator==(const CdxRange&) const = default;
};

struct CdxRanges {
  std::vector<CdxRange> ranges;  // by path and offset
  std::uint64_t captures = 0;    // different ones
  std::uint64_t bad_lines = 0;   // no place that can be asked for
  UnixSeconds latest = 0;        // of the captures' times, where the lines tell them
};

// Gaps up to this are fetched along.
inline constexpr std::uint64_t kCdxGapBytes = 1'000'000;

// `bytes` may be gzip. Errors: kTooLarge, kCorrupt, kTruncated.
[[nodiscard]] Result<CdxRanges> ParseCdx(std::string_view bytes,
                                         std::uint64_t gap_bytes = kCdxGapBytes);

}  // namespace crawlcard::crawler
