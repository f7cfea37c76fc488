#include "robots/verdict.h"

#include <algorithm>
#include <array>
#include <map>

#include "robots/internal/evaluate.h"
#include "robots/licence_terms.h"

namespace crawlcard::robots {
namespace {

using internal::Finding;
using internal::Outcome;
using internal::Reading;

constexpr std::array<std::string_view, 6> kDecisionNames = {
    "allow", "deny", "conditional", "unspecified", "conflict", "indeterminate"};

Reason ToReason(const Statement& statement, std::string_view clause) {
  const Signal& signal = statement.signal;
  Reason reason;
  reason.family = signal.family;
  reason.carrier = signal.carrier;
  reason.says = signal.says;
  reason.use = signal.use;
  reason.confidence = signal.confidence;
  reason.agent = signal.agent;
  reason.key = signal.key;
  reason.scope = signal.scope;
  reason.location = signal.location;
  reason.raw = signal.raw;
  reason.clause = clause;
  reason.flags.assign(signal.flags.begin(), signal.flags.end());
  if (statement.evidence != nullptr) reason.evidence = *statement.evidence;
  return reason;
}

// Statements that count at the instant, and those of earlier observations.
struct InForce {
  std::vector<std::size_t> now;
  std::vector<std::size_t> earlier;
};

// The latest observation of a carrier at or before the instant replaces the earlier ones;
// robots.txt observations that are too old do not count (docs/formats/signals.md 12.5).
InForce SelectInForce(const Question& question, std::span<const Statement> statements,
                      const Policy& policy) {
  const bool timed = question.as_of != 0;
  const auto date_of = [](const Statement& statement) {
    return statement.evidence == nullptr ? 0 : statement.evidence->date;
  };
  // Documents named elsewhere are no observations of one thing: each place names its own.
  const auto named = [](const Statement& statement) {
    return statement.signal.carrier == Carrier::kRslDocument ||
           statement.signal.carrier == Carrier::kPolicyDocument;
  };
  std::map<std::pair<Family, Carrier>, UnixSeconds> latest;
  for (const Statement& statement : statements) {
    const UnixSeconds date = date_of(statement);
    if (date == 0 || (timed && date > question.as_of) || named(statement)) continue;
    UnixSeconds& last = latest[{statement.signal.family, statement.signal.carrier}];
    last = std::max(last, date);
  }
  InForce out;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Signal& signal = statements[i].signal;
    const UnixSeconds date = date_of(statements[i]);
    if (date != 0) {
      if (timed && date > question.as_of) continue;
      const bool too_old = timed && signal.carrier == Carrier::kRobotsTxt &&
                           question.as_of - date > policy.robots_age_max_s;
      const bool superseded =
          !named(statements[i]) && date < latest[{signal.family, signal.carrier}];
      if (too_old || superseded) {
        out.earlier.push_back(i);
        continue;
      }
    }
    out.now.push_back(i);
  }
  return out;
}

// True when a robots.txt observation rules the instant. Marks a stale one in `coverage`.
bool RobotsObserved(const Question& question, const Policy& policy,
                    std::vector<Coverage>& coverage) {
  bool observed = false;
  for (Coverage& one : coverage) {
    if (one.carrier != "robots.txt") continue;
    const bool timed = one.date.has_value() && question.as_of != 0;
    if (timed && *one.date > question.as_of) continue;
    if (timed && question.as_of - *one.date > policy.robots_age_max_s) {
      one.state = "stale";
      continue;
    }
    observed =
        observed || one.state == "ok" || one.state == "ok-empty" || one.state == "unavailable";
  }
  return observed;
}

// Without a robots.txt observation nothing is cleared; a refusal found elsewhere stands.
Decision Cleared(Decision decision, bool robots_observed) {
  if (robots_observed || decision == Decision::kDeny || decision == Decision::kConflict) {
    return decision;
  }
  return Decision::kIndeterminate;
}

// A licence that cannot be read grants nothing and may refuse (signals.md 7.3).
Decision WithBrokenLicence(Decision decision, std::span<const Coverage> coverage) {
  const bool open = decision == Decision::kAllow || decision == Decision::kUnspecified;
  const bool broken = std::any_of(coverage.begin(), coverage.end(), [](const Coverage& one) {
    return one.carrier == kRslCarrier && one.state == kBrokenState;
  });
  return open && broken ? Decision::kIndeterminate : decision;
}

// Both a grant and a reservation: the stricter one.
Decision Strictest(Decision decision) {
  return decision == Decision::kConflict ? Decision::kDeny : decision;
}

void AddLicenceConditions(const LicenceTerms& terms, std::string_view spdx,
                          Conditions& conditions) {
  conditions.attribution = conditions.attribution || terms.attribution;
  conditions.noncommercial = conditions.noncommercial || terms.noncommercial;
  conditions.share_alike = conditions.share_alike || terms.share_alike;
  conditions.no_derivatives = conditions.no_derivatives || terms.no_derivatives;
  conditions.use_restrictions = conditions.use_restrictions || terms.use_restrictions;
  if (terms.unknown_terms) conditions.other.push_back("terms of " + std::string(spdx));
}

// "payment=training; user=education": what a conditional statement asks for.
void AddStatementConditions(std::string_view text, Conditions& conditions) {
  constexpr std::string_view kPayment = "payment=";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("; "), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    if (part.empty()) continue;
    if (part.substr(0, kPayment.size()) == kPayment) {
      conditions.payment = part.substr(kPayment.size());
    } else if (part == "attribution") {
      conditions.attribution = true;
    } else {
      conditions.other.emplace_back(part);
    }
  }
}

