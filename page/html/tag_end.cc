// page/html/tag_end.cc - see tag_end.h.
#include "page/html/tag_end.h"

#include <array>
#include <bit>
#include <cstdint>

#include "page/html/byte_classes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace crawlcard::page::html {

bool IsEndOf(std::string_view body, std::size_t stop, std::size_t edge) {
  if (body[stop] != '>' || stop < edge || stop - edge > 2 * limits::kAttributesMax) return false;
  std::size_t last = stop - 1;
  while (last > edge && body[last] != '"') --last;
  if (last <= edge) return true;  // none
  do {
    --last;
  } while (last > edge && IsByte(body[last], kSpaceByte));
  return body[last] != '=';
}

#if defined(__x86_64__)
namespace {

// A byte as often as a vector holds it. In memory, since making it anew for each tag costs more
// than reading the tag; not constant, since compilers would do so.
using Repeated = std::array<char, 32>;
Repeated Repeat(char c) {
  Repeated bytes;
  bytes.fill(c);
  return bytes;
}
struct Wanted {
  alignas(32) Repeated quotes = Repeat('"');
  alignas(32) Repeated apostrophes = Repeat('\'');
  alignas(32) Repeated equals = Repeat('=');
  alignas(32) Repeated greater = Repeat('>');
  alignas(32) Repeated blanks = Repeat(' ');
  alignas(32) Repeated slashes = Repeat('/');
};
const Wanted kWanted;

#define CRAWLCARD_AVX2 [[gnu::target("avx2,bmi,bmi2,pclmul,popcnt")]]

CRAWLCARD_AVX2 inline __m256i Load(const char* bytes) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
}
CRAWLCARD_AVX2 inline std::uint32_t BitsOf(__m256i hits) {
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(hits));
}
CRAWLCARD_AVX2 inline std::uint32_t Same(__m256i bytes, const Repeated& wanted) {
  return BitsOf(_mm256_cmpeq_epi8(bytes, Load(wanted.data())));
}
// White space and other control characters, and slashes.
CRAWLCARD_AVX2 inline std::uint32_t NameEnds(__m256i bytes) {
  const __m256i low = _mm256_min_epu8(bytes, Load(kWanted.blanks.data()));
  return BitsOf(_mm256_or_si256(_mm256_cmpeq_epi8(bytes, low),
                                _mm256_cmpeq_epi8(bytes, Load(kWanted.slashes.data()))));
}
// A bit is set where an odd number of bits are, up to and with it.
CRAWLCARD_AVX2 inline std::uint32_t PrefixXor(std::uint32_t bits) {
  const __m128i number = _mm_cvtsi32_si128(static_cast<int>(bits));
  return static_cast<std::uint32_t>(
      _mm_cvtsi128_si32(_mm_clmulepi64_si128(number, _mm_set1_epi8(-1), 0)));
}

// The first `quote` from `at` on, looked for where 32 bytes are left; null: none there.
CRAWLCARD_AVX2 inline const char* FindQuote(const char* at, const char* last,
                                            const Repeated& quote) {
  for (; at <= last; at += 32) {
    const std::uint32_t quotes = Same(Load(at), quote);
    if (quotes != 0) return at + std::countr_zero(quotes);
  }
  return nullptr;
}

// QuotedTagEnd() of a tag whose values are all in one kind of quotes; none where the `other`
// stands outside.
CRAWLCARD_AVX2 TagEnd EndByQuotes(const char* at, const char* last, const Repeated& quote,
                                  const Repeated& other) {
  std::uint32_t equals_before = 0;  // of the byte before
  std::uint32_t name_ends_before = 0;
  std::size_t name_bytes = 0;  // of attributes, with white space and '='
  while (at <= last) {
    const __m256i bytes = Load(at);
    const std::uint32_t quotes = Same(bytes, quote);
    const std::uint32_t in_value = PrefixXor(quotes);
    const std::uint32_t greater = Same(bytes, kWanted.greater) & ~in_value;
    const std::uint32_t here = greater ^ (greater - 1);  // the bytes of the tag
    const std::uint32_t outside = here & ~in_value;
    const std::uint32_t equals = Same(bytes, kWanted.equals) & outside;
    const std::uint32_t opening = quotes & in_value & here;
    const std::uint32_t name_ends = NameEnds(bytes) | quotes;
    const std::uint32_t unusual = ((equals << 1 | equals_before) ^ opening) |
                                  (equals & (name_ends << 1 | name_ends_before)) |
                                  (Same(bytes, other) & outside);
    if (unusual != 0) return {};
    name_bytes += static_cast<std::size_t>(std::popcount(outside));
    if (greater != 0) {
      const char* const place = at + std::countr_zero(greater);
      return {name_bytes <= 2 * limits::kAttributesMax ? place + 1 : nullptr, place[-1] == '/'};
    }
    at += 32;
    equals_before = equals >> 31;
    name_ends_before = name_ends >> 31;
    if (in_value >> 31 == 0) continue;
    const char* const close = FindQuote(at, last, quote);
    if (close == nullptr) return {};
    at = close + 1;
    name_ends_before = 1;
  }
  return {};
}

}  // namespace

CRAWLCARD_AVX2 TagEnd QuotedTagEnd(const char* at, const char* end) {
  if (end - at < 32) return {};
  const char* const last = end - 32;
  const TagEnd tag = EndByQuotes(at, last, kWanted.quotes, kWanted.apostrophes);
  if (tag.behind != nullptr) return tag;
  return EndByQuotes(at, last, kWanted.apostrophes, kWanted.quotes);
}

#endif

}  // namespace crawlcard::page::html
