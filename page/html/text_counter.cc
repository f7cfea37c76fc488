// page/html/text_counter.cc - see text_counter.h.
#include "page/html/text_counter.h"

#include <algorithm>

#include "base/text.h"

namespace crawlcard::page::html {

void TextCounter::Reset(std::size_t sample_bytes_max) {
  bytes_ = 0;
  pending_space_ = false;
  sample_bytes_max_ = sample_bytes_max;
  sample_.clear();
}

void TextCounter::Add(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    if (IsAsciiSpace(text[i])) {
      pending_space_ = true;
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < text.size() && !IsAsciiSpace(text[i])) ++i;
    if (pending_space_ && bytes_ > 0) {
      ++bytes_;
      Keep(" ");
    }
    pending_space_ = false;
    bytes_ += i - begin;
    Keep(text.substr(begin, i - begin));
  }
}

}  // namespace crawlcard::page::html
