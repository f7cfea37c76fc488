// index/internal/for_each_partition.h - work on the partitions of an index, side by side.
//
// Thread rule: runs its own threads and returns when they are done.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"

namespace crawlcard::index {

// Calls `work(i)` for each partition on at most `jobs` threads. The first error ends it.
template <class Work>
Status ForEachPartition(std::size_t partitions, unsigned jobs, const Work& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  Status first;
  const auto run = [&] {
    for (;;) {
      const std::size_t i = next.fetch_add(1);
      if (i >= partitions) return;
      Status status = work(i);
      if (status) continue;
      next.store(partitions);
      const std::lock_guard lock(mutex);
      if (first) first = std::move(status);
      return;
    }
  };
  std::vector<std::thread> workers;
  for (std::size_t i = 1; i < std::min<std::size_t>(std::max(jobs, 1U), partitions); ++i) {
    workers.emplace_back(run);
  }
  run();
  for (std::thread& worker : workers) worker.join();
  return first;
}

}  // namespace crawlcard::index
