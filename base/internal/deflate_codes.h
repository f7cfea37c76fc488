// base/internal/deflate_codes.h - the Huffman codes of a deflate block as tables to look up (RFC
// 1951).
//
// A table is asked with the next bits of the input, lowest first, and says in one entry what they
// mean and how many of them to take. Codes longer than the table's bits continue in a subtable
// behind it. The layout of entries and the way tables grow by doubling are those of libdeflate.
//
//   entry   31        kLiteral
//           30..16    literal, base of a length or an offset, or where a subtable begins
//           15        kExceptional: kSubtable, kEndOfBlock, or neither: no such symbol
//           11..8     bits of the code, without extra bits; of a subtable: its bits
//           7..0      bits to take, with extra bits; of a subtable: the bits of the table
//
// Only complete codes are built: what is unusual is left to a library.
// Thread rule: pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace crawlcard::internal {

inline constexpr std::uint32_t kLiteral = std::uint32_t{1} << 31;
inline constexpr std::uint32_t kExceptional = std::uint32_t{1} << 15;
inline constexpr std::uint32_t kSubtable = std::uint32_t{1} << 14;
inline constexpr std::uint32_t kEndOfBlock = std::uint32_t{1} << 13;
inline constexpr unsigned kCodeShift = 8;
inline constexpr unsigned kValueShift = 16;

inline constexpr unsigned kCodeBitsMax = 15;
inline constexpr std::size_t kLiteralSymbols = 288;
inline constexpr std::size_t kOffsetSymbols = 32;
inline constexpr unsigned kLiteralTableBits = 11;
inline constexpr unsigned kOffsetTableBits = 8;

struct DeflateCodes {
  // With all subtables that a complete code can ask for (zlib's program "enough").
  std::array<std::uint32_t, 2342> literals;
  std::array<std::uint32_t, 402> offsets;
};

// The lengths of the codes of all symbols, each 0 to 15. False where a code is not complete.
bool MakeLiteralTable(std::span<const std::uint8_t> lengths, DeflateCodes& codes);
bool MakeOffsetTable(std::span<const std::uint8_t> lengths, DeflateCodes& codes);

// The code of code lengths: 7 bits to a symbol times 8, plus the bits to take.
inline constexpr std::size_t kLengthSymbols = 19;
inline constexpr unsigned kLengthCodeBits = 7;
using LengthTable = std::array<std::uint8_t, std::size_t{1} << kLengthCodeBits>;
bool MakeLengthTable(const std::array<std::uint8_t, kLengthSymbols>& lengths, LengthTable& table);

}  // namespace crawlcard::internal
