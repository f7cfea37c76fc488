// robots/verdict.h - from statements to one answer for a URL, a use, an asker and an instant.
//
// Judge() is pure: statements, coverage and a policy in, a Verdict out. Inside a family its own
// precedence decides; between families a refusal wins. Each reason names the clause that decided.
// Rules: docs/formats/verdict.md, which names the section of each source.
//
// Thread rule: thread-safe; all types are values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "robots/agents.h"
#include "robots/policy.h"
#include "robots/robots_txt.h"
#include "robots/signal.h"

namespace crawlcard::robots {

// The bytes a statement can be walked back to.
struct Evidence {
  std::string file;  // archive-relative name
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t inner_offset = 0;
  std::string record_id;
  std::string digest;  // "sha256:HEX" of the body the statement was read from, or the claim
  UnixSeconds date = 0;
};

struct Question {
  Axis use = Axis::kTrain;
  std::vector<std::string> agents{"*"};  // product tokens of the asker
  Dialect dialect = Dialect::kRfc9309;
  UnixSeconds as_of = 0;  // 0: no instant, every observation counts
};

// `question` in the dialect that `policy` asks for, if it asks for one. To be used before
// statements are collected.
Question QuestionUnder(const Policy& policy, Question question);

// A Signal that applies to the URL asked about, and where it was seen. The Signal's text and
// `evidence` are borrowed.
struct Statement {
  Signal signal;
  const Evidence* evidence = nullptr;
};

struct Coverage {
  std::string carrier;  // "robots.txt", "tdmrep.json", "page", "rsl", "tdm-policy"
  std::string state;    // a FetchStateName, "not-asked", "stale", "broken"
  std::optional<UnixSeconds> date;
  // The record of a file that was asked for and gave nothing to read, so that no statement can
  // point there; else null.
  std::shared_ptr<const Evidence> evidence = nullptr;
};
// An RSL licence that was named, and one that could not be read.
inline constexpr std::string_view kRslCarrier = "rsl";
inline constexpr std::string_view kBrokenState = "broken";

enum class Decision : std::uint8_t {
  kAllow,
  kDeny,
  kConditional,
  kUnspecified,
  kConflict,
  kIndeterminate,
};
std::string_view DecisionName(Decision decision);

// One deciding or contributing statement, owned.
struct Reason {
  Family family = Family::kOther;
  Carrier carrier = Carrier::kRobotsTxt;
  Says says = Says::kNothing;
  Axis use = Axis::kNone;
  SignalConfidence confidence = SignalConfidence::kHigh;
  std::string agent;
  std::string key;
  std::string scope;
  std::string location;
  std::string raw;
  std::string clause;  // section of docs/formats/signals.md that decided, such as "signals.md 12.2"
  std::vector<std::string> flags;
  Evidence evidence;
};

// What a conditional answer asks for, in words that programs can compare.
struct Conditions {
  bool attribution = false;
  bool noncommercial = false;
  bool share_alike = false;        // whether training is a derivative is left open
  bool no_derivatives = false;     // likewise
  bool use_restrictions = false;   // RAIL and community licences of models
  std::string payment;             // RSL payment type, or empty
  std::vector<std::string> other;  // conditions as the publisher put them: a policy URL, "user=..."
};

// What one token of an operator is told. Of each operator only the tokens with its strictest
// decision are listed; one that is retired is a sign of intent and never hides a current one.
struct OperatorDecision {
  std::string operator_name;  // of today: that of the token which took its place
  std::string agent;          // as the registry writes it
  Decision decision = Decision::kUnspecified;
  AgentStatus status = AgentStatus::kCurrent;

  bool operator==(const OperatorDecision&) const = default;
};

struct Verdict {
  Decision decision = Decision::kUnspecified;
  Decision careful = Decision::kUnspecified;  // the strictest reading
  bool usable = false;                        // what the policy concludes
  bool conflict = false;                      // families disagree
  std::string condition;                      // of a conditional answer, for people; or empty
  Conditions conditions;                      // the same for programs
  std::vector<Reason> reasons;                // deciding first
  std::vector<Reason> offers;                 // conditional statements that a refusal overrides
  std::vector<Coverage> coverage;
  std::vector<OperatorDecision> operator_specific;
  std::vector<std::string> licences;        // SPDX ids of page scope
  std::vector<std::string> media_licences;  // SPDX ids that concern parts of the page only
  std::vector<Reason> history;  // statements of earlier observations, superseded at the instant
  std::vector<std::string> flags;
};

// A reason without its text.
struct ReasonCode {
  Family family = Family::kOther;
  Carrier carrier = Carrier::kRobotsTxt;
  Says says = Says::kNothing;
  Axis use = Axis::kNone;
  std::string clause;

  bool operator==(const ReasonCode&) const = default;
};

// A verdict that many URLs can share: nothing in it tells one from the other.
struct VerdictCodes {
  Decision decision = Decision::kUnspecified;
  Decision careful = Decision::kUnspecified;
  bool usable = false;
  bool conflict = false;
  std::vector<ReasonCode> reasons;  // deciding first
  std::vector<ReasonCode> offers;
  std::vector<OperatorDecision> operator_specific;
  std::vector<std::string> licences;
  std::vector<std::string> media_licences;
  std::vector<std::string> flags;

  bool operator==(const VerdictCodes&) const = default;
};
VerdictCodes CodesOf(const Verdict& verdict);

// `statements` holds everything that applies to the URL, host and page alike; licences of the page
// come as statements of family licence (key = SPDX id, scope = "page" or "response", or another for
// parts). Statements must have been collected in the policy's dialect: under another one nothing is
// usable, and the flag policy.other_dialect is set. For family robots the statement of the asker's
// own token, if there is one, sets that of
// `*` aside; statements for other agents are evidence about their operators.
Verdict Judge(const Question& question, std::span<const Statement> statements,
              std::span<const Coverage> coverage, const Policy& policy);

}  // namespace crawlcard::robots