std::string Sentence(const Conditions& conditions) {
  std::string text;
  const auto add = [&](bool wanted, std::string_view words) {
    if (!wanted) return;
    if (!text.empty()) text += ", ";
    text += words;
  };
  add(conditions.attribution, "attribution");
  add(conditions.noncommercial, "non-commercial use");
  add(conditions.share_alike, "share alike");
  add(conditions.no_derivatives, "no derivatives");
  add(conditions.use_restrictions, "use restrictions of the licence");
  add(!conditions.payment.empty(), "payment: " + conditions.payment);
  for (const std::string& one : conditions.other) add(true, one);
  return text;
}

// Fills what explains the decision.
void Explain(std::span<const Statement> statements, const Outcome& outcome, Verdict& verdict) {
  const auto add = [&](const std::vector<Finding>& findings, std::vector<Reason>& reasons) {
    for (const Finding& one : findings) {
      reasons.push_back(ToReason(statements[one.statement], one.clause));
    }
  };
  const bool refused = !outcome.denies.empty();
  add(outcome.denies, verdict.reasons);
  add(outcome.licences, verdict.reasons);
  add(outcome.conditionals, refused ? verdict.offers : verdict.reasons);
  add(outcome.allows, verdict.reasons);
  for (const Finding& one : outcome.conditionals) {
    const std::string_view condition = statements[one.statement].signal.condition;
    const bool limited = one.says == Says::kLimited && condition.empty();
    AddStatementConditions(limited ? "limited" : condition, verdict.conditions);
  }
  for (const Finding& one : outcome.denies) {
    if (!one.condition.empty()) verdict.conditions.other.emplace_back(one.condition);
  }
  for (const Finding& one : outcome.licences) {
    const std::string_view spdx = statements[one.statement].signal.key;
    AddLicenceConditions(ReadLicenceTerms(spdx), spdx, verdict.conditions);
  }
  verdict.condition = Sentence(verdict.conditions);
}

void ListLicences(std::span<const Statement> statements, std::span<const std::size_t> in_force,
                  Verdict& verdict) {
  for (const std::size_t index : in_force) {
    const Signal& signal = statements[index].signal;
    if (signal.family != Family::kLicence || signal.key.empty()) continue;
    const bool page = signal.scope == "page" || signal.scope == "response";
    std::vector<std::string>& list = page ? verdict.licences : verdict.media_licences;
    if (std::find(list.begin(), list.end(), signal.key) == list.end())
      list.emplace_back(signal.key);
  }
}

bool HasOpenLicence(std::span<const Statement> statements, const Outcome& outcome) {
  return std::any_of(outcome.licences.begin(), outcome.licences.end(), [&](const Finding& one) {
    return ReadLicenceTerms(statements[one.statement].signal.key).open;
  });
}

bool Usable(Decision decision, const Outcome& outcome, bool open_licence, const Policy& policy) {
  if (policy.open_licence_only) {
    const bool needs_it = decision == Decision::kAllow || decision == Decision::kUnspecified ||
                          decision == Decision::kConditional;
    if (needs_it && !open_licence) return false;
    // Conditions that others set are not met by the licence.
    if (decision == Decision::kConditional && !outcome.conditionals.empty()) return false;
  }
  switch (decision) {
    case Decision::kAllow:
      return policy.allow;
    case Decision::kDeny:
      return false;
    case Decision::kConditional:
      return policy.conditional;
    case Decision::kUnspecified:
      return policy.unspecified;
    case Decision::kConflict:
      return policy.conflict;
    case Decision::kIndeterminate:
      return policy.indeterminate;
  }
  return false;
}

