// base/link_field.h - one link after another from an HTTP Link field (RFC 8288 section 3).
//
// Pages name licences in it and publishers name RSL documents: both rooms read it here.
//
// Thread rule: thread-compatible; views point into the field.
#pragma once

#include <string_view>

namespace crawlcard {

struct FieldLink {
  std::string_view target;  // between '<' and '>', trimmed
  std::string_view rel;     // first rel parameter (section 3.3: the first counts), quotes off
  std::string_view type;
  std::string_view anchor;
};

class LinkReader {
 public:
  explicit LinkReader(std::string_view field) : rest_(field) {}

  // False at the end. What departs from the grammar is passed over.
  bool Next(FieldLink& link);

 private:
  bool ReadParameter(FieldLink& link);

  std::string_view rest_;
};

}  // namespace crawlcard
