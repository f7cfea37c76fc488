// page/internal/encodings.h - the table of encodings (WHATWG Encoding section 4.2).
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace crawlcard::page::internal {

struct Encoding {
  std::string_view name;    // WHATWG name in lower case
  const char* icu_name;     // of ICU's closest converter; null: not converted by ICU
  std::string_view labels;  // in lower case, parted by blanks
};

inline constexpr std::size_t kEncodingCount = 40;
extern const std::array<Encoding, kEncodingCount> kEncodings;

// Index of a name or label (lower case, trimmed), kEncodingCount when unknown.
std::size_t EncodingIndexForName(std::string_view name);
std::size_t EncodingIndexForLabel(std::string_view label);

}  // namespace crawlcard::page::internal
