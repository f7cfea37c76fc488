// The table of hosts. Counts by kinds of status are called as in Common Crawl's host index.
#include "index/internal/host_table.h"

#include <array>
#include <deque>
#include <map>
#include <set>

#include "base/digest.h"
#include "index/interchange/limits.h"
#include "page/public_suffix.h"
#include "page/surt.h"

namespace crawlcard::index {
namespace {

enum Outcome : std::size_t { k200, k3xx, k4xx, k5xx, kGone, kNotModified, kOther, kPerm, kTemp };
constexpr std::array<std::string_view, 9> kOutcomes{
    "200", "3xx", "4xx", "5xx", "gone", "notModified", "other", "redirPerm", "redirTemp"};

Outcome OutcomeOf(std::uint16_t status) {
  switch (status) {
    case 200:
      return k200;
    case 301:
    case 308:
      return kPerm;
    case 302:
    case 303:
    case 307:
      return kTemp;
    case 304:
      return kNotModified;
    case 404:
    case 410:
      return kGone;
    default:
      break;
  }
  if (status >= 300 && status < 400) return k3xx;
  if (status >= 400 && status < 500) return k4xx;
  if (status >= 500 && status < 600) return k5xx;
  return kOther;
}

using Outcomes = std::array<std::int64_t, kOutcomes.size()>;

struct HostCounts {
  Outcomes pages{};
  Outcomes robots{};
  std::optional<UnixSeconds> first;
  std::optional<UnixSeconds> last;
  std::string robots_digest;  // of the latest body
  std::optional<UnixSeconds> robots_date;
  std::set<std::string> robots_digests;
};

// One range is read, so that the rows of a host come one after another.
class HostFold final : public Fold {
 public:
  HostFold(const Store& store, const TableOptions& options,
           const std::function<Status(std::span<const Cell>)>& on_row)
      : store_(store), options_(options), on_row_(on_row) {}

  Status OnPage(const ScannedPage& page) override {
    CRAWLCARD_ASSIGN(HostCounts* const counts, Enter(*page.capture));
    if (counts != nullptr) ++counts->pages[OutcomeOf(page.capture->status)];
    return {};
  }

  Status OnHostRow(const ScannedHostRow& row) override {
    const CaptureView& capture = *row.capture;
    CRAWLCARD_ASSIGN(HostCounts* const counts, Enter(capture));
    if (counts == nullptr || capture.well_known != robots::WellKnown::kRobotsTxt) return {};
    ++counts->robots[OutcomeOf(capture.status)];
    if (capture.body_sha256.empty()) return {};
    if (counts->robots_digests.size() < limits::kHostDigestsMax) {
      counts->robots_digests.emplace(capture.body_sha256);
    }
    if (capture.date < counts->robots_date) return {};
    counts->robots_date = capture.date;
    counts->robots_digest = "sha256:" + Hex(capture.body_sha256);
    return {};
  }

  Status Finish() {
    for (const auto& [host, counts] : hosts_) CRAWLCARD_TRY(HandOut(host, counts));
    hosts_.clear();
    return {};
  }

 private:
  // The counts of the capture's host, or null: it has none, or its group has too many.
  Result<HostCounts*> Enter(const CaptureView& capture) {
    if (capture.host.empty()) return nullptr;
    if (std::string group = page::SurtHost(capture.host); group != group_) {
      CRAWLCARD_TRY(Finish());
      group_ = std::move(group);
    }
    auto found = hosts_.find(capture.host);
    if (found == hosts_.end()) {
      if (hosts_.size() >= limits::kHostsOfGroupMax) return nullptr;
      found = hosts_.try_emplace(std::string(capture.host)).first;
    }
    HostCounts& counts = found->second;
    if (capture.date && (!counts.first || *capture.date < *counts.first)) {
      counts.first = capture.date;
    }
    if (capture.date > counts.last) counts.last = capture.date;
    return &counts;
  }

  Status HandOut(const std::string& host, const HostCounts& counts) {
    const auto text = [](std::string_view value) { return value.empty() ? Cell() : Cell(value); };
    const auto time = [](const std::optional<UnixSeconds>& value) {
      return value ? Cell(*value) : Cell();
    };
    const std::size_t dot = host.rfind('.');
    cells_ = {text(group_),
              text(host),
              text(std::string_view(host).substr(dot == std::string::npos ? 0 : dot + 1)),
              text(page::RegistrableDomainView(host)),
              text(page::IcannDomainView(host)),
              time(counts.first),
              time(counts.last)};
    for (const Outcomes* outcomes : {&counts.pages, &counts.robots}) {
      cells_.insert(cells_.end(), outcomes->begin(), outcomes->end());
    }
    cells_.push_back(text(counts.robots_digest));
    cells_.push_back(time(counts.robots_date));
    // Beyond the limit nobody counted.
    const std::size_t digests = counts.robots_digests.size();
    cells_.push_back(digests < limits::kHostDigestsMax ? Cell(static_cast<std::int64_t>(digests))
                                                       : Cell());
    for (const std::string& agent : options_.agents) {
      JudgeOptions judge = options_.judge;
      judge.agents = {agent};
      CRAWLCARD_ASSIGN(const UrlVerdict answer, CheckUrl(store_, host, judge));
      cells_.push_back(text(robots::DecisionName(answer.verdict.decision)));
    }
    return on_row_(cells_);
  }

  const Store& store_;
  const TableOptions& options_;
  const std::function<Status(std::span<const Cell>)>& on_row_;
  std::string group_;
  std::map<std::string, HostCounts, std::less<>> hosts_;  // of the group
  std::vector<Cell> cells_;
};

}  // namespace

std::vector<Column> HostColumns(const TableOptions& options) {
  std::vector<Column> columns{{"surt_host_name"},
                              {"url_host_name"},
                              {"url_host_tld"},
                              {"url_host_private_domain"},
                              {"url_host_registered_domain"},
                              {"fetch_time_first", ColumnKind::kTime},
                              {"fetch_time_last", ColumnKind::kTime}};
  for (const std::string_view kind : {"fetch", "robots"}) {
    for (const std::string_view outcome : kOutcomes) {
      columns.push_back({fmt::format("{}_{}", kind, outcome), ColumnKind::kInt64});
    }
  }
  columns.push_back({"robots_digest"});
  columns.push_back({"robots_digest_time", ColumnKind::kTime});
  columns.push_back({"robots_digests_distinct", ColumnKind::kInt64});
  for (const std::string& agent : options.agents) {
    columns.push_back({"decision_" + (agent == "*" ? std::string("any") : agent)});
  }
  return columns;
}

Status ForEachHostRow(const Store& store, const TableOptions& options,
                      const std::function<Status(std::span<const Cell>)>& on_row) {
  ScanOptions scan;
  scan.judge = false;
  scan.jobs = 1;
  const auto make_fold = [&] { return std::make_unique<HostFold>(store, options, on_row); };
  CRAWLCARD_ASSIGN(const std::vector<std::unique_ptr<Fold>> folds, Scan(store, scan, make_fold));
  for (const std::unique_ptr<Fold>& fold : folds) {
    CRAWLCARD_TRY(static_cast<HostFold&>(*fold).Finish());
  }
  return {};
}

}  // namespace crawlcard::index
