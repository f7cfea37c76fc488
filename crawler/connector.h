// crawler/connector.h - who opens the socket for a connection: a seam.
//
// Asked only after address_guard.h has let the address pass. Tests put a connector in place that
// counts, or that answers for public addresses without sending a packet to them.
#pragma once

#include <cstdint>

#include "crawler/ip_address.h"

namespace crawlcard::crawler {

// Thread rule: network thread only.
class Connector {
 public:
  virtual ~Connector() = default;

  // A TCP socket to be connected to `address`, or -1 with errno set; the fetcher closes it.
  virtual int Open(const IpAddress& address, std::uint16_t port) = 0;
};

}  // namespace crawlcard::crawler
