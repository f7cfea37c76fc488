#include "page/surt.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "base/find.h"
#include "base/text.h"
#include "page/internal/host.h"
#include "page/internal/idna.h"
#include "page/internal/surt_escape.h"
#include "page/internal/surt_query.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

std::string_view TrimControls(std::string_view text) {
  const auto is_edge = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && is_edge(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_edge(text.back())) text.remove_suffix(1);
  return text;
}

// Length of the stray white space at `position`: TAB, CR, LF, U+0085, U+2028 or U+2029.
std::size_t StrayLength(std::string_view text, std::size_t position) {
  const char c = text[position];
  if (c > ' ' && c < 0x7F) return 0;
  if (c == '\t' || c == '\r' || c == '\n') return 1;
  const std::string_view rest = text.substr(position);
  if (rest.starts_with("\xC2\x85")) return 2;
  if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) return 3;
  return 0;
}

// The text without stray white space; a view of `text` itself when there is none.
std::string_view DropStray(std::string_view text, std::string& storage) {
  std::size_t first = 0;
  while (first < text.size() && StrayLength(text, first) == 0) ++first;
  if (first == text.size()) return text;
  storage.assign(text.substr(0, first));
  for (std::size_t i = first; i < text.size();) {
    const std::size_t stray = StrayLength(text, i);
    if (stray == 0) storage += text[i];
    i += std::max<std::size_t>(stray, 1);
  }
  return storage;
}

void AppendLower(std::string_view text, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + text.size());
  std::transform(text.begin(), text.end(), out.begin() + static_cast<std::ptrdiff_t>(start),
                 AsciiLower);
}

void LowerTail(std::string& out, std::size_t start) {
  std::transform(out.begin() + static_cast<std::ptrdiff_t>(start), out.end(),
                 out.begin() + static_cast<std::ptrdiff_t>(start), AsciiLower);
}

// --- host ---

// A dotted quad of octal (first digit 0) or decimal octets, or one number of any size, as a dotted
// quad. Empty for anything else. This is the key maker's own reading, not that of browsers.
std::string NormaliseQuad(std::string_view host) {
  if (host.empty() || !IsAsciiDigit(host.front())) return {};
  if (std::all_of(host.begin(), host.end(), IsAsciiDigit)) {
    const std::optional<std::uint64_t> number = ParseUint(host);
    if (!number || *number > INT64_MAX) return {};
    return internal::FormatIpv4(static_cast<std::uint32_t>(*number & 0xFFFFFFFF));
  }
  const unsigned base = host.front() == '0' ? 8 : 10;
  std::uint32_t address = 0;
  for (int part = 0; part < 4; ++part) {
    std::size_t digits = 0;
    unsigned octet = 0;
    for (; digits < host.size() && IsAsciiDigit(host[digits]); ++digits) {
      const auto digit = static_cast<unsigned>(host[digits] - '0');
      octet = octet * base + digit;
      if (digit >= base || octet > 255) return {};
    }
    if (digits == 0) return {};
    address = address << 8 | octet;
    host.remove_prefix(digits);
    if (part == 3) break;
    if (!host.starts_with('.')) return {};
    host.remove_prefix(1);
  }
  return host.empty() ? internal::FormatIpv4(address) : std::string();
}

// Drops dots at both ends and collapses runs of them.
void NormaliseDots(std::string& host) {
  host.erase(
      std::unique(host.begin(), host.end(), [](char a, char b) { return a == '.' && b == '.'; }),
      host.end());
  if (host.starts_with('.')) host.erase(0, 1);
  if (host.ends_with('.')) host.pop_back();
}

// Length of "www", digits and a dot at the front, or 0.
std::size_t WwwLength(std::string_view host) {
  if (!host.starts_with("www")) return 0;
  std::size_t at = 3;
  while (at < host.size() && IsAsciiDigit(host[at])) ++at;
  return at < host.size() && host[at] == '.' ? at + 1 : 0;
}

void AppendReversed(std::string_view host, std::string& out) {
  while (true) {
    const std::size_t dot = host.rfind('.');
    if (dot == kNone) break;
    out.append(host.substr(dot + 1)).append(",");
    host = host.substr(0, dot);
  }
  out += host;
}

bool IsPlainHost(std::string_view host) {
  if (host.empty() || IsAsciiDigit(host.front()) || host.front() == '.' || host.back() == '.') {
    return false;
  }
  char last = 0;
  for (const char c : host) {
    const bool plain = (c >= 'a' && c <= 'z') || IsAsciiDigit(c) || c == '-' || c == '_' ||
                       (c == '.' && last != '.');
    if (!plain) return false;
    last = c;
  }
  return true;
}

