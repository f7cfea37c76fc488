#include "base/find.h"

#include <bit>
#include <cstdint>
#include <cstring>

#include "base/simd.h"
#include "base/text.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace crawlcard {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;
// Letters fold to lower case by this bit; other bytes that fold together are told apart by the
// comparison that follows.
constexpr char kCaseBit = 0x20;

struct SameCase {
  static constexpr bool kFolds = false;
  static bool Equal(const char* a, std::string_view b) {
    return std::memcmp(a, b.data(), b.size()) == 0;
  }
};
struct AnyCase {
  static constexpr bool kFolds = true;
  static bool Equal(const char* a, std::string_view b) {
    return EqualsIgnoreCase({a, b.size()}, b);
  }
};

template <class Case>
std::size_t FindScalar(std::string_view text, std::string_view needle, std::size_t from) {
  const auto fold = [](char c) { return Case::kFolds ? AsciiLower(c) : c; };
  const char first = fold(needle.front());
  for (std::size_t at = from; at + needle.size() <= text.size(); ++at) {
    if (fold(text[at]) == first && Case::Equal(text.data() + at, needle)) return at;
  }
  return kNpos;
}

#if defined(__x86_64__)
// The first fitting place among the bits of `mask`, which stand for places from `at` on.
template <class Case>
std::size_t FirstOf(std::uint32_t mask, std::string_view text, std::string_view needle,
                    std::size_t at) {
  while (mask != 0) {
    const std::size_t place = at + static_cast<std::size_t>(std::countr_zero(mask));
    if (Case::Equal(text.data() + place, needle)) return place;
    mask &= mask - 1;
  }
  return kNpos;
}

template <class Case>
std::size_t FindSse2(std::string_view text, std::string_view needle, std::size_t from) {
  constexpr std::size_t kBytes = 16;
  const char bit = Case::kFolds ? kCaseBit : '\0';
  const __m128i fold = _mm_set1_epi8(bit);
  const __m128i first = _mm_set1_epi8(static_cast<char>(needle.front() | bit));
  const __m128i last = _mm_set1_epi8(static_cast<char>(needle.back() | bit));
  const std::size_t reach = needle.size() - 1;
  std::size_t at = from;
  for (; at + reach + kBytes <= text.size(); at += kBytes) {
    const auto* begin = reinterpret_cast<const __m128i*>(text.data() + at);
    const auto* end = reinterpret_cast<const __m128i*>(text.data() + at + reach);
    const __m128i a = _mm_cmpeq_epi8(_mm_or_si128(_mm_loadu_si128(begin), fold), first);
    const __m128i b = _mm_cmpeq_epi8(_mm_or_si128(_mm_loadu_si128(end), fold), last);
    const auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_and_si128(a, b)));
    if (mask == 0) continue;
    const std::size_t found = FirstOf<Case>(mask, text, needle, at);
    if (found != kNpos) return found;
  }
  return FindScalar<Case>(text, needle, at);
}

// Places from `at` on, which is the first of 32, where both ends of a needle fit.
template <class Case>
__attribute__((target("avx2"), always_inline)) inline std::uint32_t EndsFit(const char* at,
                                                                            std::size_t reach,
                                                                            __m256i first,
                                                                            __m256i last) {
  const __m256i fold = _mm256_set1_epi8(Case::kFolds ? kCaseBit : '\0');
  const auto* begin = reinterpret_cast<const __m256i*>(at);
  const auto* end = reinterpret_cast<const __m256i*>(at + reach);
  const __m256i a = _mm256_cmpeq_epi8(_mm256_or_si256(_mm256_loadu_si256(begin), fold), first);
  const __m256i b = _mm256_cmpeq_epi8(_mm256_or_si256(_mm256_loadu_si256(end), fold), last);
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_and_si256(a, b)));
}

