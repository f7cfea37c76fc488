// robots/tdmrep.h - the TDM Reservation Protocol: file, header, metas, and which of them wins.
//
// W3C Community Group report of 10 May 2024; docs/formats/signals.md 4. `tdm-reservation` is 1
// (reserved), 0 (not reserved) or unset: unset is never 0.
//
// Thread rule: TdmrepFile is immutable after Parse(); functions are thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "robots/observe.h"
#include "robots/path_match.h"
#include "robots/signal.h"

namespace crawlcard::robots {

enum class Reservation : std::uint8_t { kUnset, kNotReserved, kReserved };

// One rule of /.well-known/tdmrep.json.
struct TdmrepRule {
  std::uint32_t index = 0;    // place in the array
  std::string_view location;  // as written
  internal::PathPattern pattern;
  Reservation reservation = Reservation::kUnset;
  std::string_view policy;  // absolute, or empty
  std::string_view raw;     // the JSON object, without blanks
  std::span<const std::string_view> flags;
};

// What a file says about one URL.
struct TdmrepMatch {
  const TdmrepRule* rule = nullptr;     // the first that matches: the report's "most specific"
  const TdmrepRule* longest = nullptr;  // what a reader of robots.txt would expect
  bool order_conflict = false;          // their values differ
};

class TdmrepFile {
 public:
  // Reads `body`; never fails. `file_url` resolves relative policies. Text lives in `arena`.
  static TdmrepFile Parse(std::string_view body, std::string_view file_url, Arena& arena);

  TdmrepMatch Match(std::string_view path_and_query) const;

  std::span<const TdmrepRule> rules() const { return rules_; }
  // A lone object without brackets is no file, but shows what was meant.
  std::span<const TdmrepRule> lenient_rules() const { return lenient_rules_; }
  std::span<const std::string_view> flags() const { return flags_; }
  bool readable() const { return readable_; }

 private:
  static TdmrepMatch MatchIn(std::span<const TdmrepRule> rules, std::string_view path);

  std::vector<TdmrepRule> rules_;
  std::vector<TdmrepRule> lenient_rules_;
  std::vector<std::string_view> flags_;
  bool readable_ = false;
};

// The properties of one header, page, book or document. `values` holds every field or meta called
// tdm-reservation or tdm-policy, in order.
struct TdmrepStatement {
  Reservation reservation = Reservation::kUnset;
  Reservation careful = Reservation::kUnset;  // where it differs from an unset reservation
  std::string_view policy;                    // absolute, or empty
  std::uint32_t line = 0;                     // of the reservation, else of the policy
  std::string_view value;                     // of the reservation, as written
  std::vector<std::string_view> flags;
  bool present = false;
};
TdmrepStatement ReadTdmrepProperties(std::span<const NamedValue> values, std::string_view base_url,
                                     Arena& arena);
// True for "tdm-reservation" and "tdm-policy", without case.
bool IsTdmrepName(std::string_view name);

// The Signal of one statement: key tdm-reservation (or tdm-policy alone), condition = policy.
Signal TdmrepSignal(const TdmrepStatement& statement, const Signal& base, Arena& arena);

// Key of a Signal that says what the policy document of a reservation offers; its value is the
// policy as the reservation names it.
inline constexpr std::string_view kTdmOfferKey = "odrl:permission";

// Carriers in the order of the report: file, header, page, book or document. Later values replace
// earlier ones, silence never resets. `order` of a carrier.
int TdmrepRank(Carrier carrier);

struct TdmrepOutcome {
  Reservation reservation = Reservation::kUnset;
  std::string_view policy;
  std::size_t source = 0;  // index of the statement that set the reservation
};
// `statements` in the order of their carriers.
struct TdmrepValue {
  Reservation reservation = Reservation::kUnset;
  std::string_view policy;
};
TdmrepOutcome CombineTdmrep(std::span<const TdmrepValue> statements);

}  // namespace crawlcard::robots