std::string NormaliseSurtHost(std::string_view host) {
  std::string name = internal::UnescapeRepeatedly(host);
  const bool ascii = std::all_of(name.begin(), name.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) {
    std::optional<std::string> mapped =
        internal::DomainToAscii(name, internal::IdnaMapping::kTransitional);
    if (mapped) name = std::move(*mapped);
  }
  NormaliseDots(name);
  if (std::string quad = NormaliseQuad(name); !quad.empty()) return quad;
  std::string out;
  internal::AppendEscapedOnce(name, out);
  LowerTail(out, 0);
  return out;
}

void AppendHost(std::string_view host, SurtFlavour flavour, std::string& out) {
  std::string storage;
  if (!IsPlainHost(host)) {
    storage = NormaliseSurtHost(host);
    host = storage;
  }
  for (std::size_t www = WwwLength(host); www > 0; www = WwwLength(host)) {
    host.remove_prefix(www);
    if (flavour == SurtFlavour::kPython) break;
  }
  AppendReversed(host, out);
}

// --- path and query ---

// Appends `path` with its dot segments resolved and empty segments dropped. ".." takes away the
// segment before it, even an empty one or a ".." that found nothing to take.
void AppendNormalisedPath(std::string_view path, std::string& out) {
  std::array<std::byte, 2048> buffer;
  std::pmr::monotonic_buffer_resource memory(buffer.data(), buffer.size());
  std::pmr::vector<std::string_view> kept(&memory);
  for (std::size_t slash = path.find('/'); slash != kNone;) {
    const std::size_t next = path.find('/', slash + 1);
    const std::string_view segment =
        path.substr(slash + 1, next == kNone ? kNone : next - slash - 1);
    slash = next;
    if (segment == ".") continue;
    if (segment == ".." && !kept.empty()) {
      kept.pop_back();
      continue;
    }
    kept.push_back(segment);
  }
  out += '/';
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const bool last = i + 1 == kept.size();
    if (!last && kept[i].empty()) continue;
    out += kept[i];
    if (!last) out += '/';
  }
}

void FinishPath(std::string& out, std::size_t start) {
  internal::StripPathSessions(out, start);
  if (out.size() > start + 1 && out.back() == '/') out.pop_back();
}

void AppendPath(std::string_view path, std::string& out) {
  const std::size_t start = out.size();
  const bool simple = path.starts_with('/') && internal::IsEscapeFree(path) &&
                      path.find("//") == kNone && path.find("/.") == kNone;
  if (simple) {
    AppendLower(path, out);
  } else {
    std::string normalised;
    AppendNormalisedPath(internal::UnescapeRepeatedly(path), normalised);
    internal::AppendEscapedOnce(normalised, out);
    LowerTail(out, start);
  }
  FinishPath(out, start);
}

void AppendQuery(std::string_view query, std::string& out) {
  if (query.empty()) return;
  out += '?';
  const std::size_t start = out.size();
  if (internal::IsEscapeFree(query)) {
    AppendLower(query, out);
  } else {
    internal::AppendEscapedOnce(internal::UnescapeRepeatedly(query), out);
    LowerTail(out, start);
  }
  internal::StripQuerySessions(out, start);
  internal::SortQuery(out, start);
  if (out.size() == start) out.pop_back();
}

// --- the URL as the key makers split it ---

constexpr std::array<std::string_view, 6> kKnownSchemes = {"http", "https", "ftp",
                                                           "mms",  "rtsp",  "wais"};

bool IsHttp(std::string_view scheme) {
  return EqualsIgnoreCase(scheme, "http") || EqualsIgnoreCase(scheme, "https");
}

// Takes "scheme://" off the front of `url`. Empty, and nothing taken, where a default one is put
// in.
std::string_view TakeScheme(std::string_view& url, SurtFlavour flavour) {
  const std::size_t colon = url.find(':');
  if (colon == kNone) return {};
  const std::string_view scheme = url.substr(0, colon);
  const bool has_slashes = url.substr(colon).starts_with("://");
  const bool known = std::any_of(kKnownSchemes.begin(), kKnownSchemes.end(),
                                 [&](std::string_view s) { return EqualsIgnoreCase(s, scheme); });
  const bool legal =
      !scheme.empty() && IsAsciiAlpha(scheme.front()) &&
      std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '+' || c == '-' || c == '.';
      });
  // The Python port takes any scheme, and mends "http:/host" as well.
  const bool python_scheme = legal && (has_slashes || IsHttp(scheme));
  if (!(known && has_slashes) && !(flavour == SurtFlavour::kPython && python_scheme)) return {};
  url.remove_prefix(colon + (has_slashes ? 3 : 1));
  if (IsHttp(scheme)) url.remove_prefix(std::min(url.find_first_not_of('/'), url.size()));
  return scheme;
}

struct Authority {
  std::string_view host;
  std::string_view port;  // empty: none
};

