// page/html/text_counter.h - counts visible text with white space collapsed, and keeps its start.
//
// The count is that of the text with each run of white space made one blank and none at the ends;
// the edge of a block counts as white space (docs/formats/facts.md, "Text"). Thread rule:
// thread-compatible.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "page/html/text_scan.h"

namespace crawlcard::page::html {

class TextCounter {
 public:
  // `sample_bytes_max` 0: nothing is kept.
  void Reset(std::size_t sample_bytes_max);
  void Add(std::string_view text);
  // The same for a text that was scanned.
  void Add(std::string_view text, const TextScan& scan) {
    if (wants_bytes()) return Add(text);
    AddWords(scan);
  }
  // The same, where no more is kept: the words alone, each of their bytes counted.
  void AddWords(const TextScan& scan) {
    if (scan.words == 0) {
      pending_space_ = pending_space_ || scan.begins_with_space;
      return;
    }
    const bool joined = bytes_ > 0 && (pending_space_ || scan.begins_with_space);
    bytes_ += scan.word_bytes + scan.words - 1 + (joined ? 1 : 0);
    pending_space_ = scan.ends_with_space;
  }
  // The same for `size` bytes, 1 to 63, a bit for each that is no white space. Without a branch:
  // what stands between tags is hard to foretell.
  [[gnu::always_inline]] void AddBits(std::uint64_t words, std::size_t size) {
    const bool blank = words == 0;
    const bool joined = !blank && bytes_ > 0 && (pending_space_ || (words & 1) == 0);
    bytes_ += static_cast<std::uint64_t>(std::popcount(words)) +
              static_cast<std::uint64_t>(std::popcount(words & ~(words << 1))) - (blank ? 0U : 1U) +
              (joined ? 1U : 0U);
    pending_space_ = (words >> (size - 1)) == 0;
  }
  // Counts words as longer, or shorter, than they are written.
  void AddMore(std::ptrdiff_t bytes) { bytes_ += static_cast<std::uint64_t>(bytes); }
  // Whether the next text would be kept.
  bool wants_bytes() const { return sample_.size() < sample_bytes_max_; }
  void Break() { pending_space_ = true; }
  void BreakIf(bool edge) { pending_space_ |= edge; }

  std::uint64_t bytes() const { return bytes_; }
  // Valid UTF-8 only where the text was; may end inside a character.
  std::string_view sample() const { return sample_; }

 private:
  void Keep(std::string_view word) {
    if (wants_bytes()) sample_.append(word.substr(0, sample_bytes_max_ - sample_.size()));
  }

  std::uint64_t bytes_ = 0;
  bool pending_space_ = false;
  std::size_t sample_bytes_max_ = 0;
  std::string sample_;
};

}  // namespace crawlcard::page::html
