// index/merge.h - the union of indexes.
//
// Rows are read from all sources in key order and written as sorted files, which the target takes
// over; nothing is written row by row. A file of the ledger is taken from one source: its rows are
// equal in all. The result does not depend on the order of the sources, and merging again changes
// nothing. After a crash the target holds each file whole or unsealed: merge again.
//
// Thread rule: Merge() runs its own threads and returns when they are done.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "index/store.h"

namespace crawlcard::index {

struct MergeOptions {
  unsigned jobs = 1;
  // Called after each step with the number of steps so far, for tests that pull the plug. May be
  // empty.
  std::function<void(std::uint64_t)> on_step;
};

struct MergeSummary {
  std::uint64_t indexes = 0;
  std::uint64_t files_merged = 0;     // new in the target
  std::uint64_t files_known = 0;      // were there already
  std::uint64_t files_unsealed = 0;   // left out: no index has all of their rows
  std::uint64_t rows = 0;             // of pages and hosts
  std::uint64_t blobs = 0;            // written: one a partition that names it
  std::vector<std::string> unsealed;  // names, at most limits::kSummaryErrorsMax
};

// Adds what `sources` hold to `into`.
//
// Errors: kConflict when two indexes hold different files under one name, kSchema when they were
// built with other options or fact code, kCancelled, kIo, kCorrupt. The first two leave the target
// as it was.
[[nodiscard]] Result<MergeSummary> Merge(Store& into,
                                         const std::vector<std::unique_ptr<Store>>& sources,
                                         const MergeOptions& options,
                                         const std::atomic<bool>& stop_requested);

}  // namespace crawlcard::index
