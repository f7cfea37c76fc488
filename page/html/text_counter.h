// page/html/text_counter.h - counts visible text with white space collapsed, and keeps its start.
//
// The count is that of the text with each run of white space made one blank and none at the ends;
// the edge of a block counts as white space (docs/formats/facts.md, "Text"). Thread rule:
// thread-compatible.
#pragma once

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
  void Add(std::string_view text, const TextScan& scan);
  void Break() { pending_space_ = true; }

  std::uint64_t bytes() const { return bytes_; }
  // Valid UTF-8 only where the text was; may end inside a character.
  std::string_view sample() const { return sample_; }

 private:
  void Keep(std::string_view word);

  std::uint64_t bytes_ = 0;
  bool pending_space_ = false;
  std::size_t sample_bytes_max_ = 0;
  std::string sample_;
};

}  // namespace crawlcard::page::html
