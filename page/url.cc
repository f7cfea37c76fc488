#include "page/url.h"

#include <algorithm>
#include <array>

#include "base/find.h"
#include "base/text.h"
#include "page/internal/host.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

// WHATWG URL "special scheme", without file, which has no server to ask.
struct SpecialScheme {
  std::string_view name;
  std::string_view default_port;
};
constexpr std::array<SpecialScheme, 5> kSpecialSchemes = {
    {{"https", "443"}, {"http", "80"}, {"ftp", "21"}, {"ws", "80"}, {"wss", "443"}}};

const SpecialScheme* FindSpecial(std::string_view scheme) {
  for (const SpecialScheme& special : kSpecialSchemes) {
    if (EqualsIgnoreCase(scheme, special.name)) return &special;
  }
  return nullptr;
}

bool IsSchemeChar(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '+' || c == '-' || c == '.';
}

// Length of the scheme at the front of `url`, or npos.
std::size_t SchemeLength(std::string_view url) {
  if (url.empty() || !IsAsciiAlpha(url.front())) return std::string_view::npos;
  std::size_t at = 1;
  while (at < url.size() && IsSchemeChar(url[at])) ++at;
  return at < url.size() && url[at] == ':' ? at : std::string_view::npos;
}

bool IsSlash(char c, bool special) {
  return c == '/' || (special && c == '\\');
}

void SplitAuthority(std::string_view authority, UrlParts& parts) {
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    parts.has_userinfo = true;
    parts.userinfo = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  std::size_t host_end = authority.rfind(':');
  if (!authority.empty() && authority.front() == '[') {
    const std::size_t close = authority.find(']');
    if (close != std::string_view::npos && authority.substr(0, close).find(':') < close) {
      parts.is_ipv6 = true;
      parts.host = authority.substr(1, close - 1);
      const std::string_view rest = authority.substr(close + 1);
      if (rest.starts_with(':')) parts.port = rest.substr(1);
      return;
    }
  }
  if (host_end == std::string_view::npos) host_end = authority.size();
  parts.host = authority.substr(0, host_end);
  parts.port = authority.substr(std::min(host_end + 1, authority.size()));
}

// Reads authority, path, query and fragment, everything behind the scheme.
// `skip_slashes`: the WHATWG states for special schemes, where any number of slashes opens the
// authority, even none.
void SplitRest(std::string_view rest, bool special, bool skip_slashes, UrlParts& parts) {
  const std::size_t hash = FindByte(rest, '#');
  if (hash != std::string_view::npos) {
    parts.fragment = rest.substr(hash + 1);
    rest = rest.substr(0, hash);
  }
  const std::size_t question = FindByte(rest, '?');
  if (question != std::string_view::npos) {
    parts.has_query = true;
    parts.query = rest.substr(question + 1);
    rest = rest.substr(0, question);
  }
  std::size_t slashes = 0;
  while (slashes < rest.size() && IsSlash(rest[slashes], special)) ++slashes;
  if (slashes >= 2 || skip_slashes) {
    rest.remove_prefix(skip_slashes ? slashes : 2);
    const char other = special ? '\\' : '/';
    const std::size_t end = std::min(FindFirstOf(rest, {'/', other, other}), rest.size());
    parts.has_authority = true;
    SplitAuthority(rest.substr(0, end), parts);
    rest.remove_prefix(end);
  }
  parts.path = rest;
}

// RFC 3986 section 5.2.4 for a path whose backslashes are slashes already. ".." at the top is
// dropped; "%2e" counts as a dot, as in browsers.
int DotsOf(std::string_view segment) {
  int dots = 0;
  while (!segment.empty()) {
    if (segment.front() == '.') {
      segment.remove_prefix(1);
    } else if (StartsWithIgnoreCase(segment, "%2e")) {
      segment.remove_prefix(3);
    } else {
      return 0;
    }
    if (++dots > 2) return 0;
  }
  return dots;
}

