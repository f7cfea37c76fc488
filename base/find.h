// base/find.h - the first place in a text where a word stands, by vector instructions.
//
// Works on the first and the last byte of a word side by side and looks closer only where both fit:
// for words whose ends are rare this costs a fraction of an instruction a byte. Memory is never
// read past the text. Thread rule: thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <string_view>

#include "base/simd.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace crawlcard {

// Position of `needle` in `text` from `from` on, or npos. An empty needle is found at `from`.
std::size_t Find(std::string_view text, std::string_view needle, std::size_t from = 0);

// The same without ASCII case.
std::size_t FindIgnoreCase(std::string_view text, std::string_view needle, std::size_t from = 0);

// Position of the byte `c` in `text` from `from` on, or npos. Inline: for distances of some ten
// bytes, where a call costs more than the search.
inline std::size_t FindByte(std::string_view text, char c, std::size_t from = 0) {
  std::size_t at = from;
#if defined(__x86_64__)
  if (SimdLevel() != Simd::kScalar) {
    const __m128i wanted = _mm_set1_epi8(c);
    for (; at + 16 <= text.size(); at += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
      const int mask = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted));
      if (mask != 0) {
        return at + static_cast<std::size_t>(std::countr_zero(static_cast<unsigned>(mask)));
      }
    }
  }
#endif
  for (; at < text.size(); ++at) {
    if (text[at] == c) return at;
  }
  return std::string_view::npos;
}

// Position of the first byte that is one of three, from `from` on, or npos. Inline as FindByte().
inline std::size_t FindFirstOf(std::string_view text, const std::array<char, 3>& wanted,
                               std::size_t from = 0) {
  std::size_t at = from;
#if defined(__x86_64__)
  if (SimdLevel() != Simd::kScalar) {
    const __m128i a = _mm_set1_epi8(wanted[0]);
    const __m128i b = _mm_set1_epi8(wanted[1]);
    const __m128i c = _mm_set1_epi8(wanted[2]);
    // The last sixteen bytes are looked at as a whole, too, once more in part.
    while (text.size() >= 16 && at < text.size()) {
      at = std::min(at, text.size() - 16);
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
      const __m128i hits =
          _mm_or_si128(_mm_cmpeq_epi8(bytes, a),
                       _mm_or_si128(_mm_cmpeq_epi8(bytes, b), _mm_cmpeq_epi8(bytes, c)));
      auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits));
      if (at < from) mask &= ~0U << (from - at);
      if (mask != 0) return at + static_cast<std::size_t>(std::countr_zero(mask));
      at += 16;
    }
  }
#endif
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == wanted[0] || c == wanted[1] || c == wanted[2]) return at;
  }
  return std::string_view::npos;
}

// How often `c` stands in `text`.
std::size_t CountByte(std::string_view text, char c);

}  // namespace crawlcard
