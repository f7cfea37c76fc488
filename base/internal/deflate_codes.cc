#include "base/internal/deflate_codes.h"

#include <bit>
#include <cstring>

namespace crawlcard::internal {
namespace {

// Entries without the bits of codes; bits 7..0 are the extra bits (RFC 1951 section 3.2.5).
constexpr std::array<std::uint32_t, kLiteralSymbols> kLiteralEntries = [] {
  std::array<std::uint32_t, kLiteralSymbols> entries{};
  for (std::uint32_t i = 0; i < 256; ++i) entries[i] = kLiteral | i << kValueShift;
  entries[256] = kExceptional | kEndOfBlock;
  std::uint32_t base = 3;
  for (std::uint32_t i = 0; i < 28; ++i) {
    const std::uint32_t extra = i < 8 ? 0 : i / 4 - 1;
    entries[257 + i] = base << kValueShift | extra;
    base += std::uint32_t{1} << extra;
  }
  entries[285] = 258U << kValueShift;
  entries[286] = entries[287] = kExceptional;
  return entries;
}();
static_assert(kLiteralEntries[284] == (227U << kValueShift | 5));

constexpr std::array<std::uint32_t, kOffsetSymbols> kOffsetEntries = [] {
  std::array<std::uint32_t, kOffsetSymbols> entries{};
  std::uint32_t base = 1;
  for (std::uint32_t i = 0; i < 30; ++i) {
    const std::uint32_t extra = i < 4 ? 0 : i / 2 - 1;
    entries[i] = base << kValueShift | extra;
    base += std::uint32_t{1} << extra;
  }
  entries[30] = entries[31] = kExceptional;
  return entries;
}();
static_assert(kOffsetEntries[29] == (24577U << kValueShift | 13));

constexpr std::uint32_t WithCode(std::uint32_t entry, unsigned bits) {
  return entry + (bits << kCodeShift) + bits;
}

// Bits of codes are packed highest first, but looked up lowest first: so the next code of `bits`
// bits is the last one, reversed, plus one from the top. `code` is not the last of all.
constexpr std::uint32_t NextCode(std::uint32_t code, unsigned bits) {
  const std::uint32_t last = (std::uint32_t{1} << bits) - 1;
  const std::uint32_t top = std::bit_floor(code ^ last);
  return (code & (top - 1)) | top;
}

using Counts = std::array<std::uint32_t, kCodeBitsMax + 1>;

bool IsComplete(const Counts& counts) {
  std::uint32_t sum = 0;
  for (unsigned bits = 1; bits <= kCodeBitsMax; ++bits)
    sum += counts[bits] << (kCodeBitsMax - bits);
  return sum == std::uint32_t{1} << kCodeBitsMax;
}

// Fills one table, from short codes to long ones.
class TableMaker {
 public:
  TableMaker(std::span<std::uint32_t> table, unsigned table_bits, const std::uint32_t* entries)
      : table_(table), table_bits_(table_bits), entries_(entries) {}

  bool Make(std::span<const std::uint8_t> lengths) {
    for (const std::uint8_t length : lengths) ++counts_[length];
    if (!IsComplete(counts_)) return false;
    Sort(lengths);
    bits_ = 1;
    while (counts_[bits_] == 0) ++bits_;
    left_ = counts_[bits_];
    return MakeShort() || MakeLong();
  }

 private:
  void Sort(std::span<const std::uint8_t> lengths) {
    std::array<std::uint32_t, kCodeBitsMax + 2> places{};
    for (unsigned bits = 1; bits <= kCodeBitsMax; ++bits) {
      places[bits + 1] = places[bits] + counts_[bits];
    }
    for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
      if (lengths[symbol] == 0) continue;
      sorted_[places[lengths[symbol]]++] = static_cast<std::uint16_t>(symbol);
    }
  }

  bool IsLast() const { return code_ == (std::uint32_t{1} << bits_) - 1; }

