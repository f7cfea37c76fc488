// page/internal/language_codes.h - language tags read into ISO 639-3.
//
// Thread rule: thread-safe.
#pragma once

#include <array>
#include <string_view>

#include "base/attributes.h"

namespace crawlcard::page::internal {

struct Iso6393Code {
  std::array<char, 3> letters{};  // all zero: none

  bool known() const { return letters[0] != '\0'; }
  std::string_view view() const CRAWLCARD_LIFETIME_BOUND { return {letters.data(), 3}; }
};

// The code of the primary subtag of a BCP 47 tag ("de-AT", "de_AT", "ger", "zh-Hant"), in any
// letter case. Unknown for private use, for und, mul, mis and zxx, and for what is no tag.
Iso6393Code Iso6393Of(std::string_view tag);

}  // namespace crawlcard::page::internal
