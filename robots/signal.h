// robots/signal.h - one machine-readable statement of a publisher, read from one place.
//
// A Signal says which family and carrier it came by, whom and what it addresses, and which use it
// speaks about. One directive that speaks about two uses gives two Signals with the same raw text.
// Text lives in the arena or buffer it was read from: a Signal is a view and dies with it.
// Sources of the readings are named in the parser of each family; axes and values follow
// docs/formats/signals.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace crawlcard::robots {

enum class Family : std::uint8_t {
  kRobots,         // robots.txt Allow and Disallow
  kRobotsMeta,     // robots metas and X-Robots-Tag
  kTdmrep,         // TDM Reservation Protocol
  kAipref,         // Content-Usage
  kContentSignal,  // Content-Signal
  kRsl,            // Really Simple Licensing
  kAiTxt,          // Spawning ai.txt
  kAiTxtCar,       // .well-known/ai.txt and ai.json
  kTrustTxt,
  kLlmsTxt,  // evidence only
  kLicence,
  kIptcPlus,
  kC2pa,
  kXmpRights,
  kOther,  // kept verbatim, without a reading
};
std::string_view FamilyName(Family family);  // "robots", "robots-meta", "tdmrep", ...
std::optional<Family> FamilyFromName(std::string_view name);

enum class Carrier : std::uint8_t {
  kRobotsTxt,   // "robots.txt"
  kHttpHeader,  // "http-header"
  kHtmlMeta,    // "html-meta"
  kHtmlLink,    // "html-link"
  kJsonLd,      // "json-ld"
  kWellKnown,   // "well-known": tdmrep.json, ai.txt, trust.txt, ...
  kXmp,
  kC2paBox,  // "c2pa"
  kEpub,
  kRslDocument,     // "rsl"
  kHtmlBody,        // "html-body": data-nosnippet, body links
  kPolicyDocument,  // "policy-document": what a tdm-policy URL leads to
};
std::string_view CarrierName(Carrier carrier);

// Uses, docs/formats/signals.md. kNone: a directive with no reading of its own.
enum class Axis : std::uint8_t {
  kNone,
  kCrawl,
  kTrain,
  kTrainAny,
  kAiInput,
  kAiIndex,
  kSearch,
  kTdm,
  kSnippet,
  kArchive,
  kAll,
};
std::string_view AxisName(Axis axis);  // "train-any"; "" for kNone
std::optional<Axis> AxisFromName(std::string_view name);

enum class Says : std::uint8_t { kNothing, kAllow, kDeny, kConditional, kLimited };
std::string_view SaysName(Says says);  // "" for kNothing

enum class SignalConfidence : std::uint8_t { kLow, kMedium, kHigh };

struct Signal {
  Family family = Family::kOther;
  Carrier carrier = Carrier::kRobotsTxt;
  Axis use = Axis::kNone;
  Says says = Says::kNothing;
  // What a careful reader takes where the strict reading is `says`; kNothing: the same. Retired
  // labels, words of another vocabulary, contradictory fields.
  Says careful = Says::kNothing;
  SignalConfidence confidence = SignalConfidence::kHigh;
  std::string_view location;  // "line 12", "header line 3", "meta line 40"
  // "*" for everybody, else the token as written; several tokens of one group joined by ", "; empty
  // where nobody is named (robots.txt lines outside groups).
  std::string_view agent;
  std::string_view scope;      // path pattern, or empty for the whole carrier's scope
  std::string_view key;        // "ai-train", "disallow", "noai", "tdm-reservation"
  std::string_view value;      // "no", "/", "1"
  std::string_view condition;  // what a conditional asks for: a policy URL, "payment", ...
  std::string_view raw;        // as written, at most limits::kRawBytesMax
  std::span<const std::string_view> flags;  // "robots.typo", "tdmrep.order_conflict", ...
};

// Turns a statement about a part of something into evidence about the whole: a careful reader still
// takes a refusal.
void KeepAsEvidence(Signal& signal);

}  // namespace crawlcard::robots
