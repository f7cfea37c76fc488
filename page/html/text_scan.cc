// page/html/text_scan.cc - see text_scan.h. Blocks of 32 bytes become masks of bits; what follows
// is arithmetic on these, the same for all instruction sets.
#include "page/html/text_scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/simd.h"
#include "base/text.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace crawlcard::page::html {
namespace {

constexpr std::size_t kBlockBytes = 32;

// Of one block, a bit a byte, the first byte lowest.
struct Masks {
  std::uint32_t space = 0;
  std::uint32_t reference = 0;
  std::uint32_t marks = 0;  // where "CC", "mm", "rv" or "RV" begins
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // Takes the block at `at`, of which `valid` bits belong to the text.
  __attribute__((always_inline)) void Add(const Masks& masks, std::size_t at, std::uint32_t valid) {
    const std::uint32_t words = ~masks.space & valid;
    const std::uint32_t begins = words & ((masks.space << 1) | after_space_);
    scan_.word_bytes += static_cast<std::size_t>(std::popcount(words));
    scan_.words += static_cast<std::size_t>(std::popcount(begins));
    after_space_ = masks.space >> 31;
    scan_.has_reference = scan_.has_reference || (masks.reference & valid) != 0;
    if ((masks.marks & valid) != 0) Marks(masks.marks & valid, at);
  }

  // After the last block.
  const TextScan& Finish() {
    scan_.begins_with_space = IsAsciiSpace(text_.front());
    scan_.ends_with_space = IsAsciiSpace(text_.back());
    return scan_;
  }

 private:
  bool Has(std::string_view word, std::size_t at, std::size_t before) const {
    return at >= before && text_.substr(at - before).starts_with(word);
  }

  void Marks(std::uint32_t marks, std::size_t block) {
    for (; marks != 0; marks &= marks - 1) {
      const std::size_t at = block + static_cast<std::size_t>(std::countr_zero(marks));
      if (scan_.capitals_at == TextScan::kNone && Has("CC", at, 0)) scan_.capitals_at = at;
      if (scan_.commons_at == TextScan::kNone && Has("ommons", at, 1)) scan_.commons_at = at - 1;
      scan_.has_reserved = scan_.has_reserved || Has("eserved", at, 3) || Has("ESERVED", at, 3);
    }
  }

  std::string_view text_;
  TextScan scan_;
  std::uint32_t after_space_ = 1;  // a word at the very start begins there
};

std::uint32_t ValidBits(std::size_t left) {
  return left >= kBlockBytes ? ~std::uint32_t{0} : (std::uint32_t{1} << left) - 1;
}

Masks LoadScalar(const char* bytes) {
  Masks masks;
  for (std::size_t i = 0; i < kBlockBytes; ++i) {
    const std::uint32_t bit = std::uint32_t{1} << i;
    const char a = bytes[i];
    const char b = bytes[i + 1];
    if (IsAsciiSpace(a)) masks.space |= bit;
    if (a == '&') masks.reference |= bit;
    const bool mark = (a == 'C' && b == 'C') || (a == 'm' && b == 'm') || (a == 'r' && b == 'v') ||
                      (a == 'R' && b == 'V');
    if (mark) masks.marks |= bit;
  }
  return masks;
}

#if defined(__x86_64__)
struct HalfMasks {
  std::uint32_t space, reference, marks;
};

__m128i SpacesSse2(__m128i bytes) {
  const auto is = [bytes](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
  return _mm_or_si128(_mm_or_si128(is(' '), is('\t')),
                      _mm_or_si128(is('\n'), _mm_or_si128(is('\r'), is('\f'))));
}

HalfMasks LoadHalfSse2(const char* bytes) {
  const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
  const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 1));
  const auto is = [](__m128i block, char c) { return _mm_cmpeq_epi8(block, _mm_set1_epi8(c)); };
  const auto pair = [&](char first, char second) {
    return _mm_and_si128(is(a, first), is(b, second));
  };
  const __m128i marks = _mm_or_si128(_mm_or_si128(pair('C', 'C'), pair('m', 'm')),
                                     _mm_or_si128(pair('r', 'v'), pair('R', 'V')));
  const auto bits = [](__m128i block) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(block));
  };
  return {bits(SpacesSse2(a)), bits(is(a, '&')), bits(marks)};
}

Masks LoadSse2(const char* bytes) {
  const HalfMasks low = LoadHalfSse2(bytes);
  const HalfMasks high = LoadHalfSse2(bytes + kBlockBytes / 2);
  return {low.space | high.space << 16, low.reference | high.reference << 16,
          low.marks | high.marks << 16};
}

