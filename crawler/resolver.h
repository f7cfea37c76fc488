// crawler/resolver.h - from a host name to addresses: a seam.
//
// ThreadResolver asks the machine's resolver, StaticResolver a table (tests, and hosts given on the
// command line). What comes out is a claim: address_guard.h judges each address when it is used.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "crawler/error_class.h"
#include "crawler/ip_address.h"

namespace crawlcard::crawler {

struct Resolution {
  FetchError error = FetchError::kNone;  // kNameNotFound, kNameFailed, or kNone with an address
  std::vector<IpAddress> addresses;      // in the order to try, at most limits::kAddressesMax
};

// Thread rule: network thread only.
class Resolver {
 public:
  using Done = std::function<void(const Resolution&)>;

  virtual ~Resolver() = default;

  // Calls `done` once, on the network thread, possibly before it returns. `host` is a DNS name in
  // lower case, never an address.
  virtual void Resolve(const std::string& host, Done done) = 0;
};

}  // namespace crawlcard::crawler
