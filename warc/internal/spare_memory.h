// warc/internal/spare_memory.h - memory of buffers that are gone, for the next ones of the thread.
//
// Memory: kSpareBlocksMax blocks a thread, of kSpareBytesMax each; larger ones are given back.
// Thread rule: functions are thread-safe; each thread has its own.
#pragma once

#include <cstddef>
#include <memory>

namespace crawlcard::warc::internal {

// What one reader of gzip members has, and no more of it.
inline constexpr std::size_t kSpareBlocksMax = 5;
inline constexpr std::size_t kSpareBytesMax = std::size_t{2} << 20;

// Deletes a block by keeping it, if it may be kept. `bytes` is its size.
struct KeepSpare {
  std::size_t bytes = 0;
  void operator()(char* memory) const;
};
// Of malloc.
using MemoryBlock = std::unique_ptr<char, KeepSpare>;

// A block that was kept, or null, with 0 bytes.
MemoryBlock TakeSpare();

}  // namespace crawlcard::warc::internal
