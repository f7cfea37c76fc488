// dataset/study/apertus_2025.h - rows that the robots.txt of their host, as it stood at one date,
// refuses to any of fifteen agents, whenever the row itself was captured.
//
// Source: the Apertus technical report (2025) and its filter, as docs/formats/study.md tells them.
//
// Thread rule: HostRules is thread-safe; SiteRows is thread-compatible, one a block.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "dataset/block_judge.h"
#include "dataset/study/site_totals.h"
#include "dataset/study/study.h"
#include "index/store.h"
#include "robots/restriction.h"

namespace crawlcard::dataset {

inline constexpr std::array<std::string_view, 15> kApertusAgents = {
    "AI2Bot",
    "Applebot-Extended",
    "Bytespider",
    "CCBot",
    "CCBot/2.0",
    "CCBot/1.0",
    "ClaudeBot",
    "cohere-training-data-crawler",
    "Diffbot",
    "FacebookBot",
    "Meta-ExternalAgent",
    "Google-Extended",
    "GPTBot",
    "PanguBot",
    "*",
};
inline constexpr std::size_t kApertusHosts = 1'000'000;
inline constexpr std::string_view kApertusDate = "2025-01";

// Rules of hosts as of an instant, read when they are first asked for; the ones used last are kept.
class HostRules {
 public:
  // Borrows `store`.
  HostRules(const index::Store& store, UnixSeconds as_of, std::optional<UnixSeconds> known_by)
      : store_(store), as_of_(as_of), known_by_(known_by) {}

  // Whether the host refuses the URL to any of the agents; a host without a robots.txt that could
  // be read refuses nothing. `has_rules_out` says whether there was one.
  bool Refuses(std::string_view host, std::string_view url, bool& has_rules_out);

  // What went wrong with the index. Errors: kCorrupt, kIo.
  [[nodiscard]] Status failure();

 private:
  struct Rules {
    explicit Rules(std::string_view body)
        : robots(robots::RobotsTxt::Parse(body)), protego(robots, kApertusAgents) {}
    robots::RobotsTxt robots;
    robots::ProtegoRules protego;
  };
  // Shared with the threads that ask it, while another takes its place. Null: nothing to read.
  using Found = std::shared_ptr<const Rules>;
  Found Get(std::string_view host);
  static std::size_t BytesOf(std::string_view host, const Found& rules);

  const index::Store& store_;
  const UnixSeconds as_of_;
  const std::optional<UnixSeconds> known_by_;
  std::mutex mutex_;
  std::list<std::string> order_;  // used last first
  struct Kept {
    Found rules;
    std::list<std::string>::iterator at;
  };
  std::unordered_map<std::string_view, Kept> kept_;  // names are those of order_
  std::size_t bytes_ = 0;
  Status failure_;
};

// Sums of a block's rows by site (`rules` null) or by exact host, with what is refused.
class SiteRows final : public RowObserver {
 public:
  explicit SiteRows(HostRules* rules) : rules_(rules) {}

  void OnRow(const Row& row, const index::BatchAnswer* answer) override;

  SiteAmounts sites;
  Amount with_rules;  // rows whose host had a robots.txt that could be read

 private:
  HostRules* rules_;
};

// `totals` by exact host, with what was removed.
StudyReport ReportApertus2025(const SiteTotals& totals, const Amount& with_rules,
                              const Period& date);

}  // namespace crawlcard::dataset
