// index/internal/writer.h - one thread a partition that writes rows, behind a bounded queue.
//
// Batches are applied in the order they came and given back empty, so that a steady ingest
// allocates no batches. Removals go through the same queues: what a removal finds unused can not be
// on its way.
//
// Thread rule: thread-safe but for Finish(), which is called once.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "base/result.h"
#include "index/internal/row_writer.h"
#include "index/internal/store_impl.h"

namespace crawlcard::index {

class Writer final : public RowWriter {
 public:
  // Borrows `store`. The queues share `queue_bytes_max`. `on_batch` may be empty; threads call it
  // one at a time.
  Writer(Store::Impl& store, std::size_t queue_bytes_max,
         std::function<void(std::uint64_t)> on_batch);
  ~Writer() override;

  bool Push(std::size_t partition, std::uint64_t file_id, Batch batch) override;
  Status Remove(std::set<std::uint64_t> ids) override;
  // Writes what is queued, makes it durable and ends the threads.
  Status Finish() override;
  std::size_t queued_bytes() const override;

 private:
  struct Work {
    Batch batch;                                    // or, when empty, a removal:
    std::set<std::uint64_t> remove;                 // of these files
    std::shared_ptr<std::promise<Status>> removed;  // shared with the worker that waits for it
  };
  struct Lane {
    explicit Lane(std::size_t bytes_max);
    BoundedQueue<Work> queue;
    std::thread thread;
  };

  void Run(std::size_t partition);
  void Apply(std::size_t partition, Batch batch);
  void Fail(const Error& error);
  void Join();

  Store::Impl& store_;
  std::function<void(std::uint64_t)> on_batch_;
  std::vector<std::unique_ptr<Lane>> lanes_;  // by partition

  std::mutex mutex_;
  std::uint64_t batches_ = 0;     // guarded by mutex_
  std::optional<Error> failure_;  // guarded by mutex_
};

}  // namespace crawlcard::index
