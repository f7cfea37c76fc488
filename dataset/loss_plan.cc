#include "dataset/loss_plan.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

using index::JudgeOptions;
using robots::Family;
using robots::Policy;

// Families that can make a row unusable; llms.txt and the like are evidence alone.
constexpr std::array kFamilies = {Family::kRobots,   Family::kRobotsMeta,    Family::kTdmrep,
                                  Family::kAipref,   Family::kContentSignal, Family::kRsl,
                                  Family::kAiTxt,    Family::kAiTxtCar,      Family::kTrustTxt,
                                  Family::kLicence,  Family::kIptcPlus,      Family::kC2pa,
                                  Family::kXmpRights};

constexpr UnixSeconds kForever = std::numeric_limits<UnixSeconds>::max() / 2;

// A rule of a policy: what it turns down beside refusals, and what it looks at more than others.
struct Rule {
  std::string_view name;
  bool (*is_on)(const Policy& policy);
  void (*lift)(Policy& policy);
};
constexpr std::array kRules = {
    Rule{"unspecified", [](const Policy& p) { return !p.unspecified; },
         [](Policy& p) { p.unspecified = true; }},
    Rule{"conditional", [](const Policy& p) { return !p.conditional; },
         [](Policy& p) { p.conditional = true; }},
    Rule{"conflict", [](const Policy& p) { return !p.conflict; },
         [](Policy& p) { p.conflict = true; }},
    Rule{"indeterminate", [](const Policy& p) { return !p.indeterminate; },
         [](Policy& p) { p.indeterminate = true; }},
    Rule{"allow", [](const Policy& p) { return !p.allow; }, [](Policy& p) { p.allow = true; }},
    Rule{"open_licence_only", [](const Policy& p) { return p.open_licence_only; },
         [](Policy& p) { p.open_licence_only = false; }},
    Rule{"any_agent", [](const Policy& p) { return p.any_agent; },
         [](Policy& p) { p.any_agent = false; }},
    Rule{"careful", [](const Policy& p) { return p.careful; },
         [](Policy& p) { p.careful = false; }},
    Rule{"max_age", [](const Policy& p) { return p.robots_age_max_s < kForever; },
         [](Policy& p) { p.robots_age_max_s = kForever; }},
};
constexpr std::string_view kRefusal = "refusal";

// Silence and blindness are no agent's and no family's work.
void LiftSilence(Policy& policy) {
  policy.unspecified = true;
  policy.indeterminate = true;
}

void WriteAmounts(std::string_view key, const Amount& amount, JsonWriter& json) {
  json.Key(key).BeginObject();
  json.Member("rows", amount.rows);
  json.Member("bytes", amount.bytes);
  json.Member("tokens", amount.tokens);
  json.EndObject();
}

std::string AmountText(const Amount& amount) {
  return fmt::format("{} rows, {} bytes, {} tokens", amount.rows, amount.bytes, amount.tokens);
}

}  // namespace

LossPlan LossPlan::Of(std::vector<JudgeOptions> policies) {
  LossPlan plan;
  plan.policies = policies.size();
  plan.questions = std::move(policies);
  return plan;
}

std::size_t LossPlan::Ask(JudgeOptions question) {
  questions.push_back(std::move(question));
  return questions.size() - 1;
}

Status LossPlan::CheckSize() const {
  if (questions.size() <= limits::kQuestionsMax) return {};
  return Fail(ErrorCode::kInvalidArgument,
              "--policy, --marginal, --dates: {} questions at once, limit {}", questions.size(),
              limits::kQuestionsMax);
}

void LossPlan::AddAgents(std::size_t policy) {
  const JudgeOptions base = questions[policy];
  for (const std::string& agent : base.agents) {
    Factor factor;
    factor.kind = "agent";
    factor.name = agent;
    factor.policy = policy;
    JudgeOptions alone = base;
    LiftSilence(alone.policy);
    alone.agents = {agent};
    factor.alone = Ask(std::move(alone));
    JudgeOptions without = base;
    std::erase(without.agents, agent);
    if (!without.agents.empty()) factor.without = Ask(std::move(without));
    factors.push_back(std::move(factor));
  }
}

