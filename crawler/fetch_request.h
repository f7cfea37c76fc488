// crawler/fetch_request.h - one GET: where to, what to add, and what it may cost.
//
// Redirects are never followed: each hop is a request, a record and a check of its own. Cookies,
// credentials and proxies of the environment do not exist here. The user agent, Accept and
// Accept-Encoding come from the fetcher's options. Thread rule: value.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crawler/ip_address.h"
#include "crawler/target_url.h"

namespace crawlcard::crawler {

// Zero switches a deadline off. Each is counted from the end of the step before it, `total` from
// the start; they are looked at every 50 ms.
struct Deadlines {
  std::chrono::milliseconds dns{10'000};
  std::chrono::milliseconds connect{10'000};  // TCP
  std::chrono::milliseconds tls{10'000};
  std::chrono::milliseconds total{60'000};
  // Fewer than `low_speed_bytes` a second, on average of `low_speed_time`, ends the transfer once
  // it is connected. A paused transfer is not slow.
  std::uint32_t low_speed_bytes = 50;
  std::chrono::seconds low_speed_time{20};
};

struct FetchLimits {
  // Status line and fields together. Beyond: kHeadTooLarge.
  std::size_t head_bytes = 256 * 1024;
  // Bytes kept of a buffered body, counted as they come, before any coding is undone: the first
  // ones are kept, the connection is closed, and the result is marked
  // FetchResult::body_cut_at_limit. Does not hold for streamed bodies.
  std::size_t body_bytes = 2 * 1024 * 1024;
};

// A field to send. Refused: names that are no token (RFC 9110 section 5.1), values with control
// bytes or bytes beyond ASCII, and names that are ours or nobody's (Host, User-Agent, Connection,
// Content-Length, Transfer-Encoding, Cookie, Authorization, Proxy-*).
struct RequestField {
  std::string name;
  std::string value;
};

struct FetchRequest {
  TargetUrl url;
  std::vector<RequestField> fields;  // If-None-Match, Range, If-Range, ...
  Deadlines deadlines;
  FetchLimits limits;

  // Connect here instead of asking the resolver: for callers that count requests per address. It is
  // checked like any other.
  std::optional<IpAddress> address;

  // true: the body goes to FetchHandler::OnChunk() and is not kept; `limits.body_bytes` is void.
  bool stream = false;
  // Ask for Content-Encoding gzip, br, zstd. The coding is never undone here: the bytes are those
  // that came. Off for ranges and archives, which are what they are.
  bool accept_codings = true;
};

}  // namespace crawlcard::crawler
