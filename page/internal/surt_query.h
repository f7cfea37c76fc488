// page/internal/surt_query.h - session ids and argument order of SURT keys. docs/formats/surt.md.
//
// Thread rule: thread-safe.
#pragma once

#include <cstddef>
#include <string>

namespace crawlcard::page::internal {

// All work on the tail of `key` from `start` on, which is lower case.

// Takes ASP.NET session segments out of a path.
void StripPathSessions(std::string& key, std::size_t start);

// Takes session parameters out of a query.
void StripQuerySessions(std::string& key, std::size_t start);

// Sorts the arguments of a query by name, then value; none comes before an empty one.
void SortQuery(std::string& key, std::size_t start);

}  // namespace crawlcard::page::internal