void LossPlan::AddFamilies(std::size_t policy) {
  const JudgeOptions base = questions[policy];
  if (base.policy.robots_only) return;  // there is one, and it is all of the policy
  std::vector<Family> heeded = base.policy.heed;
  if (heeded.empty()) heeded.assign(kFamilies.begin(), kFamilies.end());
  for (const Family family : heeded) {
    Factor factor;
    factor.kind = "family";
    factor.name = robots::FamilyName(family);
    factor.policy = policy;
    JudgeOptions alone = base;
    LiftSilence(alone.policy);
    alone.policy.heed = {family};
    factor.alone = Ask(std::move(alone));
    JudgeOptions without = base;
    without.policy.heed = heeded;
    std::erase(without.policy.heed, family);
    // An empty list means all of them.
    if (!without.policy.heed.empty()) factor.without = Ask(std::move(without));
    factors.push_back(std::move(factor));
  }
}

void LossPlan::AddRules(std::size_t policy) {
  const JudgeOptions base = questions[policy];
  JudgeOptions bare = base;
  for (const Rule& rule : kRules) rule.lift(bare.policy);
  const std::size_t floor = Ask(bare);
  Factor refusal;
  refusal.kind = "rule";
  refusal.name = kRefusal;
  refusal.policy = policy;
  refusal.alone = floor;
  factors.push_back(std::move(refusal));
  for (const Rule& rule : kRules) {
    if (!rule.is_on(base.policy)) continue;
    Factor factor;
    factor.kind = "rule";
    factor.name = rule.name;
    factor.policy = policy;
    factor.floor = floor;
    JudgeOptions alone = base;
    for (const Rule& other : kRules) {
      if (other.name != rule.name) other.lift(alone.policy);
    }
    factor.alone = Ask(std::move(alone));
    JudgeOptions without = base;
    rule.lift(without.policy);
    factor.without = Ask(std::move(without));
    factors.push_back(std::move(factor));
  }
}

Status LossPlan::AddMarginals() {
  for (std::size_t policy = 0; policy < policies; ++policy) {
    AddAgents(policy);
    AddFamilies(policy);
    AddRules(policy);
  }
  return CheckSize();
}

Status LossPlan::AddDates(const std::vector<Period>& dates) {
  for (std::size_t policy = 0; policy < policies; ++policy) {
    for (const Period& date : dates) {
      JudgeOptions question = questions[policy];
      question.as_of = {index::AsOf::Kind::kInstant, date.end};
      points.push_back({policy, date, Ask(std::move(question))});
      CRAWLCARD_TRY(CheckSize());
    }
  }
  return {};
}

LossObserver::LossObserver(const LossPlan& plan) : plan_(plan) {
  tally.effects.resize(plan.factors.size());
  tally.lost.resize(plan.points.size());
  if (plan.ranks == nullptr) return;
  tally.strata.resize(kStrata.size());
  for (LossTally::Stratum& stratum : tally.strata) stratum.lost.resize(plan.policies);
}

void LossObserver::OnRow(const Row& row, const index::BatchAnswer* answer) {
  if (answer == nullptr) return;
  const Amount amount{1, row.bytes, row.tokens};
  const bool is_taken = answer->takedown != nullptr;
  const auto loses = [&](std::size_t question) { return !answer->codes[question]->usable; };
  if (plan_.ranks != nullptr) {
    for (std::size_t at = plan_.ranks->StratumOf(SiteOfHost(answer->host)); at < kStrata.size();
         ++at) {
      tally.strata[at].all.Add(amount);
      for (std::size_t i = 0; i < plan_.policies; ++i) {
        if (is_taken || loses(i)) tally.strata[at].lost[i].Add(amount);
      }
    }
  }
  if (is_taken) return;
  for (std::size_t i = 0; i < plan_.factors.size(); ++i) {
    const Factor& factor = plan_.factors[i];
    const bool by_floor = factor.floor && loses(*factor.floor);
    if (loses(factor.alone) && !by_floor) tally.effects[i].removes.Add(amount);
    if (factor.without && loses(factor.policy) && !loses(*factor.without)) {
      tally.effects[i].only.Add(amount);
    }
  }
  for (std::size_t i = 0; i < plan_.points.size(); ++i) {
    if (loses(plan_.points[i].question)) tally.lost[i].Add(amount);
  }
}

