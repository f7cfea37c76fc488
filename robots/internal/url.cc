#include "robots/internal/url.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace crawlcard::robots::internal {
namespace {

// Where the authority begins, or npos.
std::size_t AuthorityBegin(std::string_view url) {
  const std::size_t colon = url.find("://");
  if (colon == 0 || colon == std::string_view::npos || !IsAsciiAlpha(url.front())) {
    return std::string_view::npos;
  }
  const bool scheme =
      std::all_of(url.begin(), url.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
        return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '+' || c == '-' || c == '.';
      });
  return scheme ? colon + 3 : std::string_view::npos;
}

// RFC 3986 section 5.2.4.
std::string RemoveDotSegments(std::string_view path) {
  std::vector<std::string_view> segments;
  bool ends_with_slash = false;
  while (!path.empty()) {
    path.remove_prefix(1);  // each segment begins with a slash
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    ends_with_slash = segment == "." || segment == "..";
    if (segment == ".." && !segments.empty()) segments.pop_back();
    if (!ends_with_slash) segments.push_back(segment);
  }
  std::string out;
  for (const std::string_view segment : segments) {
    out += '/';
    out += segment;
  }
  if (ends_with_slash || out.empty()) out += '/';
  return out;
}

}  // namespace

bool IsAbsoluteUrl(std::string_view text) {
  return AuthorityBegin(text) != std::string_view::npos;
}

std::string PathAndQuery(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const std::size_t authority = AuthorityBegin(url);
  if (authority != std::string_view::npos) {
    const std::size_t path = url.find_first_of("/?", authority);
    if (path == std::string_view::npos) return "/";
    url.remove_prefix(path);
  }
  if (url.empty()) return "/";
  std::string path;
  if (url.front() != '/') path += '/';
  path += url;
  return path;
}

std::string Origin(std::string_view url) {
  const std::size_t begin = AuthorityBegin(url);
  if (begin == std::string_view::npos) return {};
  std::string_view authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) authority.remove_prefix(at + 1);
  std::string origin = AsciiLowerCopy(url.substr(0, begin)) + AsciiLowerCopy(authority);
  for (const auto& [scheme, port] :
       {std::pair<std::string_view, std::string_view>{"http://", ":80"}, {"https://", ":443"}}) {
    if (origin.compare(0, scheme.size(), scheme) != 0 || origin.size() <= port.size()) continue;
    if (origin.compare(origin.size() - port.size(), port.size(), port) == 0) {
      origin.resize(origin.size() - port.size());
    }
  }
  return origin;
}

std::string Resolve(std::string_view base, std::string_view reference) {
  reference = TrimAscii(reference);
  const std::size_t colon = reference.find_first_of(":/?#");
  const bool has_scheme = colon != std::string_view::npos && colon > 0 && reference[colon] == ':';
  const std::size_t authority = AuthorityBegin(base);
  if (has_scheme || authority == std::string_view::npos) return std::string(reference);
  base = base.substr(0, base.find('#'));
  if (reference.empty()) return std::string(base);
  if (reference.substr(0, 2) == "//") {
    return std::string(base.substr(0, authority - 2)) + std::string(reference);
  }
  const std::size_t root = std::min(base.find_first_of("/?", authority), base.size());
  std::string out(base.substr(0, root));
  std::string_view base_path = base.substr(root);
  if (reference.front() == '#') return std::string(base) + std::string(reference);
  base_path = base_path.substr(0, base_path.find('?'));
  if (reference.front() == '?') {
    return out + (base_path.empty() ? "/" : std::string(base_path)) + std::string(reference);
  }
  const std::size_t tail = std::min(reference.find_first_of("?#"), reference.size());
  std::string path;
  if (reference.front() == '/') {
    path = reference.substr(0, tail);
  } else {
    path = base_path.substr(0, base_path.rfind('/') + 1);
    if (path.empty()) path += '/';
    path += reference.substr(0, tail);
  }
  return out + RemoveDotSegments(path) + std::string(reference.substr(tail));
}

}  // namespace crawlcard::robots::internal
