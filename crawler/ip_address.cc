#include "crawler/ip_address.h"

#include <algorithm>

#include <arpa/inet.h>

#include "base/text.h"
#include "crawler/internal/printable.h"

namespace crawlcard::crawler {
namespace {

std::optional<std::uint32_t> ParseV4(std::string_view text) {
  std::uint32_t bits = 0;
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = part < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos || dot == 0 || dot > 3) return std::nullopt;
    if (dot > 1 && text[0] == '0') return std::nullopt;
    const std::optional<std::uint64_t> value = ParseUint(text.substr(0, dot));
    if (!value || *value > 255) return std::nullopt;
    bits = bits << 8 | static_cast<std::uint32_t>(*value);
    text.remove_prefix(std::min(text.size(), dot + 1));
  }
  return bits;
}

}  // namespace

IpAddress IpAddress::V4(std::uint32_t bits) {
  IpAddress address;
  for (std::size_t i = 0; i < 4; ++i) {
    address.bytes_[i] = static_cast<std::uint8_t>(bits >> (24 - 8 * i));
  }
  return address;
}

IpAddress IpAddress::V6(const Bytes& bytes) {
  IpAddress address;
  address.v6_ = true;
  address.bytes_ = bytes;
  return address;
}

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  if (text.find(':') == std::string_view::npos) {
    const std::optional<std::uint32_t> bits = ParseV4(text);
    return bits ? std::optional(V4(*bits)) : std::nullopt;
  }
  // inet_pton() takes no zone, no blanks and no short dotted forms.
  if (text.size() > 45 || text.find('\0') != std::string_view::npos) return std::nullopt;
  Bytes bytes{};
  if (inet_pton(AF_INET6, std::string(text).c_str(), bytes.data()) != 1) return std::nullopt;
  return V6(bytes);
}

std::uint32_t IpAddress::v4_bits() const {
  return static_cast<std::uint32_t>(bytes_[0]) << 24 | static_cast<std::uint32_t>(bytes_[1]) << 16 |
         static_cast<std::uint32_t>(bytes_[2]) << 8 | bytes_[3];
}

std::string IpAddress::ToString() const {
  char text[INET6_ADDRSTRLEN] = "";
  if (v6_) {
    inet_ntop(AF_INET6, bytes_.data(), text, sizeof text);
    return text;
  }
  std::string dotted;
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) dotted += '.';
    const fmt::format_int number(static_cast<unsigned>(bytes_[i]));
    dotted.append(number.data(), number.size());
  }
  return dotted;
}

Result<AddressRange> AddressRange::Parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<IpAddress> first = IpAddress::Parse(text.substr(0, slash));
  if (!first) {
    return Fail(ErrorCode::kInvalidArgument, "no address range: '{}' (like 10.0.0.0/8)",
                Printable(text, 80));
  }
  const int width = first->is_v6() ? 128 : 32;
  AddressRange range;
  range.first_ = *first;
  range.bits_ = width;
  if (slash != std::string_view::npos) {
    const std::optional<std::uint64_t> bits = ParseUint(text.substr(slash + 1));
    if (!bits || *bits > static_cast<std::uint64_t>(width)) {
      return Fail(ErrorCode::kInvalidArgument, "no prefix length from 0 to {} in '{}'", width,
                  Printable(text, 80));
    }
    range.bits_ = static_cast<int>(*bits);
  }
  for (int bit = range.bits_; bit < width; ++bit) {
    const auto byte = static_cast<unsigned>(first->bytes()[static_cast<std::size_t>(bit / 8)]);
    if ((byte >> (7 - bit % 8) & 1U) != 0) {
      return Fail(ErrorCode::kInvalidArgument, "'{}' has bits beyond its prefix of {}",
                  Printable(text, 80), range.bits_);
    }
  }
  return range;
}

bool AddressRange::Contains(const IpAddress& address) const {
  if (address.is_v6() != first_.is_v6()) return false;
  const auto whole = static_cast<std::size_t>(bits_ / 8);
  const auto& a = address.bytes();
  const auto& b = first_.bytes();
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) {
    return false;
  }
  const int rest = bits_ % 8;
  return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

}  // namespace crawlcard::crawler
