// crawler/snapshot/snapshot_job.h - one snapshot into one index: listings, ledger, transfers,
// ingest.
//
// The ledger of the index is the job's memory: a file that it holds sealed is finished and never
// asked for again; every other one is read from its start, or with --keep from where it broke off.
// Rows of a file that was only half read are taken out before it is read again, so that a job that
// was killed at any moment and started again gives the index that an undisturbed one gives.
//
// Thread rule: RunSnapshot() runs ingest's threads and returns when they are done. It must not be
// called on the network thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/log_event.h"
#include "base/result.h"
#include "base/shard.h"
#include "crawler/snapshot/listing.h"
#include "crawler/snapshot/mirror.h"
#include "crawler/snapshot/segment_fetcher.h"
#include "index/ingest/ingest.h"
#include "index/store.h"

namespace crawlcard::crawler {

struct SnapshotOptions {
  // Affects behaviour.
  std::string id;
  std::vector<Subset> subsets{Subset::kRobotstxt, Subset::kWarc};
  Mirror mirror;
  std::optional<std::uint64_t> limit;  // files of each subset, before the shard is taken
  Shard shard;                         // of the lines of the listings
  std::string keep_directory;          // empty: segments are not kept
  index::IngestOptions ingest;

  // Affects speed.
  std::uint32_t transfers = 4;  // segments read side by side
  std::uint64_t seed = 0;       // of the order of files
};

struct SnapshotSummary {
  std::uint64_t files_listed = 0;    // of this shard, within the limit
  std::uint64_t files_finished = 0;  // of these: in the index before, not asked for
  std::uint64_t files_ingested = 0;
  std::uint64_t files_damaged = 0;  // of these: with damage that a second reading found again
  std::uint64_t files_failed = 0;
  std::uint64_t paths_refused = 0;  // lines of listings that are no safe path
  std::uint64_t files_reread = 0;   // read again, since they changed or came with damage
  index::FileCounts counts;
  std::uint64_t bytes_in = 0;
  std::vector<Error> first_errors;
  SegmentFetcherCounts network;
};

// `fetcher` may be null when the mirror is local.
// Errors: kNotFound (no such crawl or listing), kInvalidArgument, kIo, kLocked, kSchema,
// kCancelled.
[[nodiscard]] Result<SnapshotSummary> RunSnapshot(index::Store& store, SegmentFetcher* fetcher,
                                                  const SnapshotOptions& options,
                                                  const LogSink& log,
                                                  index::IngestProgress& progress,
                                                  const std::atomic<bool>& stop_requested);

}  // namespace crawlcard::crawler