template <class Case>
__attribute__((target("avx2"))) std::size_t FindAvx2(std::string_view text, std::string_view needle,
                                                     std::size_t from) {
  constexpr std::size_t kBytes = 32;
  const char bit = Case::kFolds ? kCaseBit : '\0';
  const __m256i first = _mm256_set1_epi8(static_cast<char>(needle.front() | bit));
  const __m256i last = _mm256_set1_epi8(static_cast<char>(needle.back() | bit));
  const std::size_t reach = needle.size() - 1;
  std::size_t at = from;
  for (; at + reach + kBytes <= text.size(); at += kBytes) {
    const std::uint32_t mask = EndsFit<Case>(text.data() + at, reach, first, last);
    if (mask == 0) continue;
    const std::size_t found = FirstOf<Case>(mask, text, needle, at);
    if (found != kNpos) return found;
  }
  if (text.size() < reach + kBytes) return FindScalar<Case>(text, needle, at);
  // The last places as a block that begins before them.
  const std::size_t place = text.size() - reach - kBytes;
  if (at - place >= kBytes) return kNpos;
  const std::uint32_t fits = EndsFit<Case>(text.data() + place, reach, first, last);
  return FirstOf<Case>(fits & ~std::uint32_t{0} << (at - place), text, needle, place);
}
#endif

template <class Case>
std::size_t FindBy(std::string_view text, std::string_view needle, std::size_t from) {
  if (from > text.size() || needle.size() > text.size() - from) return kNpos;
  if (needle.empty()) return from;
#if defined(__x86_64__)
  // Setting vectors up pays for itself from a few blocks on.
  constexpr std::size_t kWideBytesMin = 128;
  const Simd level = SimdLevel();
  if (level == Simd::kAvx2 && text.size() - from >= kWideBytesMin) {
    return FindAvx2<Case>(text, needle, from);
  }
  if (level >= Simd::kSse2) return FindSse2<Case>(text, needle, from);
#endif
  return FindScalar<Case>(text, needle, from);
}

#if defined(__x86_64__)
// Adds to `count`, and returns how far it got.
__attribute__((target("avx2"))) std::size_t CountAvx2(std::string_view text, char c,
                                                      std::size_t& count) {
  constexpr std::size_t kBytes = 32;
  const __m256i wanted = _mm256_set1_epi8(c);
  const __m256i zero = _mm256_setzero_si256();
  __m256i sums = zero;
  std::size_t at = 0;
  while (at + kBytes <= text.size()) {
    // A lane counts to 255 before it would overflow.
    const std::size_t blocks = std::min<std::size_t>((text.size() - at) / kBytes, 255);
    __m256i lanes = zero;
    const std::size_t end = at + blocks * kBytes;
#pragma GCC unroll 4
    for (; at < end; at += kBytes) {
      const auto* bytes = reinterpret_cast<const __m256i*>(text.data() + at);
      lanes = _mm256_sub_epi8(lanes, _mm256_cmpeq_epi8(_mm256_loadu_si256(bytes), wanted));
    }
    sums = _mm256_add_epi64(sums, _mm256_sad_epu8(lanes, zero));
  }
  const __m128i half =
      _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  count += static_cast<std::size_t>(_mm_cvtsi128_si64(half)) +
           static_cast<std::size_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(half, half)));
  return at;
}

std::size_t CountSse2(std::string_view text, char c, std::size_t& count) {
  const __m128i wanted = _mm_set1_epi8(c);
  std::size_t at = 0;
  while (at + 16 <= text.size()) {
    __m128i lanes = _mm_setzero_si128();
    for (int round = 0; round < 255 && at + 16 <= text.size(); ++round, at += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
      lanes = _mm_sub_epi8(lanes, _mm_cmpeq_epi8(bytes, wanted));
    }
    const __m128i sums = _mm_sad_epu8(lanes, _mm_setzero_si128());
    count += static_cast<std::size_t>(_mm_cvtsi128_si64(sums)) +
             static_cast<std::uint32_t>(_mm_extract_epi16(sums, 4));
  }
  return at;
}
#endif

}  // namespace

std::size_t CountByte(std::string_view text, char c) {
  std::size_t count = 0;
  std::size_t at = 0;
#if defined(__x86_64__)
  const Simd level = SimdLevel();
  if (level == Simd::kAvx2) at = CountAvx2(text, c, count);
  if (level == Simd::kSse2) at = CountSse2(text, c, count);
#endif
  for (; at < text.size(); ++at) count += text[at] == c ? 1U : 0U;
  return count;
}

std::size_t Find(std::string_view text, std::string_view needle, std::size_t from) {
  return FindBy<SameCase>(text, needle, from);
}

std::size_t FindIgnoreCase(std::string_view text, std::string_view needle, std::size_t from) {
  return FindBy<AnyCase>(text, needle, from);
}

}  // namespace crawlcard
