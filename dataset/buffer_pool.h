// dataset/buffer_pool.h - buffers of one size that go round between readers and workers.
//
// A fresh buffer of some MiB costs a page fault each 4 KiB, which is as much as unpacking into it.
//
// Thread rule: thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace crawlcard::dataset {

class BufferPool {
 public:
  explicit BufferPool(std::size_t bytes) : bytes_(bytes) {}

  std::size_t bytes() const { return bytes_; }

  // A buffer of bytes(), with whatever it holds.
  std::unique_ptr<char[]> Take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        std::unique_ptr<char[]> buffer = std::move(free_.back());
        free_.pop_back();
        return buffer;
      }
    }
    return std::make_unique_for_overwrite<char[]>(bytes_);
  }

  // Takes back a buffer of bytes().
  void Give(std::unique_ptr<char[]> buffer) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(buffer));
  }

 private:
  const std::size_t bytes_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<char[]>> free_;
};

}  // namespace crawlcard::dataset
