// crawler/curl_fetcher.h - the Fetcher over libcurl's multi-socket interface.
//
// Thousands of transfers on one thread. Origins are spread over `shards` multi handles, since the
// cost of one grows with the connections it remembers; names are resolved here and not by libcurl.
// docs/decisions/0010-curl-shards.md has the figures.
//
// Every connect, of every redirect hop, address and retry, passes the guard at the moment when the
// socket is opened. With `proxy` set, the proxy resolves and connects: the guard then judges the
// proxy's address alone, so it is never taken from the environment.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/result.h"
#include "crawler/address_guard.h"
#include "crawler/connector.h"
#include "crawler/event_loop.h"
#include "crawler/fetcher.h"
#include "crawler/resolver.h"
#include "crawler/user_agent.h"

namespace crawlcard::crawler {

struct CurlFetcherOptions {
  // Affects behaviour.
  AddressGuard guard;
  std::string accept = "*/*";
  std::string ca_file;  // PEM; empty: the system's store. There is no way to switch checks off.
  std::string proxy;    // empty: none, whatever the environment says
  bool http2 = false;  // offer it over TLS; off, since whole HTTP/1.1 messages archive as they came

  // Affects speed and memory.
  std::size_t shards = 32;        // multi handles, at most limits::kShardsMax
  std::size_t connections = 256;  // of each shard: beyond, the idle ones are closed
  std::size_t stream_buffer_bytes = 512 * 1024;
};

// Borrows `loop`, `resolver` and `connector` (null: plain sockets), which must outlive the fetcher.
// Transfers that run when the fetcher goes away are dropped without OnDone().
// Errors: kInvalidArgument, kIo where libcurl cannot be set up.
[[nodiscard]] Result<std::unique_ptr<Fetcher>> MakeCurlFetcher(EventLoop& loop, Resolver& resolver,
                                                               const UserAgent& user_agent,
                                                               const CurlFetcherOptions& options,
                                                               Connector* connector = nullptr);

}  // namespace crawlcard::crawler
