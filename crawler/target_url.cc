#include "crawler/target_url.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "crawler/internal/printable.h"
#include "crawler/limits.h"
#include "page/url.h"

namespace crawlcard::crawler {
namespace {

struct Authority {
  std::string_view host;  // with brackets
  std::string_view port;
};

tl::unexpected<Error> Refuse(std::string_view text, std::string_view why) {
  return Fail(ErrorCode::kInvalidArgument, "url refused, {}: '{}'", why, Printable(text, 200));
}

bool IsRefusedByte(char c) {
  return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '\\';
}

// WHATWG URL, "ends in a number checker": what inet_aton() would take for an address.
bool EndsInNumber(std::string_view host) {
  const std::size_t dot = host.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? host : host.substr(dot + 1);
  if (last.starts_with("0x")) {
    return std::all_of(last.begin() + 2, last.end(), [](char c) { return HexValue(c) >= 0; });
  }
  return std::all_of(last.begin(), last.end(), IsAsciiDigit);
}

bool IsHostName(std::string_view host) {
  if (host.empty() || host.size() > limits::kHostNameBytesMax) return false;
  while (!host.empty()) {
    const std::size_t dot = std::min(host.find('.'), host.size());
    const std::string_view label = host.substr(0, dot);
    if (label.empty() || label.size() > limits::kHostLabelBytesMax) return false;
    for (const char c : label) {
      const bool known = (c >= 'a' && c <= 'z') || IsAsciiDigit(c) || c == '-' || c == '_';
      if (!known) return false;
    }
    if (dot + 1 == host.size()) return false;
    host.remove_prefix(std::min(host.size(), dot + 1));
  }
  return true;
}

// Lower-case ASCII form, or empty.
std::string NormalHost(std::string_view host) {
  std::string name = AsciiLowerCopy(host);
  if (AsciiPrefix(name) != name.size()) name = page::HostOf("http://" + name + "/");
  if (name.ends_with('.')) name.pop_back();
  return name;
}

std::optional<Authority> SplitAuthority(std::string_view authority) {
  std::size_t end = 0;
  if (authority.starts_with('[')) {
    end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    ++end;
  } else {
    end = std::min(authority.find(':'), authority.size());
  }
  Authority parts{authority.substr(0, end), authority.substr(end)};
  if (parts.port.empty()) return parts;
  if (parts.port[0] != ':') return std::nullopt;
  parts.port.remove_prefix(1);
  return parts;
}

// `path` is what follows the authority of `text`. Blanks and controls have been refused.
std::string SendablePath(std::string_view text, std::string_view path) {
  const bool plain = path.starts_with('/') && AsciiPrefix(path) == path.size() &&
                     path.find('#') == std::string_view::npos;
  return plain ? std::string(path) : page::PathAndQueryOf(text);
}

}  // namespace

Result<TargetUrl> TargetUrl::Parse(std::string_view text) {
  if (text.size() > limits::kTargetUrlBytesMax) {
    return Fail(ErrorCode::kTooLarge, "url too long: {} bytes, limit {}", text.size(),
                limits::kTargetUrlBytesMax);
  }
  if (std::any_of(text.begin(), text.end(), IsRefusedByte)) {
    return Refuse(text, "blank, control byte or backslash");
  }
  TargetUrl url;
  url.https_ = StartsWithIgnoreCase(text, "https://");
  if (!url.https_ && !StartsWithIgnoreCase(text, "http://")) {
    return Refuse(text, "neither http nor https");
  }
  const std::string_view rest = text.substr(url.https_ ? 8 : 7);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos) return Refuse(text, "credentials");
  const std::optional<Authority> parts = SplitAuthority(authority);
  if (!parts) return Refuse(text, "no host and port");

  const std::string_view host = parts->host;
  if (host.starts_with('[')) {
    url.host_ = host.substr(1, host.size() - 2);
    url.address_ = IpAddress::Parse(url.host_);
    if (!url.address_ || !url.address_->is_v6()) return Refuse(text, "no IPv6 address");
    url.host_ = url.address_->ToString();
  } else {
    url.host_ = NormalHost(host);
    if (!IsHostName(url.host_)) return Refuse(text, "no host name");
    if (EndsInNumber(url.host_)) {
      // In other digits (full-width, circled) it is a disguise.
      if (AsciiPrefix(host) == host.size()) url.address_ = IpAddress::Parse(url.host_);
      if (!url.address_) return Refuse(text, "a number for a host");
    }
  }
  url.port_ = url.https_ ? 443 : 80;
  if (!parts->port.empty()) {
    const std::optional<std::uint64_t> port = ParseUint(parts->port);
    if (!port || *port == 0 || *port > 65'535 || parts->port.size() > 5) {
      return Refuse(text, "no port from 1 to 65535");
    }
    url.port_ = static_cast<std::uint16_t>(*port);
  }

  url.path_and_query_ = SendablePath(text, rest.substr(authority.size()));
  url.text_ = url.https_ ? "https://" : "http://";
  url.text_ += host.starts_with('[') ? fmt::format("[{}]", url.host_) : url.host_;
  if (!url.default_port()) url.text_ += fmt::format(":{}", url.port_);
  url.origin_bytes_ = url.text_.size();
  url.text_ += url.path_and_query_;
  return url;
}

}  // namespace crawlcard::crawler
