// crawler/snapshot/cdx_job.h - single captures of a snapshot, found by a CDX, as an archive of
// their own.
//
// Ranges are fetched side by side, records are copied byte for byte into one WARC file whose name
// and contents follow from the list of captures alone: the same CDX gives the same file, and an
// index that holds it already asks for nothing. Before the records of each range stands a metadata
// record that names the file and the bytes they were copied from.
//
// Thread rule: FetchCdx() returns when all is done; not to be called on the network thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "base/log_event.h"
#include "base/result.h"
#include "crawler/snapshot/cdx_ranges.h"
#include "crawler/snapshot/mirror.h"
#include "crawler/snapshot/segment_fetcher.h"
#include "index/store.h"

namespace crawlcard::crawler {

struct CdxJobOptions {
  std::string directory;  // for the WARC file
  Mirror mirror;
  std::uint32_t transfers = 4;
  std::string software;  // for warcinfo
  std::string user_agent;
};

struct CdxJobSummary {
  std::uint64_t captures = 0;
  std::uint64_t captures_failed = 0;  // not there, or not a record
  std::uint64_t ranges = 0;
  std::uint64_t ranges_failed = 0;  // transfers that failed: the file was not kept, try again
  std::uint64_t bad_lines = 0;
  bool known = false;       // the index holds the file: nothing was asked for
  std::string warc_file;    // path; empty when no capture could be had
  std::string first_error;  // of a range or a record
};

// `fetcher` may be null when the mirror is local.
// Errors: kIo, kCancelled, and those of ParseCdx().
[[nodiscard]] Result<CdxJobSummary> FetchCdx(const index::Store& store, SegmentFetcher* fetcher,
                                             std::string_view cdx, const CdxJobOptions& options,
                                             const std::atomic<bool>& stop_requested);

}  // namespace crawlcard::crawler
