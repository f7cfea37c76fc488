// base/text.h - ASCII and UTF-8 helpers. Bytes above 0x7F are never changed by the ASCII ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crawlcard {

constexpr bool IsAsciiSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
constexpr bool IsAsciiDigit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool IsAsciiAlpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr char AsciiLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string AsciiLowerCopy(std::string_view text);

namespace internal {
// Whether `bytes` bytes are the same without ASCII case.
bool SameLetters(const char* a, const char* b, std::size_t bytes);
}  // namespace internal

// Inline as far as most pairs go: other lengths, or other first letters.
inline bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.empty()) return true;
  constexpr int kCaseBit = 0x20;
  if (((a.front() ^ b.front()) & ~kCaseBit) != 0) return false;
  return internal::SameLetters(a.data(), b.data(), a.size());
}
inline bool StartsWithIgnoreCase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && EqualsIgnoreCase(text.substr(0, prefix.size()), prefix);
}

// Without ASCII white space (space, TAB, LF, CR, FF) at both ends.
std::string_view TrimAscii(std::string_view text);

// Whether the list `list`, separated by ASCII white space, holds `word` without case (HTML 2.3.7).
bool HasToken(std::string_view list, std::string_view word);

// Decimal digits alone; nullopt on anything else or overflow.
std::optional<std::uint64_t> ParseUint(std::string_view text);

// Bytes below 0x80 at the front of `text`.
std::size_t AsciiPrefix(std::string_view text);

bool IsUtf8(std::string_view text);

// Appends `text` as valid UTF-8: each maximal invalid sequence becomes U+FFFD (Unicode 3.9, as the
// WHATWG decoder does).
void AppendValidUtf8(std::string_view text, std::string& out);

// The longest prefix of at most `bytes_max` bytes that does not cut a UTF-8 sequence.
std::string_view Utf8Prefix(std::string_view text, std::size_t bytes_max);

// Writes the UTF-8 encoding of `code_point`, at most four bytes, and gives the place behind it;
// surrogates and values past U+10FFFF become U+FFFD.
inline char* PutUtf8(char32_t code_point, char* at) {
  const auto put = [&at](char32_t byte) { *at++ = static_cast<char>(byte); };
  char32_t c = code_point;
  if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
  return at;
}

// Appends what PutUtf8() writes.
void AppendUtf8(char32_t code_point, std::string& out);

// The value of a hexadecimal digit, or -1.
constexpr int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace crawlcard
