// base/byte_codec.h - varints, counted strings and big-endian numbers over plain bytes.
//
// A ByteReader never reads past its end: after the first short read it fails for good and gives
// zeros and empty views, so that a decoder checks once, at the end.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

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
  explicit ByteReader(std::string_view in) : in_(in) {}

  std::uint8_t U8() {
    if (in_.empty()) return Failed();
    const auto value = static_cast<std::uint8_t>(in_.front());
    in_.remove_prefix(1);
    return value;
  }

  std::uint64_t Varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = U8();
      if (!ok_) return 0;
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    return Failed();
  }

  std::string_view Bytes() { return Raw(Varint()); }

  std::string_view Raw(std::uint64_t bytes) {
    if (!ok_ || bytes > in_.size()) {
      Failed();
      return {};
    }
    const std::string_view view = in_.substr(0, static_cast<std::size_t>(bytes));
    in_.remove_prefix(view.size());
    return view;
  }

  // A number of elements that take at least `bytes_each` bytes: never more than could follow.
  std::size_t Count(std::size_t bytes_each) {
    const std::uint64_t count = Varint();
    if (!ok_ || count > in_.size() / bytes_each) {
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

  bool ok() const { return ok_; }
  bool at_end() const { return in_.empty(); }
  std::size_t left() const { return in_.size(); }

 private:
  std::uint8_t Failed() {
    ok_ = false;
    in_ = {};
    return 0;
  }

  std::string_view in_;
  bool ok_ = true;
};

}  // namespace crawlcard
