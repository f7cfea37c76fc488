// page/url.h - URLs as crawlers meet them: split, resolve, and name their origin.
//
// Splitting follows RFC 3986 appendix B, leniently: nothing is refused that a server could have
// been asked for. In http and https any number of slashes opens the authority, as browsers read it.
// Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/attributes.h"

namespace crawlcard::page {

// Views into the text that was split.
struct UrlParts {
  std::string_view scheme;  // as written, without ':'
  std::string_view userinfo;
  std::string_view host;  // without brackets for IPv6
  std::string_view port;  // as written, may be empty
  std::string_view path;
  std::string_view query;     // without '?'
  std::string_view fragment;  // without '#'
  bool has_authority = false;
  bool has_userinfo = false;
  bool has_query = false;
  bool is_ipv6 = false;  // the host stood in brackets
};

// nullopt where `url` has no scheme (a relative reference).
std::optional<UrlParts> SplitUrl(std::string_view url);

// RFC 3986 section 5.2 with the WHATWG habits that pages rely on: white space trimmed, TAB, CR and
// LF dropped, backslash read as slash in http and https, blanks and controls percent-encoded.
// Returns `reference` unchanged when it is relative and `base` is no absolute URL, and beyond
// limits::kUrlBytesMax.
std::string ResolveUrl(std::string_view base, std::string_view reference);

// Whether resolving gives `url` back whatever the base: an absolute http or https URL with a path
// and without anything that is cleaned. Most are.
bool IsResolved(std::string_view url);

// Scheme and authority in lower case, default port dropped: "https://www.example.org:8443".
// Empty where there is no host or the port is no port number. The host is that of HostOf().
std::string OriginOf(std::string_view url);

// Lower-case ASCII host without port, brackets or final dot: percent-encoding undone, IDNA applied,
// addresses in their usual spelling. Empty where there is none, or none that a server can have.
std::string HostOf(std::string_view url);

// The same of a URL that was split, in `storage` or, for names that are written so, in the URL.
std::string_view HostOf(const UrlParts& parts CRAWLCARD_LIFETIME_BOUND,
                        std::string& storage CRAWLCARD_LIFETIME_BOUND);

// Path and query as sent to a server ("/" when empty, no fragment): what robots rules match.
// Blanks, controls and bytes beyond ASCII are percent-encoded, everything else stays as it is.
std::string PathAndQueryOf(std::string_view url);

}  // namespace crawlcard::page
