#include "page/internal/prescan.h"

#include <algorithm>

#include "base/find.h"
#include "base/text.h"

namespace crawlcard::page::internal {

bool PrescanReader::NextTag() {
  position_ = std::min(bytes_.find('<', position_), bytes_.size());
  return !AtEnd();
}

bool PrescanReader::SkipPast(std::string_view end) {
  const std::size_t at =
      end.size() == 1 ? FindByte(bytes_, end.front(), position_) : bytes_.find(end, position_);
  position_ = at == std::string_view::npos ? bytes_.size() : at + end.size();
  return at != std::string_view::npos;
}

void PrescanReader::SkipTagName() {
  while (!AtEnd() && !IsAsciiSpace(bytes_[position_]) && bytes_[position_] != '>') ++position_;
}

void PrescanReader::SkipSpaces() {
  while (!AtEnd() && IsAsciiSpace(bytes_[position_])) ++position_;
}

std::optional<std::string_view> PrescanReader::ReadValue() {
  const char first = bytes_[position_];
  if (first == '"' || first == '\'') {
    const std::size_t start = ++position_;
    if (!SkipPast(std::string_view(&first, 1))) return std::nullopt;
    return bytes_.substr(start, position_ - 1 - start);
  }
  const std::size_t start = position_;
  while (!AtEnd() && !IsAsciiSpace(bytes_[position_]) && bytes_[position_] != '>') ++position_;
  if (AtEnd()) return std::nullopt;
  return bytes_.substr(start, position_ - start);
}

std::optional<PrescanAttribute> PrescanReader::NextAttribute() {
  while (!AtEnd() && (IsAsciiSpace(bytes_[position_]) || bytes_[position_] == '/')) ++position_;
  if (AtEnd() || bytes_[position_] == '>') return std::nullopt;
  const std::size_t start = position_;
  // '=' may be the first character of a name.
  while (!AtEnd() && !(bytes_[position_] == '=' && position_ > start) &&
         !IsAsciiSpace(bytes_[position_]) && bytes_[position_] != '/' && bytes_[position_] != '>') {
    ++position_;
  }
  PrescanAttribute attribute{bytes_.substr(start, position_ - start), {}};
  SkipSpaces();
  if (AtEnd()) return std::nullopt;
  if (bytes_[position_] != '=') return attribute;
  ++position_;
  SkipSpaces();
  if (AtEnd()) return std::nullopt;
  if (bytes_[position_] == '>') return attribute;
  const std::optional<std::string_view> value = ReadValue();
  if (!value) return std::nullopt;
  attribute.value = *value;
  return attribute;
}

std::string_view LabelOfMetaContent(std::string_view content) {
  for (std::size_t at = FindIgnoreCase(content, "charset"); at != std::string_view::npos;
       at = FindIgnoreCase(content, "charset", at)) {
    at += 7;
    while (at < content.size() && IsAsciiSpace(content[at])) ++at;
    if (at >= content.size() || content[at] != '=') continue;
    ++at;
    while (at < content.size() && IsAsciiSpace(content[at])) ++at;
    std::string_view label = content.substr(at);
    if (label.empty()) return {};
    const char quote = label.front();
    if (quote == '"' || quote == '\'') {
      const std::size_t close = label.find(quote, 1);
      return close == std::string_view::npos ? std::string_view() : label.substr(1, close - 1);
    }
    return label.substr(0, label.find_first_of("; \t\n\f\r"));
  }
  return {};
}

std::string_view LabelOfXmlDeclaration(std::string_view bytes) {
  if (!bytes.starts_with("<?xml")) return {};
  const std::string_view declaration = bytes.substr(0, bytes.find('>'));
  if (declaration.size() == bytes.size()) return {};
  std::size_t at = declaration.find("encoding");
  if (at == std::string_view::npos) return {};
  at += 8;
  while (at < declaration.size() && static_cast<unsigned char>(declaration[at]) <= ' ') ++at;
  if (at >= declaration.size() || declaration[at] != '=') return {};
  ++at;
  while (at < declaration.size() && static_cast<unsigned char>(declaration[at]) <= ' ') ++at;
  if (at >= declaration.size() || (declaration[at] != '"' && declaration[at] != '\'')) return {};
  const std::size_t close = declaration.find(declaration[at], at + 1);
  return close == std::string_view::npos ? std::string_view()
                                         : declaration.substr(at + 1, close - at - 1);
}

}  // namespace crawlcard::page::internal
