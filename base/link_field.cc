#include "base/link_field.h"

#include <algorithm>
#include <cstddef>

#include "base/text.h"

namespace crawlcard {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;

std::string_view TrimLeft(std::string_view text) {
  while (!text.empty() && IsAsciiSpace(text.front())) text.remove_prefix(1);
  return text;
}

void SetFirst(std::string_view& member, std::string_view value) {
  if (member.empty()) member = value;
}

// Takes a token or a quoted string off the front; escapes inside quotes are skipped, not undone.
std::string_view TakeValue(std::string_view& rest) {
  if (!rest.starts_with('"')) {
    const std::size_t end = std::min(rest.find_first_of(";,"), rest.size());
    const std::string_view value = TrimAscii(rest.substr(0, end));
    rest.remove_prefix(end);
    return value;
  }
  std::size_t close = 1;
  while (close < rest.size() && rest[close] != '"') close += rest[close] == '\\' ? 2U : 1U;
  close = std::min(close, rest.size());
  const std::string_view value = rest.substr(1, close - 1);
  rest.remove_prefix(std::min(close + 1, rest.size()));
  return value;
}

}  // namespace

bool LinkReader::Next(FieldLink& link) {
  link = FieldLink{};
  const std::size_t open = rest_.find('<');
  if (open == kNpos) return false;
  const std::size_t close = rest_.find('>', open);
  if (close == kNpos) return false;
  link.target = TrimAscii(rest_.substr(open + 1, close - open - 1));
  rest_.remove_prefix(close + 1);
  while (ReadParameter(link)) {
  }
  return true;
}

// Reads one ";name=value". False at the comma that ends the link, and at the end of the field.
// Every call that gives true has used up at least one byte.
bool LinkReader::ReadParameter(FieldLink& link) {
  rest_ = TrimLeft(rest_);
  if (rest_.empty() || rest_.front() == ',') return false;
  if (rest_.front() == ';') {
    rest_.remove_prefix(1);
    return true;
  }
  const std::size_t name_end = std::min(rest_.find_first_of("=;,"), rest_.size());
  const std::string_view name = TrimAscii(rest_.substr(0, name_end));
  rest_.remove_prefix(name_end);
  if (!rest_.starts_with('=')) return true;
  rest_ = TrimLeft(rest_.substr(1));
  const std::string_view value = TakeValue(rest_);
  if (EqualsIgnoreCase(name, "rel")) SetFirst(link.rel, value);
  if (EqualsIgnoreCase(name, "type")) SetFirst(link.type, value);
  if (EqualsIgnoreCase(name, "anchor")) SetFirst(link.anchor, value);
  return true;
}

}  // namespace crawlcard
