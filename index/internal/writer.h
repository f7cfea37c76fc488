// index/internal/writer.h - the one thread that writes rows, behind a bounded queue.
//
// Workers hand over whole batches; the writer applies them in the order they came and gives them
// back empty, so that a steady ingest allocates no batches. Removals go through the same queue:
// what a removal finds unused can not be on its way.
//
// Thread rule: thread-safe but for Finish(), which is called once.
#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include <rocksdb/write_batch.h>

#include "base/bounded_queue.h"
#include "base/result.h"
#include "index/internal/store_impl.h"

namespace crawlcard::index {

class Writer {
 public:
  using Batch = std::unique_ptr<rocksdb::WriteBatch>;

  // Borrows `store`. `on_batch` may be empty.
  Writer(Store::Impl& store, std::size_t queue_bytes_max,
         std::function<void(std::uint64_t)> on_batch);
  ~Writer();

  // An empty batch, used before if there is one.
  Batch NewBatch();

  // Queues a batch; waits for room. False when the writer has failed: its error comes from
  // Finish().
  [[nodiscard]] bool Push(Batch batch);

  // Waits until the rows of these files are out.
  [[nodiscard]] Status Remove(std::set<std::uint64_t> ids);

  // Writes what is queued, makes it durable and ends the thread.
  [[nodiscard]] Status Finish();

  std::size_t queued_bytes() const { return queue_.load().bytes; }

 private:
  struct Work {
    Batch batch;                                    // or, when empty, a removal:
    std::set<std::uint64_t> remove;                 // of these files
    std::shared_ptr<std::promise<Status>> removed;  // shared with the worker that waits for it
  };

  void Run();
  void Apply(Batch batch);
  void Fail(const Error& error);

  Store::Impl& store_;
  std::function<void(std::uint64_t)> on_batch_;
  BoundedQueue<Work> queue_;
  std::uint64_t batches_ = 0;  // of the writer thread

  std::mutex mutex_;
  std::vector<Batch> spare_;      // guarded by mutex_
  std::optional<Error> failure_;  // guarded by mutex_

  std::thread thread_;
};

}  // namespace crawlcard::index
