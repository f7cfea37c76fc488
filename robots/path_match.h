// robots/path_match.h - path patterns of robots.txt, tdmrep.json and their kin.
//
// A pattern is a prefix in which `*` stands for any run of octets and a final `$` for the end.
// Matching is greedy from left to right: a piece between two stars is taken at its first place, so
// no pattern makes it go back (RFC 9309 section 2.2.3; docs/formats/signals.md 1.4 and 14).
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/arena.h"

namespace crawlcard::robots::internal {

struct PathPattern {
  std::string_view text;     // without the final `$`
  std::uint32_t length = 0;  // octets that count for "the longest match", `$` and stars included
  bool anchored = false;     // ended with `$`
  bool has_star = false;
};

// The pattern as Google's library compares it: octets above 0x7F are escaped, hex digits of escapes
// are raised. `arena` holds the text where it changes.
PathPattern CompileGooglePattern(std::string_view written, Arena& arena);

// The pattern as RFC 9309 section 2.2.2 compares it: as above, and escaped unreserved octets
// (RFC 3986 section 2.3) are unescaped. A literal `$` or `*` is kept in its escaped form on both
// sides, so that %2A in a pattern is a star in the path and never a wildcard.
PathPattern CompileRfcPattern(std::string_view written, Arena& arena);

// The path in the same form. Returns `path` itself where nothing changes, else a view of `scratch`.
std::string_view NormaliseRfcPath(std::string_view path, std::string& scratch);

// True when `path` begins with a text that `pattern` describes.
bool Matches(const PathPattern& pattern, std::string_view path);

}  // namespace crawlcard::robots::internal
