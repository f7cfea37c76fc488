#include "robots/internal/evaluate.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "robots/agents.h"
#include "robots/axes.h"
#include "robots/licence_terms.h"
#include "robots/robots_meta.h"
#include "robots/tdmrep.h"

namespace crawlcard::robots::internal {
namespace {

constexpr std::size_t kFamilies = static_cast<std::size_t>(Family::kOther) + 1;
constexpr std::size_t kCarriers = static_cast<std::size_t>(Carrier::kPolicyDocument) + 1;

// How the statements of one family become its word. Section: of docs/formats/signals.md.
enum class Precedence : std::uint8_t {
  kNone,         // evidence only
  kOwnToken,     // the asker's own group sets that of `*` aside
  kLastCarrier,  // a later carrier replaces an earlier one
  kRestrictive,  // the most restrictive statement
  kLicence,      // grants, read by their terms
};
struct FamilyRow {
  Family family;
  Precedence precedence;
  bool allow_reaches_contained;  // the family is about the outer use as a whole
  std::string_view section;
};
constexpr std::array<FamilyRow, kFamilies> kFamilyRows = {{
    {Family::kRobots, Precedence::kOwnToken, false, "signals.md 1.3"},
    {Family::kRobotsMeta, Precedence::kRestrictive, false, "signals.md 3.3"},
    {Family::kTdmrep, Precedence::kLastCarrier, true, "signals.md 4.4"},
    {Family::kAipref, Precedence::kRestrictive, false, "signals.md 5.3"},
    {Family::kContentSignal, Precedence::kRestrictive, false, "signals.md 6"},
    {Family::kRsl, Precedence::kRestrictive, false, "signals.md 7.3"},
    {Family::kAiTxt, Precedence::kRestrictive, false, "signals.md 8.1"},
    {Family::kAiTxtCar, Precedence::kRestrictive, false, "signals.md 8.2"},
    {Family::kTrustTxt, Precedence::kRestrictive, false, "signals.md 8.3"},
    {Family::kLlmsTxt, Precedence::kNone, false, "signals.md 8.4"},
    {Family::kLicence, Precedence::kLicence, false, "signals.md 11.3"},
    {Family::kIptcPlus, Precedence::kRestrictive, false, "signals.md 10.2"},
    {Family::kC2pa, Precedence::kRestrictive, false, "signals.md 10.3"},
    {Family::kXmpRights, Precedence::kNone, false, "signals.md 10.4"},
    {Family::kOther, Precedence::kNone, false, "signals.md 12.2"},
}};

const FamilyRow& RowOf(Family family) {
  return kFamilyRows[static_cast<std::size_t>(family)];
}

bool IsEverybody(std::string_view agent) {
  return agent.empty() || agent == "*";
}

bool IsOwnToken(std::string_view agent, const Question& question) {
  return std::any_of(question.agents.begin(), question.agents.end(),
                     [&](const std::string& own) { return EqualsIgnoreCase(own, agent); });
}

// Licences and reservations are about use, never about fetching.
bool LicenceSpeaksOf(Axis use) {
  return use != Axis::kCrawl && use != Axis::kNone;
}

class Evaluator {
 public:
  Evaluator(const Question& question, std::span<const Statement> statements,
            std::span<const std::size_t> in_force, const Reading& reading)
      : question_(question), statements_(statements), in_force_(in_force), reading_(reading) {}

  Outcome Run() {
    NoteDirect();
    NoteOwnGroups();
    for (const std::size_t index : in_force_) {
      const Signal& signal = statements_[index].signal;
      if (!Heeded(signal.family)) continue;
      switch (RowOf(signal.family).precedence) {
        case Precedence::kNone:
          break;
        case Precedence::kLicence:
          Licence(index);
          break;
        case Precedence::kLastCarrier:
          tdmrep_.push_back(index);
          break;
        case Precedence::kOwnToken:
          if (SetAside(signal)) break;
          [[fallthrough]];
        case Precedence::kRestrictive:
          Plain(index);
          break;
      }
    }
    LastCarrier();
    OwnOperatorReadings();
    Decide();
    return std::move(outcome_);
  }

