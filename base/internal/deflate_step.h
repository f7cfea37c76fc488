// base/internal/deflate_step.h - a few symbols of a deflate block at a time (RFC 1951
// section 3.2.3).
//
// What TwinInflater interleaves: a step is inlined twice into one loop. Needs BMI2, of x86-64.
// Thread rule: pure functions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/internal/deflate_codes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace crawlcard::internal {

// A step loads words at up to four places, each seven bytes behind the last at most.
inline constexpr std::size_t kStepInput = 40;
// Three literals, a match, and what copies write behind it.
inline constexpr std::size_t kMatchMax = 258;
inline constexpr std::size_t kCopyBytes = 48;
inline constexpr std::size_t kStepRoom = 3 + kMatchMax + kCopyBytes;

enum class End : std::uint8_t { kNone, kBlock, kBad };

// Where a stream is. `left` counts the bits that are certainly there in its lowest eight bits; what
// is above them is noise, since whole entries are subtracted from it.
struct Cursor {
  std::uint64_t bits = 0;
  std::uint32_t left = 0;
  std::uint32_t entry = 0;  // of the next symbol, when in a block
  const char* in = nullptr;
  char* out = nullptr;

  std::uint32_t bits_left() const { return left & 0xFF; }
};

inline std::uint64_t Load(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

[[gnu::always_inline]] inline void Refill(Cursor& c) {
  c.bits |= Load(c.in) << (c.left & 63);
  c.in += 7 - (c.left >> 3 & 7);
  c.left |= 56;
}

[[gnu::always_inline]] inline void Take(Cursor& c, unsigned bits) {
  c.bits >>= bits;
  c.left -= bits;
}

#if defined(__x86_64__)

#define CRAWLCARD_BMI2 __attribute__((target("bmi2"), always_inline)) inline

CRAWLCARD_BMI2 std::uint32_t ValueOf(std::uint32_t entry, std::uint64_t bits) {
  const std::uint64_t low = _bzhi_u64(bits, entry);  // by its lowest eight bits
  return (entry >> kValueShift) + static_cast<std::uint32_t>(low >> (entry >> kCodeShift & 0xFF));
}

CRAWLCARD_BMI2 std::uint32_t LookUp(const DeflateCodes& codes, const Cursor& c) {
  return codes.literals[c.bits & ((std::uint64_t{1} << kLiteralTableBits) - 1)];
}
CRAWLCARD_BMI2 void TakeEntry(Cursor& c, std::uint32_t entry) {
  c.bits >>= entry & 0xFF;
  c.left -= entry;
}
CRAWLCARD_BMI2 void Put(Cursor& c, std::uint32_t entry) {
  *c.out++ = static_cast<char>(entry >> kValueShift);
}

// A literal is written and its bits taken, or nothing changes, and the same entry is looked up once
// more: without a branch, since no processor can tell which.
CRAWLCARD_BMI2 void PassLiteral(Cursor& c, const DeflateCodes& codes, std::uint32_t& entry) {
  static_assert(kLiteral == std::uint32_t{1} << 31, "the sign");
  const std::int64_t is_literal = static_cast<std::int32_t>(entry) >> 31;  // all bits or none
  *c.out = static_cast<char>(entry >> kValueShift);
  TakeEntry(c, entry & static_cast<std::uint32_t>(is_literal));
  c.out -= is_literal;
  entry = LookUp(codes, c);
}

CRAWLCARD_BMI2 void Copy16(char*& to, const char*& from) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  to += sizeof(bytes);
  from += sizeof(bytes);
}

// Copies a match up to `end`, and up to kCopyBytes more.
CRAWLCARD_BMI2 void CopyMatch(char* to, std::uint32_t offset, const char* end) {
  const char* from = to - offset;
  if (offset >= sizeof(__m128i)) [[likely]] {
    Copy16(to, from);
    Copy16(to, from);
    Copy16(to, from);
    while (to < end) {
      Copy16(to, from);
      Copy16(to, from);
    }
    return;
  }
  if (offset == 1) {
    const __m128i bytes = _mm_set1_epi8(*from);
    for (; to < end; to += sizeof(bytes)) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
    }
    return;
  }
  // Of a word, as many bytes are right as are stepped on.
  const std::size_t step = std::min<std::size_t>(offset, sizeof(std::uint64_t));
  for (; to < end; to += step, from += step) {
    const std::uint64_t word = Load(from);
    std::memcpy(to, &word, sizeof(word));
  }
}

// Goes on behind a literal that ends a step.
CRAWLCARD_BMI2 End EndWithLiteral(Cursor& c, const DeflateCodes& codes, std::uint32_t literal) {
  c.entry = LookUp(codes, c);
  Refill(c);
  Put(c, literal);
  return End::kNone;
}

// Up to two literals and a match, or up to three literals. There are 56 bits at the beginning:
// with two literals of 11 and a length of 15 + 5 there are 14 left, of which 8 look up the offset.
CRAWLCARD_BMI2 End Step(Cursor& c, const DeflateCodes& codes, const char* out_begin) {
  std::uint32_t entry = c.entry;
  PassLiteral(c, codes, entry);
  std::uint64_t before = c.bits;
  TakeEntry(c, entry);
  if ((entry & kLiteral) != 0) {
    const std::uint32_t literal = entry;
    entry = LookUp(codes, c);
    Put(c, literal);
    before = c.bits;
    TakeEntry(c, entry);
    if ((entry & kLiteral) != 0) return EndWithLiteral(c, codes, entry);
  }
  if ((entry & kExceptional) != 0) [[unlikely]] {
    if ((entry & kSubtable) != 0) {
      entry = codes.literals[(entry >> kValueShift) + _bzhi_u64(c.bits, entry >> kCodeShift & 15)];
      before = c.bits;
      TakeEntry(c, entry);
      if ((entry & kLiteral) != 0) return EndWithLiteral(c, codes, entry);
    }
    if ((entry & kExceptional) != 0) return (entry & kEndOfBlock) != 0 ? End::kBlock : End::kBad;
  }
  const std::uint32_t length = ValueOf(entry, before);
  entry = codes.offsets[c.bits & ((std::uint64_t{1} << kOffsetTableBits) - 1)];
  if ((entry & kExceptional) != 0) [[unlikely]] {
    if ((entry & kSubtable) == 0) return End::kBad;
    if (c.bits_left() < 39) Refill(c);  // 15 + 13 of the offset, 11 to look up what follows
    Take(c, kOffsetTableBits);
    entry = codes.offsets[(entry >> kValueShift) + _bzhi_u64(c.bits, entry >> kCodeShift & 15)];
    if ((entry & kExceptional) != 0) return End::kBad;
  } else if (c.bits_left() < 32) {  // 8 + 13, and 11
    Refill(c);
  }
  before = c.bits;
  TakeEntry(c, entry);
  const std::uint32_t offset = ValueOf(entry, before);
  if (offset > static_cast<std::size_t>(c.out - out_begin)) [[unlikely]]
    return End::kBad;
  char* const to = c.out;
  c.out += length;
  c.entry = LookUp(codes, c);
  Refill(c);
  CopyMatch(to, offset, c.out);
  return End::kNone;
}

#undef CRAWLCARD_BMI2
#endif

}  // namespace crawlcard::internal
