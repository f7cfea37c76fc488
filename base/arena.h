// base/arena.h - bump memory for everything that lives as long as one record.
//
// Reset() keeps the blocks, so a worker that has seen its largest record allocates no more.
// Views handed out by Copy() die at the next Reset(). An Arena is a pmr resource: vectors of
// trivially destructible values may live in it and be forgotten.
//
// Thread rule: thread-compatible; one a worker.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <memory_resource>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/attributes.h"

namespace crawlcard {

class Arena final : public std::pmr::memory_resource {
 public:
  // `block_bytes` is the size of a block; a larger request gets a block of its own.
  explicit Arena(std::size_t block_bytes = 64 * 1024) : block_bytes_(block_bytes) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Copies `text`; the copy dies at the next Reset().
  std::string_view Copy(std::string_view text) CRAWLCARD_LIFETIME_BOUND {
    if (text.empty()) return {};
    char* const out = static_cast<char*>(do_allocate(text.size(), 1));
    std::memcpy(out, text.data(), text.size());
    return {out, text.size()};
  }

  // Copies `values` of a trivially copyable type; the copy dies at the next Reset().
  template <class T>
  std::span<const T> CopySpan(std::span<const T> values) CRAWLCARD_LIFETIME_BOUND {
    static_assert(std::is_trivially_copyable_v<T>);
    if (values.empty()) return {};
    T* out = static_cast<T*>(allocate(values.size_bytes(), alignof(T)));
    for (std::size_t i = 0; i < values.size(); ++i) new (out + i) T(values[i]);
    return {out, values.size()};
  }

  // Forgets everything handed out. Keeps the blocks for the next record.
  void Reset();

  // Bytes of memory held, used or not.
  std::size_t held_bytes() const { return held_bytes_; }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> memory;
    std::size_t bytes = 0;
  };

  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    const std::size_t start = (used_ + alignment - 1) & ~(alignment - 1);
    if (start > room_ || bytes > room_ - start) return AllocateElsewhere(bytes, alignment);
    used_ = start + bytes;
    return memory_ + start;
  }
  // In a later block, which is made when there is none with the room.
  void* AllocateElsewhere(std::size_t bytes, std::size_t alignment);
  void do_deallocate(void* /*memory*/, std::size_t /*bytes*/, std::size_t /*align*/) override {}
  bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::size_t block_bytes_;
  std::size_t held_bytes_ = 0;
  std::vector<Block> blocks_;
  std::size_t current_ = 0;      // index of the block in use
  std::byte* memory_ = nullptr;  // that block: none before the first request
  std::size_t room_ = 0;         // bytes of it
  std::size_t used_ = 0;         // bytes used in it
};

}  // namespace crawlcard
