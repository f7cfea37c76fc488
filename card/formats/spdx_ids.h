// card/formats/spdx_ids.h - ids of the SPDX licence list, and expressions of them (SPDX 3.0.1 annex
// B, without exceptions and references of one's own).
//
// Thread rule: functions are thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace crawlcard::card {

// The id as the list spells it: "ODC-By-1.0" for "odc-by-1.0"; nullopt for what is not on the list.
std::optional<std::string_view> SpdxIdOf(std::string_view text);
// The same for "CC-BY-4.0 AND (MIT OR 0BSD)"; an id is one.
std::optional<std::string> SpdxExpressionOf(std::string_view text);

}  // namespace crawlcard::card
