// base/time.h - points in time as seconds since 1970-01-01T00:00:00Z, and their spellings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crawlcard {

using UnixSeconds = std::int64_t;

// Parses "YYYY-MM-DDThh:mm:ss[.fraction]Z" and its shortened forms down to "YYYY" (RFC 3339 and the
// W3C-DTF profile of WARC 1.1 section 5.4); a fraction is cut, an offset such as +02:00 applied.
// nullopt where it is none.
std::optional<UnixSeconds> ParseRfc3339(std::string_view text);

// Parses "YYYYMMDDhhmmss" and its shortened forms down to "YYYY" (CDX, ARC).
std::optional<UnixSeconds> ParseTimestamp14(std::string_view text);

// Parses an HTTP date in any of the three forms of RFC 9110 section 5.6.7.
std::optional<UnixSeconds> ParseHttpDate(std::string_view text);

std::string FormatRfc3339(UnixSeconds time);      // 2026-10-02T11:22:33Z
std::string FormatTimestamp14(UnixSeconds time);  // 20261002112233

}  // namespace crawlcard