  void Double(std::size_t& size) {
    std::memcpy(table_.data() + size, table_.data(), size * sizeof(table_[0]));
    size *= 2;
  }

  // Codes within the table, which is filled for the bits so far and doubled for one more. True
  // when there are no others.
  bool MakeShort() {
    std::size_t size = std::size_t{1} << bits_;
    while (bits_ <= table_bits_) {
      for (; left_ != 0; --left_) {
        table_[code_] = WithCode(entries_[*next_++], bits_);
        if (IsLast()) {
          while (size < std::size_t{1} << table_bits_) Double(size);
          return true;
        }
        code_ = NextCode(code_, bits_);
      }
      while (left_ == 0) {
        if (++bits_ <= table_bits_) Double(size);
        left_ = counts_[bits_];
      }
    }
    return false;
  }

  bool MakeLong() {
    const std::uint32_t mask = (std::uint32_t{1} << table_bits_) - 1;
    std::size_t end = std::size_t{1} << table_bits_;
    std::size_t begin = 0;
    std::uint32_t prefix = mask + 1;
    for (;;) {
      if ((code_ & mask) != prefix) {
        prefix = code_ & mask;
        begin = end;
        const unsigned bits = SubtableBits();
        end = begin + (std::size_t{1} << bits);
        if (end > table_.size()) return false;
        table_[prefix] = static_cast<std::uint32_t>(begin) << kValueShift | kExceptional |
                         kSubtable | bits << kCodeShift | table_bits_;
      }
      const unsigned rest = bits_ - table_bits_;
      const std::uint32_t entry = WithCode(entries_[*next_++], rest);
      for (std::size_t i = begin + (code_ >> table_bits_); i < end; i += std::size_t{1} << rest) {
        table_[i] = entry;
      }
      if (IsLast()) return true;
      code_ = NextCode(code_, bits_);
      --left_;
      while (left_ == 0) left_ = counts_[++bits_];
    }
  }

  // Enough for all codes with the prefix of this one: it is full when they are in.
  unsigned SubtableBits() const {
    unsigned bits = bits_ - table_bits_;
    std::uint32_t codes = left_;
    while (codes < std::uint32_t{1} << bits) {
      ++bits;
      codes = codes * 2 + counts_[table_bits_ + bits];
    }
    return bits;
  }

  std::span<std::uint32_t> table_;
  unsigned table_bits_;
  const std::uint32_t* entries_;
  Counts counts_{};
  std::array<std::uint16_t, kLiteralSymbols> sorted_;
  const std::uint16_t* next_ = sorted_.data();
  std::uint32_t code_ = 0;  // reversed
  unsigned bits_ = 0;       // of it
  std::uint32_t left_ = 0;  // codes of as many bits
};

}  // namespace

bool MakeLiteralTable(std::span<const std::uint8_t> lengths, DeflateCodes& codes) {
  return TableMaker(codes.literals, kLiteralTableBits, kLiteralEntries.data()).Make(lengths);
}

bool MakeOffsetTable(std::span<const std::uint8_t> lengths, DeflateCodes& codes) {
  return TableMaker(codes.offsets, kOffsetTableBits, kOffsetEntries.data()).Make(lengths);
}

bool MakeLengthTable(const std::array<std::uint8_t, kLengthSymbols>& lengths, LengthTable& table) {
  Counts counts{};
  for (const std::uint8_t length : lengths) ++counts[length];
  if (!IsComplete(counts)) return false;
  std::uint32_t code = 0;
  for (unsigned bits = 1; bits <= kLengthCodeBits; ++bits) {
    for (unsigned symbol = 0; symbol < kLengthSymbols; ++symbol) {
      if (lengths[symbol] != bits) continue;
      for (std::size_t i = code; i < table.size(); i += std::size_t{1} << bits) {
        table[i] = static_cast<std::uint8_t>(symbol << 3 | bits);
      }
      if (code == (std::uint32_t{1} << bits) - 1) return true;
      code = NextCode(code, bits);
    }
  }
  return true;
}

}  // namespace crawlcard::internal
