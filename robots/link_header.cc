#include "robots/link_header.h"

#include <algorithm>

#include "base/text.h"

namespace crawlcard::robots {
namespace {

// Reads ";name=value" parameters until the next comma outside quotes.
void ReadParameters(std::string_view& rest, LinkValue& link) {
  while (!rest.empty()) {
    rest = rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size()));
    if (rest.empty() || rest.front() == ',') return;
    if (rest.front() == ';') {
      rest.remove_prefix(1);
      continue;
    }
    const std::size_t end = std::min(rest.find_first_of("=;,"), rest.size());
    const std::string_view name = TrimAscii(rest.substr(0, end));
    rest.remove_prefix(end);
    std::string_view value;
    if (!rest.empty() && rest.front() == '=') {
      rest.remove_prefix(1);
      rest = rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size()));
      if (!rest.empty() && rest.front() == '"') {
        const std::size_t close = std::min(rest.find('"', 1), rest.size());
        value = rest.substr(1, close - 1);
        rest.remove_prefix(std::min(close + 1, rest.size()));
      } else {
        const std::size_t stop = std::min(rest.find_first_of(";,"), rest.size());
        value = TrimAscii(rest.substr(0, stop));
        rest.remove_prefix(stop);
      }
    }
    if (EqualsIgnoreCase(name, "rel") && link.rel.empty()) link.rel = value;
    if (EqualsIgnoreCase(name, "type") && link.type.empty()) link.type = value;
    if (EqualsIgnoreCase(name, "anchor") && link.anchor.empty()) link.anchor = value;
  }
}

}  // namespace

std::vector<LinkValue> ParseLinkField(std::string_view field) {
  std::vector<LinkValue> links;
  while (!field.empty()) {
    const std::size_t open = field.find('<');
    if (open == std::string_view::npos) break;
    const std::size_t close = field.find('>', open);
    if (close == std::string_view::npos) break;
    LinkValue link;
    link.target = TrimAscii(field.substr(open + 1, close - open - 1));
    field.remove_prefix(close + 1);
    ReadParameters(field, link);
    links.push_back(link);
  }
  return links;
}

bool HasRel(std::string_view rel, std::string_view word) {
  while (!rel.empty()) {
    const std::size_t begin = rel.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return false;
    rel.remove_prefix(begin);
    const std::size_t end = std::min(rel.find_first_of(" \t"), rel.size());
    if (EqualsIgnoreCase(rel.substr(0, end), word)) return true;
    rel.remove_prefix(end);
  }
  return false;
}

}  // namespace crawlcard::robots
