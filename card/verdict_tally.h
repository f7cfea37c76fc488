// card/verdict_tally.h - what follows from the statements, counted over pages and all captures.
//
// Thread rule: a value, thread-compatible.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "card/counts.h"
#include "robots/verdict.h"

namespace crawlcard::card {

inline constexpr std::size_t kDecisionCount = 6;  // robots::Decision

// A statement that a verdict names as reason, wherever it was made.
struct AppliedStatement {
  robots::Family family = robots::Family::kOther;
  robots::Carrier carrier = robots::Carrier::kRobotsTxt;
  robots::Says says = robots::Says::kNothing;

  // NOLINTNEXTLINE(modernize-use-nullptr): the check misreads a defaulted operator
  auto operator<=>(const AppliedStatement&) const = default;
};

// What is counted of an answer.
struct CountedVerdict {
  explicit CountedVerdict(const robots::VerdictCodes& codes);

  robots::Decision decision = robots::Decision::kUnspecified;
  robots::Decision careful = robots::Decision::kUnspecified;
  bool usable = false;
  bool conflict = false;
  std::vector<AppliedStatement> applied;      // distinct
  std::vector<std::string> operators_denied;  // distinct
};

class VerdictTally {
 public:
  VerdictTally() = default;

  void Add(const CountedVerdict& verdict, bool is_page, const Amount& amount,
           const Position& position);
  // Judged captures that a takedown request covers, beside Add().
  void AddTakenDown(const CountedVerdict& verdict, bool is_page, const Amount& amount,
                    const Position& position);
  void Merge(const VerdictTally& right, const Seams& seams);

  bool judged() const { return captures > 0; }
  const Reach& pages_by(robots::Decision decision) const {
    return decisions[static_cast<std::size_t>(decision)];
  }

  // Captures of any kind that were judged.
  std::uint64_t captures = 0;
  std::uint64_t captures_usable = 0;
  // Pages that were judged.
  Reach pages;
  std::array<Reach, kDecisionCount> decisions;          // by robots::Decision
  std::array<std::uint64_t, kDecisionCount> careful{};  // pages by the strictest reading
  Reach usable;
  Reach not_usable;
  Reach conflicting;  // families disagree
  std::map<AppliedStatement, Reach> applied;
  ReachTable operator_denied;  // pages refused to an operator by name
  // Covered by a takedown request, so usable under no policy.
  Reach taken_down;                                    // captures of any kind
  std::array<Reach, kDecisionCount> taken_down_pages;  // pages, by what their publisher said
};

// One policy and what it would keep. `robots::Policy` tables that differ only in the answer to each
// decision can be read off one scan; the others need their own.
struct PolicyOutcome {
  robots::Policy policy;
  std::uint64_t pages = 0;
  std::uint64_t pages_usable = 0;
  std::optional<std::uint64_t> hosts_usable;  // with at least one usable page; not always known
  std::uint64_t payload_bytes = 0;
  std::uint64_t payload_bytes_usable = 0;
  std::uint64_t text_bytes = 0;
  std::uint64_t text_bytes_usable = 0;
};

// The outcome of the policy that was judged.
PolicyOutcome OutcomeOf(const robots::Policy& judged, const VerdictTally& verdicts);

// The outcome of another policy from the decisions of the judged one. nullopt where the two differ
// in how a decision is reached (families heeded, dialect, agents, reading, age), not only in the
// table.
std::optional<PolicyOutcome> Derive(const robots::Policy& judged, const VerdictTally& verdicts,
                                    const robots::Policy& other);

}  // namespace crawlcard::card
