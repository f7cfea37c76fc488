// page/internal/letter_triples.h - looking for many words at once by three letters of each.
//
// The "Teddy" search of Hyperscan: words are put into eight groups; a table for each of the three
// letters tells, by the halves of a byte, which groups may have it there. Three pairs of shuffles
// give the groups of 16 or 32 places side by side. A filter: places are to be compared in full.
//
// Thread rule: values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/text.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace crawlcard::page::internal {

inline constexpr std::size_t kTripleLetters = 3;
// In place of the third letter: any byte.
inline constexpr char kAnyLetter = '?';

struct TripleWord {
  std::string_view text;   // small letters, unless in exact case
  std::size_t letters_at;  // of three letters in a row that are rare elsewhere
  unsigned group;          // below 8; words of one group should have letters alike
  bool exact_case = false;
};

// For one letter, as sets of groups: by the low half of a byte, and by the high half. Twice, for
// both halves of a vector.
struct NibbleSets {
  std::array<std::uint8_t, 32> low{};
  std::array<std::uint8_t, 32> high{};

  constexpr void Add(std::uint8_t letter, std::uint8_t group) {
    for (const std::size_t lane : {std::size_t{0}, std::size_t{16}}) {
      low[lane + (letter & 0x0F)] |= group;
      high[lane + (letter >> 4)] |= group;
    }
  }
};
using TripleTables = std::array<NibbleSets, kTripleLetters>;

constexpr TripleTables MakeTripleTables(std::span<const TripleWord> words) {
  TripleTables tables{};
  for (const TripleWord& word : words) {
    const auto group = static_cast<std::uint8_t>(1U << word.group);
    for (std::size_t i = 0; i < kTripleLetters; ++i) {
      const char letter = word.text[word.letters_at + i];
      if (letter == kAnyLetter) {
        for (unsigned any = 0; any < 256; ++any)
          tables[i].Add(static_cast<std::uint8_t>(any), group);
        continue;
      }
      tables[i].Add(static_cast<std::uint8_t>(letter), group);
      if (word.exact_case || letter < 'a' || letter > 'z') continue;
      tables[i].Add(static_cast<std::uint8_t>(letter - 'a' + 'A'), group);
    }
  }
  return tables;
}

// The groups that may have a word around `at`, where three bytes are.
inline unsigned TripleGroupsAt(const TripleTables& tables, const char* at) {
  unsigned groups = 0xFF;
  for (std::size_t i = 0; i < kTripleLetters; ++i) {
    const auto letter = static_cast<std::uint8_t>(at[i]);
    groups &= static_cast<unsigned>(tables[i].low[letter & 0x0F] & tables[i].high[letter >> 4]);
  }
  return groups;
}

// The same by whole bytes, for processors that look them up at once (page/internal/wide_vectors.h):
// the groups of each ASCII byte as one of the three letters. Other bytes have none, but stand for
// kAnyLetter.
struct WideTables {
  std::array<std::array<std::uint8_t, 128>, kTripleLetters> groups{};
  std::uint8_t any_third = 0;  // groups with a word whose third letter is any
  // The same of the letter behind these, for searches that look at it, too.
  std::array<std::uint8_t, 128> fourth{};
  std::uint8_t any_fourth = 0;
};

constexpr WideTables MakeWideTables(std::span<const TripleWord> words) {
  WideTables tables;
  for (const TripleWord& word : words) {
    const auto group = static_cast<std::uint8_t>(1U << word.group);
    for (std::size_t i = 0; i < kTripleLetters; ++i) {
      const char letter = word.text[word.letters_at + i];
      if (letter == kAnyLetter) {
        for (std::uint8_t& groups : tables.groups[i]) groups |= group;
        tables.any_third |= group;
        continue;
      }
      tables.groups[i][static_cast<std::uint8_t>(letter)] |= group;
      if (word.exact_case || letter < 'a' || letter > 'z') continue;
      tables.groups[i][static_cast<std::uint8_t>(letter - 'a' + 'A')] |= group;
    }
    const std::size_t next = word.letters_at + kTripleLetters;
    if (next >= word.text.size()) {
      for (std::uint8_t& groups : tables.fourth) groups |= group;
      tables.any_fourth |= group;
      continue;
    }
    const auto letter = static_cast<std::uint8_t>(word.text[next]);
    tables.fourth[letter] |= group;
    if (!word.exact_case && letter >= 'a' && letter <= 'z') {
      tables.fourth[static_cast<std::uint8_t>(letter - 'a' + 'A')] |= group;
    }
  }
  return tables;
}

#if defined(__x86_64__)

#define CRAWLCARD_WIDE [[gnu::target("avx512f,avx512bw,avx512vbmi")]]

