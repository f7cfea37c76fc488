#include "crawler/internal/curl_transfer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "crawler/internal/printable.h"
#include "crawler/limits.h"

namespace crawlcard::crawler {
namespace {

template <class Value>
void Set(CURL* easy, CURLoption option, Value value) {
  curl_easy_setopt(easy, option, value);
}

std::chrono::microseconds TimeOf(CURL* easy, CURLINFO info) {
  curl_off_t time = 0;
  curl_easy_getinfo(easy, info, &time);
  return std::chrono::microseconds(time);
}

long LongOf(CURL* easy, CURLINFO info) {
  long value = 0;
  curl_easy_getinfo(easy, info, &value);
  return value;
}

// libcurl declares `addr` as a bare sockaddr; addrlen tells how much stands there.
std::optional<IpAddress> AddressOf(const curl_sockaddr& address, std::uint16_t& port_out) {
  if (address.family == AF_INET && address.addrlen >= sizeof(sockaddr_in)) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address.addr, sizeof v4);
    port_out = ntohs(v4.sin_port);
    return IpAddress::V4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.family == AF_INET6 && address.addrlen >= sizeof(sockaddr_in6)) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address.addr, sizeof v6);
    port_out = ntohs(v6.sin6_port);
    IpAddress::Bytes bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return IpAddress::V6(bytes);
  }
  return std::nullopt;
}

std::string_view VersionOf(long version) {
  switch (version) {
    case CURL_HTTP_VERSION_1_0:
      return "1.0";
    case CURL_HTTP_VERSION_1_1:
      return "1.1";
    case CURL_HTTP_VERSION_2_0:
      return "2";
    default:
      return "";
  }
}

Truncation TruncationOf(FetchError error) {
  switch (error) {
    case FetchError::kBodyCut:
    case FetchError::kNoAnswer:
    case FetchError::kBadHttp:
      return Truncation::kDisconnect;
    case FetchError::kTimeout:
    case FetchError::kTooSlow:
      return Truncation::kTime;
    case FetchError::kNone:
      return Truncation::kNone;
    default:
      return Truncation::kUnspecified;
  }
}

}  // namespace

std::unique_ptr<CurlTransfer> CurlTransfer::Create(const TransferSettings& settings, bool stream) {
  CURL* const easy = curl_easy_init();
  if (easy == nullptr) return nullptr;
  std::unique_ptr<CurlTransfer> transfer(new CurlTransfer(settings, stream, easy));
  transfer->SetConstants();
  return transfer;
}

CurlTransfer::CurlTransfer(const TransferSettings& settings, bool stream, CURL* easy)
    : settings_(settings), stream_(stream), easy_(easy) {}

CurlTransfer::~CurlTransfer() {
  curl_easy_cleanup(easy_);
}

