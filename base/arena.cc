#include "base/arena.h"

#include <cstring>

#include "base/assert.h"

namespace crawlcard {

std::string_view Arena::Copy(std::string_view text) {
  if (text.empty()) return {};
  char* out = static_cast<char*>(allocate(text.size(), 1));
  std::memcpy(out, text.data(), text.size());
  return {out, text.size()};
}

void Arena::Reset() {
  current_ = 0;
  used_ = 0;
}

void* Arena::do_allocate(std::size_t bytes, std::size_t alignment) {
  CRAWLCARD_ASSERT(alignment <= alignof(std::max_align_t));
  while (current_ < blocks_.size()) {
    const Block& block = blocks_[current_];
    const std::size_t start = (used_ + alignment - 1) / alignment * alignment;
    if (start <= block.bytes && bytes <= block.bytes - start) {
      used_ = start + bytes;
      return block.memory.get() + start;
    }
    ++current_;
    used_ = 0;
  }
  const std::size_t size = bytes > block_bytes_ ? bytes : block_bytes_;
  blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
  held_bytes_ += size;
  used_ = bytes;
  return blocks_.back().memory.get();
}

}  // namespace crawlcard
