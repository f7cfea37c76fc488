// crawler/internal/curl_transfer.h - one easy handle and the request that it works on.
//
// Used again from request to request: what never changes is set once, in Create(), and everything
// else is set for each request, so that nothing is left over from the one before. Never moved:
// libcurl holds its address.
//
// Thread rule: network thread only.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <curl/curl.h>

#include "base/result.h"
#include "crawler/curl_fetcher.h"
#include "crawler/fetch_request.h"
#include "crawler/fetch_result.h"
#include "crawler/fetcher.h"
#include "crawler/internal/curl_error.h"
#include "crawler/internal/curl_library.h"
#include "crawler/internal/curl_loop.h"

namespace crawlcard::crawler {

struct CurlListDeleter {
  void operator()(curl_slist* list) const { Curl().slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, CurlListDeleter>;

// What all transfers of a fetcher have in common.
struct TransferSettings {
  CurlFetcherOptions options;
  Connector* connector = nullptr;
  std::string user_agent;
  std::chrono::nanoseconds steady_to_wall{0};  // what makes a steady time a Unix time
  // Fields of every request, with and without Accept-Encoding: as text, and as libcurl wants them.
  std::array<std::string, 2> field_text;
  std::array<CurlList, 2> field_list;
};

[[nodiscard]] Result<std::unique_ptr<TransferSettings>> MakeTransferSettings(
    const CurlFetcherOptions& options, Connector* connector, const std::string& user_agent);

class CurlTransfer {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  // nullptr where libcurl has no handle to give. `stream` chooses the size of its buffer.
  static std::unique_ptr<CurlTransfer> Create(const TransferSettings& settings, CurlLoop& loop,
                                              bool stream);

  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  // Takes a new request. Errors: kInvalidArgument, of its fields.
  // Uses the memory of `spare`.
  [[nodiscard]] Status Begin(FetchRequest request, std::unique_ptr<FetchHandler> handler,
                             FetchId id, FetchResult spare);
  // Makes the handle ready to connect to `address` (null with a proxy). May be called again when
  // that failed.
  void Target(const IpAddress* address);

  // Nothing came, and another address may do better.
  bool CouldNotConnect(CURLcode code) const;
  // Which deadline has passed, if any. To be asked every now and then.
  FetchError Overdue(TimePoint now);

  // What to tell the handler. The transfer is out of its multi handle.
  FetchResult Finish(CURLcode code);
  // The same for one that was ended from here.
  FetchResult FinishWith(FetchError error, std::string_view message);

  CURL* easy() const { return easy_; }
  FetchId id() const { return id_; }
  const FetchRequest& request() const { return request_; }
  bool stream() const { return stream_; }
  TimePoint started() const { return started_; }
  void set_resolved();  // the name has been looked up now
  std::unique_ptr<FetchHandler> TakeHandler() { return std::move(handler_); }

  // Kept by the fetcher.
  std::vector<IpAddress> addresses;  // to try, next one last
  std::size_t shard = 0;
  std::uint32_t attempt = 0;
  bool added = false;   // stands in a multi handle
  bool paused = false;  // by the handler

 private:
  CurlTransfer(const TransferSettings& settings, CurlLoop& loop, bool stream, CURL* easy);
  void SetConstants();
  Status SetFields();

  static std::size_t OnHeader(char* data, std::size_t one, std::size_t size, void* self);
  static std::size_t OnWrite(char* data, std::size_t one, std::size_t size, void* self);
  static curl_socket_t OnOpen(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int OnClose(void* loop, curl_socket_t fd);
  static CURLcode OnSecuring(CURL* easy, void* context, void* self);

  bool TakeHeader(std::string_view line);
  bool EndHead();
  std::size_t TakeStreamed(std::string_view bytes);
  std::size_t TakeBuffered(std::string_view bytes);
  curl_socket_t Open(const curl_sockaddr& address);
  void ReadTlsFacts();
  bool Connecting() const;  // no TCP connection stands yet
  bool InHandshake() const;
  bool TooSlow(TimePoint now);
  FetchStage Stage() const;
  FetchError ErrorOf(CURLcode code) const;
  void FillFacts();
  void WriteRequestHead();

  const TransferSettings& settings_;
  CurlLoop* const loop_;
  const bool stream_;
  CURL* const easy_;

  FetchId id_ = 0;
  FetchRequest request_;
  std::unique_ptr<FetchHandler> handler_;
  FetchResult result_;
  CurlList fields_;  // where the request adds some
  CurlList connect_to_;
  TimePoint started_;
  TimePoint aimed_;  // of this attempt

  // State of this attempt.
  FetchError stop_ = FetchError::kNone;  // what a callback ended it for
  std::string stop_message_;
  bool cut_at_limit_ = false;
  bool head_begun_ = false;
  bool head_ended_ = false;
  bool opened_ = false;    // not where a connection is used again
  bool securing_ = false;  // TCP stands, the handshake has begun
  TimePoint securing_since_;
  TimePoint window_start_;  // of the low-speed limit
  std::uint64_t window_bytes_ = 0;
  IpAddress address_;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
};

}  // namespace crawlcard::crawler
