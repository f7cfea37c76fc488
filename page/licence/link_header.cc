// page/licence/link_header.cc - see link_header.h.
#include "page/licence/link_header.h"

#include <algorithm>
#include <cstddef>

#include "base/text.h"

namespace crawlcard::page::licence {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;

std::string_view TrimLeft(std::string_view text) {
  while (!text.empty() && IsAsciiSpace(text.front())) text.remove_prefix(1);
  return text;
}

void SetFirst(std::string_view& member, std::string_view value) {
  if (member.empty()) member = value;  // RFC 8288 section 3.3: the first counts
}

}  // namespace

bool LinkReader::Next(HeaderLink& link) {
  link = HeaderLink{};
  const std::size_t open = rest_.find('<');
  if (open == kNpos) return false;
  const std::size_t close = rest_.find('>', open);
  if (close == kNpos) return false;
  link.target = TrimAscii(rest_.substr(open + 1, close - open - 1));
  rest_ = TrimLeft(rest_.substr(close + 1));
  while (ReadParameter(link)) rest_ = TrimLeft(rest_);
  return true;
}

// Reads ";name=value" at the front of rest_. False where none stands there.
bool LinkReader::ReadParameter(HeaderLink& link) {
  if (!rest_.starts_with(';')) return false;
  rest_ = TrimLeft(rest_.substr(1));
  const std::size_t name_end = std::min(rest_.find_first_of("=;,"), rest_.size());
  const std::string_view name = TrimAscii(rest_.substr(0, name_end));
  rest_.remove_prefix(name_end);
  if (!rest_.starts_with('=')) return true;
  rest_ = TrimLeft(rest_.substr(1));
  std::string_view value;
  if (rest_.starts_with('"')) {
    std::size_t close = 1;
    while (close < rest_.size() && rest_[close] != '"') close += rest_[close] == '\\' ? 2U : 1U;
    close = std::min(close, rest_.size());
    value = rest_.substr(1, close - 1);
    rest_.remove_prefix(std::min(close + 1, rest_.size()));
  } else {
    const std::size_t end = std::min(rest_.find_first_of(";,"), rest_.size());
    value = TrimAscii(rest_.substr(0, end));
    rest_.remove_prefix(end);
  }
  if (EqualsIgnoreCase(name, "rel")) SetFirst(link.rel, value);
  if (EqualsIgnoreCase(name, "type")) SetFirst(link.type, value);
  if (EqualsIgnoreCase(name, "anchor")) SetFirst(link.anchor, value);
  return true;
}

bool HasToken(std::string_view list, std::string_view word) {
  while (true) {
    list = TrimLeft(list);
    if (list.empty()) return false;
    std::size_t end = 0;
    while (end < list.size() && !IsAsciiSpace(list[end])) ++end;
    if (EqualsIgnoreCase(list.substr(0, end), word)) return true;
    list.remove_prefix(end);
  }
}

}  // namespace crawlcard::page::licence
