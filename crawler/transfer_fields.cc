// The fields of a request: those of every one, and those that a caller adds.
#include <algorithm>

#include "base/text.h"
#include "crawler/internal/curl_transfer.h"
#include "crawler/internal/printable.h"
#include "crawler/limits.h"

namespace crawlcard::crawler {
namespace {

// RFC 9110 section 5.6.2.
bool IsToken(std::string_view text) {
  const auto in_token = [](char c) {
    return IsAsciiAlpha(c) || IsAsciiDigit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), in_token);
}

bool IsOurs(std::string_view name) {
  static constexpr std::string_view kNames[] = {"accept",
                                                "accept-encoding",
                                                "authorization",
                                                "connection",
                                                "content-length",
                                                "cookie",
                                                "cookie2",
                                                "expect",
                                                "host",
                                                "keep-alive",
                                                "te",
                                                "transfer-encoding",
                                                "trailer",
                                                "upgrade",
                                                "user-agent",
                                                "http2-settings"};
  return StartsWithIgnoreCase(name, "proxy-") ||
         std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view known) { return EqualsIgnoreCase(known, name); });
}

bool IsFieldText(std::string_view value) {
  return !value.empty() && value == TrimAscii(value) &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

Status CheckField(const RequestField& field) {
  const std::string_view name = field.name;
  if (!IsToken(name) || IsOurs(name)) {
    return Fail(ErrorCode::kInvalidArgument, "field refused: '{}'", Printable(name, 80));
  }
  if (field.value.size() > limits::kRequestFieldBytesMax || !IsFieldText(field.value)) {
    return Fail(ErrorCode::kInvalidArgument, "value of field '{}' refused: '{}'", name,
                Printable(field.value, 80));
  }
  return {};
}

constexpr std::string_view kAnyAccept = "*/*";
const char* const kAcceptCodings = "Accept-Encoding: gzip, br, zstd";

bool Append(CurlList& list, const std::string& line) {
  curl_slist* const longer = Curl().slist_append(list.get(), line.c_str());
  if (longer == nullptr) return false;
  if (list == nullptr) list.reset(longer);
  return true;
}

// libcurl's own Accept is the usual one. The others share one line of the list, since each line
// costs as much as reading a small answer's head; libcurl hands lines on as they are.
bool AppendCommon(const TransferSettings& settings, std::size_t kind, CurlList& list) {
  if (settings.options.accept != kAnyAccept &&
      !Append(list, "Accept: " + settings.options.accept)) {
    return false;
  }
  const std::string agent = "User-Agent: " + settings.user_agent;
  return Append(list, kind == 1 ? agent + "\r\n" + kAcceptCodings : agent);
}

}  // namespace

Result<std::unique_ptr<TransferSettings>> MakeTransferSettings(const CurlFetcherOptions& options,
                                                               Connector* connector,
                                                               const std::string& user_agent) {
  if (!IsFieldText(options.accept) || !IsFieldText(user_agent)) {
    return Fail(ErrorCode::kInvalidArgument, "no field value: '{}'", Printable(options.accept, 80));
  }
  auto settings = std::make_unique<TransferSettings>();
  settings->options = options;
  settings->connector = connector;
  settings->user_agent = user_agent;
  settings->steady_to_wall = std::chrono::system_clock::now().time_since_epoch() -
                             std::chrono::steady_clock::now().time_since_epoch();
  for (std::size_t kind = 0; kind < 2; ++kind) {
    if (!AppendCommon(*settings, kind, settings->field_list[kind])) {
      return Fail(ErrorCode::kIo, "no memory for curl's list of fields");
    }
    std::string& text = settings->field_text[kind];
    text = fmt::format("Accept: {}\r\nUser-Agent: {}\r\n", options.accept, user_agent);
    if (kind == 1) text += fmt::format("{}\r\n", kAcceptCodings);
  }
  return settings;
}

Status CurlTransfer::SetFields() {
  const std::size_t kind = request_.accept_codings ? 1 : 0;
  fields_.reset();
  if (request_.fields.empty()) {
    Curl().easy_setopt(easy_, CURLOPT_HTTPHEADER, settings_.field_list[kind].get());
    return {};
  }
  if (request_.fields.size() > limits::kRequestFieldsMax) {
    return Fail(ErrorCode::kInvalidArgument, "too many fields: {}, limit {}",
                request_.fields.size(), limits::kRequestFieldsMax);
  }
  bool good = AppendCommon(settings_, kind, fields_);
  for (const RequestField& field : request_.fields) {
    CRAWLCARD_TRY(CheckField(field));
    good = good && Append(fields_, field.name + ": " + field.value);
  }
  if (!good) return Fail(ErrorCode::kIo, "no memory for curl's list of fields");
  Curl().easy_setopt(easy_, CURLOPT_HTTPHEADER, fields_.get());
  return {};
}

}  // namespace crawlcard::crawler
