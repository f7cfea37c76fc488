#include "dataset/study/cic_2024.h"

#include <algorithm>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "dataset/study/study.h"
#include "index/site_walk.h"

namespace crawlcard::dataset {
namespace {

using robots::AgentClass;
using robots::DetailClass;
using robots::Dialect;

constexpr std::string_view kPublishedDates = "2016-01..2024-04/month";
constexpr std::string_view kCombined = "Combined";
constexpr std::array<std::string_view, 2> kStratumNamesOfCic = {"head", "random"};

class CicFold final : public index::SiteFold {
 public:
  Status OnSite(index::Site& site) override {
    CicSite& found = sites[std::string(site.name())];
    found.first_seen = site.first_seen();
    std::string last_body;
    for (const index::RobotsSeen& seen : site.robots()) {
      const bool is_body = seen.state == robots::FetchState::kOk && !seen.body_sha256.empty();
      if (!is_body && seen.state != robots::FetchState::kOkEmpty &&
          seen.state != robots::FetchState::kUnavailable) {
        continue;  // says nothing: what was seen before goes on
      }
      const bool same = !found.snapshots.empty() && seen.body_sha256 == last_body;
      last_body = seen.body_sha256;
      if (same) continue;
      CicSnapshot snapshot;
      snapshot.date = seen.date;
      if (is_body) {
        CRAWLCARD_ASSIGN(const std::string_view body, site.Body(seen.body_sha256));
        snapshot.classes = CicReduce(body);
      } else {
        snapshot.classes = CicNoRobots();
      }
      found.snapshots.push_back(std::move(snapshot));
    }
    return {};
  }

  std::map<std::string, CicSite> sites;
};

struct Drawn {
  std::size_t stratum = 0;
  std::uint64_t weight = 0;
};
using DrawnSites = std::map<std::string, Drawn, std::less<>>;

// By period, then as CicClasses, head and random.
using Counts = std::vector<std::vector<std::array<CicStratum, 2>>>;

void Count(const CicSite& site, const Drawn& drawn, const std::vector<Period>& dates,
           const CicClasses& no_robots, Counts& counts_out) {
  for (std::size_t i = 0; i < dates.size(); ++i) {
    const CicClasses* const classes = CicAt(site, dates[i], no_robots);
    if (classes == nullptr) continue;
    for (std::size_t at = 0; at < classes->size(); ++at) {
      counts_out[i][at][drawn.stratum].Add((*classes)[at], drawn.weight);
    }
  }
}

void AppendValue(const std::array<CicStratum, 2>& strata, double head_share, std::string_view mode,
                 std::string_view name, const Period& date, bool brief, StudyReport& report) {
  StudyValue value;
  value.brief = brief;
  value.labels = {{"mode", std::string(mode)},
                  {"operator", std::string(name)},
                  {"date", date.name},
                  {"what", "estimate"}};
  const auto sum = [](const auto& all) {
    return std::accumulate(all.begin(), all.end(), std::uint64_t{0});
  };
  if (const auto estimate = CicEstimate(head_share, strata[0], strata[1])) {
    value.numbers.emplace_back("restricted", *estimate);
  }
  value.numbers.emplace_back("head_restricted",
                             ShareOf(strata[0].RestrictedWeight(), strata[0].AllWeight()));
  value.numbers.emplace_back("random_restricted",
                             ShareOf(strata[1].RestrictedWeight(), strata[1].AllWeight()));
  value.numbers.emplace_back("head_sites", sum(strata[0].sites));
  value.numbers.emplace_back("head_weight", strata[0].AllWeight());
  value.numbers.emplace_back("random_sites", sum(strata[1].sites));
  value.numbers.emplace_back("random_weight", strata[1].AllWeight());
  report.values.push_back(std::move(value));
  for (std::size_t stratum = 0; stratum < strata.size(); ++stratum) {
    for (std::size_t i = 0; i < robots::kDetailClassCount; ++i) {
      if (strata[stratum].sites[i] == 0) continue;
      const auto detail = static_cast<DetailClass>(i);
      StudyValue one;
      one.brief = false;
      one.labels = {
          {"mode", std::string(mode)},
          {"operator", std::string(name)},
          {"date", date.name},
          {"what", "class"},
          {"stratum", std::string(kStratumNamesOfCic[stratum])},
          {"class", detail == DetailClass::kNoRobots
                        ? "no_robots"
                        : std::string(robots::AgentClassName(robots::ClassOfDetail(detail)))},
          {"detail", std::string(robots::DetailClassName(detail))}};
      one.numbers = {{"sites", strata[stratum].sites[i]}, {"weight", strata[stratum].weight[i]}};
      report.values.push_back(std::move(one));
    }
  }
}

void Define(const SiteTotals& totals, const StudyOptions& options, StudyReport& report) {
  report.name = "cic-2024";
  report.definition = {
      {"source", "arXiv 2407.14933; its code, parse_robots.py and robots_util.py"},
      {"population", fmt::format("the {} sites (hosts without www.) of the rows; head: the {} with "
                                 "most {}; random: {} others with the smallest XXH3 of their names",
                                 totals.sites(), options.head_sites, WeightName(totals.weight()),
                                 options.random_sites)},
      {"agents",
       "operators of docs/formats/dialects.md, each the strictest of its agents; Combined "
       "the strictest of OpenAI, Google, Common Crawl, Anthropic, Cohere, Meta"},
      {"reduction",
       "none, some, all of the whole file for each agent, else that of *; restricted "
       "is class all"},
      {"dates",
       "the latest snapshot at or before the end of the period, carried forward; a site "
       "counts in periods that begin after it was first seen, and has no robots.txt until "
       "the first snapshot"},
      {"errors",
       "5xx, no answer and redirects into the dark are no snapshot; 4xx and empty files "
       "are snapshots without robots.txt; sites that were never asked are left out"},
      {"dialect", "three modes: cic-legacy, cic-fixed, rfc9309"},
      {"estimate",
       "h * restricted head / head + (1 - h) * restricted random / random, by weight; h "
       "is the head's share of all rows"},
  };
}

}  // namespace

std::vector<robots::CicOperator> CicTracked(Dialect mode) {
  const auto all = robots::CicOperators(mode == Dialect::kCicLegacy ? mode : Dialect::kCicFixed);
  return {all.begin(), all.end()};
}

std::size_t CicModeBegin(std::size_t mode) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < mode; ++i) begin += CicTracked(kCicModes[i]).size() + 1;
  return begin;
}

