// index/internal/bulk_writer.h - rows of many files sorted outside the databases, and taken over by
// them as sorted files.
//
// Nothing is seen of the rows before Finish(); then each partition takes its files with the ledger
// entries of all sealed ones in one step. A crash before the last partition leaves entries that not
// every partition has: such files count as unsealed, as after any other crash. Rows of files that
// were not sealed are left out.
//
// Thread rule: see RowWriter.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "index/internal/row_writer.h"
#include "index/internal/sorted_runs.h"
#include "index/internal/store_impl.h"

namespace crawlcard::index {

class BulkWriter final : public RowWriter {
 public:
  // Borrows `store`. As many buffers as `jobs` share `memory_bytes`. `on_step` may be empty; it is
  // called after each batch and each step of Finish(), one at a time.
  BulkWriter(Store::Impl& store, unsigned jobs, std::size_t memory_bytes,
             std::function<void()> on_step);
  ~BulkWriter() override;

  bool Push(std::size_t partition, std::uint64_t file_id, Batch batch) override;
  // Of what the databases hold; nothing that was pushed here is taken back.
  Status Remove(std::set<std::uint64_t> ids) override;
  Status Finish() override;
  std::size_t queued_bytes() const override { return 0; }

  std::size_t spills() const { return runs_.spills(); }

 private:
  class BatchReader;

  void Step();
  [[nodiscard]] Status WritePartition(std::size_t partition);
  void KeepEntry(std::uint64_t file_id, std::string_view value);
  bool IsSealed(std::uint64_t file_id) const { return sealed_.contains(file_id); }

  Store::Impl& store_;
  const unsigned jobs_;
  const std::string directory_;
  std::function<void()> on_step_;
  SortedRuns runs_;

  std::mutex mutex_;
  std::optional<Error> failure_;                 // guarded by mutex_
  std::map<std::uint64_t, std::string> sealed_;  // guarded by mutex_ until Finish(): ledger values
  std::mutex remove_mutex_;
};

}  // namespace crawlcard::index
