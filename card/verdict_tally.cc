#include "card/verdict_tally.h"

#include <set>
#include <string>

namespace crawlcard::card {
namespace {

bool Answer(const robots::Policy& policy, robots::Decision decision) {
  switch (decision) {
    case robots::Decision::kAllow:
      return policy.allow;
    case robots::Decision::kUnspecified:
      return policy.unspecified;
    case robots::Decision::kConditional:
      return policy.conditional;
    case robots::Decision::kConflict:
      return policy.conflict;
    case robots::Decision::kIndeterminate:
      return policy.indeterminate;
    case robots::Decision::kDeny:
      return false;
  }
  return false;
}

}  // namespace

CountedVerdict::CountedVerdict(const robots::VerdictCodes& codes)
    : decision(codes.decision),
      careful(codes.careful),
      usable(codes.usable),
      conflict(codes.conflict) {
  std::set<AppliedStatement> distinct;
  for (const auto* list : {&codes.reasons, &codes.offers}) {
    for (const robots::ReasonCode& reason : *list) {
      // A licence says what its terms are; the rest that says nothing is evidence alone.
      const bool licence = reason.family == robots::Family::kLicence;
      if (reason.says == robots::Says::kNothing && !licence) continue;
      distinct.insert({reason.family, reason.carrier, reason.says});
    }
  }
  applied.assign(distinct.begin(), distinct.end());

  std::set<std::string_view> operators;
  for (const robots::OperatorDecision& one : codes.operator_specific) {
    if (one.decision == robots::Decision::kDeny) operators.insert(one.operator_name);
  }
  operators_denied.assign(operators.begin(), operators.end());
}

void VerdictTally::Add(const CountedVerdict& verdict, bool is_page, const Amount& amount,
                       const Position& position) {
  captures += amount.captures;
  captures_usable += verdict.usable ? amount.captures : 0;
  if (!is_page) return;
  pages.Add(amount, position);
  decisions[static_cast<std::size_t>(verdict.decision)].Add(amount, position);
  careful[static_cast<std::size_t>(verdict.careful)] += amount.captures;
  (verdict.usable ? usable : not_usable).Add(amount, position);
  if (verdict.conflict) conflicting.Add(amount, position);
  for (const AppliedStatement& one : verdict.applied) applied[one].Add(amount, position);
  for (const std::string& name : verdict.operators_denied) {
    operator_denied.Add(name, amount, position);
  }
}

void VerdictTally::AddTakenDown(const CountedVerdict& verdict, bool is_page, const Amount& amount,
                                const Position& position) {
  taken_down.Add(amount, position);
  if (!is_page) return;
  taken_down_pages[static_cast<std::size_t>(verdict.decision)].Add(amount, position);
}

void VerdictTally::Merge(const VerdictTally& right, const Seams& seams) {
  captures += right.captures;
  captures_usable += right.captures_usable;
  pages.Merge(right.pages, seams);
  for (std::size_t i = 0; i < kDecisionCount; ++i) {
    decisions[i].Merge(right.decisions[i], seams);
    careful[i] += right.careful[i];
    taken_down_pages[i].Merge(right.taken_down_pages[i], seams);
  }
  usable.Merge(right.usable, seams);
  not_usable.Merge(right.not_usable, seams);
  conflicting.Merge(right.conflicting, seams);
  taken_down.Merge(right.taken_down, seams);
  for (const auto& [statement, reach] : right.applied) applied[statement].Merge(reach, seams);
  operator_denied.Merge(right.operator_denied, seams);
}

PolicyOutcome OutcomeOf(const robots::Policy& judged, const VerdictTally& verdicts) {
  PolicyOutcome outcome;
  outcome.policy = judged;
  outcome.pages = verdicts.pages.captures;
  outcome.pages_usable = verdicts.usable.captures;
  outcome.hosts_usable = verdicts.usable.hosts.count;
  outcome.payload_bytes = verdicts.pages.payload_bytes;
  outcome.payload_bytes_usable = verdicts.usable.payload_bytes;
  outcome.text_bytes = verdicts.pages.text_bytes;
  outcome.text_bytes_usable = verdicts.usable.text_bytes;
  return outcome;
}

std::optional<PolicyOutcome> Derive(const robots::Policy& judged, const VerdictTally& verdicts,
                                    const robots::Policy& other) {
  const bool same_reading =
      judged.robots_only == other.robots_only && judged.any_agent == other.any_agent &&
      judged.careful == other.careful && judged.robots_age_max_s == other.robots_age_max_s &&
      judged.heed == other.heed && judged.dialect == other.dialect;
  // Decisions are those of all families for the asker: what a policy that heeds fewer, or refusals
  // to others, concludes is not kept.
  if (judged.Id() != other.Id() &&
      (judged.robots_only || judged.any_agent || !judged.heed.empty())) {
    return std::nullopt;
  }
  // Whether a licence is open is not visible in a decision.
  if (!same_reading || judged.open_licence_only || other.open_licence_only) return std::nullopt;
  // `usable` of a careful policy follows the careful reading, which is not kept with sizes.
  if (judged.careful && judged.Id() != other.Id()) return std::nullopt;
  if (judged.Id() == other.Id()) return OutcomeOf(judged, verdicts);
  PolicyOutcome outcome;
  outcome.policy = other;
  outcome.pages = verdicts.pages.captures;
  outcome.payload_bytes = verdicts.pages.payload_bytes;
  outcome.text_bytes = verdicts.pages.text_bytes;
  for (std::size_t i = 0; i < kDecisionCount; ++i) {
    if (!Answer(other, static_cast<robots::Decision>(i))) continue;
    const Reach& said = verdicts.decisions[i];
    const Reach& taken = verdicts.taken_down_pages[i];
    outcome.pages_usable += said.captures - taken.captures;
    outcome.payload_bytes_usable += said.payload_bytes - taken.payload_bytes;
    outcome.text_bytes_usable += said.text_bytes - taken.text_bytes;
  }
  return outcome;
}

}  // namespace crawlcard::card
