// page/html/text_scan.h - what one look at a piece of visible text tells: its words, and whether
// a closer look for licences is worth it.
//
// Thread rule: thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

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

// Whether `text` is nothing but white space.
bool IsBlank(std::string_view text);

// Up to `end`, which is not before the end of the text, bytes are loaded.
TextScan ScanText(std::string_view text, const char* end);

}  // namespace crawlcard::page::html
