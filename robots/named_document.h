// robots/named_document.h - documents that publishers keep anywhere and name elsewhere: RSL
// licences and TDM policies.
//
// Told by their content, so that an archive keeps them whoever names them: signals.md 4.5, 7.2
// (wrong media types are common; the namespace decides). What they say about a URL is asked when
// the URL is judged. Thread rule: thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "robots/observe.h"
#include "robots/rsl_places.h"
#include "robots/verdict.h"

namespace crawlcard::robots {

enum class DocumentKind : std::uint8_t { kNone, kRsl, kTdmPolicy };
std::string_view DocumentKindName(DocumentKind kind);  // "rsl", "tdm-policy"; "" for kNone

// What `body` is. Looks at its beginning, and for markers in at most as much as is read of a
// document.
DocumentKind DetectDocument(std::string_view content_type, std::string_view body);

// Every statement of an RSL licence, with the URL pattern of its content as scope: what the file
// says, whomever it concerns. Text lives in `arena` and `body`.
void AppendRslContents(std::string_view body, Arena& arena, SignalList& signals_out);

// Where a place that names a licence led to, in order of concern.
enum class LicenceState : std::uint8_t {
  kNone,         // no place names one
  kOk,           // a document that can be read
  kUnavailable,  // an answer without a document
  kNotAsked,     // not in the archive
  kBroken,       // a document that breaks the rules of the format
};
std::string_view LicenceStateName(
    LicenceState state);  // "ok", "unavailable", "not-asked", "broken"

// One place that names a licence document, and what was found there.
struct NamedLicence {
  RslScopeKind scope = RslScopeKind::kNone;
  LicenceState state = LicenceState::kNotAsked;  // where `document` is null
  const RslDocument* document = nullptr;
  const Evidence* evidence = nullptr;  // of the document
  std::string_view named_at;           // "robots.txt line 3"
  std::uint32_t age_days = 0;          // of the document at the instant of the question
};
// The place that a Signal names a licence at, without its document; nullopt for other Signals and
// for URLs that are not absolute, which name nothing (signals.md 7.1).
std::optional<RslScopeKind> NamesLicence(const Signal& signal);

// Appends what the licences named for `url` say about it (signals.md 7.3 rule 7): the narrowest
// places that speak set the wider ones aside; a place whose document is missing, broken or stale
// leaves refusals and conditions, never grants. `page_speaks`: the page holds a licence of its own,
// which is narrower than all but `document`. Gives the worst state met.
LicenceState CollectRsl(std::span<const NamedLicence> places, std::string_view url,
                        bool page_speaks, Arena& arena, std::vector<Statement>& statements_out);

// What the policy at `policy_url` adds to a reservation (signals.md 4.5): the conditions under
// which mining may be had. A policy for people or one that cannot be read adds nothing. `condition`
// of the statement it belongs to names the policy as `policy_as_written`.
struct TdmOffer {
  bool found = false;
  Signal signal;
};
TdmOffer ReadTdmOffer(std::uint16_t status, std::string_view content_type, std::string_view body,
                      std::string_view policy_as_written, Arena& arena);

}  // namespace crawlcard::robots
