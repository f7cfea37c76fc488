// index/internal/row_writer.h - where the rows of an ingest go: straight into the databases
// (writer.h), or into sorted files that they take over at the end (bulk_writer.h).
//
// Workers hand over whole batches, each for one partition. What a worker hands over for one
// partition keeps its order.
//
// Thread rule: thread-safe but for Finish(), which is called once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include <rocksdb/write_batch.h>

#include "base/result.h"

namespace crawlcard::index {

class RowWriter {
 public:
  using Batch = std::unique_ptr<rocksdb::WriteBatch>;

  virtual ~RowWriter() = default;
  RowWriter() = default;
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;

  // An empty batch, used before if there is one.
  Batch NewBatch() {
    const std::lock_guard lock(spare_mutex_);
    if (spare_.empty()) return std::make_unique<rocksdb::WriteBatch>();
    Batch batch = std::move(spare_.back());
    spare_.pop_back();
    return batch;
  }

  // Takes a batch of rows of one file and one partition; waits for room. False when the writer has
  // failed: its error comes from Finish().
  [[nodiscard]] virtual bool Push(std::size_t partition, std::uint64_t file_id, Batch batch) = 0;

  // Waits until the rows of these files are out of the index.
  [[nodiscard]] virtual Status Remove(std::set<std::uint64_t> ids) = 0;

  // Makes durable what was pushed.
  [[nodiscard]] virtual Status Finish() = 0;

  virtual std::size_t queued_bytes() const = 0;

 protected:
  // Keeps a batch for NewBatch(), unless one giant row has blown it up.
  void GiveBack(Batch batch) {
    constexpr std::size_t kSpareMax = 16;
    constexpr std::size_t kSpareBytesMax = 4 << 20;
    if (batch->GetDataSize() > kSpareBytesMax) return;
    batch->Clear();
    const std::lock_guard lock(spare_mutex_);
    if (spare_.size() < kSpareMax) spare_.push_back(std::move(batch));
  }

 private:
  std::mutex spare_mutex_;
  std::vector<Batch> spare_;  // guarded by spare_mutex_
};

}  // namespace crawlcard::index