std::string RemoveDotSegments(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  const bool absolute = path.starts_with('/');
  if (absolute) path.remove_prefix(1);
  const std::size_t floor = absolute ? 1 : 0;  // the leading slash is never taken away
  if (absolute) out += '/';
  while (true) {
    const std::size_t slash = path.find('/');
    const bool last = slash == std::string_view::npos;
    const std::string_view segment = path.substr(0, slash);
    const int dots = DotsOf(segment);
    if (dots == 2 && out.size() > floor) {
      out.pop_back();  // the slash that closes the segment before
      const std::size_t open = out.rfind('/');
      out.resize(open == std::string::npos ? 0 : open + 1);
    }
    if (dots == 0) {
      out += segment;
      if (!last) out += '/';
    }
    if (last) return out;
    path.remove_prefix(slash + 1);
  }
}

// WHATWG URL, basic parser steps 1 to 3: blanks and controls off both ends, TAB, CR and LF out.
std::string CleanReference(std::string_view text) {
  const auto is_edge = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && is_edge(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_edge(text.back())) text.remove_suffix(1);
  std::string out(text);
  std::erase_if(out, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
  return out;
}

void AppendSlashed(std::string_view path, bool special, std::string& out) {
  for (const char c : path) out += special && c == '\\' ? '/' : c;
}

// Percent-encodes blanks and control characters, which no client sends as they are.
void AppendSendable(std::string_view text, bool encode_non_ascii, std::string& out) {
  constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte != 0x7F && (byte < 0x80 || !encode_non_ascii)) {
      out += c;
      continue;
    }
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
}

// A reference or base with the path still to be cleaned.
struct Target {
  std::string_view scheme;
  const UrlParts* authority = nullptr;
  std::string path;
  const UrlParts* query = nullptr;
};

std::string Recompose(const Target& target, bool special, std::string_view fragment,
                      bool has_fragment) {
  std::string out(target.scheme);
  out += ':';
  const UrlParts& authority = *target.authority;
  if (authority.has_authority) {
    out += "//";
    if (authority.has_userinfo) out.append(authority.userinfo).append("@");
    if (authority.is_ipv6) out += '[';
    AppendSendable(authority.host, false, out);
    if (authority.is_ipv6) out += ']';
    if (!authority.port.empty()) out.append(":").append(authority.port);
  }
  // Only hierarchical paths have dot segments: "mailto:a/../b" stays as it is.
  const bool hierarchical = authority.has_authority || target.path.starts_with('/');
  const std::string path = hierarchical ? RemoveDotSegments(target.path) : target.path;
  if (special && path.empty()) out += '/';
  AppendSendable(path, false, out);
  if (target.query != nullptr && target.query->has_query) {
    out += '?';
    AppendSendable(target.query->query, false, out);
  }
  if (has_fragment) {
    out += '#';
    AppendSendable(fragment, false, out);
  }
  return out;
}

// The directory of the base path, as RFC 3986 section 5.2.3 merges it.
std::string MergePaths(const UrlParts& base, bool special, std::string_view reference_path) {
  std::string out;
  AppendSlashed(base.path, special, out);
  const std::size_t slash = out.rfind('/');
  out.resize(slash == std::string::npos ? 0 : slash + 1);
  if (out.empty() && base.has_authority) out += '/';
  AppendSlashed(reference_path, special, out);
  return out;
}

}  // namespace

std::optional<UrlParts> SplitUrl(std::string_view url) {
  const std::size_t length = SchemeLength(url);
  if (length == std::string_view::npos) return std::nullopt;
  UrlParts parts;
  parts.scheme = url.substr(0, length);
  const bool special = FindSpecial(parts.scheme) != nullptr;
  SplitRest(url.substr(length + 1), special, special, parts);
  return parts;
}

bool IsResolved(std::string_view url) {
  std::size_t at = 0;
  if (StartsWithIgnoreCase(url, "https://")) at = 8;
  if (StartsWithIgnoreCase(url, "http://")) at = 7;
  if (at == 0 || at == url.size() || url[at] == '/') return false;
  bool has_path = false;
  char last = 0;
  for (; at < url.size(); ++at) {
    const char c = url[at];
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == 0x7F || c == '\\') return false;
    // An empty port, a query without a path; dot segments, perhaps escaped.
    if (!has_path && (c == '?' || c == '#' || (c == '/' && last == ':'))) return false;
    if (last == '/' && (c == '.' || c == '%')) return false;
    has_path = has_path || c == '/';
    last = c;
  }
  return has_path;
}

