// card_measure DIR [JOBS] [PASS...] - how fast a card counts an index, as one JSON line.
//
// Passes, both by default: fold (bare iteration of `hosts` and `pages`, the scan of a card without
// its fold, and the whole count, in turn; three times on one thread, the best CPU time of each
// counts) and tree (its leaves hashed, once, apart). `bare` and `count` are single runs for a
// profiler. With JOBS above 1 the count is made once more by as many threads, by the wall.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <unordered_set>

#include <fmt/format.h>

#include "benches/index/measure.h"
#include "card/tally.h"
#include "index/proof/tree.h"
#include "index/scan.h"
#include "index/store.h"

namespace crawlcard::bench {
namespace {

using index::Store;

constexpr int kRounds = 3;

double WallSeconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

class NoFold final : public index::Fold {
 public:
  Status OnPage(const index::ScannedPage& page) override {
    sum += page.capture->status;
    return {};
  }
  Status OnHostRow(const index::ScannedHostRow& row) override {
    sum += row.capture->status;
    return {};
  }
  // Once of each kind, as a card does.
  bool WantsFacts(std::uint64_t alike) override {
    if (alike == last_) return false;
    last_ = alike;
    return met_.insert(alike).second;
  }
  std::uint64_t sum = 0;

 private:
  std::uint64_t last_ = 0;
  std::unordered_set<std::uint64_t> met_;
};

index::ScanOptions Options(unsigned jobs) {
  index::ScanOptions options;
  options.judge_options.policy = *robots::BuiltInPolicy("eu-tdm");
  options.jobs = jobs;
  return card::ScanFor(options);
}

// What a card does with an index, but for its tree.
card::Tally CountAll(const Store& store, unsigned jobs) {
  const card::TallyOptions tally;
  auto folds =
      index::Scan(store, Options(jobs), [&] { return std::make_unique<card::TallyFold>(tally); });
  if (!folds) Check(tl::unexpected(folds.error()));
  return card::MergeFolds(*folds, tally);
}

void MeasureFold(const Store& store) {
  double bare = 1e9;
  double scan = 1e9;
  double whole = 1e9;
  std::uint64_t rows = 0;
  std::uint64_t sum = 0;
  std::uint64_t captures = 0;
  for (int round = 0; round < kRounds; ++round) {
    double start = CpuSeconds();
    rows = IterateBare(store, sum);
    bare = std::min(bare, CpuSeconds() - start);
    start = CpuSeconds();
    auto folds = index::Scan(store, Options(1), [] { return std::make_unique<NoFold>(); });
    if (!folds) Check(tl::unexpected(folds.error()));
    scan = std::min(scan, CpuSeconds() - start);
    start = CpuSeconds();
    captures = CountAll(store, 1).captures.captures;
    whole = std::min(whole, CpuSeconds() - start);
  }
  fmt::print(",\"rows\":{},\"captures\":{},\"bare_rows_s\":{:.0f}", rows, captures,
             static_cast<double>(rows) / bare);
  fmt::print(",\"scan_rows_s\":{:.0f},\"scan_times_bare\":{:.3f}", static_cast<double>(rows) / scan,
             scan / bare);
  fmt::print(",\"card_rows_s\":{:.0f},\"card_times_bare\":{:.3f}",
             static_cast<double>(rows) / whole, whole / bare);
}

void MeasureJobs(const Store& store, unsigned jobs) {
  double one = 1e9;
  double many = 1e9;
  for (int round = 0; round < kRounds; ++round) {
    double start = WallSeconds();
    CountAll(store, 1);
    one = std::min(one, WallSeconds() - start);
    start = WallSeconds();
    CountAll(store, jobs);
    many = std::min(many, WallSeconds() - start);
  }
  fmt::print(",\"jobs\":{},\"wall_1_s\":{:.2f},\"wall_jobs_s\":{:.2f},\"speedup\":{:.2f}", jobs,
             one, many, one / many);
}

void MeasureTree(const Store& store) {
  const double start = CpuSeconds();
  const auto tree = index::BuildTree(store, {});
  if (!tree) Check(tl::unexpected(tree.error()));
  fmt::print(",\"tree_leaves\":{},\"tree_cpu_s\":{:.2f}", tree->size, CpuSeconds() - start);
}

void Run(const std::string& directory, unsigned jobs, const std::set<std::string>& passes) {
  const auto wanted = [&](const char* pass) { return passes.empty() || passes.contains(pass); };
  const std::unique_ptr<Store> store = OpenIndex(directory);
  fmt::print("{{\"tool\":\"card_measure\"");
  if (wanted("fold")) {
    MeasureFold(*store);
    if (jobs > 1) MeasureJobs(*store, jobs);
    fmt::print(",\"peak_rss\":{}", PeakBytes());
  }
  if (passes.contains("bare")) {
    std::uint64_t sum = 0;
    const double start = CpuSeconds();
    IterateBare(*store, sum);
    fmt::print(",\"bare_cpu_s\":{:.3f}", CpuSeconds() - start);
  }
  if (passes.contains("count")) {
    const double start = CpuSeconds();
    CountAll(*store, 1);
    fmt::print(",\"count_cpu_s\":{:.3f}", CpuSeconds() - start);
  }
  if (wanted("tree")) MeasureTree(*store);
  fmt::print(",\"peak_rss_all\":{}}}\n", PeakBytes());
}

}  // namespace
}  // namespace crawlcard::bench

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: card_measure DIR [JOBS] [PASS...]\n", stderr);
    return 2;
  }
  const unsigned long jobs = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1;
  crawlcard::bench::Run(argv[1], static_cast<unsigned>(std::clamp(jobs, 1UL, 64UL)),
                        std::set<std::string>(argv + std::min(argc, 3), argv + argc));
  return 0;
}
