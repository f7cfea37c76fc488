#include "base/text.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>

#include "base/simd.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace crawlcard {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Sequence {
  std::size_t bytes = 1;  // length of the sequence, or of its maximal valid start
  bool valid = false;
};

template <class Word>
Word Load(const char* text) {
  Word word = 0;
  std::memcpy(&word, text, sizeof(word));
  return word;
}

// The bytes of a word with their upper-case letters made lower: bit 7 of each byte of the sums says
// whether it is one.
std::uint64_t Lower(std::uint64_t word) {
  constexpr std::uint64_t kEach = 0x0101010101010101;
  const std::uint64_t low = word & kEach * 0x7F;
  const std::uint64_t from_a = low + kEach * (0x80 - 'A');
  const std::uint64_t past_z = low + kEach * (0x7F - 'Z');
  return word | ((from_a & ~past_z & ~word & kEach * 0x80) >> 2);
}

// Names are mostly written as they are looked for.
bool SameWord(std::uint64_t a, std::uint64_t b) {
  return a == b || Lower(a) == Lower(b);
}

#if defined(__x86_64__)
// Whether the 64 bytes from `bytes` on are all below 0x80.
bool IsAsciiAt(const char* bytes) {
  const auto* const parts = reinterpret_cast<const __m128i*>(bytes);
  const __m128i low = _mm_or_si128(_mm_loadu_si128(parts), _mm_loadu_si128(parts + 1));
  const __m128i high = _mm_or_si128(_mm_loadu_si128(parts + 2), _mm_loadu_si128(parts + 3));
  return _mm_movemask_epi8(_mm_or_si128(low, high)) == 0;
}
#endif

// Reads the UTF-8 sequence at the front of non-empty `text` by the table of Unicode 3.9 (D92).
Sequence ReadSequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {1, true};
  std::size_t length = 0;
  unsigned low = 0x80;
  unsigned high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return {1, false};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || byte(i) < low || byte(i) > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true};
}

}  // namespace

std::string AsciiLowerCopy(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = AsciiLower(c);
  return out;
}

bool internal::SameLetters(const char* a, const char* b, std::size_t bytes) {
  if (bytes < sizeof(std::uint32_t)) {
    for (std::size_t i = 0; i < bytes; ++i) {
      if (AsciiLower(a[i]) != AsciiLower(b[i])) return false;
    }
    return true;
  }
  if (bytes < sizeof(std::uint64_t)) {
    const std::size_t last = bytes - sizeof(std::uint32_t);
    return SameWord(Load<std::uint32_t>(a), Load<std::uint32_t>(b)) &&
           SameWord(Load<std::uint32_t>(a + last), Load<std::uint32_t>(b + last));
  }
  // The last word overlaps the one before it.
  const std::size_t last = bytes - sizeof(std::uint64_t);
  for (std::size_t at = 0; at < last; at += sizeof(std::uint64_t)) {
    if (!SameWord(Load<std::uint64_t>(a + at), Load<std::uint64_t>(b + at))) return false;
  }
  return SameWord(Load<std::uint64_t>(a + last), Load<std::uint64_t>(b + last));
}

std::string_view TrimAscii(std::string_view text) {
  while (!text.empty() && IsAsciiSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsAsciiSpace(text.back())) text.remove_suffix(1);
  return text;
}

bool HasToken(std::string_view list, std::string_view word) {
  while (true) {
    list = TrimAscii(list);
    if (list.empty()) return false;
    std::size_t end = 0;
    while (end < list.size() && !IsAsciiSpace(list[end])) ++end;
    if (EqualsIgnoreCase(list.substr(0, end), word)) return true;
    list.remove_prefix(end);
  }
}

std::optional<std::uint64_t> ParseUint(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (!IsAsciiDigit(c)) return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

std::size_t AsciiPrefix(std::string_view text) {
  std::size_t at = 0;
#if defined(__x86_64__)
  if (SimdLevel() != Simd::kScalar) {
    while (at + 64 <= text.size() && IsAsciiAt(text.data() + at)) at += 64;
    // The last sixteen bytes are looked at as a whole, too, once more in part.
    while (text.size() >= 16 && at < text.size()) {
      at = std::min(at, text.size() - 16);
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
      const auto high = static_cast<unsigned>(_mm_movemask_epi8(bytes));
      if (high != 0) return at + static_cast<std::size_t>(std::countr_zero(high));
      at += 16;
    }
  }
#endif
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

bool IsUtf8(std::string_view text) {
  while (true) {
    text.remove_prefix(AsciiPrefix(text));
    if (text.empty()) return true;
    const Sequence sequence = ReadSequence(text);
    if (!sequence.valid) return false;
    text.remove_prefix(sequence.bytes);
  }
}

void AppendValidUtf8(std::string_view text, std::string& out) {
  while (true) {
    const std::size_t run = AsciiPrefix(text);
    out += text.substr(0, run);
    text.remove_prefix(run);
    if (text.empty()) return;
    const Sequence sequence = ReadSequence(text);
    out += sequence.valid ? text.substr(0, sequence.bytes) : kReplacement;
    text.remove_prefix(sequence.bytes);
  }
}

std::string_view Utf8Prefix(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  // At most three continuation bytes precede a cut inside a sequence.
  for (int back = 0; back < 3 && end > 0; ++back) {
    if ((static_cast<unsigned char>(text[end]) & 0xC0) != 0x80) break;
    --end;
  }
  return text.substr(0, end);
}

void AppendUtf8(char32_t code_point, std::string& out) {
  std::array<char, 4> bytes;
  out.append(bytes.data(), PutUtf8(code_point, bytes.data()));
}

}  // namespace crawlcard
