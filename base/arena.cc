#include "base/arena.h"

#include "base/assert.h"

namespace crawlcard {

void Arena::Reset() {
  current_ = 0;
  used_ = 0;
  if (blocks_.empty()) return;
  memory_ = blocks_.front().memory.get();
  room_ = blocks_.front().bytes;
}

void* Arena::AllocateElsewhere(std::size_t bytes, std::size_t alignment) {
  CRAWLCARD_ASSERT(alignment <= alignof(std::max_align_t));
  // Blocks are aligned for every type.
  while (++current_ < blocks_.size() && blocks_[current_].bytes < bytes) continue;
  if (current_ >= blocks_.size()) {
    const std::size_t size = bytes > block_bytes_ ? bytes : block_bytes_;
    blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
    held_bytes_ += size;
    current_ = blocks_.size() - 1;
  }
  memory_ = blocks_[current_].memory.get();
  room_ = blocks_[current_].bytes;
  used_ = bytes;
  return memory_;
}

}  // namespace crawlcard