 private:
  bool Heeded(Family family) const { return (reading_.heeded & BitOfFamily(family)) != 0; }

  Says SaysOf(const Signal& signal) const {
    const Says says =
        reading_.careful && signal.careful != Says::kNothing ? signal.careful : signal.says;
    // A vendor's default is no explicit grant (section 12.6).
    if (says == Says::kAllow && signal.confidence == SignalConfidence::kLow) return Says::kNothing;
    return says;
  }

  bool Counts(const Signal& signal) const {
    if (AddressesAsker(signal.agent, question_)) return true;
    return reading_.any_agent && SaysOf(signal) == Says::kDeny;
  }

  // Carriers that speak about the use itself: nothing is widened into it there (section 0.1).
  void NoteDirect() {
    for (const std::size_t index : in_force_) {
      const Signal& signal = statements_[index].signal;
      if (signal.use != question_.use || !Counts(signal)) continue;
      if (SaysOf(signal) == Says::kNothing) continue;
      direct_[static_cast<std::size_t>(signal.family)][static_cast<std::size_t>(signal.carrier)] =
          true;
    }
  }

  // What `signal` says about the use asked for.
  Says EffectOf(const Signal& signal) const {
    const Says says = SaysOf(signal);
    if (signal.use == question_.use) return says;
    if (says == Says::kDeny && signal.use == Axis::kCrawl) return says;  // section 12.7
    if (!Contains(signal.use, question_.use)) return Says::kNothing;
    // Section 10.3: cawg.ai_training speaks of models that generate nothing.
    if (signal.family == Family::kC2pa && signal.use == Axis::kTrainAny) return Says::kNothing;
    if (says == Says::kAllow && RowOf(signal.family).allow_reaches_contained) return says;
    if (says != Says::kDeny && says != Says::kConditional) return Says::kNothing;
    const bool direct =
        direct_[static_cast<std::size_t>(signal.family)][static_cast<std::size_t>(signal.carrier)];
    return direct ? Says::kNothing : says;
  }

  void NoteOwnGroups() {
    for (const std::size_t index : in_force_) {
      const Signal& signal = statements_[index].signal;
      if (signal.family != Family::kRobots || IsEverybody(signal.agent)) continue;
      if (IsOwnToken(signal.agent, question_)) ++own_groups_;
    }
  }

  // A robots statement for `*` where every token of the asker has one of its own.
  bool SetAside(const Signal& signal) const {
    return IsEverybody(signal.agent) && own_groups_ >= question_.agents.size();
  }

  void Plain(std::size_t index) {
    const Signal& signal = statements_[index].signal;
    if (!Counts(signal)) return;
    if (signal.scope == "images" && !reading_.careful) return;  // speaks of pictures alone
    const Says says = HasExpired(signal) ? Says::kDeny : EffectOf(signal);
    Add(index, says, RowOf(signal.family).section);
  }

  // From its date on, a page that is unavailable_after it is not to be found (section 3.2). Without
  // an instant the date is in nobody's past.
  bool HasExpired(const Signal& signal) const {
    if (signal.family != Family::kRobotsMeta || question_.use != Axis::kSearch) return false;
    if (signal.key != "unavailable_after" || question_.as_of == 0) return false;
    std::optional<UnixSeconds> date = ParseHttpDate(signal.value);
    if (!date.has_value()) date = ParseRfc3339(signal.value);
    return date.has_value() && *date <= question_.as_of;
  }

  void Add(std::size_t index, Says says, std::string_view section) {
    const Signal& signal = statements_[index].signal;
    switch (says) {
      case Says::kNothing:
        return;
      case Says::kDeny: {
        const bool fetching = signal.use == Axis::kCrawl && question_.use != Axis::kCrawl;
        outcome_.denies.push_back(
            {index, says, fetching ? "signals.md 12.7" : "signals.md 12.2", {}});
        crawl_denied_ = crawl_denied_ || signal.use == Axis::kCrawl;
        return;
      }
      case Says::kConditional:
      case Says::kLimited:
        outcome_.conditionals.push_back({index, says, section, {}});
        return;
      case Says::kAllow:
        outcome_.allows.push_back({index, says, section, {}});
        return;
    }
  }

