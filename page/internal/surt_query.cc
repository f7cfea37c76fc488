#include "page/internal/surt_query.h"

#include <algorithm>
#include <array>
#include <memory_resource>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace crawlcard::page::internal {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool IsLowerAlnum(char c) {
  return IsAsciiDigit(c) || (c >= 'a' && c <= 'z');
}
bool IsLowerAlpha(char c) {
  return c >= 'a' && c <= 'z';
}

template <class Predicate>
bool AllAt(std::string_view text, std::size_t position, std::size_t length, Predicate predicate) {
  if (position > text.size() || text.size() - position < length) return false;
  const std::string_view part = text.substr(position, length);
  return std::all_of(part.begin(), part.end(), predicate);
}

// End of "(" 24 alphanumerics ")" at `position`, or npos.
std::size_t SessionEnd(std::string_view text, std::size_t position) {
  if (position >= text.size() || text[position] != '(') return kNone;
  if (!AllAt(text, position + 1, 24, IsLowerAlnum)) return kNone;
  const std::size_t close = position + 25;
  return close < text.size() && text[close] == ')' ? close + 1 : kNone;
}

// End of "(" one or more of letter "(" 24 alphanumerics ")" then ")" at `position`, or npos.
std::size_t TaggedSessionEnd(std::string_view text, std::size_t position) {
  if (position >= text.size() || text[position] != '(') return kNone;
  std::size_t at = position + 1;
  bool any = false;
  while (at < text.size() && IsLowerAlpha(text[at])) {
    at = SessionEnd(text, at + 1);
    if (at == kNone) return kNone;
    any = true;
  }
  return any && at < text.size() && text[at] == ')' ? at + 1 : kNone;
}

// What must follow a session segment: a name, then ".aspx", no question mark before it.
bool LeadsToAspx(std::string_view rest) {
  const std::size_t aspx = rest.find(".aspx", 1);
  return aspx != kNone && rest.substr(0, aspx).find('?') == kNone;
}

// Removes the last segment that `segment_end` knows.
template <class SegmentEnd>
void StripLastSegment(std::string& key, std::size_t start, SegmentEnd segment_end) {
  const std::string_view path = std::string_view(key).substr(start);
  for (std::size_t slash = path.rfind("/("); slash != kNone; slash = path.rfind("/(", slash - 1)) {
    const std::size_t end = segment_end(path, slash + 1);
    if (end != kNone && end < path.size() && path[end] == '/' &&
        LeadsToAspx(path.substr(end + 1))) {
      key.erase(start + slash + 1, end - slash);
      return;
    }
    if (slash == 0) return;
  }
}

// Removes the last parameter that starts with `name` and whose end `value_end` finds, with the '&'
// behind it.
template <class ValueEnd>
void StripLastParameter(std::string& key, std::size_t start, std::string_view name,
                        ValueEnd value_end) {
  const std::string_view query = std::string_view(key).substr(start);
  for (std::size_t at = query.rfind(name); at != kNone; at = query.rfind(name, at - 1)) {
    const std::size_t end = value_end(query, at + name.size());
    if (end != kNone && (end == query.size() || query[end] == '&')) {
      key.erase(start + at, end - at + (end < query.size() ? 1 : 0));
      return;
    }
    if (at == 0) return;
  }
}

std::size_t SessionValueEnd(std::string_view query, std::size_t position) {
  return AllAt(query, position, 32, IsLowerAlnum) ? position + 32 : kNone;
}

// "aspsessionid" + 8 letters + "=" + 24 letters.
std::size_t AspValueEnd(std::string_view query, std::size_t position) {
  if (!AllAt(query, position, 8, IsLowerAlpha)) return kNone;
  if (position + 8 >= query.size() || query[position + 8] != '=') return kNone;
  return AllAt(query, position + 9, 24, IsLowerAlpha) ? position + 33 : kNone;
}

// "cfid=" value "&cftoken=" value.
std::size_t ColdFusionValueEnd(std::string_view query, std::size_t position) {
  constexpr std::string_view kToken = "&cftoken=";
  const std::size_t ampersand = query.find('&', position);
  if (ampersand == kNone || ampersand == position) return kNone;
  if (!query.substr(ampersand).starts_with(kToken)) return kNone;
  const std::size_t value = ampersand + kToken.size();
  const std::size_t end = std::min(query.find('&', value), query.size());
  return end > value ? end : kNone;
}

struct Argument {
  std::string_view name;
  std::string_view value;
  bool has_value = false;

  bool operator<(const Argument& other) const {
    if (name != other.name) return name < other.name;
    if (has_value != other.has_value) return !has_value;
    return value < other.value;
  }
};

}  // namespace

void StripPathSessions(std::string& key, std::size_t start) {
  if (key.find(".aspx", start) == std::string::npos) return;
  StripLastSegment(key, start, TaggedSessionEnd);
  StripLastSegment(key, start, SessionEnd);
}

void StripQuerySessions(std::string& key, std::size_t start) {
  StripLastParameter(key, start, "jsessionid=", SessionValueEnd);
  StripLastParameter(key, start, "phpsessid=", SessionValueEnd);
  StripLastParameter(key, start, "sid=", SessionValueEnd);
  StripLastParameter(key, start, "aspsessionid", AspValueEnd);
  StripLastParameter(key, start, "cfid=", ColdFusionValueEnd);
}

void SortQuery(std::string& key, std::size_t start) {
  if (key.find('&', start) == std::string::npos) return;
  std::array<std::byte, 2048> buffer;
  std::pmr::monotonic_buffer_resource memory(buffer.data(), buffer.size());
  std::pmr::vector<Argument> arguments(&memory);
  const std::string_view query = std::string_view(key).substr(start);
  arguments.reserve(static_cast<std::size_t>(std::count(query.begin(), query.end(), '&')) + 1);
  for (std::size_t at = 0; at <= query.size();) {
    const std::size_t end = std::min(query.find('&', at), query.size());
    const std::string_view argument = query.substr(at, end - at);
    const std::size_t equals = argument.find('=');
    if (equals == kNone) {
      arguments.push_back({argument, {}, false});
    } else {
      arguments.push_back({argument.substr(0, equals), argument.substr(equals + 1), true});
    }
    at = end + 1;
  }
  if (std::is_sorted(arguments.begin(), arguments.end())) return;
  std::sort(arguments.begin(), arguments.end());
  std::pmr::string sorted(&memory);
  sorted.reserve(query.size());
  for (const Argument& argument : arguments) {
    if (&argument != &arguments.front()) sorted += '&';
    sorted += argument.name;
    if (!argument.has_value) continue;
    sorted += '=';
    sorted += argument.value;
  }
  std::copy(sorted.begin(), sorted.end(), key.begin() + static_cast<std::ptrdiff_t>(start));
}

}  // namespace crawlcard::page::internal
