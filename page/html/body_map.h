// page/html/body_map.h - where the bytes stand that matter to a scanner of pages, a bit a byte.
//
// Built by vector instructions, as far as it is asked for; what follows is arithmetic on bits, the
// same for all instruction sets. One of the bits is a filter: letters of a word without which a tag
// says nothing of rights and a text names no licence (the words are in body_map.cc).
//
//   body   <  p     c  l  a  s  s  =  "  x  "  >  a  &  n ...
//   less   1
//   space        1
//   mark                                             1
//
// Thread rule: thread-compatible.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace crawlcard::page::internal {
struct TripleWord;
}  // namespace crawlcard::page::internal

namespace crawlcard::page::html {

// Of 64 bytes, the first byte lowest.
struct BodyBlock {
  std::uint64_t less = 0;   // '<'
  std::uint64_t space = 0;  // white space of HTML
  std::uint64_t mark = 0;   // '&', or three letters of a word of ours may begin here
};

class BodyMap {
 public:
  using Bits = std::uint64_t BodyBlock::*;
  static constexpr std::size_t kBlockBytes = 64;

  // Starts over with another body, which is borrowed. Memory is kept: 24 bytes for 64.
  void Reset(std::string_view body);

  // What is asked for from now on is at `at` or behind it: bytes before it need no map.
  void SkipTo(std::size_t at) { mapped_ = std::max(mapped_, at / kBlockBytes); }
  // Makes the block of `at` and the one behind it ready; `at` is at most the body's size, and not
  // behind the one that is ready by more than a block.
  void Prepare(std::size_t at) {
    if (at / kBlockBytes + 1 >= mapped_) [[unlikely]]
      MapMore();
  }

  // The same for a place further behind.
  void PrepareTo(std::size_t at) {
    while (at / kBlockBytes + 1 >= mapped_ && mapped_ < block_count_) MapMore();
  }

  void PrepareAll() {
    while (mapped_ < block_count_) MapMore();
  }

  // All blocks; they stay where they are until Reset().
  const BodyBlock* blocks() const { return blocks_.data(); }
  // The block with the byte at `at`, which must be ready.
  const BodyBlock& BlockOf(std::size_t at) const { return blocks_[at / kBlockBytes]; }

  // The first such byte from `at` on, or the body's size. `at` must be ready; the place that is
  // found is.
  template <Bits bits>
  [[gnu::always_inline]] std::size_t Next(std::size_t at) {
    const std::uint64_t first = BlockOf(at).*bits >> (at % kBlockBytes);
    if (first != 0) return at + static_cast<std::size_t>(std::countr_zero(first));
    for (at = NextBlock(at); at < body_.size(); at += kBlockBytes) {
      Prepare(at);
      const std::uint64_t left = BlockOf(at).*bits;
      if (left != 0) return at + static_cast<std::size_t>(std::countr_zero(left));
    }
    return body_.size();
  }

  // Where the block behind that of `at` begins.
  static constexpr std::size_t NextBlock(std::size_t at) { return (at | (kBlockBytes - 1)) + 1; }

  // Whether a word of ours stands around `at`, where a bit of `mark` is set.
  bool IsWordAround(std::size_t at) const;

 private:
  bool IsWordAt(const page::internal::TripleWord& word, std::size_t at) const;
  std::string_view TokenAround(std::size_t at) const;
  bool IsAttributeAt(std::size_t at, std::size_t size) const;
  void MapMore();

  std::string_view body_;
  std::vector<BodyBlock> blocks_;  // as many as the longest body had
  std::size_t block_count_ = 0;    // of this body, two more than it fills
  std::size_t mapped_ = 0;         // blocks before this are read, or not needed
};

// The bits of a block from byte `begin` of the body, which is in it, to before `end`, which is
// behind that and at most behind the block.
inline std::uint64_t BlockRange(std::size_t begin, std::size_t end) {
  const std::uint64_t from = ~std::uint64_t{0} << (begin % BodyMap::kBlockBytes);
  const std::size_t past = end % BodyMap::kBlockBytes;
  return past == 0 ? from : from & ~(~std::uint64_t{0} << past);
}

}  // namespace crawlcard::page::html
