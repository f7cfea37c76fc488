// index/internal/batch_impl.h - what the workers of a batch share.
//
// Thread rule: thread-safe after Open().
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/result.h"
#include "index/batch.h"
#include "index/internal/batch_bodies.h"
#include "index/internal/batch_origins.h"
#include "index/internal/file_table.h"
#include "index/internal/store_impl.h"
#include "index/takedown_table.h"

namespace crawlcard::index {

class Batch::Impl {
 public:
  Impl(const Store& store, BatchOptions options);

  [[nodiscard]] Status Open();

  const Store::Impl& store() const { return store_; }
  const FileTable& files() const { return *files_; }
  const TakedownTable& takedowns() const { return *takedowns_; }
  const BatchOptions& options() const { return options_; }
  OriginTable& origins() const { return origins_; }
  BodiesTable& bodies() const { return bodies_; }
  // What a worker may keep for itself.
  std::size_t worker_bytes() const;
  void CountWorker(int change) const { workers_.fetch_add(change, std::memory_order_relaxed); }

 private:
  const Store::Impl& store_;
  const BatchOptions options_;
  std::shared_ptr<const FileTable> files_;  // both shared with other readers of the store
  std::shared_ptr<const TakedownTable> takedowns_;
  mutable OriginTable origins_;
  mutable BodiesTable bodies_;
  mutable std::atomic<int> workers_{0};
};

}  // namespace crawlcard::index
