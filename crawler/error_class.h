// crawler/error_class.h - how a fetch failed, chosen for what the caller does next.
#pragma once

#include <cstdint>
#include <string_view>

namespace crawlcard::crawler {

enum class FetchError : std::uint8_t {
  kNone,
  // Nothing was sent, and asking again changes nothing.
  kBadRequest,      // the URL or a header field is refused: target_url.h, fetch_request.h
  kRefusedAddress,  // the name leads to an address that may not be connected to
  // Names.
  kNameNotFound,  // the resolver says that there is no such name
  kNameFailed,    // the resolver failed for now
  kNameTimeout,   // Deadlines::dns
  // Connections.
  kConnectRefused,  // refused or unreachable
  kConnectTimeout,  // Deadlines::connect
  kTlsTimeout,      // Deadlines::tls
  kTlsFailed,       // no common protocol, broken handshake
  kTlsUntrusted,    // the certificate is not valid for this name, now, or at all
  // Answers.
  kNoAnswer,      // closed or reset before a whole head came
  kBadHttp,       // not HTTP, or broken chunks
  kHeadTooLarge,  // FetchLimits::head_bytes
  kBodyCut,       // closed or reset inside the body, or fewer bytes than Content-Length
  kTooSlow,       // FetchLimits: low-speed limit
  kTimeout,       // Deadlines::total
  // Ours.
  kStopped,    // the handler asked for no more
  kCancelled,  // Fetcher::Cancel(), or the fetcher went away
  kResources,  // no descriptor or no memory left here
  kInternal,   // a bug, or an answer of libcurl that this table does not know
};

// "tls-untrusted": as used in counts, logs and metadata records.
std::string_view FetchErrorName(FetchError error);

enum class RetryClass : std::uint8_t {
  kNever,  // the next try fails alike
  kSoon,   // a passing fault of this connection
  kLater,  // the host is unwell: wait long, count against the host
};

RetryClass RetryClassOf(FetchError error);

}  // namespace crawlcard::crawler
