#include "dataset/tally.h"

#include <algorithm>
#include <set>

#include "base/assert.h"
#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

void AddTo(AmountsByName& amounts, std::string_view name, const Amount& amount) {
  auto found = amounts.find(name);
  if (found == amounts.end()) found = amounts.emplace(name, Amount()).first;
  found->second.Add(amount);
}

void MergeInto(AmountsByName& amounts, const AmountsByName& other) {
  for (const auto& [name, amount] : other) AddTo(amounts, name, amount);
}

using Entry = std::pair<std::string, Amount>;

bool IsMore(const Entry& a, const Entry& b) {
  return a.second.rows != b.second.rows ? a.second.rows > b.second.rows : a.first < b.first;
}

}  // namespace

void BoundedAmounts::Add(std::string_view name, const Amount& amount) {
  AddTo(amounts_, name, amount);
  if (amounts_.size() > 2 * limits::kNamesMax) Prune();
}

void BoundedAmounts::Merge(const BoundedAmounts& other) {
  error_rows_ += other.error_rows_;
  for (const auto& [name, amount] : other.amounts_) Add(name, amount);
}

std::vector<Entry> BoundedAmounts::Top(std::size_t count) const {
  std::vector<Entry> entries(amounts_.begin(), amounts_.end());
  const std::size_t kept = std::min(count, entries.size());
  const auto middle = entries.begin() + static_cast<std::ptrdiff_t>(kept);
  std::partial_sort(entries.begin(), middle, entries.end(), IsMore);
  entries.resize(kept);
  return entries;
}

void BoundedAmounts::Prune() {
  std::vector<Entry> entries(amounts_.begin(), amounts_.end());
  const auto middle = entries.begin() + static_cast<std::ptrdiff_t>(limits::kNamesMax);
  std::nth_element(entries.begin(), middle, entries.end(), IsMore);
  error_rows_ += middle->second.rows;  // the largest of those that go
  amounts_ = AmountsByName(entries.begin(), middle);
}

void QuestionTally::Add(const robots::VerdictCodes& codes, const Amount& amount) {
  AddTo(decisions, robots::DecisionName(codes.decision), amount);
  std::set<std::string_view> agents;
  std::set<std::string_view> operators;
  for (const robots::OperatorDecision& each : codes.operator_specific) {
    if (each.decision != robots::Decision::kDeny) continue;
    agents.insert(each.agent);
    operators.insert(each.operator_name);
  }
  for (const std::string_view agent : agents) AddTo(refused_agents, agent, amount);
  for (const std::string_view name : operators) AddTo(refused_operators, name, amount);
}

void QuestionTally::Merge(const QuestionTally& other) {
  usable.Add(other.usable);
  lost.Add(other.lost);
  MergeInto(decisions, other.decisions);
  MergeInto(lost_reasons, other.lost_reasons);
  MergeInto(lost_families, other.lost_families);
  MergeInto(lost_languages, other.lost_languages);
  lost_domains.Merge(other.lost_domains);
  MergeInto(refused_agents, other.refused_agents);
  MergeInto(refused_operators, other.refused_operators);
}

void Tally::Merge(const Tally& other) {
  all.Add(other.all);
  judged.Add(other.judged);
  unknown_hosts.Add(other.unknown_hosts);
  without_page.Add(other.without_page);
  MergeInto(languages, other.languages);
  for (std::size_t i = 0; i < faults.size(); ++i) faults[i].Add(other.faults[i]);
  if (questions.empty()) questions.resize(other.questions.size());
  CRAWLCARD_ASSERT(other.questions.empty() || questions.size() == other.questions.size());
  for (std::size_t i = 0; i < other.questions.size(); ++i) {
    questions[i].Merge(other.questions[i]);
  }
}

std::uint64_t Tally::damaged_rows() const {
  std::uint64_t rows = 0;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (IsDamage(static_cast<RowFault>(i))) rows += faults[i].rows;
  }
  return rows;
}

}  // namespace crawlcard::dataset
