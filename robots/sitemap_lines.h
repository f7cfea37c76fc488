// robots/sitemap_lines.h - a robots.txt without where its sitemaps are.
//
// Site builders give all their sites one robots.txt, but for the address of the sitemap. Nothing
// that a file says to anybody depends on it (RFC 9309 section 2.2.4: it is of no group), so such
// files can be read once.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace crawlcard::robots {

// Writes `body` with one address for all of its sitemaps, every line where it was. False, with
// nothing to be read in `body_out`, where it has none or where the whole may be no plain text of a
// size that is read.
bool WithoutSitemaps(std::string_view body, std::string& body_out);

}  // namespace crawlcard::robots
