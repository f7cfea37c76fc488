// page/html/body_map.h - where the bytes stand that matter to a scanner of pages, a bit a byte.
//
// A row of bits for each class of bytes. Built by vector instructions, as far as it is asked for;
// what follows is arithmetic on bits, the same for all instruction sets. One of the rows is a
// filter: letters of a word without which a tag says nothing of rights and a text names no licence
// (the words are in body_map.cc).
//
//   body   <  p     c  l  a  s  s  =  "  x  "  >  a  &  n ...
//   less   1
//   stop                                        1
//   text mark                                        1
//
// Thread rule: thread-compatible.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace crawlcard::page::internal {
struct TripleWord;
}  // namespace crawlcard::page::internal

namespace crawlcard::page::html {

class BodyMap {
 public:
  static constexpr std::size_t kBlockBytes = 64;
  // As many bits as Bits() gives at least.
  static constexpr std::size_t kBitsMin = 57;

  enum Row : std::size_t {
    kLess,  // '<'
    kStop,  // '>', or '\'': where a tag may end
    // '&', or the letters of a word of ours may begin here; the first is enough for texts, the
    // second for tags. Not all processors tell them apart: both may be one row.
    kTextMark,
    kTagMark,
    kRowCount,
  };
  // Words of 64 bits, the first byte lowest.
  using Rows = std::array<std::uint64_t*, kRowCount>;

  // Starts over with another body, which is borrowed. Memory is kept: 32 bytes for 64.
  void Reset(std::string_view body);

  // What is asked for from now on is at `at` or behind it: bytes before it need no map.
  void SkipTo(std::size_t at) {
    if (at / kBlockBytes <= mapped_) return;
    mapped_ = at / kBlockBytes;
    ready_ = 0;
  }
  // Makes the block of `at` and two behind it ready; `at` is at most the body's size, and not
  // behind the last that is ready by more than a block.
  void Prepare(std::size_t at) {
    if (at >= ready_) [[unlikely]]
      MapMore();
  }
  // Of places before this, the block and two behind it are ready.
  std::size_t ready() const { return ready_; }
  // Prepare() for a place further behind.
  void PrepareTo(std::size_t at) {
    while (at >= ready_) MapMore();
  }
  void PrepareAll() {
    while (mapped_ < block_count_) MapMore();
  }

  // They stay where they are until Reset().
  const Rows& rows() const { return rows_; }
  // The word of a row with the bit of the byte at `at`, which must be ready.
  std::uint64_t WordOf(Row row, std::size_t at) const { return rows_[row][at / kBlockBytes]; }

  // The bits of a row from byte `at` on, the first lowest: all of its block, and kBitsMin at least;
  // zero bits above. The block of `at` and the one behind it must be ready.
  static std::uint64_t Bits(const std::uint64_t* row, std::size_t at) {
    if constexpr (std::endian::native == std::endian::little) {
      std::uint64_t bits = 0;
      std::memcpy(&bits, reinterpret_cast<const char*>(row) + at / 8, sizeof(bits));
      return bits >> (at % 8);
    }
    const std::uint64_t* const word = row + at / kBlockBytes;
    const std::size_t past = at % kBlockBytes;
    return past == 0 ? word[0] : word[0] >> past | word[1] << (kBlockBytes - past);
  }

  // The first byte of a row from `at` on, or the body's size. `at` must be ready; the place that is
  // found is.
  std::size_t Next(Row row, std::size_t at);

  // Where the block behind that of `at` begins.
  static constexpr std::size_t NextBlock(std::size_t at) { return (at | (kBlockBytes - 1)) + 1; }

  // Whether what is marked from `begin` to before `end`, which are in a tag and ready, is a word
  // that matters there, or may hide one.
  bool HasWord(std::size_t begin, std::size_t end) const;
  // Whether a word that matters in a tag stands around `at`, where a bit of kTagMark is set.
  bool IsWordAround(std::size_t at) const;

 private:
  bool MayMatter(std::size_t at, std::size_t end) const;
  bool MayMatterAnywhere(std::size_t at, std::size_t end) const;
  bool IsWordAt(const page::internal::TripleWord& word, std::size_t at) const;
  std::string_view TokenAround(std::size_t at) const;
  bool IsAttributeAt(std::size_t at, std::size_t size) const;
  void MapMore();

  std::string_view body_;
  std::vector<std::uint64_t> words_;  // as many as the longest body had, row by row
  Rows rows_{};
  std::size_t block_count_ = 0;  // of this body, with some behind it
  std::size_t mapped_ = 0;       // blocks before this are read, or not needed
  std::size_t ready_ = 0;        // of bytes before this, two blocks behind theirs are read, too
};

// The bits of a block from byte `begin` of the body, which is in it, to before `end`, which is
// behind that and at most behind the block.
inline std::uint64_t BlockRange(std::size_t begin, std::size_t end) {
  const std::uint64_t from = ~std::uint64_t{0} << (begin % BodyMap::kBlockBytes);
  const std::size_t past = end % BodyMap::kBlockBytes;
  return past == 0 ? from : from & ~(~std::uint64_t{0} << past);
}

}  // namespace crawlcard::page::html
