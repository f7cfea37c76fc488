// page/html/packed_name.h - a short name in lower case as two numbers, for comparing at once.
//
// Thread rule: values.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace crawlcard::page::html {

inline constexpr std::size_t kPackedBytesMax = 16;

// The first byte is the lowest of `low`. Names that differ in size only by zero bytes are packed
// alike: compare sizes too.
struct PackedName {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  constexpr bool operator==(const PackedName&) const = default;

  // A number to spread names by; the constant is chosen by who uses it.
  constexpr std::uint64_t Hash(std::uint64_t multiplier) const { return (low + high) * multiplier; }
};

// Each of eight ASCII capitals made small, other bytes as they are.
constexpr std::uint64_t LowerEight(std::uint64_t bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
  constexpr std::uint64_t kTops = 0x80 * kOnes;
  const std::uint64_t low_bits = bytes & ~kTops;
  const std::uint64_t from_a = low_bits + (0x80 - 'A') * kOnes;
  const std::uint64_t past_z = low_bits + (0x7F - 'Z') * kOnes;
  const std::uint64_t capitals = (from_a ^ past_z) & ~bytes & kTops;
  return bytes | (capitals >> 2);
}

// `name` of at most kPackedBytesMax bytes, in any case.
constexpr PackedName PackName(std::string_view name) {
  PackedName packed;
  for (std::size_t i = 0; i < name.size() && i < kPackedBytesMax; ++i) {
    const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(name[i]));
    (i < 8 ? packed.low : packed.high) |= byte << (8 * (i % 8));
  }
  packed.low = LowerEight(packed.low);
  packed.high = LowerEight(packed.high);
  return packed;
}

// The same for a name in a text that ends at `end`: loads whole words where they lie inside it.
inline PackedName PackNameIn(std::string_view name, const char* end) {
  if constexpr (std::endian::native != std::endian::little) return PackName(name);
  if (end - name.data() < static_cast<std::ptrdiff_t>(kPackedBytesMax)) return PackName(name);
  const std::size_t size = name.size();
  PackedName packed;
  std::memcpy(&packed.low, name.data(), 8);
  if (size < 8) {
    packed.low = LowerEight(packed.low & ((std::uint64_t{1} << (8 * size)) - 1));
    return packed;
  }
  packed.low = LowerEight(packed.low);
  if (size == 8) return packed;
  std::memcpy(&packed.high, name.data() + 8, 8);
  if (size < kPackedBytesMax) packed.high &= (std::uint64_t{1} << (8 * (size - 8))) - 1;
  packed.high = LowerEight(packed.high);
  return packed;
}

}  // namespace crawlcard::page::html
