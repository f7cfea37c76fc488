#include "crawler/internal/curl_transfer.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>

#include "crawler/internal/printable.h"
#include "crawler/limits.h"

namespace crawlcard::crawler {
namespace {

constexpr std::size_t kHeadBytesUsual = 1024;
constexpr curl_off_t kBodyBytesUsual = 64 * 1024;

template <class Value>
void Set(CURL* easy, CURLoption option, Value value) {
  Curl().easy_setopt(easy, option, value);
}

std::chrono::microseconds TimeOf(CURL* easy, CURLINFO info) {
  curl_off_t time = 0;
  Curl().easy_getinfo(easy, info, &time);
  return std::chrono::microseconds(time);
}

long LongOf(CURL* easy, CURLINFO info) {
  long value = 0;
  Curl().easy_getinfo(easy, info, &value);
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

warc::Truncation TruncationOf(FetchError error) {
  switch (error) {
    case FetchError::kBodyCut:
    case FetchError::kNoAnswer:
    case FetchError::kBadHttp:
      return warc::Truncation::kDisconnect;
    case FetchError::kTimeout:
    case FetchError::kTooSlow:
      return warc::Truncation::kTime;
    case FetchError::kNone:
      return warc::Truncation::kNone;
    default:
      return warc::Truncation::kUnspecified;
  }
}

}  // namespace

std::unique_ptr<CurlTransfer> CurlTransfer::Create(const TransferSettings& settings, CurlLoop& loop,
                                                   bool stream) {
  CURL* const easy = Curl().easy_init();
  if (easy == nullptr) return nullptr;
  std::unique_ptr<CurlTransfer> transfer(new CurlTransfer(settings, loop, stream, easy));
  transfer->SetConstants();
  return transfer;
}

CurlTransfer::CurlTransfer(const TransferSettings& settings, CurlLoop& loop, bool stream,
                           CURL* easy)
    : settings_(settings), loop_(&loop), stream_(stream), easy_(easy) {}

CurlTransfer::~CurlTransfer() {
  Curl().easy_cleanup(easy_);
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
  Set(easy_, CURLOPT_CLOSESOCKETFUNCTION, &CurlTransfer::OnClose);
  Set(easy_, CURLOPT_CLOSESOCKETDATA, loop_);
  Set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  Set(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  Set(easy_, CURLOPT_PATH_AS_IS, 1L);  // what robots.txt was asked about is what is sent
  Set(easy_, CURLOPT_NOSIGNAL, 1L);
  Set(easy_, CURLOPT_PROXY, options.proxy.c_str());  // "": none, and no look at the environment
  // Deadlines are kept here: those of libcurl cost more, and know TCP and TLS as one.
  Set(easy_, CURLOPT_CONNECTTIMEOUT, 24L * 3600);
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

Status CurlTransfer::Begin(FetchRequest request, std::unique_ptr<FetchHandler> handler, FetchId id,
                           FetchResult spare) {
  id_ = id;
  request_ = std::move(request);
  handler_ = std::move(handler);
  result_ = FetchResult();
  result_.buffer = std::move(spare.buffer);
  result_.buffer.Clear();
  result_.request_head = std::move(spare.request_head);
  result_.request_head.clear();
  addresses.clear();
  attempt = 0;
  paused = false;
  address_ = IpAddress();
  started_ = std::chrono::steady_clock::now();
  const auto wall = settings_.steady_to_wall + started_.time_since_epoch();
  result_.timings.started_unix_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(wall).count();
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
  aimed_ = attempt == 1 && result_.timings.dns.count() == 0 ? started_
                                                            : std::chrono::steady_clock::now();
  window_start_ = TimePoint();
  window_bytes_ = 0;
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
    connect_to_.reset(Curl().slist_append(nullptr, rule.c_str()));
  }
  Set(easy_, CURLOPT_CONNECT_TO, connect_to_.get());
}

FetchError CurlTransfer::Overdue(TimePoint now) {
  const Deadlines& deadlines = request_.deadlines;
  const auto past = [now](TimePoint since, std::chrono::milliseconds limit) {
    return limit.count() > 0 && now - since >= limit;
  };
  if (past(started_, deadlines.total)) {
    return attempt == 0    ? FetchError::kNameTimeout
           : Connecting()  ? FetchError::kConnectTimeout
           : InHandshake() ? FetchError::kTlsTimeout
                           : FetchError::kTimeout;
  }
  if (attempt == 0) {
    return past(started_, deadlines.dns) ? FetchError::kNameTimeout : FetchError::kNone;
  }
  if (Connecting()) {
    return past(aimed_, deadlines.connect) ? FetchError::kConnectTimeout : FetchError::kNone;
  }
  if (InHandshake()) {
    return past(securing_since_, deadlines.tls) ? FetchError::kTlsTimeout : FetchError::kNone;
  }
  return TooSlow(now) ? FetchError::kTooSlow : FetchError::kNone;
}

// Over windows of `low_speed_time`, head included; a pause starts a new one.
bool CurlTransfer::TooSlow(TimePoint now) {
  const Deadlines& deadlines = request_.deadlines;
  if (deadlines.low_speed_time.count() <= 0) return false;
  const std::uint64_t got = result_.buffer.head().size() + result_.body_bytes;
  const bool first = window_start_ == TimePoint();
  if (!first && !paused && now - window_start_ < deadlines.low_speed_time) return false;
  const auto seconds = static_cast<std::uint64_t>(deadlines.low_speed_time.count());
  const bool slow =
      !first && !paused && got - std::min(got, window_bytes_) < seconds * deadlines.low_speed_bytes;
  window_start_ = now;
  window_bytes_ = got;
  return slow;
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
  if (buffer.head().empty()) buffer.Reserve(kHeadBytesUsual);
  buffer.AppendHead(line);
  return line == "\r\n" || line == "\n" ? EndHead() : true;
}

bool CurlTransfer::EndHead() {
  const long status = LongOf(easy_, CURLINFO_RESPONSE_CODE);
  if (status >= 100 && status < 200) return true;
  head_ended_ = true;
  result_.status = static_cast<std::uint16_t>(std::clamp(status, 0L, 999L));
  if (!stream_) {
    // A promise, so it makes room for no more than a page.
    curl_off_t promised = 0;
    Curl().easy_getinfo(easy_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &promised);
    const auto body =
        static_cast<std::size_t>(std::clamp<curl_off_t>(promised, 0, kBodyBytesUsual));
    result_.buffer.Reserve(result_.buffer.head().size() +
                           std::min(body, request_.limits.body_bytes));
  }
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

int CurlTransfer::OnClose(void* loop, curl_socket_t fd) {
  return static_cast<CurlLoop*>(loop)->CloseSocket(fd);
}

CURLcode CurlTransfer::OnSecuring(CURL* /*easy*/, void* /*context*/, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  transfer.securing_ = true;
  transfer.securing_since_ = std::chrono::steady_clock::now();
  return CURLE_OK;
}

void CurlTransfer::ReadTlsFacts() {
  // Only while the connection is at hand: not from Finish().
  curl_tlssessioninfo* info = nullptr;
  if (Curl().easy_getinfo(easy_, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK || info == nullptr)
    return;
  if (info->backend != CURLSSLBACKEND_OPENSSL || info->internals == nullptr) return;
  const auto* const ssl = static_cast<const SSL*>(info->internals);
  result_.tls_version = Curl().ssl_get_version(ssl);
  const char* const cipher = Curl().ssl_cipher_get_name(Curl().ssl_get_current_cipher(ssl));
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

bool CurlTransfer::InHandshake() const {
  if (!securing_ || head_begun_) return false;
  return TimeOf(easy_, CURLINFO_APPCONNECT_TIME_T).count() == 0;
}

bool CurlTransfer::CouldNotConnect(CURLcode code) const {
  return stop_ == FetchError::kNone && !head_begun_ && code == CURLE_COULDNT_CONNECT;
}

FetchError CurlTransfer::ErrorOf(CURLcode code) const {
  if (cut_at_limit_) return FetchError::kNone;
  if (stop_ != FetchError::kNone) return stop_;
  return ClassifyCurl(code, Stage());
}

FetchResult CurlTransfer::Finish(CURLcode code) {
  const FetchError error = ErrorOf(code);
  std::string message;
  if (error != FetchError::kNone) {
    const bool curls = stop_message_.empty();
    const char* const text =
        error_text_[0] != '\0' ? error_text_.data() : Curl().easy_strerror(code);
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
    result_.truncation = cut_at_limit_ ? warc::Truncation::kLength : TruncationOf(error);
  }
  if (error != FetchError::kNone || attempt == 0) {
    result_.timings.total = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - started_);
  }
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
  timings.total = since(CURLINFO_TOTAL_TIME_T);  // failures: the caller's clock
  if (result_.status != 0) {
    result_.http_version = VersionOf(LongOf(easy_, CURLINFO_HTTP_VERSION));
  }
  if (LongOf(easy_, CURLINFO_REQUEST_SIZE) > 0) {
    WriteRequestHead();
  }
}

void CurlTransfer::WriteRequestHead() {
  const std::string& fields = settings_.field_text[request_.accept_codings ? 1 : 0];
  const std::string& target = request_.url.path_and_query();
  std::string& head = result_.request_head;
  head.reserve(64 + target.size() + request_.url.authority().size() + fields.size());
  head.append("GET ").append(target).append(" HTTP/1.1\r\nHost: ");
  head.append(request_.url.authority()).append("\r\n").append(fields);
  for (const RequestField& field : request_.fields) {
    head.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  head.append("\r\n");
}

}  // namespace crawlcard::crawler
