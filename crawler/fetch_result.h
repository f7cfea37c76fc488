// crawler/fetch_result.h - what came of one request: enough for its WARC records and for the next
// decision. Thread rule: value.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "crawler/error_class.h"
#include "crawler/fetch_buffer.h"
#include "crawler/ip_address.h"
#include "warc/truncation.h"

namespace crawlcard::crawler {

// Since the start of the request; zero for a step that did not happen (no name to ask for, a
// connection used again, a failure before).
struct FetchTimings {
  std::int64_t started_unix_ms = 0;
  std::chrono::microseconds dns{0};
  std::chrono::microseconds connected{0};
  std::chrono::microseconds tls{0};
  std::chrono::microseconds first_byte{0};
  std::chrono::microseconds total{0};
};

struct FetchResult {
  FetchError error = FetchError::kNone;
  // For people: bounded, printable ASCII, whatever the server sent.
  std::string message;

  // The request as it went out, with its empty line; empty when nothing was sent.
  std::string request_head;
  // Whatever came, also after an error. Empty body where it was streamed.
  FetchBuffer buffer;
  std::uint16_t status = 0;                               // 0: no head came
  warc::Truncation truncation = warc::Truncation::kNone;  // of the body
  // FetchLimits::body_bytes was met; no error.
  bool body_cut_at_limit() const { return truncation == warc::Truncation::kLength; }
  std::uint64_t body_bytes = 0;  // received, streamed ones too

  IpAddress address;  // the peer; all zero when none was connected to
  bool connected = false;
  bool reused_connection = false;
  std::string http_version;  // "1.0", "1.1", "2"
  std::string tls_version;   // "TLSv1.3"; empty over http
  std::string tls_cipher;    // "TLS_AES_256_GCM_SHA384"

  FetchTimings timings;

  bool ok() const { return error == FetchError::kNone; }
};

}  // namespace crawlcard::crawler
