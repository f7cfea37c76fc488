// page/licence/creative_commons.h - the grammar of Creative Commons licence paths.
//
// Source: the deed URL scheme of creativecommons.org as summed up in signals.md 11.2. Ports are
// never folded into the unported text: without an SPDX id they get a LicenseRef.
// Thread rule: thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "page/licence.h"

namespace crawlcard::page::licence {

// `path` as in "/licenses/by-sa/3.0/de/deed.en": percent-decoded, case as written, no query.
LicenceUrl ReadCreativeCommonsPath(std::string_view path);

// The id suggested by the path of a badge picture, "/l/by-sa/4.0/88x31.png", or empty.
std::string BadgeHint(std::string_view path);

// The id for a unit such as "by-nc" in a version, "" for no port. Empty where there is no such
// licence.
std::string CreativeCommonsId(std::string_view unit, std::string_view version,
                              std::string_view port);

}  // namespace crawlcard::page::licence
