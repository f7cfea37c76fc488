// page/licence.h - a licence statement found on a page, and licence URLs read into identifiers.
//
// Words for location, scope, region and confidence are those of docs/formats/facts.md.
// Source of the Creative Commons grammar: the deed URL scheme of creativecommons.org; identifiers:
// SPDX licence list. Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace crawlcard::page {

enum class Confidence : std::uint8_t { kLow, kMedium, kHigh };
std::string_view ConfidenceName(Confidence confidence);

// All views live in the arena of the capture.
struct Licence {
  std::string_view spdx;  // SPDX id or LicenseRef-*; empty when unknown
  std::string_view name;  // "all-rights-reserved", "custom", a family: what is known without spdx
  std::string_view url;   // absolute, as it should be followed; empty for text statements
  std::string_view location;  // "link-rel", "a-rel", "json-ld", ...
  std::string_view scope;     // "page", "media", "mention", ...
  std::string_view region;    // "head", "footer", ...
  Confidence confidence = Confidence::kLow;
  std::string_view node_type;   // schema.org type of the JSON-LD or microdata node
  std::string_view subject;     // URL the statement is about, when it is not the page
  std::string_view value_form;  // "spdx-id" where an identifier was written, "text" for words
  std::string_view raw;         // what was written, at most 500 bytes
  std::span<const std::string_view> flags;
};

// Whether a page says that it may be read without paying (schema.org isAccessibleForFree).
enum class Access : std::uint8_t { kUnsaid, kFree, kPaid };

// What the statements of one page come to, and rights information beside licences. Views live in
// the arena of the capture; an empty one means that nothing was said.
struct Rights {
  std::string_view page_licence;      // SPDX id: first by rank of the statements about the page
  std::string_view careful;           // SPDX id: the strictest of them
  bool disagreement = false;          // two different ids for one subject
  bool version_disagreement = false;  // two versions of one licence for one subject
  std::string_view hint;              // id that a broken JSON-LD block suggests
  std::string_view attribution_name;  // ccREL
  std::string_view attribution_url;
  std::string_view copyright_holder;
  std::string_view copyright_text;
  std::int32_t copyright_year = 0;  // 0: not said
  bool all_rights_reserved = false;
  Access access = Access::kUnsaid;
  std::string_view paywall_selector;
  std::string_view acquire;     // acquireLicensePage
  std::string_view usage_info;  // usageInfo
  std::string_view credit_text;
  std::string_view conditions_of_access;
  std::span<const std::string_view> prose;  // passages of text kept as evidence
};

// What a URL says about a licence. `spdx` empty: not a known licence URL (flags may say why).
struct LicenceUrl {
  std::string spdx;
  std::string family;                       // "CC BY-SA", "ODbL", "RAIL", ...
  std::string document;                     // "deed", "legalcode" or empty
  std::string lang;                         // of the document
  std::string jurisdiction;                 // of a port
  std::string tool;                         // "mark", "statement" or empty
  std::string hint;                         // id that a badge picture suggests
  std::string confidence;                   // "low" for catalogue sites, else empty
  std::span<const std::string_view> flags;  // static strings
  bool known = false;                       // a licence URL of a family we read, even without an id
};

LicenceUrl ReadLicenceUrl(std::string_view url);

}  // namespace crawlcard::page
