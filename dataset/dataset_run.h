// dataset/dataset_run.h - a pass over the rows of many files, on many threads.
//
// Readers unpack files and cut them into blocks of rows; workers judge blocks; what comes of them
// is handed on in the order of the rows of a file. Blocks under way are bounded in bytes, file by
// file, so that a slow one never fills the memory and no thread waits for another's turn.
//
// Thread rule: Run() may be called once; it starts and ends the threads.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "dataset/block_judge.h"
#include "dataset/fields.h"
#include "dataset/tally.h"
#include "index/batch.h"
#include "index/ingest/ingest.h"

namespace crawlcard::dataset {

// What becomes of one file, in the order of its rows. Called by one thread at a time.
class FileSink {
 public:
  virtual ~FileSink() = default;
  [[nodiscard]] virtual Status Take(BlockResult& result) = 0;
  // The file was read to its end, or to where its damage begins.
  [[nodiscard]] virtual Status Finish(const Tally& tally, const std::optional<Error>& damage) = 0;
};

struct RunOptions {
  FieldNames fields;
  std::optional<RowFormat> format;  // unset: by the name of each file, else by its first byte
  std::string duckdb;               // library for Parquet
  unsigned jobs = 1;
  std::uint64_t memory_bytes = std::uint64_t{256} << 20;  // of blocks under way
  bool files_in_order = false;  // sinks of later files wait for those of earlier ones
};

struct RunHandlers {
  // The sink of a file, null where there is nothing to do with it but counting. Asked for when the
  // file's head is known.
  std::function<Result<std::unique_ptr<FileSink>>(std::size_t file, const FileHead& head)>
      open_sink;
  // Damage, with file and place: of an input, or of a row. At most limits::kFaultsToldMax rows a
  // file. Thread-safe.
  std::function<void(const Error& error)> on_damage;
  // A file that could not be read at all. Thread-safe.
  std::function<void(const Error& error)> on_failure;
  // Observers of a file's blocks, in order; one thread at a time, file after file only with
  // files_in_order.
  std::function<void(std::size_t file, RowObserver& observer)> on_observed;
};

struct FileOutcome {
  bool is_done = false;  // read to its end or its damage
  bool is_damaged = false;
  bool is_failed = false;
  Tally tally;
};

class DatasetRun {
 public:
  // Borrows all of them.
  DatasetRun(const index::Batch& batch, const JudgeJob& job, const RunOptions& options,
             const RunHandlers& handlers);
  ~DatasetRun();
  DatasetRun(const DatasetRun&) = delete;
  DatasetRun& operator=(const DatasetRun&) = delete;

  // One outcome a file, in their order. `progress` counts rows as records. Errors: kCancelled when
  // `stop` was set, kIo where the machine fails, kCorrupt of the index, whatever a sink says.
  [[nodiscard]] Result<std::vector<FileOutcome>> Run(const std::vector<std::string>& files,
                                                     index::IngestProgress& progress,
                                                     const std::atomic<bool>& stop);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// The format of a file by its name ("a.jsonl.gz"); nullopt where the name says nothing.
std::optional<RowFormat> FormatFromName(std::string_view name);

// "jsonl", "csv", "tsv", "text", "parquet".
std::optional<RowFormat> FormatFromWord(std::string_view word);

}  // namespace crawlcard::dataset
