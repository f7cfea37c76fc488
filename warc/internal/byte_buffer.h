// warc/internal/byte_buffer.h - the one reusable buffer that a reader unpacks into.
//
//   data_            begin_                 end_             capacity_
//   | used and free  | window: not consumed | room to unpack  | kPadding |
//
// Memory is neither zeroed nor given back; growing large buffers moves pages, not bytes (realloc).
// The padding after the window can be read by code that loads whole vectors (simdjson, SIMD scans).
//
// A file that several workers read has a reader for each stretch of it, and fresh pages cost as
// much as a tenth of reading them full: so a thread keeps the memory of some buffers that are gone
// for those that come next (spare_memory.h).
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>

#include "base/assert.h"
#include "warc/internal/spare_memory.h"

namespace crawlcard::warc::internal {

class ByteBuffer {
 public:
  static constexpr std::size_t kPadding = 64;

  std::string_view Window() const { return {data_.get() + begin_, end_ - begin_}; }
  std::size_t size() const { return end_ - begin_; }
  std::size_t capacity() const { return capacity_; }

  void Clear() { begin_ = end_ = 0; }

  void Consume(std::size_t bytes) {
    CRAWLCARD_ASSERT(bytes <= size());
    begin_ += bytes;
    if (begin_ == end_) Clear();
  }

  // The free bytes after the window.
  std::span<char> Room() { return {data_.get() + end_, capacity_ - end_}; }

  // Counts bytes written to Room() as part of the window, and renews the zero padding.
  void Commit(std::size_t bytes) {
    CRAWLCARD_ASSERT(bytes <= capacity_ - end_);
    end_ += bytes;
    if (capacity_ > 0) std::memset(data_.get() + end_, 0, kPadding);
  }

  // Makes the window able to hold `bytes`. May move it. An eighth of slack keeps the cost of moving
  // a large window to the front at a few bytes moved for each byte taken.
  void Reserve(std::size_t bytes) {
    if (begin_ + bytes <= capacity_) return;
    if (begin_ > 0) {
      std::memmove(data_.get(), data_.get() + begin_, size());
      end_ -= begin_;
      begin_ = 0;
    }
    const std::size_t wanted = bytes + bytes / 8;
    if (wanted <= capacity_) return;
    if (capacity_ == 0) {
      data_ = TakeSpare();
      capacity_ = data_.get_deleter().bytes;
      if (capacity_ != 0) capacity_ -= kPadding;
      if (wanted <= capacity_) return;
    }
    data_ = MemoryBlock(static_cast<char*>(std::realloc(data_.release(), wanted + kPadding)),
                        KeepSpare{wanted + kPadding});
    CRAWLCARD_ASSERT(data_ != nullptr);
    capacity_ = wanted;
  }

  // Removes `count` bytes that stand `at` bytes into the window.
  void Erase(std::size_t at, std::size_t count) {
    CRAWLCARD_ASSERT(at + count <= size());
    char* place = data_.get() + begin_ + at;
    std::memmove(place, place + count, size() - at - count);
    end_ -= count;
    Commit(0);
  }

 private:
  MemoryBlock data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace crawlcard::warc::internal
