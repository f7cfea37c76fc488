// page/surt.h - SURT keys as Common Crawl's index writes them (the Java key maker's behaviour).
//
// Rules, vectors and the two flavours: docs/formats/surt.md. Keys are lossy on purpose: they drop
// scheme, "www", letter case and session ids. Thread rule: thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace crawlcard::page {

enum class SurtFlavour { kJava, kPython };

// "org,example)/a?b=1" for "https://www.example.org/a?b=1". nullopt for URLs that get no key: a
// port that is no number, or more than limits::kUrlBytesMax. An empty URL gives "-".
std::optional<std::string> SurtKey(std::string_view url, SurtFlavour flavour = SurtFlavour::kJava);

// The same, appended to `key_out`, without memory of its own for usual URLs. False for URLs that
// get no key: `key_out` then ends in what is no use.
bool AppendSurtKey(std::string_view url, SurtFlavour flavour, std::string& key_out);

// Host part alone, "org,example" for "www.example.org": the key of host rows. Same stripping of
// "www" as SurtKey, so that the host key is the prefix of its pages' keys.
std::string SurtHost(std::string_view host);

}  // namespace crawlcard::page
