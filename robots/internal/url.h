// robots/internal/url.h - the little of RFC 3986 that reading signals needs.
#pragma once

#include <string>
#include <string_view>

namespace crawlcard::robots::internal {

// True when `text` begins with a scheme and "://".
bool IsAbsoluteUrl(std::string_view text);

// Path and query of an absolute URL, "/" when empty; no fragment. A text without scheme is taken as
// a path.
std::string PathAndQuery(std::string_view url);

// Lower-case scheme and authority, default ports dropped; empty where there is none.
std::string Origin(std::string_view url);

// RFC 3986 section 5.2 for references by which publishers name their files.
std::string Resolve(std::string_view base, std::string_view reference);

}  // namespace crawlcard::robots::internal
