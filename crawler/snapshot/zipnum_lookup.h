// crawler/snapshot/zipnum_lookup.h - captures of a URL, host or domain, looked up in the ZipNum of
// a mirror.
//
// cluster.idx is searched by halves with small ranges, then the blocks that can hold a line are
// fetched, each by its range: some twenty requests for a URL among billions. docs/formats/cdx.md;
// specs of the search: specs/common_crawl.md section 11.
//
// Thread rule: not to be called on the network thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crawler/snapshot/mirror.h"
#include "crawler/snapshot/segment_fetcher.h"

namespace crawlcard::crawler {

// Lines from `lower` on and below `upper`, by their bytes.
struct CdxKeyRange {
  std::string lower;
  std::string upper;

  bool operator==(const CdxKeyRange&) const = default;
};

// The ranges of "https://example.org/a" (that URL), "example.org" (that host, any port) or
// "*.example.org" (all hosts below it, too). Errors: kInvalidArgument.
[[nodiscard]] Result<std::vector<CdxKeyRange>> CdxKeyRangesOf(std::string_view pattern);

// Where the ZipNum of a crawl is: "cc-index/collections/ID/indexes".
std::string ZipNumDirectory(std::string_view crawl_id);

struct ZipNumCounts {
  std::uint64_t reads = 0;   // ranges asked for
  std::uint64_t blocks = 0;  // of them, blocks of lines
  std::uint64_t lines = 0;   // found
};

// Calls `on_line` for each line of `ranges`, end included. `fetcher` may be null when the mirror is
// local. Errors: kNotFound without a cluster.idx, kCorrupt, kTooLarge beyond
// limits::kZipNumLookupBlocksMax, kIo, kCancelled, and what `on_line` returned.
[[nodiscard]] Result<ZipNumCounts> LookUpZipNum(
    SegmentFetcher* fetcher, const Mirror& mirror, const std::string& directory,
    const std::vector<CdxKeyRange>& ranges,
    const std::function<Status(std::string_view line)>& on_line,
    const std::atomic<bool>& stop_requested);

}  // namespace crawlcard::crawler
