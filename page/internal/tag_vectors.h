// page/internal/tag_vectors.h - what the scanner of pages needs vectors for, level by level.
//
// Thread rule: thread-safe.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "page/html/byte_classes.h"
#include "page/html/picked_tag.h"
#include "page/html/tag_end.h"
#include "page/internal/space_bits.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace crawlcard::page::internal {

// NameEnds() tells which of 16 bytes may end the name of a tag,
// white space, '>' or '/', or nothing where it cannot tell. FindTagEnd() gives no end where
// SkipAttributes() is to be asked.
struct ScalarTags {
  using Spaces = ScalarSpaces;
  static unsigned NameEnds(const char* bytes) {
    unsigned out = 0;
    for (unsigned i = 0; i < 16; ++i) {
      if (html::IsByte(bytes[i], html::kEndsTagName)) out |= 1U << i;
    }
    return out;
  }
  // `bytes` with all but the lowest made zero; one to eight are kept.
  static std::uint64_t LowBytes(std::uint64_t bytes, std::size_t kept) {
    return bytes & (~std::uint64_t{0} >> (8 * (sizeof(bytes) - kept)));
  }
  static html::TagEnd FindTagEnd(const char*, const char*) { return {}; }
};
#if defined(__x86_64__)
struct Sse2Tags : ScalarTags {
  using Spaces = Sse2Spaces;
  [[gnu::always_inline]] static unsigned NameEnds(const char* bytes) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
    const __m128i low = _mm_min_epu8(text, _mm_set1_epi8(' '));
    const auto ends = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(
        _mm_cmpeq_epi8(text, low), _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('>')),
                                                _mm_cmpeq_epi8(text, _mm_set1_epi8('/'))))));
    // A control character is none of them.
    return ends != 0 && html::IsByte(bytes[std::countr_zero(ends)], html::kEndsTagName) ? ends : 0;
  }
};

// The byte that ends a name, if any, by the low half of a byte.
alignas(16) inline constexpr std::array<char, 16> kNameEnds = {
    ' ', -1, -1, -1, -1, -1, -1, -1, -1, '\t', '\n', -1, '\f', '\r', '>', '/'};

struct Avx2Tags : Sse2Tags {
  using Spaces = Avx2Spaces;
  [[gnu::target("avx2")]] static unsigned NameEnds(const char* bytes) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
    const __m128i ends = _mm_load_si128(reinterpret_cast<const __m128i*>(kNameEnds.data()));
    return static_cast<unsigned>(
        _mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_shuffle_epi8(ends, text))));
  }
  [[gnu::always_inline]] static html::TagEnd FindTagEnd(const char* at, const char* end) {
    return html::QuotedTagEnd(at, end);
  }
  [[gnu::target("bmi2")]] static std::uint64_t LowBytes(std::uint64_t bytes, std::size_t kept) {
    return _bzhi_u64(bytes, static_cast<unsigned>(8 * kept));
  }
};
#endif

}  // namespace crawlcard::page::internal