  // file < header < page < embedded: the last value stands, silence never resets.
  void LastCarrier() {
    std::stable_sort(tdmrep_.begin(), tdmrep_.end(), [&](std::size_t a, std::size_t b) {
      return TdmrepRank(statements_[a].signal.carrier) < TdmrepRank(statements_[b].signal.carrier);
    });
    std::size_t deciding = statements_.size();
    std::string_view policy;
    for (const std::size_t index : tdmrep_) {
      const Signal& signal = statements_[index].signal;
      if (!Counts(signal) || signal.key == kTdmOfferKey) continue;
      if (!signal.condition.empty()) policy = signal.condition;
      if (SaysOf(signal) != Says::kNothing) deciding = index;
    }
    if (deciding == statements_.size()) return;
    const Signal& signal = statements_[deciding].signal;
    const std::string_view section = RowOf(Family::kTdmrep).section;
    const Says says = EffectOf(signal);
    const std::size_t offer = says == Says::kDeny ? FindOffer(policy) : statements_.size();
    if (offer < statements_.size() && SaysOf(statements_[offer].signal) == Says::kConditional) {
      return Add(offer, Says::kConditional, "signals.md 4.5");
    }
    Add(deciding, says, section);
    if (says == Says::kDeny) {
      outcome_.denies.back().clause = section;
      outcome_.denies.back().condition = policy;
    }
  }

  // The statement that says what `policy` offers, or past the end.
  std::size_t FindOffer(std::string_view policy) const {
    if (policy.empty()) return statements_.size();
    for (const std::size_t index : tdmrep_) {
      const Signal& signal = statements_[index].signal;
      if (signal.key == kTdmOfferKey && signal.value == policy) return index;
    }
    return statements_.size();
  }

  void Licence(std::size_t index) {
    const Signal& signal = statements_[index].signal;
    if (!LicenceSpeaksOf(question_.use)) return;
    if (signal.scope != "page" && signal.scope != "response") return;
    if (signal.confidence == SignalConfidence::kLow) return;
    const LicenceTerms terms = ReadLicenceTerms(signal.key);
    if (!terms.grants) return;
    const Says says = terms.HasConditions() ? Says::kConditional : Says::kAllow;
    outcome_.licences.push_back({index, says, RowOf(Family::kLicence).section, {}});
  }

  // A rule for everybody may mean more to the asker's own operator (section 3.2).
  void OwnOperatorReadings() {
    if (!Heeded(Family::kRobotsMeta)) return;
    std::vector<std::pair<std::string_view, std::string_view>> rules;
    for (const std::size_t index : in_force_) {
      const Signal& signal = statements_[index].signal;
      if (signal.family == Family::kRobotsMeta) rules.emplace_back(signal.agent, signal.key);
    }
    if (rules.empty()) return;
    for (const OperatorReading& one : ReadOperatorRules(rules)) {
      if (one.use != question_.use) continue;
      if (!IsOwnToken(one.agent, question_) && !reading_.any_agent) continue;
      for (const std::size_t index : in_force_) {
        const Signal& signal = statements_[index].signal;
        const bool carries = signal.family == Family::kRobotsMeta &&
                             (signal.key == "noarchive" || signal.key == "nocache");
        if (!carries) continue;
        Add(index, one.says, "signals.md 3.2");
        break;
      }
    }
  }

  void Decide() {
    const bool granted = !outcome_.allows.empty() || !outcome_.licences.empty();
    outcome_.conflict = !outcome_.denies.empty() && granted;
    if (!outcome_.denies.empty()) {
      const bool grant_against_reservation = !outcome_.licences.empty() && !crawl_denied_;
      outcome_.decision = grant_against_reservation ? Decision::kConflict : Decision::kDeny;
      return;
    }
    const bool licence_conditions =
        std::any_of(outcome_.licences.begin(), outcome_.licences.end(),
                    [](const Finding& one) { return one.says == Says::kConditional; });
    if (!outcome_.conditionals.empty() || licence_conditions) {
      outcome_.decision = Decision::kConditional;
    } else if (granted) {
      outcome_.decision = Decision::kAllow;
    }
  }

