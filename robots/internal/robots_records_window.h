// robots/internal/robots_records_window.h - where the octets that matter stand at the start of a
// line.
//
// Most lines of robots.txt files are shorter than 64 octets: one look at their vectors tells where
// they end, where name and value part, and whether the value is a plain prefix. Octets behind the
// text are loaded (kReadPastBytes) and say nothing: callers mask them.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace crawlcard::robots::internal {

// Bit `i` stands for octet `i` of the window.
struct LineWindow {
  static constexpr std::size_t kBytes = 64;

  std::uint64_t end = 0;    // CR and LF
  std::uint64_t hash = 0;   // `#`
  std::uint64_t colon = 0;  // `:`
  std::uint64_t star = 0;   // `*`
  std::uint64_t odd = 0;    // `$`, `%` and above 0x7F
};

// `count` below 64.
constexpr std::uint64_t BitsBelow(std::size_t count) {
  return (std::uint64_t{1} << count) - 1;
}

// Notes the octets from `at` to `until`.
inline void LookAtOctets(const char* line, std::size_t at, std::size_t until, LineWindow& out) {
  for (std::size_t i = at; i < until; ++i) {
    const auto c = static_cast<unsigned char>(line[i]);
    const auto bit = [i](bool is) { return std::uint64_t{is} << i; };
    out.end |= bit(c == '\n' || c == '\r');
    out.hash |= bit(c == '#');
    out.colon |= bit(c == ':');
    out.star |= bit(c == '*');
    out.odd |= bit(c == '$' || c == '%' || c >= 0x80);
  }
}

#ifdef __SSE2__
inline std::uint64_t BitsOf(__m128i octets, std::size_t at) {
  return static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(octets))) << at;
}

inline __m128i Are(__m128i octets, char c) {
  return _mm_cmpeq_epi8(octets, _mm_set1_epi8(c));
}

inline void LookAtVector(const char* line, std::size_t at, LineWindow& out) {
  const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(line + at));
  out.end |= BitsOf(_mm_or_si128(Are(octets, '\n'), Are(octets, '\r')), at);
  out.hash |= BitsOf(Are(octets, '#'), at);
  out.colon |= BitsOf(Are(octets, ':'), at);
  out.star |= BitsOf(Are(octets, '*'), at);
  // `$` and `%` differ in the lowest bit; the sign bit of the octet itself is that above 0x7F.
  const __m128i dollar_or_percent = Are(_mm_or_si128(octets, _mm_set1_epi8(1)), '%');
  out.odd |= BitsOf(_mm_or_si128(dollar_or_percent, octets), at);
}
#endif

// The window at `line`; halves behind the end of the line may be left out.
template <bool kVector>
LineWindow LookAtLine(const char* line) {
  LineWindow out;
  for (std::size_t at = 0; at < LineWindow::kBytes && out.end == 0; at += 32) {
#ifdef __SSE2__
    if constexpr (kVector) {
      LookAtVector(line, at, out);
      LookAtVector(line, at + 16, out);
      continue;
    }
#endif
    LookAtOctets(line, at, at + 32, out);
  }
  return out;
}

// The octets before the first CR or LF, of a line whose text ends after `left`.
template <bool kVector>
std::size_t LongLineBytes(const char* line, std::size_t left) {
  for (std::size_t at = 0; at < left; at += LineWindow::kBytes) {
    const LineWindow window = LookAtLine<kVector>(line + at);
    if (window.end == 0) continue;
    const std::size_t found = at + static_cast<std::size_t>(std::countr_zero(window.end));
    return found < left ? found : left;
  }
  return left;
}

}  // namespace crawlcard::robots::internal
