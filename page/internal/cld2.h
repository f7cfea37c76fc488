// page/internal/cld2.h - the one door to CLD2.
//
// Thread rule: thread-safe; CLD2's tables are constant.
#pragma once

#include <array>
#include <string_view>

namespace crawlcard::page::internal {

struct Cld2Answer {
  struct Part {
    std::string_view code;  // CLD2's own code, such as "en", "zh-Hant"; empty: no such part
    int percent = 0;        // of the text
  };
  std::array<Part, 3> parts;
  bool reliable = false;
};

// `text` should be UTF-8: bytes from the first invalid one on are not looked at.
Cld2Answer RunCld2(std::string_view text);

}  // namespace crawlcard::page::internal
