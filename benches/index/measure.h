// benches/index/measure.h - what the programs that measure an index share.
//
// "Bare" is one thing for all of them, since their ratios are held against each other.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <sys/resource.h>
#include <time.h>

#include "index/internal/store_impl.h"
#include "index/store.h"

namespace crawlcard::bench {

// Of the calling thread.
inline double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

inline std::uint64_t PeakBytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

// A measurement that cannot be made ends the program.
inline void Check(const Status& status) {
  if (status) return;
  fmt::print(stderr, "{}\n", status.error().ToString());
  std::exit(1);
}

inline std::unique_ptr<index::Store> OpenIndex(const std::string& directory) {
  Result<std::unique_ptr<index::Store>> store =
      index::Store::Open(directory, index::OpenMode::kRead);
  if (!store) Check(tl::unexpected(store.error()));
  return std::move(*store);
}

// Every row of both families, with a look at one byte of each value.
inline std::uint64_t IterateBare(const index::Store& store, std::uint64_t& sum) {
  std::uint64_t rows = 0;
  for (const index::Family family : {index::Family::kHosts, index::Family::kPages}) {
    const auto all = store.impl().NewIterator(family, nullptr);
    for (all->SeekToFirst(); all->Valid(); all->Next()) {
      sum += static_cast<unsigned char>(all->value()[0]) + all->key().size();
      ++rows;
    }
  }
  return rows;
}

}  // namespace crawlcard::bench
