// page/rsl_places.h - the link and script elements of a page that may name or hold an RSL licence.
//
// Source: RSL 1.0, discovery in HTML (docs/formats/signals.md 7.1).
// A second look at the page, for the few whose facts say names_rsl. What the elements mean is not
// known here.
//
// Thread rule: functions are thread-safe; views live in `body` or the arena.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/arena.h"

namespace crawlcard::page {

struct RslElement {
  bool is_script = false;
  std::string_view rel;     // decoded
  std::string_view type;    // decoded
  std::string_view href;    // decoded, as written
  std::string_view text;    // of a script: its source
  std::string_view parent;  // name of the parent element as written; "head" inside head
  std::uint32_t line = 0;
};

// <link rel~=license> and <script type="application/rsl+xml">, in document order, at most
// limits::kRightsLinksMax of them.
std::span<const RslElement> FindRslElements(std::string_view body, Arena& arena);

}  // namespace crawlcard::page
