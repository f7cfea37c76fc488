// page/html/byte_classes.h - which bytes end which parts of a tag (HTML Standard, 13.2.5).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/text.h"

namespace crawlcard::page::html {

// As bits.
enum ByteClass : std::uint8_t {
  kSpaceByte = 1 << 0,
  kEndsTagName = 1 << 1,
  kEndsAttributeName = 1 << 2,
  kEndsUnquotedValue = 1 << 3,
  kEndsValueToken = 1 << 4,  // in a list of tokens, as in class, quoted or not
};

constexpr std::array<std::uint8_t, 256> MakeByteClasses() {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const char c = static_cast<char>(i);
    const bool space = IsAsciiSpace(c);
    unsigned bits = 0;
    if (space) bits |= kSpaceByte;
    if (space || c == '/' || c == '>') bits |= kEndsTagName | kEndsAttributeName;
    if (c == '=') bits |= kEndsAttributeName;
    if (space || c == '>') bits |= kEndsUnquotedValue | kEndsValueToken;
    if (c == '"' || c == '\'' || c == '=') bits |= kEndsValueToken;
    classes[i] = static_cast<std::uint8_t>(bits);
  }
  return classes;
}
inline constexpr std::array<std::uint8_t, 256> kByteClasses = MakeByteClasses();

inline bool IsByte(char c, ByteClass wanted) {
  return (kByteClasses[static_cast<unsigned char>(c)] & wanted) != 0;
}

// The first byte of a class from `at` on, or `end`.
inline const char* SkipTo(ByteClass wanted, const char* at, const char* end) {
  while (at < end && !IsByte(*at, wanted)) ++at;
  return at;
}
inline const char* SkipSpace(const char* at, const char* end) {
  while (at < end && IsByte(*at, kSpaceByte)) ++at;
  return at;
}

}  // namespace crawlcard::page::html