void CollectFlags(std::span<const Statement> statements, std::span<const std::size_t> in_force,
                  Verdict& verdict) {
  for (const std::size_t index : in_force) {
    for (const std::string_view flag : statements[index].signal.flags)
      verdict.flags.emplace_back(flag);
  }
  for (const Coverage& one : verdict.coverage) {
    if (one.carrier != "robots.txt" && one.state == "unreachable") {
      verdict.flags.push_back(one.carrier + ".unreachable");
    }
  }
  std::sort(verdict.flags.begin(), verdict.flags.end());
  verdict.flags.erase(std::unique(verdict.flags.begin(), verdict.flags.end()), verdict.flags.end());
}

internal::FamilySet HeededBy(const Policy& policy) {
  if (policy.robots_only) return internal::BitOfFamily(Family::kRobots);
  if (policy.heed.empty()) return internal::kAllFamilies;
  internal::FamilySet set = 0;
  for (const Family family : policy.heed) set |= internal::BitOfFamily(family);
  return set;
}

}  // namespace

Question QuestionUnder(const Policy& policy, Question question) {
  question.dialect = policy.dialect.value_or(question.dialect);
  return question;
}

std::string_view DecisionName(Decision decision) {
  return kDecisionNames[static_cast<std::size_t>(decision)];
}

VerdictCodes CodesOf(const Verdict& verdict) {
  const auto codes = [](const std::vector<Reason>& reasons) {
    std::vector<ReasonCode> out;
    out.reserve(reasons.size());
    for (const Reason& one : reasons) {
      out.push_back({one.family, one.carrier, one.says, one.use, one.clause});
    }
    return out;
  };
  return {verdict.decision,
          verdict.careful,
          verdict.usable,
          verdict.conflict,
          codes(verdict.reasons),
          codes(verdict.offers),
          verdict.operator_specific,
          verdict.licences,
          verdict.media_licences,
          verdict.flags};
}

Verdict Judge(const Question& question, std::span<const Statement> statements,
              std::span<const Coverage> coverage, const Policy& policy) {
  Verdict verdict;
  verdict.coverage.assign(coverage.begin(), coverage.end());
  const bool observed = RobotsObserved(question, policy, verdict.coverage);
  const InForce in_force = SelectInForce(question, statements, policy);
  const auto evaluate = [&](const Reading& reading) {
    return internal::Evaluate(question, statements, in_force.now, reading);
  };

  const Outcome said = evaluate({});
  const auto cleared = [&](Decision one) {
    return WithBrokenLicence(Cleared(one, observed), verdict.coverage);
  };
  verdict.decision = cleared(said.decision);
  verdict.conflict = said.conflict;
  Explain(statements, said, verdict);

  const Outcome careful = evaluate({.careful = true});
  verdict.careful = Strictest(cleared(careful.decision));

  // A policy may heed less (robots.txt alone) or more (anybody's refusals, careful readings).
  const Outcome outcome = evaluate({policy.careful, policy.any_agent, HeededBy(policy)});
  const bool heeds_rsl = (HeededBy(policy) & internal::BitOfFamily(Family::kRsl)) != 0;
  Decision decision = heeds_rsl ? cleared(outcome.decision) : Cleared(outcome.decision, observed);
  if (policy.careful) decision = Strictest(decision);
  verdict.usable = Usable(decision, outcome, HasOpenLicence(statements, said), policy);
  const bool other_dialect = policy.dialect.value_or(question.dialect) != question.dialect;
  if (other_dialect) verdict.usable = false;

  verdict.operator_specific = internal::EvaluateOperators(question, statements, in_force.now);
  for (const OperatorDecision& one : verdict.operator_specific) {
    if (one.status == AgentStatus::kRetired) verdict.flags.emplace_back("agents.retired_token");
    if (one.status == AgentStatus::kRenamed) verdict.flags.emplace_back("agents.renamed_token");
  }
  ListLicences(statements, in_force.now, verdict);
  for (const std::size_t index : in_force.earlier) {
    verdict.history.push_back(ToReason(statements[index], "signals.md 12.5"));
  }
  if (other_dialect) verdict.flags.push_back("policy.other_dialect");
  CollectFlags(statements, in_force.now, verdict);
  return verdict;
}

}  // namespace crawlcard::robots