__attribute__((target("avx2,popcnt"))) inline Masks LoadAvx2(const char* bytes) {
  // The byte of white space with each low half; other bytes never equal what they look up.
  const __m256i spaces = _mm256_setr_epi8(                                      //
      ' ', -1, -1, -1, -1, -1, -1, -1, -1, '\t', '\n', -1, '\f', '\r', -1, -1,  //
      ' ', -1, -1, -1, -1, -1, -1, -1, -1, '\t', '\n', -1, '\f', '\r', -1, -1);
  const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
  const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 1));
  const __m256i space = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(spaces, a), a);
  const __m256i reference = _mm256_cmpeq_epi8(a, _mm256_set1_epi8('&'));
  const __m256i capitals = _mm256_and_si256(_mm256_cmpeq_epi8(a, _mm256_set1_epi8('C')),
                                            _mm256_cmpeq_epi8(b, _mm256_set1_epi8('C')));
  const __m256i commons = _mm256_and_si256(_mm256_cmpeq_epi8(a, _mm256_set1_epi8('m')),
                                           _mm256_cmpeq_epi8(b, _mm256_set1_epi8('m')));
  const __m256i small = _mm256_and_si256(_mm256_cmpeq_epi8(a, _mm256_set1_epi8('r')),
                                         _mm256_cmpeq_epi8(b, _mm256_set1_epi8('v')));
  const __m256i large = _mm256_and_si256(_mm256_cmpeq_epi8(a, _mm256_set1_epi8('R')),
                                         _mm256_cmpeq_epi8(b, _mm256_set1_epi8('V')));
  const __m256i marks =
      _mm256_or_si256(_mm256_or_si256(capitals, commons), _mm256_or_si256(small, large));
  return {static_cast<std::uint32_t>(_mm256_movemask_epi8(space)),
          static_cast<std::uint32_t>(_mm256_movemask_epi8(reference)),
          static_cast<std::uint32_t>(_mm256_movemask_epi8(marks))};
}
#endif

// The last bytes of a text, where no whole block may be loaded: a copy of them that may.
class Tail {
 public:
  Tail(std::string_view text, std::size_t at) {
    const std::size_t left = std::min(text.size() - at, kBlockBytes + 1);
    std::memcpy(bytes_.data(), text.data() + at, left);
  }
  const char* bytes() const { return bytes_.data(); }

 private:
  std::array<char, kBlockBytes + 1> bytes_{};
};

// Whether a block at `at` and the byte behind it may be loaded.
bool MayLoad(std::string_view text, std::size_t at, const char* end) {
  return static_cast<std::size_t>(end - text.data()) >= at + kBlockBytes + 1;
}

#if defined(__x86_64__)
__attribute__((target("avx2,popcnt"))) TextScan ScanAvx2(std::string_view text, const char* end) {
  Scanner scanner(text);
  for (std::size_t at = 0; at < text.size(); at += kBlockBytes) {
    const std::uint32_t valid = ValidBits(text.size() - at);
    if (MayLoad(text, at, end)) {
      scanner.Add(LoadAvx2(text.data() + at), at, valid);
    } else {
      scanner.Add(LoadAvx2(Tail(text, at).bytes()), at, valid);
    }
  }
  return scanner.Finish();
}
#endif

using Load = Masks (*)(const char*);

TextScan ScanBy(Load load, std::string_view text, const char* end) {
  Scanner scanner(text);
  for (std::size_t at = 0; at < text.size(); at += kBlockBytes) {
    const std::uint32_t valid = ValidBits(text.size() - at);
    const bool may_load = MayLoad(text, at, end);
    scanner.Add(may_load ? load(text.data() + at) : load(Tail(text, at).bytes()), at, valid);
  }
  return scanner.Finish();
}

}  // namespace

bool IsBlank(std::string_view text) {
  std::size_t at = 0;
#if defined(__x86_64__)
  if (SimdLevel() != Simd::kScalar) {
    for (; at + 16 <= text.size(); at += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
      if (_mm_movemask_epi8(SpacesSse2(bytes)) != 0xFFFF) return false;
    }
  }
#endif
  for (; at < text.size(); ++at) {
    if (!IsAsciiSpace(text[at])) return false;
  }
  return true;
}

TextScan ScanText(std::string_view text, const char* end) {
  if (text.empty()) return {};
#if defined(__x86_64__)
  const Simd level = SimdLevel();
  if (level == Simd::kAvx2) return ScanAvx2(text, end);
  if (level == Simd::kSse2) return ScanBy(LoadSse2, text, end);
#endif
  return ScanBy(LoadScalar, text, end);
}

}  // namespace crawlcard::page::html
