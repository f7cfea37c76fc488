// base/letter_pairs.h - where one of some pairs of letters stands in a text: a filter before a
// closer look.
//
// A word that is looked for gives a pair that is rare elsewhere; texts without any of the pairs,
// which are most, cost an instruction or two a byte. Letters are compared without case and other
// bytes as they are, but for those that differ in the case bit alone: hits are to be checked.
//
// Thread rule: thread-safe.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/simd.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace crawlcard {

// Two bytes in a row; letters small.
using LetterPair = std::array<char, 2>;

// Calls `visit(position)` for each place in `text` where a pair begins, in order, until it returns
// true; tells whether it did. Up to `end`, which is not before the end of the text, bytes are
// loaded.
template <std::size_t N, class Visit>
bool AnyLetterPair(std::string_view text, const std::array<LetterPair, N>& pairs, const char* end,
                   Visit visit) {
  constexpr char kCaseBit = 0x20;
  if (text.size() < 2) return false;
  const std::size_t places = text.size() - 1;
  std::size_t at = 0;
#if defined(__x86_64__)
  const auto loadable = static_cast<std::size_t>(end - text.data());
  if (SimdLevel() != Simd::kScalar) {
    const __m128i fold = _mm_set1_epi8(kCaseBit);
    for (; at < places && at + 17 <= loadable; at += 16) {
      const auto* first = reinterpret_cast<const __m128i*>(text.data() + at);
      const auto* second = reinterpret_cast<const __m128i*>(text.data() + at + 1);
      const __m128i a = _mm_or_si128(_mm_loadu_si128(first), fold);
      const __m128i b = _mm_or_si128(_mm_loadu_si128(second), fold);
      __m128i hits = _mm_setzero_si128();
      for (const LetterPair& pair : pairs) {
        const auto low = static_cast<char>(pair[0] | kCaseBit);
        const auto high = static_cast<char>(pair[1] | kCaseBit);
        hits = _mm_or_si128(hits, _mm_and_si128(_mm_cmpeq_epi8(a, _mm_set1_epi8(low)),
                                                _mm_cmpeq_epi8(b, _mm_set1_epi8(high))));
      }
      auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(hits));
      if (places - at < 16) mask &= (1U << (places - at)) - 1;
      for (; mask != 0; mask &= mask - 1) {
        if (visit(at + static_cast<std::size_t>(std::countr_zero(mask)))) return true;
      }
    }
  }
#else
  (void)end;
#endif
  for (; at < places; ++at) {
    const auto a = static_cast<char>(text[at] | kCaseBit);
    const auto b = static_cast<char>(text[at + 1] | kCaseBit);
    for (const LetterPair& pair : pairs) {
      if (a != static_cast<char>(pair[0] | kCaseBit) ||
          b != static_cast<char>(pair[1] | kCaseBit)) {
        continue;
      }
      if (visit(at)) return true;
      break;
    }
  }
  return false;
}

// Whether a pair may stand in `text`.
template <std::size_t N>
bool HasLetterPair(std::string_view text, const std::array<LetterPair, N>& pairs, const char* end) {
  return AnyLetterPair(text, pairs, end, [](std::size_t) { return true; });
}

}  // namespace crawlcard
