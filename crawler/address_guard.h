// crawler/address_guard.h - which addresses may be connected to.
//
// Asked once for each socket, after the name was resolved and before connect(): so it holds for
// redirects, retries and names whose answer changes in between. Only what is plainly public unicast
// passes: the IANA special-purpose registries for IPv4 and IPv6, and the forms of IPv6 that carry
// an IPv4 address, are spelled out in the .cc. Ranges that the operator names pass whatever they
// are; a mapped or translated form is not covered by the range of the address inside.
//
// Thread rule: immutable.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "crawler/ip_address.h"

namespace crawlcard::crawler {

enum class AddressKind {
  kPublic,
  kUnspecified,  // 0.0.0.0/8, ::
  kLoopback,
  kPrivate,    // RFC 1918, fc00::/7
  kShared,     // RFC 6598, carrier-grade NAT
  kLinkLocal,  // metadata services answer here
  kMulticast,
  kMetadata,  // addresses of cloud metadata outside the ranges above
  kEmbedded,  // IPv4 mapped, compatible, translated or tunnelled in IPv6
  kReserved,  // documentation, benchmarking, protocol assignments, class E, not yet given out
};

// The name of `kind` as used in counts, such as "link-local".
std::string_view AddressKindName(AddressKind kind);

AddressKind ClassifyAddress(const IpAddress& address);

class AddressGuard {
 public:
  AddressGuard() = default;
  explicit AddressGuard(std::vector<AddressRange> allowed) : allowed_(std::move(allowed)) {}

  bool Allows(const IpAddress& address) const;

 private:
  std::vector<AddressRange> allowed_;
};

}  // namespace crawlcard::crawler