CicClasses CicReduce(std::string_view body) {
  const robots::RobotsTxt robots = robots::RobotsTxt::Parse(body);
  CicClasses classes;
  for (const Dialect mode : kCicModes) {
    AgentClass combined = AgentClass::kNone;
    for (const robots::CicOperator& each : CicTracked(mode)) {
      const AgentClass value = robots::RestrictionOf(robots, each.agents, mode);
      if (each.combined) combined = std::max(combined, value);
      classes.push_back(robots::DetailOf(value, body));
    }
    classes.push_back(robots::DetailOf(combined, body));
  }
  return classes;
}

CicClasses CicNoRobots() {
  return CicClasses(CicModeBegin(kCicModes.size()), DetailClass::kNoRobots);
}

const CicClasses* CicAt(const CicSite& site, const Period& period, const CicClasses& no_robots) {
  if (site.snapshots.empty() || site.first_seen > period.begin) return nullptr;
  const CicClasses* latest = &no_robots;
  for (const CicSnapshot& snapshot : site.snapshots) {
    if (snapshot.date > period.end) break;
    latest = &snapshot.classes;
  }
  return latest;
}

std::uint64_t CicStratum::AllWeight() const {
  return std::accumulate(weight.begin(), weight.end(), std::uint64_t{0});
}

std::optional<double> CicEstimate(double head_share, const CicStratum& head,
                                  const CicStratum& random) {
  double estimate = 0;
  const std::array<std::pair<double, const CicStratum*>, 2> parts = {
      {{head_share, &head}, {1 - head_share, &random}}};
  for (const auto& [share, stratum] : parts) {
    if (share <= 0) continue;
    const std::uint64_t all = stratum->AllWeight();
    if (all == 0) return std::nullopt;
    estimate += share * ShareOf(stratum->RestrictedWeight(), all);
  }
  return estimate;
}

Result<StudyReport> RunCic2024(const index::Store& store, const StudyOptions& options) {
  const SiteTotals& totals = *options.totals;
  const Weight weight = totals.weight();
  const std::vector<SiteTotals::Entry> head = totals.Head(options.head_sites);
  const std::vector<SiteTotals::Entry> random = totals.Random(options.random_sites, head);
  DrawnSites drawn;
  std::uint64_t head_weight = 0;
  index::SiteWalkOptions walk;
  for (const auto* const stratum : {&head, &random}) {
    for (const auto& [site, amount] : *stratum) {
      drawn[site] = {stratum == &random ? std::size_t{1} : 0, WeightOf(amount.all, weight)};
      walk.hosts.push_back(site);
      if (stratum == &head) head_weight += WeightOf(amount.all, weight);
    }
  }
  const std::vector<Period> dates = DatesOr(options, kPublishedDates);
  const CicClasses no_robots = CicNoRobots();
  Counts counts(dates.size(), std::vector<std::array<CicStratum, 2>>(no_robots.size()));
  std::array<std::uint64_t, 2> known{};
  if (!walk.hosts.empty()) {
    walk.known_by = options.known_by;
    walk.jobs = options.jobs;
    CRAWLCARD_ASSIGN(const auto folds,
                     index::WalkSites(store, walk, [] { return std::make_unique<CicFold>(); }));
    for (const auto& fold : folds) {
      for (const auto& [name, site] : static_cast<const CicFold&>(*fold).sites) {
        const auto found = drawn.find(name);
        if (found == drawn.end() || site.snapshots.empty()) continue;
        ++known[found->second.stratum];
        Count(site, found->second, dates, no_robots, counts);
      }
    }
  }

  StudyReport report;
  Define(totals, options, report);
  const double share = ShareOf(head_weight, WeightOf(totals.all().all, weight));
  StudyValue drawn_value;
  drawn_value.labels = {{"what", "sample"}, {"weight", std::string(WeightName(weight))}};
  drawn_value.numbers = {{"head_share", share},
                         {"head_sites", head.size()},
                         {"head_sites_known", known[0]},
                         {"random_sites", random.size()},
                         {"random_sites_known", known[1]},
                         {"sites", totals.sites()},
                         {"weight", WeightOf(totals.all().all, weight)},
                         {"head_error", totals.head_error()}};
  report.values.push_back(std::move(drawn_value));
  for (std::size_t mode = 0; mode < kCicModes.size(); ++mode) {
    const std::vector<robots::CicOperator> tracked = CicTracked(kCicModes[mode]);
    for (std::size_t at = 0; at <= tracked.size(); ++at) {
      const bool is_combined = at == tracked.size();
      for (std::size_t i = 0; i < dates.size(); ++i) {
        AppendValue(counts[i][CicModeBegin(mode) + at], share, robots::DialectName(kCicModes[mode]),
                    is_combined ? kCombined : tracked[at].name, dates[i],
                    is_combined || i + 1 == dates.size(), report);
      }
    }
  }
  return report;
}

}  // namespace crawlcard::dataset