void LossTally::Merge(const LossTally& other) {
  if (effects.empty()) effects.resize(other.effects.size());
  if (lost.empty()) lost.resize(other.lost.size());
  if (strata.empty()) strata.resize(other.strata.size());
  for (std::size_t i = 0; i < other.effects.size(); ++i) {
    effects[i].removes.Add(other.effects[i].removes);
    effects[i].only.Add(other.effects[i].only);
  }
  for (std::size_t i = 0; i < other.lost.size(); ++i) lost[i].Add(other.lost[i]);
  for (std::size_t i = 0; i < other.strata.size(); ++i) {
    strata[i].all.Add(other.strata[i].all);
    strata[i].lost.resize(other.strata[i].lost.size());
    for (std::size_t at = 0; at < strata[i].lost.size(); ++at) {
      strata[i].lost[at].Add(other.strata[i].lost[at]);
    }
  }
}

void WriteLosses(const LossPlan& plan, const LossTally& tally,
                 const std::vector<std::string>& policies, JsonWriter& json) {
  if (!plan.factors.empty()) {
    json.Key("marginal").BeginArray();
    for (std::size_t i = 0; i < tally.effects.size(); ++i) {
      const Factor& factor = plan.factors[i];
      json.BeginObject();
      json.Member("policy", policies[factor.policy]);
      json.Member("kind", factor.kind);
      json.Member("name", factor.name);
      WriteAmounts("removes", tally.effects[i].removes, json);
      if (factor.without) {
        WriteAmounts("only", tally.effects[i].only, json);
      } else {
        json.Key("only").Null();
      }
      json.EndObject();
    }
    json.EndArray();
  }
  if (!plan.points.empty()) {
    json.Key("curve").BeginArray();
    for (std::size_t i = 0; i < tally.lost.size(); ++i) {
      json.BeginObject();
      json.Member("policy", policies[plan.points[i].policy]);
      json.Member("date", plan.points[i].date.name);
      json.Member("as_of", FormatRfc3339(plan.points[i].date.end));
      WriteAmounts("lost", tally.lost[i], json);
      json.EndObject();
    }
    json.EndArray();
  }
  if (plan.ranks == nullptr) return;
  json.Key("strata").BeginArray();
  for (std::size_t i = 0; i < tally.strata.size(); ++i) {
    for (std::size_t policy = 0; policy < tally.strata[i].lost.size(); ++policy) {
      json.BeginObject();
      json.Member("policy", policies[policy]);
      json.Member("stratum", kStratumNames[i]);
      WriteAmounts("all", tally.strata[i].all, json);
      WriteAmounts("lost", tally.strata[i].lost[policy], json);
      json.EndObject();
    }
  }
  json.EndArray();
}

void AppendLosses(const LossPlan& plan, const LossTally& tally,
                  const std::vector<std::string>& policies, std::string& out) {
  for (std::size_t policy = 0; policy < plan.policies; ++policy) {
    if (plan.measures()) out += fmt::format("\neffects under {}\n", policies[policy]);
    for (std::size_t i = 0; i < tally.effects.size(); ++i) {
      const Factor& factor = plan.factors[i];
      const LossTally::Effect& effect = tally.effects[i];
      if (factor.policy != policy || (effect.removes.rows == 0 && effect.only.rows == 0)) continue;
      out += fmt::format("  {} {}\n    removes  {}\n", factor.kind, factor.name,
                         AmountText(effect.removes));
      if (factor.without) out += fmt::format("    only it  {}\n", AmountText(effect.only));
    }
    for (std::size_t i = 0; i < tally.lost.size(); ++i) {
      if (plan.points[i].policy != policy) continue;
      out +=
          fmt::format("  as of {}  lost {}\n", plan.points[i].date.name, AmountText(tally.lost[i]));
    }
    for (std::size_t i = 0; i < tally.strata.size(); ++i) {
      out += fmt::format("  top {:<4}  lost {}  of {}\n", kStratumNames[i],
                         AmountText(tally.strata[i].lost[policy]), AmountText(tally.strata[i].all));
    }
  }
}

}  // namespace crawlcard::dataset
