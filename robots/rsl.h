// robots/rsl.h - Really Simple Licensing 1.0: a licence document, and what it says about one URL.
//
// RSL 1.0 (10 December 2025, errata to 7 August 2026); docs/formats/rsl.md and signals.md 7. A
// document that breaks the rules of the format licenses nothing: Evaluate() then answers
// "unlicensed", with the flags that say why, and what a careful reader still takes from it.
// Where documents are named is the business of robots/rsl_places.h.
//
// Text lives in the arena that ParseRsl() was given. Thread rule: values, immutable once parsed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "robots/axes.h"
#include "robots/observe.h"
#include "robots/path_match.h"
#include "robots/signal.h"

namespace crawlcard::robots {

// RSL 1.0; a link of another type names a plain licence.
inline constexpr std::string_view kRslMediaType = "application/rsl+xml";

// Key of a Signal that names a licence document, whose value is its URL.
inline constexpr std::string_view kRslLicenceKey = "license";

// Key of the Signal of a document that breaks the rules of the format.
inline constexpr std::string_view kRslBrokenKey = "rsl";

inline constexpr std::string_view kRslNamespace = "https://rslstandard.org/rsl";

// Uses that RSL names, as bits. ai-all covers the three AI uses and later ones.
using RslUses = std::uint8_t;
inline constexpr RslUses kRslAiTrain = 1;
inline constexpr RslUses kRslAiInput = 2;
inline constexpr RslUses kRslAiIndex = 4;
inline constexpr RslUses kRslSearch = 8;
inline constexpr RslUses kRslAiLater = 16;
inline constexpr RslUses kRslElse = 32;  // everything that no token but `all` names
inline constexpr RslUses kRslAiAll = kRslAiTrain | kRslAiInput | kRslAiIndex | kRslAiLater;
inline constexpr RslUses kRslAll = kRslAiAll | kRslSearch | kRslElse;

using RslTokens = std::span<const std::string_view>;

// One `permits` or `prohibits`: a type and its tokens, as written.
struct RslScope {
  std::string_view type;  // "usage", "user", "geo"
  RslTokens tokens;
};

// One `license`: permissions and refusals, and what they cost.
struct RslLicence {
  bool permits_uses = false;  // a permits of type usage is there: a closed list
  RslUses permitted = 0;
  RslUses prohibited = 0;
  bool self_defeating = false;  // a prohibition covers a whole permitted token
  std::span<const RslScope> permits;
  std::span<const RslScope> prohibits;
  RslTokens users, users_not, regions, regions_not;
  std::string_view payment;  // type; empty where none is given, which means free
  std::string_view amount;   // as written
  std::string_view currency;
  std::string_view standard;  // URL of standard terms
  std::string_view custom;    // URL of terms of the publisher's own
  bool reporting = false;
  bool legal = false;
};

// One `content`: URLs and the licences for them.
struct RslContent {
  std::string_view url;     // as written; empty: the place where the document stands
  std::string_view origin;  // of an absolute url, else empty
  internal::PathPattern pattern;
  std::string_view server;  // tokens are to be had there
  std::string_view terms;
  bool encrypted = false;
  std::span<const RslLicence> licences;
};

enum class RslVersion : std::uint8_t { k09, k10 };

struct RslDocument {
  bool valid = false;
  RslVersion version = RslVersion::k10;
  std::optional<std::uint32_t> max_age_days;
  std::span<const RslContent> contents;
  std::span<const std::string_view> flags;
};

// Reads `bytes`, whatever media type they came with; never fails.
RslDocument ParseRsl(std::string_view bytes, Arena& arena);

// What a permission depends on.
struct RslConditions {
  std::string_view payment, amount, currency, standard, custom, token_server;
  RslTokens users, users_not, regions, regions_not;
  bool reporting = false;
  bool legal = false;
  bool encrypted = false;
};

struct RslAnswer {
  bool valid = false;    // false: unlicensed, and not known for what
  bool matched = false;  // a content covers the URL
  AxisMap axes;          // widened
  AxisMap careful;       // with what a broken document refuses
  RslConditions conditions;
  std::string_view terms;  // URL of `terms`: evidence
  std::vector<std::string_view> flags;
};

// Section 7.3 of signals.md: narrower content blocks before broader ones, refusals before
// permissions, `permits` as closed lists. `url` is absolute.
RslAnswer EvaluateRsl(const RslDocument& document, std::string_view url);

// What one content of `document` says about the URLs that it covers.
RslAnswer EvaluateRslContent(const RslDocument& document, const RslContent& content);

// One Signal for each use that `answer` speaks about; for a broken document one without a reading
// and the careful refusals. `base` gives carrier, location and raw text.
void AppendRslSignals(const RslAnswer& answer, const Signal& base, Arena& arena,
                      SignalList& signals_out);

// Whether a document, or the association that named it, may be used `age_days` after it was fetched
// without asking again: max-age, 30 days where none is given.
bool RslIsFresh(std::optional<std::uint32_t> max_age_days, std::uint32_t age_days);

}  // namespace crawlcard::robots
