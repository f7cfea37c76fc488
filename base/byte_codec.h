// base/byte_codec.h - varints, counted strings and big-endian numbers over plain bytes.
//
// A ByteReader never reads past its end: after the first short read it fails for good and gives
// zeros and empty views, so that a decoder checks once, at the end.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/attributes.h"

namespace crawlcard {

class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  void U8(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }

  // LEB128: seven bits a byte, the low ones first.
  void Varint(std::uint64_t value) {
    while (value >= 0x80) {
      U8(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    U8(static_cast<std::uint8_t>(value));
  }

  void Bytes(std::string_view bytes) {
    Varint(bytes.size());
    out_.append(bytes);
  }
  void Raw(std::string_view bytes) { out_.append(bytes); }

  void Float(float value) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) U8(static_cast<std::uint8_t>(bits >> shift));
  }

  void BigEndian64(std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) U8(static_cast<std::uint8_t>(value >> shift));
  }
  void BigEndian32(std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) U8(static_cast<std::uint8_t>(value >> shift));
  }

 private:
  std::string& out_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view in) : at_(in.data()), end_(in.data() + in.size()) {}

  std::uint8_t U8() {
    if (at_ == end_) return Failed();
    return static_cast<std::uint8_t>(*at_++);
  }

  std::uint64_t Varint() {
    // Nearly all of them take one byte.
    if (at_ != end_ && static_cast<std::uint8_t>(*at_) < 0x80) {
      return static_cast<std::uint8_t>(*at_++);
    }
    return LongVarint();
  }

  std::string_view Bytes() { return Raw(Varint()); }

  std::string_view Raw(std::uint64_t bytes) {
    if (!ok_ || bytes > left()) {
      Failed();
      return {};
    }
    const std::string_view view(at_, static_cast<std::size_t>(bytes));
    at_ += view.size();
    return view;
  }

  // A number of elements that take at least `bytes_each` bytes: never more than could follow.
  std::size_t Count(std::size_t bytes_each) {
    const std::uint64_t count = Varint();
    if (!ok_ || count > left() / bytes_each) {
      Failed();
      return 0;
    }
    return static_cast<std::size_t>(count);
  }

  float Float() {
    std::uint32_t bits = 0;
    for (int shift = 0; shift < 32; shift += 8) bits |= static_cast<std::uint32_t>(U8()) << shift;
    return std::bit_cast<float>(bits);
  }

  std::uint64_t BigEndian64() {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8 | U8();
    return value;
  }
  std::uint32_t BigEndian32() {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | U8();
    return value;
  }

  // A varint of at most four octets, where as many are left before `end`; otherwise false, with
  // nothing taken. Sizes take two or three octets, as it happens: a branch on how many would be
  // guessed wrong often.
  CRAWLCARD_INLINE static bool TakeShortVarint(const char*& at, const char* end,
                                               std::uint64_t& value_out) {
    if (end - at < 4) return false;
    const auto octet = [at](int i) { return std::uint32_t{static_cast<std::uint8_t>(at[i])}; };
    const std::uint32_t four = octet(0) | octet(1) << 8 | octet(2) << 16 | octet(3) << 24;
    const std::uint32_t last = ~four & 0x80808080;
    if (last == 0) return false;
    const std::uint32_t bits = four & (last ^ (last - 1));  // up to the top bit of the last one
    at += std::countr_zero(last) / 8 + 1;
    value_out =
        (bits & 0x7F) | (bits >> 1 & 0x3F80) | (bits >> 2 & 0x1FC000) | (bits >> 3 & 0xFE00000);
    return true;
  }

  bool ok() const { return ok_; }
  bool at_end() const { return at_ == end_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  // Everything that was not read yet.
  std::string_view rest() const { return {at_, left()}; }

 private:
  static constexpr std::size_t kVarintBytesMax = 10;

  // Where it ends (null: it does not) and what it says. By value: a reader that is a local variable
  // can then live in registers.
  struct Parsed {
    const char* end;
    std::uint64_t value;
  };
  CRAWLCARD_NOINLINE static Parsed ParseVarint(const char* at, std::size_t left) {
    const std::size_t room = left < kVarintBytesMax ? left : kVarintBytesMax;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < room; ++i) {
      const auto byte = static_cast<std::uint8_t>(at[i]);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << 7 * i;
      if (byte < 0x80) return {at + i + 1, value};
    }
    return {nullptr, 0};
  }

  std::uint64_t LongVarint() {
    // Called with the first octet above 0x7F, or at the end.
    std::uint64_t value = 0;
    if (TakeShortVarint(at_, end_, value)) return value;
    const Parsed parsed = ParseVarint(at_, left());
    if (parsed.end == nullptr) return Failed();
    at_ = parsed.end;
    return parsed.value;
  }

  std::uint8_t Failed() {
    ok_ = false;
    at_ = end_;
    return 0;
  }

  const char* at_;
  const char* end_;
  bool ok_ = true;
};

}  // namespace crawlcard
