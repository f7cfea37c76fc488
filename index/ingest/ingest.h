// index/ingest/ingest.h - many archive files into one index: workers, one writer, a ledger.
//
// Idempotent: a file that the ledger holds whole, with the same size and XXH3-128, is skipped; any
// order, any number of workers and any crash lead to the same rows. Memory is bounded by queues.
//
// Thread rule: Ingest() runs its own threads and returns when they are done.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/log_event.h"
#include "base/result.h"
#include "base/time.h"
#include "index/ingest/observe.h"
#include "index/ledger.h"
#include "index/limits.h"
#include "index/store.h"

namespace crawlcard::index {

struct IngestInput {
  std::string path;  // what is opened; "-" is standard input
  std::string name;  // archive-relative name
  // Not empty: opens the bytes instead of `path`, such as those of a transfer. Called by the worker
  // that reads the file, once, or twice where it has to be compared with a known one first.
  std::function<Result<std::unique_ptr<FileSource>>()> open = {};
};

// How rows reach the index: through its databases' own buffers, or sorted outside of them (faster
// from some hundred MiB of input on; nothing is seen of it, and a crash loses it, before a portion
// of the input is done).
enum class BulkMode : std::uint8_t { kAuto, kAlways, kNever };

struct IngestOptions {
  // Affects facts.
  ObserveFileOptions observe;
  bool replace = false;  // a different file under a known name takes its place

  // Affects speed and memory.
  unsigned jobs = 1;
  std::uint64_t queue_bytes_max = 16ULL << 20;
  std::uint64_t batch_bytes = 1ULL << 20;
  BulkMode bulk = BulkMode::kAuto;
  std::uint64_t bulk_portion_bytes = limits::kBulkPortionBytes;  // of input
  std::uint64_t stretch_bytes = limits::kStretchBytes;           // of a file, for several workers

  // The clock of the ledger.
  UnixSeconds now = 0;

  // Called by the writer after each batch, and each step of a bulk build, with the number of
  // batches so far: for progress that must be exact, and for tests that pull the plug. May be
  // empty.
  std::function<void(std::uint64_t)> on_batch;
};

// Progress so far; read by another thread.
struct IngestProgress {
  std::atomic<std::uint64_t> files_done{0};
  std::atomic<std::uint64_t> files_total{0};
  std::atomic<std::uint64_t> records{0};
  std::atomic<std::uint64_t> captures{0};
  std::atomic<std::uint64_t> bytes_in{0};  // compressed bytes read
  std::atomic<std::uint64_t> damaged{0};
  std::atomic<std::uint64_t> queue_bytes{0};
};

struct IngestSummary {
  std::uint64_t files_ingested = 0;
  std::uint64_t files_skipped = 0;          // known, same bytes
  std::uint64_t files_skipped_damaged = 0;  // of these: known to be damaged
  std::uint64_t files_damaged = 0;          // ingested with damage
  std::uint64_t files_failed = 0;           // could not be opened or refused
  FileCounts counts;                        // of the files ingested
  std::uint64_t bytes_in = 0;
  std::vector<Error> first_errors;  // at most 100, with file and offset
};

// Errors: kIo, kLocked, kSchema, kCancelled (rows of finished files are in; start again).
[[nodiscard]] Result<IngestSummary> Ingest(Store& store, const std::vector<IngestInput>& inputs,
                                           const IngestOptions& options, const LogSink& log,
                                           IngestProgress& progress,
                                           const std::atomic<bool>& stop_requested);

}  // namespace crawlcard::index