// A table of 128 bytes, made once a search.
struct WideTable {
  __m512i low, high;

  CRAWLCARD_WIDE [[gnu::always_inline]] static WideTable Load(const void* bytes) {
    const auto* const halves = static_cast<const __m512i*>(bytes);
    return {_mm512_loadu_si512(halves), _mm512_loadu_si512(halves + 1)};
  }
  // What stands there for each byte, and zero for those that are not ASCII.
  CRAWLCARD_WIDE [[gnu::always_inline]] __m512i Find(__m512i bytes) const {
    return _mm512_maskz_permutex2var_epi8(_knot_mask64(_mm512_movepi8_mask(bytes)), low, bytes,
                                          high);
  }
};

struct WideVectors {
  WideTable letters[kTripleLetters];
  __m512i any_third;
  WideTable fourth;
  __m512i any_fourth;
};

CRAWLCARD_WIDE [[gnu::always_inline]] inline WideVectors LoadWide(const WideTables& tables) {
  WideVectors vectors;
  for (std::size_t i = 0; i < kTripleLetters; ++i) {
    vectors.letters[i] = WideTable::Load(tables.groups[i].data());
  }
  vectors.any_third = _mm512_set1_epi8(static_cast<char>(tables.any_third));
  vectors.fourth = WideTable::Load(tables.fourth.data());
  vectors.any_fourth = _mm512_set1_epi8(static_cast<char>(tables.any_fourth));
  return vectors;
}

// The groups of the 64 places from `bytes` on, behind which two bytes more are read.
CRAWLCARD_WIDE [[gnu::always_inline]] inline __m512i WideGroups(const char* bytes,
                                                                const WideVectors& vectors) {
  const __m512i first = _mm512_loadu_si512(bytes);
  const __m512i second = _mm512_loadu_si512(bytes + 1);
  const __m512i third = _mm512_loadu_si512(bytes + 2);
  const __m512i thirds = _mm512_mask_blend_epi8(
      _mm512_movepi8_mask(third),
      _mm512_permutex2var_epi8(vectors.letters[2].low, third, vectors.letters[2].high),
      vectors.any_third);
  return _mm512_and_si512(
      thirds, _mm512_and_si512(vectors.letters[0].Find(first), vectors.letters[1].Find(second)));
}

// Those of them that may have the fourth letter, too; three bytes more are read.
CRAWLCARD_WIDE [[gnu::always_inline]] inline __m512i WideGroupsOfFour(const char* bytes,
                                                                      const WideVectors& vectors) {
  const __m512i fourth = _mm512_loadu_si512(bytes + 3);
  const __m512i groups = _mm512_mask_blend_epi8(
      _mm512_movepi8_mask(fourth),
      _mm512_permutex2var_epi8(vectors.fourth.low, fourth, vectors.fourth.high),
      vectors.any_fourth);
  return _mm512_and_si512(groups, WideGroups(bytes, vectors));
}

// The tables of a search as vectors, made once a search.
struct TripleVectors {
  __m256i low[kTripleLetters], high[kTripleLetters];
};

[[gnu::target("avx2"), gnu::always_inline]] inline TripleVectors LoadTriples(
    const TripleTables& tables) {
  TripleVectors vectors;
  for (std::size_t i = 0; i < kTripleLetters; ++i) {
    vectors.low[i] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(tables[i].low.data()));
    vectors.high[i] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(tables[i].high.data()));
  }
  return vectors;
}

// The groups of the 32 places from `bytes` on, behind which two bytes more are read.
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i TripleGroups(
    const char* bytes, const TripleVectors& vectors) {
  const __m256i half = _mm256_set1_epi8(0x0F);
  __m256i groups = _mm256_set1_epi8(-1);
  for (std::size_t i = 0; i < kTripleLetters; ++i) {
    const __m256i letters = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + i));
    // A shuffle gives zero for bytes that are not ASCII: right for letters, not for kAnyLetter.
    const __m256i lower = i + 1 == kTripleLetters ? _mm256_and_si256(letters, half) : letters;
    const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(letters, 4), half);
    groups =
        _mm256_and_si256(groups, _mm256_and_si256(_mm256_shuffle_epi8(vectors.low[i], lower),
                                                  _mm256_shuffle_epi8(vectors.high[i], upper)));
  }
  return groups;
}

#endif

// Whether `text` begins with the word, kAnyLetter standing for any byte or none.
inline bool IsTripleWordAt(const TripleWord& word, std::string_view text) {
  std::string_view wanted = word.text;
  if (wanted.ends_with(kAnyLetter)) wanted.remove_suffix(1);
  return word.exact_case ? text.starts_with(wanted) : StartsWithIgnoreCase(text, wanted);
}

}  // namespace crawlcard::page::internal
