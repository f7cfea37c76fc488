// page/html/text_scan.h - what one look at a piece of visible text tells: its words, and whether
// a closer look for licences is worth it.
//
// Thread rule: thread-safe.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "page/html/body_map.h"

namespace crawlcard::page::html {

struct TextScan {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::size_t word_bytes = 0;  // bytes that are no white space
  std::size_t words = 0;       // runs of them
  bool begins_with_space = false;
  bool ends_with_space = false;
  bool has_reference = false;       // '&'
  std::size_t capitals_at = kNone;  // the first "CC"
  std::size_t commons_at = kNone;   // the first "ommons"
  bool has_reserved = false;        // "eserved" or "ESERVED"

  bool has_marks() const { return has_reserved || capitals_at != kNone || commons_at != kNone; }
};

// Whether a place that a map marks is a reference, or may be one of these words, by its first byte.
inline bool IsTextMark(char c) {
  return c == '&' || c == 'C' || c == 'm' || c == 'v' || c == 'V';
}

// Whether one of the places marked in the text that begins at `text` may be one of these: the
// other letters are those of words in tags.
inline bool MayMarkText(const char* text, std::uint64_t marks) {
  for (; marks != 0; marks &= marks - 1) {
    if (IsTextMark(text[std::countr_zero(marks)])) return true;
  }
  return false;
}

// Byte by byte.
TextScan ScanText(std::string_view text);

// The same for a piece of a body, from `begin` to before `end`, by the body's map of it.
TextScan ScanText(const BodyMap& map, std::string_view body, std::size_t begin, std::size_t end);

// Takes down what is marked in such a piece: references and words.
void AddMarks(const BodyMap& map, std::string_view body, std::size_t begin, std::size_t end,
              TextScan& scan_out);

}  // namespace crawlcard::page::html
