// page/licence/other_licences.h - licence URLs that are not Creative Commons'.
//
// Source: signals.md 11.3. Thread rule: thread-safe.
#pragma once

#include <string_view>

#include "page/licence.h"

namespace crawlcard::page::licence {

// `host` in lower case without "www."; `path` percent-decoded, case as written, no query.
LicenceUrl ReadOtherLicence(std::string_view host, std::string_view path);

}  // namespace crawlcard::page::licence
