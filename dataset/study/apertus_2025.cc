#include "dataset/study/apertus_2025.h"

#include <fmt/format.h>

#include "dataset/limits.h"
#include "index/site_walk.h"
#include "page/url.h"

namespace crawlcard::dataset {

std::size_t HostRules::BytesOf(std::string_view host, const Found& rules) {
  constexpr std::size_t kEntryBytes = 200;  // of list and table
  std::size_t bytes = kEntryBytes + host.size();
  if (rules != nullptr) bytes += rules->robots.held_bytes() + rules->protego.held_bytes();
  return bytes;
}

HostRules::Found HostRules::Get(std::string_view host) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = kept_.find(host); found != kept_.end()) {
      order_.splice(order_.begin(), order_, found->second.at);
      return found->second.rules;
    }
  }
  // Two threads may read one host: both find the same.
  Result<std::optional<std::string>> body = index::RobotsOfHost(store_, host, as_of_, known_by_);
  // A name that is no host of the index has no rules; anything else is the index's fault.
  const bool failed = !body && body.error().code() != ErrorCode::kInvalidArgument;
  Found rules;
  if (body && *body) rules = std::make_shared<const Rules>(**body);
  const std::lock_guard lock(mutex_);
  if (failed && failure_) failure_ = tl::unexpected(body.error());
  if (const auto found = kept_.find(host); found != kept_.end()) return found->second.rules;
  order_.emplace_front(host);
  kept_.emplace(order_.front(), Kept{rules, order_.begin()});
  bytes_ += BytesOf(order_.front(), rules);
  while (bytes_ > limits::kStudyRulesBytes && order_.size() > 1) {
    const auto oldest = kept_.find(order_.back());
    bytes_ -= BytesOf(order_.back(), oldest->second.rules);
    kept_.erase(oldest);
    order_.pop_back();
  }
  return rules;
}

bool HostRules::Refuses(std::string_view host, std::string_view url, bool& has_rules_out) {
  const Found rules = Get(host);
  has_rules_out = rules != nullptr;
  return rules != nullptr && rules->protego.RefusesAny(page::PathAndQueryOf(url));
}

Status HostRules::failure() {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void SiteRows::OnRow(const Row& row, const index::BatchAnswer* answer) {
  if (answer == nullptr) return;
  SiteAmount amount;
  amount.all.Add(row);
  std::string name(rules_ == nullptr ? SiteOfHost(answer->host) : answer->host);
  if (name.find(':') != std::string::npos && !name.starts_with('[')) name = "[" + name + "]";
  if (rules_ != nullptr) {
    bool has_rules = false;
    if (rules_->Refuses(name, row.url, has_rules)) amount.removed = amount.all;
    if (has_rules) with_rules.Add(amount.all);
  }
  sites[std::move(name)].Add(amount);
}

StudyReport ReportApertus2025(const SiteTotals& totals, const Amount& with_rules,
                              const Period& date) {
  StudyReport report;
  report.name = "apertus-2025";
  std::string agents;
  for (const std::string_view agent : kApertusAgents) {
    agents += fmt::format("{}{}", agents.empty() ? "" : ", ", agent);
  }
  report.definition = {
      {"source", "Apertus technical report (2025)"},
      {"population", fmt::format("rows of the {} hosts with most {}; loss is measured against all "
                                 "rows",
                                 kApertusHosts, WeightName(totals.weight()))},
      {"agents", "refused to any of: " + agents},
      {"reduction", "each URL by the rules of its path, whenever the row was captured"},
      {"keyed", "by host, http and https alike, usual ports"},
      {"dates", fmt::format("the latest robots.txt at or before {}", FormatRfc3339(date.end))},
      {"errors", "no robots.txt, one that was not seen or could not be read: allowed"},
      {"dialect",
       "as Protego: the group whose name is the longest part of the agent's, without "
       "case, else *; longest match, Allow on a tie"},
  };
  const std::vector<SiteTotals::Entry> head = totals.Head(kApertusHosts);
  SiteAmount ranked;
  std::uint64_t hosts_blocking = 0;
  for (const auto& [host, amount] : head) {
    ranked.Add(amount);
    if (amount.removed.rows != 0) ++hosts_blocking;
  }
  const Amount& all = totals.all().all;
  StudyValue value;
  value.labels = {{"date", date.name}, {"weight", std::string(WeightName(totals.weight()))}};
  value.numbers = {{"loss_rows", ShareOf(ranked.removed.rows, all.rows)},
                   {"loss_bytes", ShareOf(ranked.removed.bytes, all.bytes)},
                   {"loss_tokens", ShareOf(ranked.removed.tokens, all.tokens)},
                   {"rows", all.rows},
                   {"bytes", all.bytes},
                   {"tokens", all.tokens},
                   {"removed_rows", ranked.removed.rows},
                   {"removed_bytes", ranked.removed.bytes},
                   {"removed_tokens", ranked.removed.tokens},
                   {"ranked_rows", ranked.all.rows},
                   {"rows_with_robots", with_rules.rows},
                   {"hosts", totals.sites()},
                   {"hosts_ranked", head.size()},
                   {"hosts_blocking", hosts_blocking},
                   {"head_error", totals.head_error()}};
  report.values.push_back(std::move(value));
  return report;
}

}  // namespace crawlcard::dataset
