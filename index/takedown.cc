#include "index/takedown.h"

#include <algorithm>
#include <array>

#include <simdjson.h>

#include "base/text.h"
#include "index/limits.h"
#include "page/public_suffix.h"
#include "page/url.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kSchema = "crawlcard.takedown.v1";

struct ScopeName {
  TakedownScope scope;
  std::string_view name;
};
constexpr std::array<ScopeName, 4> kScopeNames{{{TakedownScope::kUrl, "url"},
                                                {TakedownScope::kPrefix, "prefix"},
                                                {TakedownScope::kHost, "host"},
                                                {TakedownScope::kDomain, "domain"}}};

bool IsControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool IsOfUrl(TakedownScope scope) {
  return scope == TakedownScope::kUrl || scope == TakedownScope::kPrefix;
}

// A bare host name, or an IPv6 address with or without its brackets.
std::string HostOfName(std::string_view name) {
  if (name.find_first_of("/?#@\\ ") != std::string_view::npos) return {};
  const bool is_ipv6 = std::count(name.begin(), name.end(), ':') > 1 && !name.starts_with('[');
  if (is_ipv6) return page::HostOf("http://[" + std::string(name) + "]/");
  const std::size_t after = name.starts_with('[') ? name.find(']') : 0;
  if (name.find(':', std::min(after, name.size())) != std::string_view::npos) return {};
  return page::HostOf("http://" + std::string(name) + "/");
}

Status CheckText(std::string_view name, std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    return Fail(ErrorCode::kTooLarge, "{} too long: {} bytes, limit {}", name, text.size(),
                bytes_max);
  }
  if (std::any_of(text.begin(), text.end(), IsControl)) {
    return Fail(ErrorCode::kInvalidArgument, "{} holds a control character", name);
  }
  return IsUtf8(text) ? Status() : Fail(ErrorCode::kInvalidArgument, "{} is no UTF-8", name);
}

Status CheckDomain(std::string_view value, std::string_view host) {
  const bool is_number =
      host.find(':') != std::string_view::npos ||
      std::all_of(host.begin(), host.end(), [](char c) { return IsAsciiDigit(c) || c == '.'; });
  if (is_number) {
    return Fail(ErrorCode::kInvalidArgument, "'{}' is an address: its scope is host", value);
  }
  // Below a suffix every name is a domain of its own.
  const std::string below = "a." + std::string(host);
  if (host.find('.') != std::string_view::npos && page::IcannDomainView(below) != below) return {};
  return Fail(ErrorCode::kInvalidArgument, "'{}' is a public suffix, not somebody's domain", value);
}

}  // namespace

std::string_view TakedownScopeName(TakedownScope scope) {
  for (const ScopeName& known : kScopeNames) {
    if (known.scope == scope) return known.name;
  }
  return "";
}

std::optional<TakedownScope> TakedownScopeFromName(std::string_view name) {
  for (const ScopeName& known : kScopeNames) {
    if (known.name == name) return known.scope;
  }
  return std::nullopt;
}

std::string AddressOf(std::string_view url) {
  std::string address = page::OriginOf(url);
  const std::size_t mark = address.find("://");
  if (mark == std::string::npos) return {};
  address.erase(0, mark + 3);
  return address + page::PathAndQueryOf(url);
}

std::string HostOf(const Takedown& request) {
  return IsOfUrl(request.scope) ? page::HostOf(request.value) : HostOfName(request.value);
}

Status CheckTakedown(const Takedown& request) {
  if (request.id.empty()) return Fail(ErrorCode::kInvalidArgument, "the request has no id");
  CRAWLCARD_TRY(CheckText("id", request.id, limits::kTakedownIdBytesMax));
  CRAWLCARD_TRY(CheckText("value", request.value, limits::kKeyUrlBytesMax));
  CRAWLCARD_TRY(CheckText("basis", request.basis, limits::kTakedownBasisBytesMax));
  if (request.received == 0) {
    return Fail(ErrorCode::kInvalidArgument, "the request has no date of receipt");
  }
  const std::string host = HostOf(request);
  if (IsOfUrl(request.scope)) {
    if (request.value.find("://") == std::string::npos || AddressOf(request.value).empty()) {
      return Fail(ErrorCode::kInvalidArgument, "'{}' is no URL with a host", request.value);
    }
    return {};
  }
  if (host.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "'{}' is no host name (no scheme, port or path)",
                request.value);
  }
  return request.scope == TakedownScope::kDomain ? CheckDomain(request.value, host) : Status();
}

// --- JSON ---------------------------------------------------------------------------------------

struct TakedownReader::Impl {
  simdjson::dom::parser parser;
};

TakedownReader::TakedownReader() : impl_(std::make_unique<Impl>()) {}
TakedownReader::~TakedownReader() = default;

Result<Takedown> TakedownReader::Read(std::string_view line) {
  simdjson::dom::object object;
  if (impl_->parser.parse(line.data(), line.size()).get(object) != simdjson::SUCCESS) {
    return Fail(ErrorCode::kCorrupt, "a line is no JSON object");
  }
  const auto text = [&object](const char* name) {
    std::string_view value;
    if (object[name].get(value) != simdjson::SUCCESS) value = {};
    return value;
  };
  if (text("schema") != kSchema) {
    return Fail(ErrorCode::kCorrupt, "a line is no {} object", kSchema);
  }
  Takedown request;
  request.id = text("id");
  request.value = text("value");
  request.basis = text("basis");
  const std::optional<TakedownScope> scope = TakedownScopeFromName(text("scope"));
  if (!scope) return Fail(ErrorCode::kCorrupt, "scope '{}' is not known", text("scope"));
  request.scope = *scope;
  request.received = ParseRfc3339(text("received")).value_or(0);
  const std::string_view deadline = text("deadline");
  if (!deadline.empty()) {
    request.deadline = ParseRfc3339(deadline);
    if (!request.deadline) {
      return Fail(ErrorCode::kCorrupt, "deadline '{}' is no date", deadline);
    }
  }
  if (const Status checked = CheckTakedown(request); !checked) {
    return Fail(ErrorCode::kCorrupt, "{}", checked.error().message());
  }
  return request;
}

void WriteTakedown(const Takedown& request, std::string_view file, JsonWriter& json) {
  json.BeginObject();
  json.Member("schema", kSchema);
  json.Member("id", request.id);
  json.Member("scope", TakedownScopeName(request.scope));
  json.Member("value", request.value);
  json.Member("received", FormatRfc3339(request.received));
  json.Key("deadline");
  if (request.deadline) {
    json.String(FormatRfc3339(*request.deadline));
  } else {
    json.Null();
  }
  json.Member("basis", request.basis);
  if (!file.empty()) json.Member("file", file);
  json.EndObject();
}

}  // namespace crawlcard::index
