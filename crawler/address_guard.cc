#include "crawler/address_guard.h"

#include <algorithm>
#include <array>
#include <string>

namespace crawlcard::crawler {
namespace {

struct V4Range {
  std::uint32_t first;
  int bits;
  AddressKind kind;
};

// IANA IPv4 Special-Purpose Address Registry (RFC 6890 and what was added since), less the two
// ranges in it that are globally reachable and served. The first match counts.
constexpr V4Range kV4[] = {
    {0xA83F8110, 32, AddressKind::kMetadata},    // 168.63.129.16, Azure
    {0xC00000C0, 32, AddressKind::kMetadata},    // 192.0.0.192, Oracle
    {0x646464C8, 32, AddressKind::kMetadata},    // 100.100.100.200, Alibaba
    {0x00000000, 8, AddressKind::kUnspecified},  // "this network", RFC 791
    {0x0A000000, 8, AddressKind::kPrivate},      // RFC 1918
    {0x64400000, 10, AddressKind::kShared},      // RFC 6598
    {0x7F000000, 8, AddressKind::kLoopback},     // RFC 1122
    {0xA9FE0000, 16, AddressKind::kLinkLocal},   // RFC 3927
    {0xAC100000, 12, AddressKind::kPrivate},     // RFC 1918
    {0xC0000000, 24, AddressKind::kReserved},    // RFC 6890
    {0xC0000200, 24, AddressKind::kReserved},    // TEST-NET-1, RFC 5737
    {0xC0586300, 24, AddressKind::kReserved},    // 6to4 relays, RFC 7526
    {0xC0A80000, 16, AddressKind::kPrivate},     // RFC 1918
    {0xC6120000, 15, AddressKind::kReserved},    // benchmarking, RFC 2544
    {0xC6336400, 24, AddressKind::kReserved},    // TEST-NET-2
    {0xCB007100, 24, AddressKind::kReserved},    // TEST-NET-3
    {0xE0000000, 4, AddressKind::kMulticast},    // RFC 5771
    {0xF0000000, 4, AddressKind::kReserved},     // RFC 1112, and the broadcast address
};

AddressKind ClassifyV4(std::uint32_t bits) {
  for (const V4Range& range : kV4) {
    if ((bits ^ range.first) >> (32 - range.bits) == 0) return range.kind;
  }
  return AddressKind::kPublic;
}

struct V6Range {
  std::array<std::uint8_t, 8> first;
  int bits;
  AddressKind kind;
};

// Inside 2000::/3, the only block given out for unicast; everything else is judged below.
constexpr V6Range kV6[] = {
    {{0x20, 0x01}, 23, AddressKind::kReserved},              // protocols, Teredo, ORCHID: RFC 2928
    {{0x20, 0x01, 0x0D, 0xB8}, 32, AddressKind::kReserved},  // documentation, RFC 3849
    {{0x20, 0x02}, 16, AddressKind::kEmbedded},              // 6to4, RFC 3056
    {{0x3F, 0xFF}, 20, AddressKind::kReserved},              // documentation, RFC 9637
};

bool Begins(const IpAddress::Bytes& bytes, std::initializer_list<std::uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool ZeroBetween(const IpAddress::Bytes& bytes, std::size_t from, std::size_t to) {
  return std::all_of(bytes.begin() + static_cast<std::ptrdiff_t>(from),
                     bytes.begin() + static_cast<std::ptrdiff_t>(to),
                     [](std::uint8_t byte) { return byte == 0; });
}

std::uint32_t V4At(const IpAddress::Bytes& bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes[at]) << 24 |
         static_cast<std::uint32_t>(bytes[at + 1]) << 16 |
         static_cast<std::uint32_t>(bytes[at + 2]) << 8 | bytes[at + 3];
}

bool Matches(const IpAddress::Bytes& bytes, const V6Range& range) {
  const auto whole = static_cast<std::size_t>(range.bits / 8);
  const int rest = range.bits % 8;
  return std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                    range.first.begin()) &&
         (rest == 0 || (bytes[whole] ^ range.first[whole]) >> (8 - rest) == 0);
}

AddressKind ClassifyV6(const IpAddress::Bytes& bytes) {
  if (ZeroBetween(bytes, 0, 15) && bytes[15] <= 1) {
    return bytes[15] == 0 ? AddressKind::kUnspecified : AddressKind::kLoopback;
  }
  // RFC 6052 section 3.1: the well-known prefix carries public IPv4 alone, and networks without
  // IPv4 reach the web through it, so the address inside decides.
  if (Begins(bytes, {0x00, 0x64, 0xFF, 0x9B}) && ZeroBetween(bytes, 4, 12)) {
    return ClassifyV4(V4At(bytes, 12)) == AddressKind::kPublic ? AddressKind::kPublic
                                                               : AddressKind::kEmbedded;
  }
  // Mapped and compatible (RFC 4291 section 2.5.5), translated (RFC 2765), local NAT64 (RFC 8215).
  if (ZeroBetween(bytes, 0, 8) || Begins(bytes, {0x00, 0x64, 0xFF, 0x9B, 0x00, 0x01})) {
    return AddressKind::kEmbedded;
  }
  if (Begins(bytes, {0xFD, 0x00, 0x0E, 0xC2}) && ZeroBetween(bytes, 4, 14) && bytes[14] == 0x02 &&
      bytes[15] == 0x54) {
    return AddressKind::kMetadata;  // fd00:ec2::254, Amazon
  }
  if ((bytes[0] & 0xFE) == 0xFC) return AddressKind::kPrivate;
  if (bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80) return AddressKind::kLinkLocal;
  if (bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0xC0) return AddressKind::kPrivate;  // site-local
  if (bytes[0] == 0xFF) return AddressKind::kMulticast;
  if ((bytes[0] & 0xE0) != 0x20) return AddressKind::kReserved;
  for (const V6Range& range : kV6) {
    if (Matches(bytes, range)) return range.kind;
  }
  // ISATAP, RFC 5214 section 6.1: the last half names an IPv4 tunnel end.
  if ((bytes[8] & 0xFD) == 0 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == 0xFE) {
    return AddressKind::kEmbedded;
  }
  return AddressKind::kPublic;
}

}  // namespace

std::string_view AddressKindName(AddressKind kind) {
  switch (kind) {
    case AddressKind::kPublic:
      return "public";
    case AddressKind::kUnspecified:
      return "unspecified";
    case AddressKind::kLoopback:
      return "loopback";
    case AddressKind::kPrivate:
      return "private";
    case AddressKind::kShared:
      return "shared";
    case AddressKind::kLinkLocal:
      return "link-local";
    case AddressKind::kMulticast:
      return "multicast";
    case AddressKind::kMetadata:
      return "metadata";
    case AddressKind::kEmbedded:
      return "embedded";
    case AddressKind::kReserved:
      return "reserved";
  }
  return "reserved";
}

AddressKind ClassifyAddress(const IpAddress& address) {
  return address.is_v6() ? ClassifyV6(address.bytes()) : ClassifyV4(address.v4_bits());
}

bool AddressGuard::Allows(const IpAddress& address) const {
  if (ClassifyAddress(address) == AddressKind::kPublic) return true;
  return std::any_of(allowed_.begin(), allowed_.end(),
                     [&](const AddressRange& range) { return range.Contains(address); });
}

}  // namespace crawlcard::crawler
