// page/internal/rights_words.cc - see rights_words.h.
#include "page/internal/rights_words.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/simd.h"
#include "base/text.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace crawlcard::page::internal {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;

struct RightsWord {
  std::string_view text;
  std::size_t letters_at;  // of three letters in a row that are rare elsewhere
  unsigned group;          // words of one group have letters alike
};
constexpr std::array<RightsWord, 14> kWords = {{
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
}};

constexpr std::size_t kLetters = 3;

// For each of the three letters: the groups that have a letter with this low or high nibble there.
// Both cases of a letter differ in the high nibble alone. Twice, for both halves of a vector.
struct Nibbles {
  std::array<std::uint8_t, 32> low{};
  std::array<std::uint8_t, 32> high{};
};

constexpr std::array<Nibbles, kLetters> MakeNibbles() {
  std::array<Nibbles, kLetters> tables{};
  for (const RightsWord& word : kWords) {
    for (std::size_t i = 0; i < kLetters; ++i) {
      const char small = word.text[word.letters_at + i];
      const char capital =
          small >= 'a' && small <= 'z' ? static_cast<char>(small - 'a' + 'A') : small;
      const auto group = static_cast<std::uint8_t>(1U << word.group);
      for (const char c : {small, capital}) {
        const auto letter = static_cast<std::uint8_t>(c);
        for (const std::size_t lane : {std::size_t{0}, std::size_t{16}}) {
          tables[i].low[lane + (letter & 0x0F)] |= group;
          tables[i].high[lane + (letter >> 4)] |= group;
        }
      }
    }
  }
  return tables;
}
constexpr std::array<Nibbles, kLetters> kNibbles = MakeNibbles();

// Whether a word of `groups` has its letters at `at`.
bool WordAround(std::string_view text, std::size_t at, unsigned groups) {
  for (const RightsWord& word : kWords) {
    if ((groups >> word.group & 1U) == 0 || at < word.letters_at) continue;
    if (StartsWithIgnoreCase(text.substr(at - word.letters_at), word.text)) return true;
  }
  return false;
}

unsigned GroupsAt(std::string_view text, std::size_t at) {
  unsigned groups = 0xFF;
  for (std::size_t i = 0; i < kLetters; ++i) {
    const auto letter = static_cast<std::uint8_t>(text[at + i]);
    groups &= static_cast<unsigned>(kNibbles[i].low[letter & 0x0F] & kNibbles[i].high[letter >> 4]);
  }
  return groups;
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) inline __m256i Load(const std::array<std::uint8_t, 32>& table) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(table.data()));
}

// Groups that have each byte at the place of the tables.
__attribute__((target("avx2"))) inline __m256i GroupsOf(const char* bytes, __m256i low,
                                                        __m256i high) {
  // A shuffle looks at the low nibble alone, and gives zero for bytes that are not ASCII.
  const __m256i letters = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
  const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(letters, 4), _mm256_set1_epi8(0x0F));
  return _mm256_and_si256(_mm256_shuffle_epi8(low, letters), _mm256_shuffle_epi8(high, upper));
}

// Moves `at` to the first place that was not looked at where it finds nothing.
__attribute__((target("avx2"))) std::size_t FindAvx2(std::string_view text, std::size_t& at) {
  const __m256i low0 = Load(kNibbles[0].low);
  const __m256i high0 = Load(kNibbles[0].high);
  const __m256i low1 = Load(kNibbles[1].low);
  const __m256i high1 = Load(kNibbles[1].high);
  const __m256i low2 = Load(kNibbles[2].low);
  const __m256i high2 = Load(kNibbles[2].high);
  for (; at + 32 + kLetters <= text.size(); at += 32) {
    const char* bytes = text.data() + at;
    const __m256i groups = _mm256_and_si256(
        _mm256_and_si256(GroupsOf(bytes, low0, high0), GroupsOf(bytes + 1, low1, high1)),
        GroupsOf(bytes + 2, low2, high2));
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

#endif

}  // namespace

std::size_t FindRightsWord(std::string_view text, std::size_t from) {
  std::size_t at = from;
#if defined(__x86_64__)
  if (SimdLevel() == Simd::kAvx2) {
    if (const std::size_t found = FindAvx2(text, at); found != kNpos) return found;
  }
#endif
  for (; at + kLetters <= text.size(); ++at) {
    const unsigned groups = GroupsAt(text, at);
    if (groups != 0 && WordAround(text, at, groups)) return at;
  }
  return kNpos;
}

}  // namespace crawlcard::page::internal
