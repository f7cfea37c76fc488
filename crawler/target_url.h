// crawler/target_url.h - a URL that may be sent to a server, or none.
//
// Built from parts that were checked one by one, so that every reader of it agrees where the host
// ends: http or https alone, no userinfo, no control byte, blank or backslash, a port from 1 to
// 65535, and a host that is a DNS name (RFC 1123, underscores forgiven), a plain dotted quad or a
// bracketed IPv6 address without zone. Hosts whose last label is a number in another spelling
// (2130706433, 0x7f.1, 0177.0.0.1) are refused: resolvers take them for addresses. Names beyond
// ASCII become their IDNA form first. Thread rule: value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crawler/ip_address.h"

namespace crawlcard::crawler {

class TargetUrl {
 public:
  // Errors: kInvalidArgument, with the reason and `text` escaped; kTooLarge beyond
  // limits::kTargetUrlBytesMax. A fragment is dropped.
  [[nodiscard]] static Result<TargetUrl> Parse(std::string_view text);

  bool https() const { return https_; }
  const std::string& host() const { return host_; }  // lower case; IPv6 without brackets
  std::uint16_t port() const { return port_; }
  bool default_port() const { return port_ == (https_ ? 443 : 80); }
  const std::optional<IpAddress>& address() const { return address_; }  // where the host is one
  const std::string& path_and_query() const { return path_and_query_; }

  // "https://example.org:8443/path?query"; the default port is left out.
  const std::string& text() const { return text_; }
  // "https://example.org:8443": what politeness and robots.txt go by.
  std::string_view origin() const { return std::string_view(text_).substr(0, origin_bytes_); }
  // "example.org:8443": the Host field.
  std::string_view authority() const { return origin().substr(https_ ? 8 : 7); }

 private:
  bool https_ = false;
  std::string host_;
  std::uint16_t port_ = 0;
  std::optional<IpAddress> address_;
  std::string path_and_query_;
  std::string text_;
  std::size_t origin_bytes_ = 0;
};

}  // namespace crawlcard::crawler
