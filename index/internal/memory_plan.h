// index/internal/memory_plan.h - how the bytes that an index may use are shared out.
//
// The bound is the user's (--memory). What is left beside these shares is for the workers: windows
// of the files that they read, the capture at hand, stretches that wait for their turn.
//
// Thread rule: values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "index/limits.h"

namespace crawlcard::index {

struct MemoryPlan {
  std::size_t block_cache = 0;    // blocks, indexes, filters and open tables of all partitions
  std::size_t write_buffers = 0;  // rows that are not on disk yet, of all partitions
  std::size_t queues = 0;         // batches on their way to the writers
  std::size_t runs = 0;           // of a bulk build: rows that are being sorted
  std::size_t stretches = 0;      // of files that were begun by a guess, of all workers
};

inline MemoryPlan PlanMemory(std::uint64_t memory_bytes) {
  const auto bytes = static_cast<std::size_t>(
      std::clamp(memory_bytes, limits::kMemoryBytesMin, limits::kMemoryBytesMax));
  // A bulk build has no use for write buffers, and an ordinary one none for runs.
  return {.block_cache = bytes / 8,
          .write_buffers = bytes / 8,
          .queues = std::min<std::size_t>(bytes / 32, 64U << 20),
          .runs = bytes / 4,
          .stretches = bytes / 8};
}

}  // namespace crawlcard::index