void CurlTransfer::SetConstants() {
  const CurlFetcherOptions& options = settings_.options;
  Set(easy_, CURLOPT_PRIVATE, this);
  Set(easy_, CURLOPT_ERRORBUFFER, error_text_.data());
  Set(easy_, CURLOPT_HEADERFUNCTION, &CurlTransfer::OnHeader);
  Set(easy_, CURLOPT_HEADERDATA, this);
  Set(easy_, CURLOPT_WRITEFUNCTION, &CurlTransfer::OnWrite);
  Set(easy_, CURLOPT_WRITEDATA, this);
  Set(easy_, CURLOPT_OPENSOCKETFUNCTION, &CurlTransfer::OnOpen);
  Set(easy_, CURLOPT_OPENSOCKETDATA, this);
  Set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  Set(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  Set(easy_, CURLOPT_PATH_AS_IS, 1L);  // what robots.txt was asked about is what is sent
  Set(easy_, CURLOPT_NOSIGNAL, 1L);
  Set(easy_, CURLOPT_PROXY, options.proxy.c_str());  // "": none, and no look at the environment
  Set(easy_, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  Set(easy_, CURLOPT_SSL_VERIFYPEER, 1L);
  Set(easy_, CURLOPT_SSL_VERIFYHOST, 2L);
  Set(easy_, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  Set(easy_, CURLOPT_SSL_CTX_FUNCTION, &CurlTransfer::OnSecuring);
  Set(easy_, CURLOPT_SSL_CTX_DATA, this);
  if (!options.ca_file.empty()) Set(easy_, CURLOPT_CAINFO, options.ca_file.c_str());
  // With a directory beside the file libcurl would read the store anew for each connection.
  Set(easy_, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  const bool http2 = options.http2 && !stream_;  // a stream's window is 32 MB there
  Set(easy_, CURLOPT_HTTP_VERSION,
      static_cast<long>(http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  // Archived as it came, chunks included; a segment is wanted without them.
  Set(easy_, CURLOPT_HTTP_TRANSFER_DECODING, stream_ ? 1L : 0L);
  if (stream_) Set(easy_, CURLOPT_BUFFERSIZE, static_cast<long>(options.stream_buffer_bytes));
}

Status CurlTransfer::Begin(FetchRequest request, std::unique_ptr<FetchHandler> handler,
                           FetchId id) {
  id_ = id;
  request_ = std::move(request);
  handler_ = std::move(handler);
  result_ = FetchResult();
  addresses.clear();
  attempt = 0;
  paused = false;
  address_ = IpAddress();
  started_ = std::chrono::steady_clock::now();
  result_.timings.started_unix_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count();
  CRAWLCARD_TRY(SetFields());
  Set(easy_, CURLOPT_URL, request_.url.text().c_str());
  return {};
}

void CurlTransfer::set_resolved() {
  result_.timings.dns = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - started_);
}

void CurlTransfer::Target(const IpAddress* address) {
  ++attempt;
  aimed_ = std::chrono::steady_clock::now();
  stop_ = FetchError::kNone;
  stop_message_.clear();
  cut_at_limit_ = false;
  head_begun_ = false;
  head_ended_ = false;
  opened_ = false;
  securing_ = false;
  error_text_[0] = '\0';
  connect_to_.reset();
  if (address != nullptr) {
    address_ = *address;
    const std::string text = address->ToString();
    const std::string rule = address->is_v6() ? "::[" + text + "]:" : "::" + text + ":";
    connect_to_.reset(curl_slist_append(nullptr, rule.c_str()));
  }
  Set(easy_, CURLOPT_CONNECT_TO, connect_to_.get());
  SetDeadlines();
}

void CurlTransfer::SetDeadlines() {
  const Deadlines& deadlines = request_.deadlines;
  const bool https = request_.url.https();
  // 0 means none to us and 300 s to libcurl.
  const bool bounded = deadlines.connect.count() > 0 && (!https || deadlines.tls.count() > 0);
  const auto connect = bounded ? deadlines.connect + (https ? deadlines.tls : deadlines.tls * 0)
                               : std::chrono::hours(24);
  Set(easy_, CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(connect).count()));
  long total = 0;
  if (deadlines.total.count() > 0) {
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(aimed_ - started_);
    total = std::max<long>(1, static_cast<long>((deadlines.total - passed).count()));
  }
  Set(easy_, CURLOPT_TIMEOUT_MS, total);
  Set(easy_, CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(deadlines.low_speed_bytes));
  Set(easy_, CURLOPT_LOW_SPEED_TIME, static_cast<long>(deadlines.low_speed_time.count()));
}

std::size_t CurlTransfer::OnHeader(char* data, std::size_t one, std::size_t size, void* self) {
  const std::size_t bytes = one * size;
  return static_cast<CurlTransfer*>(self)->TakeHeader({data, bytes}) ? bytes : 0;
}

bool CurlTransfer::TakeHeader(std::string_view line) {
  if (head_ended_) return true;  // trailer fields
  if (!head_begun_) {
    head_begun_ = true;
    if (request_.url.https()) ReadTlsFacts();
  }
  FetchBuffer& buffer = result_.buffer;
  // A 1xx head came before.
  if (buffer.head().ends_with("\n\r\n") || buffer.head().ends_with("\n\n")) buffer.Clear();
  if (buffer.head().size() + line.size() > request_.limits.head_bytes) {
    stop_ = FetchError::kHeadTooLarge;
    stop_message_ = fmt::format("head too large: more than {} bytes", request_.limits.head_bytes);
    return false;
  }
  buffer.AppendHead(line);
  return line == "\r\n" || line == "\n" ? EndHead() : true;
}

bool CurlTransfer::EndHead() {
  const long status = LongOf(easy_, CURLINFO_RESPONSE_CODE);
  if (status >= 100 && status < 200) return true;
  head_ended_ = true;
  result_.status = static_cast<std::uint16_t>(std::clamp(status, 0L, 999L));
  if (handler_->OnHead(result_.status, result_.buffer.head()) != HandlerAnswer::kStop) return true;
  stop_ = FetchError::kStopped;
  return false;
}

std::size_t CurlTransfer::OnWrite(char* data, std::size_t one, std::size_t size, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const std::string_view bytes(data, one * size);
  return transfer.stream_ ? transfer.TakeStreamed(bytes) : transfer.TakeBuffered(bytes);
}

std::size_t CurlTransfer::TakeStreamed(std::string_view bytes) {
  switch (handler_->OnChunk(bytes)) {
    case HandlerAnswer::kTake:
      result_.body_bytes += bytes.size();
      return bytes.size();
    case HandlerAnswer::kPause:
      paused = true;
      return CURL_WRITEFUNC_PAUSE;
    case HandlerAnswer::kStop:
      stop_ = FetchError::kStopped;
      return 0;
  }
  return 0;
}

std::size_t CurlTransfer::TakeBuffered(std::string_view bytes) {
  const std::size_t room =
      request_.limits.body_bytes -
      std::min(request_.limits.body_bytes, static_cast<std::size_t>(result_.body_bytes));
  const std::string_view kept = bytes.substr(0, room);
  result_.buffer.AppendBody(kept);
  result_.body_bytes += kept.size();
  if (kept.size() == bytes.size()) return bytes.size();
  cut_at_limit_ = true;
  return 0;
}

curl_socket_t CurlTransfer::OnOpen(void* self, curlsocktype purpose, curl_sockaddr* address) {
  if (purpose != CURLSOCKTYPE_IPCXN) return CURL_SOCKET_BAD;
  return static_cast<CurlTransfer*>(self)->Open(*address);
}

curl_socket_t CurlTransfer::Open(const curl_sockaddr& target) {
  std::uint16_t port = 0;
  const std::optional<IpAddress> address = AddressOf(target, port);
  if (!address || !settings_.options.guard.Allows(*address)) {
    stop_ = FetchError::kRefusedAddress;
    stop_message_ = address ? fmt::format("address refused: {} is {}", address->ToString(),
                                          AddressKindName(ClassifyAddress(*address)))
                            : "address refused: neither IPv4 nor IPv6";
    return CURL_SOCKET_BAD;
  }
  address_ = *address;
  const int fd = settings_.connector != nullptr
                     ? settings_.connector->Open(*address, port)
                     : socket(target.family, target.socktype | SOCK_CLOEXEC, target.protocol);
  if (fd < 0) {
    stop_ = FetchError::kResources;
    stop_message_ = fmt::format("cannot open a socket: {}", std::strerror(errno));
    return CURL_SOCKET_BAD;
  }
  opened_ = true;
  return fd;
}

CURLcode CurlTransfer::OnSecuring(CURL* /*easy*/, void* /*context*/, void* self) {
  static_cast<CurlTransfer*>(self)->securing_ = true;
  return CURLE_OK;
}

void CurlTransfer::ReadTlsFacts() {
  // Only while the connection is at hand: not from Finish().
  curl_tlssessioninfo* info = nullptr;
  if (curl_easy_getinfo(easy_, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK || info == nullptr) return;
  if (info->backend != CURLSSLBACKEND_OPENSSL || info->internals == nullptr) return;
  const auto* const ssl = static_cast<const SSL*>(info->internals);
  result_.tls_version = SSL_get_version(ssl);
  const char* const cipher = SSL_CIPHER_get_name(SSL_get_current_cipher(ssl));
  if (cipher != nullptr) result_.tls_cipher = cipher;
}

bool CurlTransfer::Connecting() const {
  if (securing_ || head_begun_) return false;
  // libcurl sets no time for a connection that it uses again, nor before the handshake is over.
  if (!opened_) return LongOf(easy_, CURLINFO_REQUEST_SIZE) == 0;
  return TimeOf(easy_, CURLINFO_CONNECT_TIME_T).count() == 0;
}

FetchStage CurlTransfer::Stage() const {
  if (head_ended_) return FetchStage::kBody;
  if (head_begun_) return FetchStage::kHead;
  const bool https = request_.url.https();
  const CURLINFO last = https ? CURLINFO_APPCONNECT_TIME_T : CURLINFO_CONNECT_TIME_T;
  if (TimeOf(easy_, last).count() > 0) {
    // A field line that libcurl gives up on has never been handed over.
    return TimeOf(easy_, CURLINFO_STARTTRANSFER_TIME_T).count() > 0 ? FetchStage::kHead
                                                                    : FetchStage::kAsking;
  }
  return Connecting() ? FetchStage::kConnecting : FetchStage::kSecuring;
}

bool CurlTransfer::CouldNotConnect(CURLcode code) const {
  if (stop_ != FetchError::kNone || head_begun_) return false;
  return code == CURLE_COULDNT_CONNECT || (code == CURLE_OPERATION_TIMEDOUT && Connecting());
}

FetchError CurlTransfer::ErrorOf(CURLcode code) const {
  if (cut_at_limit_) return FetchError::kNone;
  if (stop_ != FetchError::kNone) return stop_;
  const FetchError error = ClassifyCurl(code, Stage());
  if (error != FetchError::kTimeout) return error;
  const auto passed = std::chrono::steady_clock::now() - started_;
  const bool by_total = request_.deadlines.total.count() > 0 && passed >= request_.deadlines.total;
  return by_total ? FetchError::kTimeout : FetchError::kTooSlow;
}

FetchResult CurlTransfer::Finish(CURLcode code) {
  const FetchError error = ErrorOf(code);
  std::string message;
  if (error != FetchError::kNone) {
    const bool curls = stop_message_.empty();
    const char* const text = error_text_[0] != '\0' ? error_text_.data() : curl_easy_strerror(code);
    message = error == FetchError::kStopped ? "stopped by its reader"
              : curls                       ? std::string(text)
                                            : stop_message_;
  }
  return FinishWith(error, message);
}

FetchResult CurlTransfer::FinishWith(FetchError error, std::string_view message) {
  result_.error = error;
  result_.message = Printable(message, limits::kFetchMessageBytesMax);
  if (attempt > 0) FillFacts();
  if (result_.status != 0) {
    result_.truncation = cut_at_limit_ ? Truncation::kLength : TruncationOf(error);
  }
  result_.timings.total = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - started_);
  return std::move(result_);
}

void CurlTransfer::FillFacts() {
  FetchTimings& timings = result_.timings;
  const auto before = std::chrono::duration_cast<std::chrono::microseconds>(aimed_ - started_);
  const auto since = [&](CURLINFO info) {
    const std::chrono::microseconds time = TimeOf(easy_, info);
    return time.count() == 0 ? time : time + before;
  };
  result_.connected = !Connecting();
  if (result_.connected) result_.address = address_;
  result_.reused_connection = result_.connected && !opened_;
  if (!result_.reused_connection) {
    timings.connected = since(CURLINFO_CONNECT_TIME_T);
    timings.tls = since(CURLINFO_APPCONNECT_TIME_T);
  }
  timings.first_byte = since(CURLINFO_STARTTRANSFER_TIME_T);
  if (result_.status != 0) {
    result_.http_version = VersionOf(LongOf(easy_, CURLINFO_HTTP_VERSION));
  }
  if (LongOf(easy_, CURLINFO_REQUEST_SIZE) > 0) {
    const std::size_t kind = request_.accept_codings ? 1 : 0;
    std::string& head = result_.request_head;
    head = fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n{}", request_.url.path_and_query(),
                       request_.url.authority(), settings_.field_text[kind]);
    for (const RequestField& field : request_.fields) {
      head += fmt::format("{}: {}\r\n", field.name, field.value);
    }
    head += "\r\n";
  }
}

}  // namespace crawlcard::crawler
