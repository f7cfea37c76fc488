// index/internal/sorted_runs.h - rows in any order in, rows in key order out: an external sort.
//
// Rows gather in buffers, as many as there are workers; a full buffer is sorted by the worker that
// filled it and spilled to a file in DIR/tmp. Where nothing was spilled, the buffers are merged as
// they stand. Many spilled runs are merged into one before they become too many to read at once.
//
//   run file   record*            partition by partition, in each by family, key and file
//   record     head bytes:4  value bytes:4  head  value
//   head       partition:2  family:1  key  file:8            big-endian
//
// Thread rule: Add() is thread-safe; ForEach() after the last Add() and Seal(), from any threads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/schema.h"

namespace crawlcard::index {

class SortedRuns {
 public:
  struct Row {
    Family family = Family::kPages;
    std::string_view key;
    std::uint64_t file_id = 0;
    std::string_view value;
  };

  // Spilled runs go to `directory`, which is made when it is needed. `buffers` share
  // `memory_bytes`. `partitions` is how many numbers Add() may be given.
  SortedRuns(std::string directory, std::size_t memory_bytes, unsigned buffers,
             std::size_t partitions);
  ~SortedRuns();
  SortedRuns(const SortedRuns&) = delete;
  SortedRuns& operator=(const SortedRuns&) = delete;

  // Waits for a buffer, calls `feed` with it, spills it if it is full. Errors: kIo.
  class Buffer;
  [[nodiscard]] Status Add(const std::function<void(Buffer&)>& feed);

  // Sorts what is still in memory. Errors: kIo.
  [[nodiscard]] Status Seal();

  // All rows of a partition by family, key and file id; equal ones follow each other.
  [[nodiscard]] Status ForEach(std::size_t partition,
                               const std::function<Status(const Row&)>& on_row) const;

  std::uint64_t rows() const { return rows_; }
  std::size_t spills() const { return spills_; }

 private:
  struct Run;
  [[nodiscard]] Status Spill(Buffer& buffer);
  [[nodiscard]] Status MergeSpilled(std::unique_lock<std::mutex>& lock);
  [[nodiscard]] Result<std::unique_ptr<Run>> NewRun();

  const std::string directory_;
  const std::size_t buffer_bytes_;
  const std::size_t partitions_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Buffer>> buffers_;
  std::vector<Buffer*> free_;               // guarded by mutex_
  std::vector<std::unique_ptr<Run>> runs_;  // guarded by mutex_ until Seal()
  std::uint64_t rows_ = 0;                  // guarded by mutex_ until Seal()
  std::size_t spills_ = 0;                  // guarded by mutex_ until Seal()
  std::size_t files_made_ = 0;              // guarded by mutex_
};

// Rows that wait to be sorted.
class SortedRuns::Buffer {
 public:
  void Put(std::size_t partition, const Row& row);

 private:
  friend class SortedRuns;

  void Sort();
  std::size_t bytes() const { return bytes_.size() + places_.size() * sizeof(std::uint64_t); }

  std::string bytes_;                  // records, as in a run file
  std::vector<std::uint64_t> places_;  // of records in bytes_
};

}  // namespace crawlcard::index