  const Question& question_;
  std::span<const Statement> statements_;
  std::span<const std::size_t> in_force_;
  const Reading& reading_;
  Outcome outcome_;
  std::array<std::array<bool, kCarriers>, kFamilies> direct_{};
  std::vector<std::size_t> tdmrep_;
  std::size_t own_groups_ = 0;
  bool crawl_denied_ = false;
};

// Decisions about other operators, token by token.
class Operators {
 public:
  void Add(std::string_view name, Decision decision) {
    const Agent* agent = FindAgent(name);
    OperatorDecision one;
    one.operator_name = agent == nullptr ? name : TheAgents().CurrentOf(*agent).operator_name;
    one.agent = agent == nullptr || agent->match == TokenMatch::kPrefix ? name : agent->token;
    one.decision = decision;
    if (agent != nullptr) one.status = agent->status;
    Add(std::move(one));
  }

  void Add(OperatorDecision one) {
    for (OperatorDecision& known : all_) {
      const bool same =
          known.operator_name == one.operator_name && EqualsIgnoreCase(known.agent, one.agent);
      if (!same) continue;
      if (one.decision == Decision::kDeny) known.decision = one.decision;
      return;
    }
    all_.push_back(std::move(one));
  }

  // The strictest token of an operator wins (section 2): a weaker word to another token of its own
  // is left out. What a retired token is told shows intent, so it is kept apart from the others.
  std::vector<OperatorDecision> TakeStrictest() {
    std::vector<OperatorDecision> out;
    for (const OperatorDecision& one : all_) {
      const bool outdone =
          one.decision != Decision::kDeny &&
          std::any_of(all_.begin(), all_.end(), [&](const OperatorDecision& other) {
            return other.decision == Decision::kDeny && other.operator_name == one.operator_name &&
                   (other.status == AgentStatus::kRetired) == (one.status == AgentStatus::kRetired);
          });
      if (!outdone) out.push_back(one);
    }
    std::stable_partition(out.begin(), out.end(), [](const OperatorDecision& one) {
      return one.status != AgentStatus::kRetired;
    });
    return out;
  }

 private:
  std::vector<OperatorDecision> all_;
};

}  // namespace

bool AddressesAsker(std::string_view agent, const Question& question) {
  return IsEverybody(agent) || IsOwnToken(agent, question);
}

Outcome Evaluate(const Question& question, std::span<const Statement> statements,
                 std::span<const std::size_t> in_force, const Reading& reading) {
  return Evaluator(question, statements, in_force, reading).Run();
}

std::vector<OperatorDecision> EvaluateOperators(const Question& question,
                                                std::span<const Statement> statements,
                                                std::span<const std::size_t> in_force) {
  Operators out;
  std::vector<std::pair<std::string_view, std::string_view>> rules;
  for (const std::size_t index : in_force) {
    const Signal& signal = statements[index].signal;
    if (signal.family == Family::kRobotsMeta) rules.emplace_back(signal.agent, signal.key);
    if (AddressesAsker(signal.agent, question)) continue;
    if (signal.says != Says::kDeny) continue;
    const Agent* agent = FindAgent(signal.agent);
    // A block of a crawler is a word about the use its operator crawls for (section 2).
    Axis use = signal.use;
    if (signal.family == Family::kRobots && agent != nullptr) use = AxisOfPurpose(agent->purpose);
    const bool about = use == question.use || use == Axis::kCrawl || Contains(use, question.use) ||
                       (question.use == Axis::kCrawl && signal.use == Axis::kCrawl);
    if (about) out.Add(signal.agent, Decision::kDeny);
  }
  for (const OperatorReading& one : ReadOperatorRules(rules)) {
    if (one.use != question.use || IsOwnToken(one.agent, question)) continue;
    const Decision decision = one.says == Says::kDeny ? Decision::kDeny : Decision::kConditional;
    out.Add(
        {std::string(one.operator_name), std::string(one.agent), decision, AgentStatus::kCurrent});
  }
  return out.TakeStrictest();
}

}  // namespace crawlcard::robots::internal
