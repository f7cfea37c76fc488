// page/licence/link_header.h - one link after another from an HTTP Link field (RFC 8288, section
// 3).
//
// Thread rule: thread-compatible; views point into the field.
#pragma once

#include <string_view>

namespace crawlcard::page::licence {

struct HeaderLink {
  std::string_view target;  // between '<' and '>'
  std::string_view rel;     // first rel parameter, quotes off
  std::string_view type;
  std::string_view anchor;
};

class LinkReader {
 public:
  explicit LinkReader(std::string_view field) : rest_(field) {}
  // False at the end. What is no link is passed over.
  bool Next(HeaderLink& link);

 private:
  bool ReadParameter(HeaderLink& link);

  std::string_view rest_;
};

// Whether the white-space separated `list` holds `word` without case.
bool HasToken(std::string_view list, std::string_view word);

}  // namespace crawlcard::page::licence
