// page/licence/spdx.h - identifiers of the SPDX licence list, found by what people write for them.
//
// Thread rule: thread-safe; views are static.
#pragma once

#include <string_view>

namespace crawlcard::page::licence {

// The identifier that `text` spells, whatever its case and separators ("apache-2-0", "cc-by-4.0",
// "CC BY 4.0"), or empty.
std::string_view SpdxId(std::string_view text);

// Whether `id` is on the list, spelled exactly so.
bool IsSpdxId(std::string_view id);

// For a deprecated "GPL-3.0": "GPL-3.0-only". Others come back unchanged.
std::string_view WithoutDeprecatedGnuName(std::string_view id);

}  // namespace crawlcard::page::licence
