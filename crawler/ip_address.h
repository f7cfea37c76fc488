// crawler/ip_address.h - an IPv4 or IPv6 address, and ranges of them.
//
// Text forms are strict: four decimal numbers without leading zeros, or RFC 4291 section 2.2. The
// decimal, octal and hexadecimal spellings that inet_aton() reads, and zone ids, are no addresses
// here. Thread rule: values.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crawlcard::crawler {

class IpAddress {
 public:
  using Bytes = std::array<std::uint8_t, 16>;

  IpAddress() = default;  // 0.0.0.0
  static IpAddress V4(std::uint32_t bits);
  static IpAddress V6(const Bytes& bytes);

  // nullopt where `text` is no address in its strict form. No brackets.
  static std::optional<IpAddress> Parse(std::string_view text);

  bool is_v6() const { return v6_; }
  std::uint32_t v4_bits() const;                 // of an IPv4 address
  const Bytes& bytes() const { return bytes_; }  // IPv4: in the first four

  // "192.0.2.1", "2001:db8::1" (RFC 5952).
  std::string ToString() const;

  auto operator<=>(const IpAddress&) const = default;

 private:
  bool v6_ = false;
  Bytes bytes_{};
};

// All addresses that share the first `bits` bits, of one family.
class AddressRange {
 public:
  // "127.0.0.0/8", "::1/128", or one address. Errors: kInvalidArgument, also where bits beyond the
  // prefix are set, since it is not clear then which range was meant.
  [[nodiscard]] static Result<AddressRange> Parse(std::string_view text);

  bool Contains(const IpAddress& address) const;

 private:
  IpAddress first_;
  int bits_ = 0;
};

struct IpAddressHash {
  std::size_t operator()(const IpAddress& address) const {
    const auto& bytes = address.bytes();
    return std::hash<std::string_view>{}(
        std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
};

}  // namespace crawlcard::crawler
