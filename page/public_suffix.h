// page/public_suffix.h - registrable domains by the public suffix list pinned in this tree.
//
// Partitions and cards depend on the list, so it never comes from the machine. ICANN and private
// sections both count, as the list's own algorithm says. Origin: page/data/ORIGIN.md.
//
// Thread rule: thread-safe. The first call loads the list (some milliseconds).
#pragma once

#include <string>
#include <string_view>

#include "base/attributes.h"

namespace crawlcard::page {

// "example.co.uk" for "www.example.co.uk". A host that is itself a suffix, an IP address or a
// single label is its own domain. `host` is lower-case ASCII (page::HostOf). A host beyond
// limits::kHostBytesMax is its own domain too.
std::string RegistrableDomain(std::string_view host);

// The same as a view: the tail of `host`.
std::string_view RegistrableDomainView(std::string_view host CRAWLCARD_LIFETIME_BOUND);

// The same by the ICANN section of the list alone: "github.io" for "a.github.io". Common Crawl's
// tables have both.
std::string_view IcannDomainView(std::string_view host CRAWLCARD_LIFETIME_BOUND);

// Version of the pinned list, such as "2026-10-30_08-12-04_UTC" or, for a list without a version
// line, "sha256:" and the first digits of its digest.
std::string_view PublicSuffixListVersion();

}  // namespace crawlcard::page