std::string ResolveUrl(std::string_view base_url, std::string_view reference) {
  if (reference.size() > limits::kUrlBytesMax || IsResolved(reference)) {
    return std::string(reference);
  }
  const std::string cleaned = CleanReference(reference);
  const std::string cleaned_base = CleanReference(base_url.substr(0, limits::kUrlBytesMax));
  const std::optional<UrlParts> base = SplitUrl(cleaned_base);
  std::optional<UrlParts> absolute = SplitUrl(cleaned);
  const bool has_fragment = cleaned.find('#') != std::string::npos;

  std::string_view rest = cleaned;
  if (absolute) {
    const std::string_view after = rest.substr(absolute->scheme.size() + 1);
    const bool special = FindSpecial(absolute->scheme) != nullptr;
    // WHATWG "special relative or authority state": "http:page" under a base of the same scheme is
    // a relative reference.
    const bool relative =
        special && base && EqualsIgnoreCase(base->scheme, absolute->scheme) &&
        !(after.size() >= 2 && IsSlash(after[0], true) && IsSlash(after[1], true));
    if (!relative) {
      Target target{absolute->scheme, &*absolute, {}, &*absolute};
      AppendSlashed(absolute->path, special, target.path);
      return Recompose(target, special, absolute->fragment, has_fragment);
    }
    rest = after;
  }
  if (!base) return std::string(reference);

  const bool special = FindSpecial(base->scheme) != nullptr;
  UrlParts parts;
  const bool network = rest.size() >= 2 && IsSlash(rest[0], special) && IsSlash(rest[1], special);
  SplitRest(rest, special, special && network, parts);
  Target target{base->scheme, parts.has_authority ? &parts : &*base, {}, &parts};
  if (parts.has_authority || (!parts.path.empty() && IsSlash(parts.path.front(), special))) {
    AppendSlashed(parts.path, special, target.path);
  } else if (parts.path.empty()) {
    AppendSlashed(base->path, special, target.path);
    if (!parts.has_query) target.query = &*base;
  } else {
    target.path = MergePaths(*base, special, parts.path);
  }
  return Recompose(target, special, parts.fragment, has_fragment);
}

std::string OriginOf(std::string_view url) {
  const std::optional<UrlParts> parts = SplitUrl(url);
  if (!parts || !parts->has_authority) return {};
  const std::string host = internal::NormaliseHost(parts->host);
  if (host.empty()) return {};
  const SpecialScheme* const special = FindSpecial(parts->scheme);
  std::string out = AsciiLowerCopy(parts->scheme);
  out += "://";
  const bool is_ipv6 = host.find(':') != std::string::npos;
  if (is_ipv6) out += '[';
  out += host;
  if (is_ipv6) out += ']';
  std::string_view port = parts->port;
  while (port.size() > 1 && port.front() == '0') port.remove_prefix(1);
  if (!port.empty() && ParseUint(port).value_or(65536) > 65535) return {};
  if (!port.empty() && (special == nullptr || port != special->default_port)) {
    out.append(":").append(port);
  }
  return out;
}

std::string HostOf(std::string_view url) {
  const std::optional<UrlParts> parts = SplitUrl(url);
  if (!parts) return {};
  return internal::NormaliseHost(parts->host);
}

std::string_view HostOf(const UrlParts& parts, std::string& storage) {
  if (parts.host.size() <= limits::kHostBytesMax && internal::IsPlainName(parts.host)) {
    return parts.host;
  }
  storage = internal::NormaliseHost(parts.host);
  return storage;
}

std::string PathAndQueryOf(std::string_view url) {
  std::string out;
  const std::optional<UrlParts> parts = SplitUrl(url);
  if (!parts) return "/";
  out.reserve(parts->path.size() + parts->query.size() + 2);
  std::string slashed;
  AppendSlashed(parts->path, FindSpecial(parts->scheme) != nullptr, slashed);
  if (!slashed.starts_with('/')) out += '/';
  AppendSendable(slashed, true, out);
  if (parts->has_query) {
    out += '?';
    AppendSendable(parts->query, true, out);
  }
  return out;
}

}  // namespace crawlcard::page
