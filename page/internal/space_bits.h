// page/internal/space_bits.h - which bytes of a text are white space of HTML, up to 64 at once, as
// bits, the first byte lowest.
//
// Apart from the body map (page/html/body_map.h): it is asked of texts alone, and most are short.
// Each takes `size`, at most 64: what it says of bytes behind is not to be used. All 64 are read.
//
// Thread rule: thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "page/html/byte_classes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace crawlcard::page::internal {

struct ScalarSpaces {
  static std::uint64_t Bits(const char* bytes, std::size_t size) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < size; ++i) {
      if (html::IsByte(bytes[i], html::kSpaceByte)) bits |= std::uint64_t{1} << i;
    }
    return bits;
  }
};

#if defined(__x86_64__)
struct Sse2Spaces {
  static std::uint64_t Bits(const char* bytes, std::size_t size) {
    std::uint64_t bits = 0;
    for (std::size_t at = 0; at < size; at += 16) {
      const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + at));
      const auto is = [text](char c) { return _mm_cmpeq_epi8(text, _mm_set1_epi8(c)); };
      const __m128i hits = _mm_or_si128(_mm_or_si128(is(' '), is('\t')),
                                        _mm_or_si128(is('\n'), _mm_or_si128(is('\r'), is('\f'))));
      bits |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(hits))) << at;
    }
    return bits;
  }
};

// The white space with each low half of a byte; the others never equal what they look up.
alignas(32) inline constexpr std::array<char, 32> kSpacesByHalf = {
    ' ', -1, -1, -1, -1, -1, -1, -1, -1, '\t', '\n', -1, '\f', '\r', -1, -1,
    ' ', -1, -1, -1, -1, -1, -1, -1, -1, '\t', '\n', -1, '\f', '\r', -1, -1};

struct Avx2Spaces {
  [[gnu::target("avx2")]] static std::uint64_t Bits(const char* bytes, std::size_t size) {
    const std::uint64_t first = Half(bytes);
    return size <= 32 ? first : first | std::uint64_t{Half(bytes + 32)} << 32;
  }

 private:
  [[gnu::target("avx2")]] static std::uint32_t Half(const char* bytes) {
    const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
    const __m256i spaces = _mm256_load_si256(reinterpret_cast<const __m256i*>(&kSpacesByHalf));
    return static_cast<std::uint32_t>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(text, _mm256_shuffle_epi8(spaces, text))));
  }
};
#endif

}  // namespace crawlcard::page::internal
