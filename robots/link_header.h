// robots/link_header.h - Link fields (RFC 8288 section 3), as far as licences need them.
#pragma once

#include <string_view>
#include <vector>

namespace crawlcard::robots {

struct LinkValue {
  std::string_view target;  // between < and >
  std::string_view rel;     // first rel parameter, without quotes
  std::string_view type;
  std::string_view anchor;
};

// All link values of one field; what departs from the grammar is passed over.
std::vector<LinkValue> ParseLinkField(std::string_view field);

// True when the blank-separated list `rel` holds `word`, without case.
bool HasRel(std::string_view rel, std::string_view word);

inline constexpr std::string_view kRslMediaType = "application/rsl+xml";

}  // namespace crawlcard::robots