Authority SplitAuthority(std::string_view authority) {
  const std::size_t at = authority.find('@');
  if (at != kNone) authority.remove_prefix(at + 1);
  std::size_t colon = authority.find(':');
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close != kNone) {
      const std::string_view rest = authority.substr(close + 1);
      return {authority.substr(1, close - 1), rest.starts_with(':') ? rest.substr(1) : ""};
    }
  }
  colon = std::min(colon, authority.size());
  return {authority.substr(0, colon), authority.substr(std::min(colon + 1, authority.size()))};
}

bool AppendHierarchicalKey(std::string_view url, SurtFlavour flavour, std::string& key) {
  std::string_view scheme = TakeScheme(url, flavour);
  if (flavour == SurtFlavour::kPython) {
    // "http://https://host": the last scheme counts.
    for (std::string_view next = scheme; IsHttp(next); next = TakeScheme(url, flavour))
      scheme = next;
  }
  if (scheme.empty()) scheme = "http";
  url = url.substr(0, url.find('#'));
  const std::size_t question = url.find('?');
  const std::string_view query = question == kNone ? "" : url.substr(question + 1);
  url = url.substr(0, question);
  const std::size_t slash = std::min(url.find('/'), url.size());
  const Authority authority = SplitAuthority(url.substr(0, slash));

  AppendHost(authority.host, flavour, key);
  if (!authority.port.empty()) {
    const std::optional<std::uint64_t> port = ParseUint(authority.port);
    if (!port || *port > INT32_MAX) return false;
    const bool is_default = (*port == 80 && EqualsIgnoreCase(scheme, "http")) ||
                            (*port == 443 && EqualsIgnoreCase(scheme, "https"));
    if (!is_default) key.append(":").append(std::to_string(*port));
  }
  key += ')';
  AppendPath(url.substr(slash), key);
  AppendQuery(query, key);
  return true;
}

// Without "//" and "/.", and so without dot segments.
bool IsStraight(std::string_view path) {
  for (std::size_t at = 1; at < path.size(); ++at) {
    if (path[at - 1] == '/' && (path[at] == '/' || path[at] == '.')) return false;
  }
  return true;
}

// The usual address, of which the steps above change nothing but case. False, and nothing appended,
// for all others.
bool AppendPlainKey(std::string_view url, SurtFlavour flavour, std::string& key) {
  const std::size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  if (scheme == 0) return false;
  const std::string_view rest = url.substr(scheme);
  const std::size_t slash = FindByte(rest, '/');
  if (slash == kNone || !IsPlainHost(rest.substr(0, slash))) return false;
  if (!internal::IsEscapeFree(rest.substr(slash))) return false;
  const std::size_t question = std::min(FindByte(rest, '?', slash), rest.size());
  const std::string_view path = rest.substr(slash, question - slash);
  if (!IsStraight(path)) return false;
  AppendHost(rest.substr(0, slash), flavour, key);
  key += ')';
  const std::size_t start = key.size();
  AppendLower(path, key);
  FinishPath(key, start);
  AppendQuery(rest.substr(std::min(question + 1, rest.size())), key);
  return true;
}

// "mailto:a@b" and its like, which the Python port leaves as they are.
bool IsOpaqueForPython(std::string_view url) {
  const std::size_t colon = url.find(':');
  if (colon == kNone || colon == 0 || !IsAsciiAlpha(url.front())) return false;
  const std::string_view scheme = url.substr(0, colon);
  if (IsHttp(scheme) || url.substr(colon).starts_with("://")) return false;
  return std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '+' || c == '-' || c == '.';
  });
}

}  // namespace

bool AppendSurtKey(std::string_view url, SurtFlavour flavour, std::string& key_out) {
  if (url.size() > limits::kUrlBytesMax) return false;
  if (url.empty()) {
    key_out += '-';
    return true;
  }
  if (AppendPlainKey(url, flavour, key_out)) return true;
  if (url.starts_with("filedesc") || url.starts_with("warcinfo")) {
    key_out += url;
    return true;
  }
  if (url.starts_with("dns:") && flavour == SurtFlavour::kJava) {
    AppendReversed(url.substr(4), key_out);
    key_out += ')';
    return true;
  }
  std::string storage;
  const std::string_view cleaned = DropStray(TrimControls(url), storage);
  if (flavour == SurtFlavour::kPython && IsOpaqueForPython(cleaned)) {
    key_out += cleaned;
    return true;
  }
  return AppendHierarchicalKey(cleaned, flavour, key_out);
}

std::optional<std::string> SurtKey(std::string_view url, SurtFlavour flavour) {
  std::string key;
  key.reserve(std::min(url.size(), limits::kUrlBytesMax) + 8);
  if (!AppendSurtKey(url, flavour, key)) return std::nullopt;
  return key;
}

std::string SurtHost(std::string_view host) {
  std::string key;
  if (host.size() > limits::kHostBytesMax) return key;
  AppendHost(host, SurtFlavour::kJava, key);
  return key;
}

}  // namespace crawlcard::page
