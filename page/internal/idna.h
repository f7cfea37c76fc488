// page/internal/idna.h - domain names in their ASCII form (UTS 46, as browsers apply it).
//
// Through ICU: libidn2 refuses names that browsers reach, such as those with symbols.
// Thread rule: thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace crawlcard::page::internal {

// kNontransitional is what browsers do today; kTransitional maps sharp s to ss and drops joiners,
// as IDNA 2003 did and SURT keys still do.
enum class IdnaMapping { kNontransitional, kTransitional };

// The lower-case ASCII form of a UTF-8 domain name. nullopt where there is none.
std::optional<std::string> DomainToAscii(std::string_view domain, IdnaMapping mapping);

}  // namespace crawlcard::page::internal
