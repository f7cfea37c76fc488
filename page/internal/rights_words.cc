// page/internal/rights_words.cc - see rights_words.h.
#include "page/internal/rights_words.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/simd.h"
#include "page/internal/letter_triples.h"
#include "page/internal/wide_vectors.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace crawlcard::page::internal {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;

constexpr auto kWords = std::to_array<TripleWord>({
    {"licen", 2, 0},
    {"commons.org", 2, 1},
    {"gemma/", 2, 1},
    {"gemma\\/", 2, 1},
    {"copyleft", 2, 2},
    {"copyright", 2, 2},
    {"cdla.", 0, 3},
    {"dl-de", 0, 3},
    {"nlod", 1, 4},
    {"mpl/", 1, 5},
    {"mpl\\/", 1, 5},
    {"rightsstatements", 4, 6},
    {"government-works", 9, 6},
    {"rsl+xml", 2, 7},
});
constexpr TripleTables kTables = MakeTripleTables(kWords);
constexpr WideTables kWideTables = MakeWideTables(kWords);

// Whether a word of `groups` has its letters at `at`.
bool WordAround(std::string_view text, std::size_t at, unsigned groups) {
  for (const TripleWord& word : kWords) {
    if ((groups >> word.group & 1U) == 0 || at < word.letters_at) continue;
    if (IsTripleWordAt(word, text.substr(at - word.letters_at))) return true;
  }
  return false;
}

#if defined(__x86_64__)

// Moves `at` to the first place that was not looked at where it finds nothing.
__attribute__((target("avx2"))) std::size_t FindAvx2(std::string_view text, std::size_t& at) {
  const TripleVectors vectors = LoadTriples(kTables);
  for (; at + 32 + kTripleLetters <= text.size(); at += 32) {
    const __m256i groups = TripleGroups(text.data() + at, vectors);
    if (_mm256_testz_si256(groups, groups) != 0) continue;
    alignas(32) std::array<std::uint8_t, 32> found;
    _mm256_store_si256(reinterpret_cast<__m256i*>(found.data()), groups);
    auto mask = ~static_cast<std::uint32_t>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(groups, _mm256_setzero_si256())));
    for (; mask != 0; mask &= mask - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(mask));
      if (WordAround(text, at + i, found[i])) return at + i;
    }
  }
  return kNpos;
}

// The same, 64 bytes at once.
CRAWLCARD_WIDE std::size_t FindWide(std::string_view text, std::size_t& at) {
  const WideVectors vectors = LoadWide(kWideTables);
  for (; at + 64 + kTripleLetters <= text.size(); at += 64) {
    const __m512i groups = WideGroups(text.data() + at, vectors);
    std::uint64_t mask = _mm512_test_epi8_mask(groups, groups);
    if (mask == 0) continue;
    alignas(64) std::array<std::uint8_t, 64> found;
    _mm512_store_si512(found.data(), groups);
    for (; mask != 0; mask &= mask - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(mask));
      if (WordAround(text, at + i, found[i])) return at + i;
    }
  }
  return kNpos;
}

#endif

}  // namespace

std::size_t FindRightsWord(std::string_view text, std::size_t from) {
  std::size_t at = from;
#if defined(__x86_64__)
  if (HasWideVectors()) {
    if (const std::size_t found = FindWide(text, at); found != kNpos) return found;
  }
  if (SimdLevel() == Simd::kAvx2) {
    if (const std::size_t found = FindAvx2(text, at); found != kNpos) return found;
  }
#endif
  for (; at + kTripleLetters <= text.size(); ++at) {
    const unsigned groups = TripleGroupsAt(kTables, text.data() + at);
    if (groups != 0 && WordAround(text, at, groups)) return at;
  }
  return kNpos;
}

}  // namespace crawlcard::page::internal
