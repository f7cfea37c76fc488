// index_measure DIR [LOOKUPS] [PASS...] - what an index answers, and how fast, as one JSON line.
//
// Passes, all by default: open, scan, verdicts, warm, cold. Bare iteration and scan run in turn on
// one thread, three times, and the best CPU time of each counts: their ratio is what is quoted. A
// cold lookup comes after the page cache of the index's files was dropped and the index opened
// anew; the time to open is not in it.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "benches/index/measure.h"
#include "index/history.h"
#include "index/scan.h"
#include "index/schema.h"
#include "index/store.h"

namespace crawlcard::bench {
namespace {

using index::Store;

constexpr int kRounds = 3;

// Seconds of the wall.
template <class Work>
double Timed(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Leaves nothing of the index in the page cache.
void DropCache(const std::string& directory) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    const int fd = open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    close(fd);
  }
}

struct Percentiles {
  double p50 = 0;
  double p99 = 0;
};

Percentiles Of(std::vector<double> seconds) {
  std::sort(seconds.begin(), seconds.end());
  if (seconds.empty()) return {};
  return {seconds[seconds.size() / 2], seconds[(seconds.size() - 1) * 99 / 100]};
}

class CountingFold final : public index::Fold {
 public:
  Status OnPage(const index::ScannedPage& page) override {
    ++rows;
    sum += page.capture->url.size() + page.capture->status;
    if (page.codes != nullptr) ++decisions[static_cast<std::size_t>(page.codes->decision)];
    if (page.verdict != nullptr) ++decisions[static_cast<std::size_t>(page.verdict->decision)];
    return {};
  }
  Status OnHostRow(const index::ScannedHostRow& row) override {
    ++rows;
    sum += row.capture->status;
    return {};
  }
  std::uint64_t rows = 0;
  std::uint64_t sum = 0;
  std::array<std::uint64_t, 8> decisions{};
};

struct Pass {
  std::uint64_t rows = 0;
  double cpu_s = 1e9;
  std::array<std::uint64_t, 8> decisions{};
};

void RunScan(const Store& store, const index::ScanOptions& options, Pass& pass) {
  const double start = CpuSeconds();
  auto folds = index::Scan(store, options, [] { return std::make_unique<CountingFold>(); });
  if (!folds) Check(tl::unexpected(folds.error()));
  const auto& fold = static_cast<const CountingFold&>(*folds->front());
  pass.cpu_s = std::min(pass.cpu_s, CpuSeconds() - start);
  pass.rows = fold.rows;
  pass.decisions = fold.decisions;
}

enum class Verdicts { kNone, kCodes };

index::ScanOptions Options(index::RowParts parts, Verdicts verdicts) {
  index::ScanOptions options;
  options.parts = parts;
  options.bodies = false;
  options.judge = verdicts != Verdicts::kNone;
  options.codes_only = true;
  return options;
}

void MeasureScans(const Store& store) {
  const auto none = Verdicts::kNone;
  Pass bare;
  Pass numbers;
  Pass urls;
  Pass whole;
  Pass codes;
  Pass codes_urls;
  std::uint64_t sum = 0;
  for (int round = 0; round < kRounds; ++round) {
    const double start = CpuSeconds();
    bare.rows = IterateBare(store, sum);
    bare.cpu_s = std::min(bare.cpu_s, CpuSeconds() - start);
    RunScan(store, Options(index::RowParts{}, none), numbers);
    RunScan(store, Options(index::kRowUrl, none), urls);
    RunScan(store, Options(index::kRowAll, none), whole);
    RunScan(store, Options(index::RowParts{}, Verdicts::kCodes), codes);
    RunScan(store, Options(index::kRowUrl, Verdicts::kCodes), codes_urls);
  }
  const auto rate = [](const Pass& pass) { return static_cast<double>(pass.rows) / pass.cpu_s; };
  fmt::print(",\"rows\":{},\"bare_rows_s\":{:.0f}", bare.rows, rate(bare));
  fmt::print(
      ",\"scan_numbers_to_bare\":{:.3f},\"scan_urls_to_bare\":{:.3f},"
      "\"scan_whole_rows_to_bare\":{:.3f}",
      bare.cpu_s / numbers.cpu_s, bare.cpu_s / urls.cpu_s, bare.cpu_s / whole.cpu_s);
  fmt::print(",\"verdict_codes_rows_s_core\":{:.0f},\"verdict_codes_to_bare\":{:.3f}", rate(codes),
             bare.cpu_s / codes.cpu_s);
  fmt::print(",\"verdict_codes_urls_rows_s_core\":{:.0f}", rate(codes_urls));
  fmt::print(",\"decisions\":[{}]", fmt::join(codes.decisions, ","));
}

// Some URLs, spread over the whole index.
std::vector<std::string> SomeUrls(const Store& store, std::size_t wanted) {
  class Urls final : public index::Fold {
   public:
    Urls(std::vector<std::string>& urls, std::uint64_t every) : urls_(urls), every_(every) {}
    Status OnPage(const index::ScannedPage& page) override {
      if (count_++ % every_ == every_ / 2) urls_.emplace_back(page.capture->url);
      return {};
    }
    Status OnHostRow(const index::ScannedHostRow&) override { return {}; }

   private:
    std::vector<std::string>& urls_;
    std::uint64_t every_;
    std::uint64_t count_ = 0;
  };
  std::vector<std::string> urls;
  std::uint64_t rows = 0;
  const auto sizes = store.Sizes();
  if (sizes) rows = (*sizes)[0].rows_estimate;
  const std::uint64_t every = std::max<std::uint64_t>(1, rows / wanted);
  auto done = index::Scan(store, Options(index::kRowUrl, Verdicts::kNone),
                          [&] { return std::make_unique<Urls>(urls, every); });
  if (!done) Check(tl::unexpected(done.error()));
  return urls;
}

std::string HostOfUrl(const std::string& url) {
  const std::size_t begin = url.find("://") + 3;
  return url.substr(begin, url.find('/', begin) - begin);
}

void CheckOne(const Store& store, const std::string& url) {
  auto verdict = index::CheckUrl(store, url, {});
  if (!verdict) Check(tl::unexpected(verdict.error()));
}

void ShowOne(const Store& store, const std::string& host) {
  Check(index::ShowHistory(store, host, {}, [](const index::HistoryRun&) { return Status(); }));
}

void MeasureWarm(const Store& store, const std::vector<std::string>& urls) {
  for (const std::string& url : urls) CheckOne(store, url);
  std::vector<double> times;
  for (const std::string& url : urls) {
    times.push_back(Timed([&] { CheckOne(store, url); }));
  }
  const Percentiles found = Of(times);
  fmt::print(",\"verdict_warm_p50_us\":{:.0f},\"verdict_warm_p99_us\":{:.0f}", found.p50 * 1e6,
             found.p99 * 1e6);
}

void MeasureCold(const std::string& directory, const std::vector<std::string>& urls) {
  std::vector<double> opens;
  std::vector<double> verdicts;
  std::vector<double> histories;
  for (const std::string& url : urls) {
    for (const bool history : {false, true}) {
      DropCache(directory);
      std::unique_ptr<Store> store;
      opens.push_back(Timed([&] { store = OpenIndex(directory); }));
      DropCache(directory);
      (history ? histories : verdicts).push_back(Timed([&] {
        if (history) {
          ShowOne(*store, HostOfUrl(url));
        } else {
          CheckOne(*store, url);
        }
      }));
    }
  }
  const Percentiles verdict = Of(verdicts);
  const Percentiles history = Of(histories);
  const Percentiles opened = Of(opens);
  fmt::print(",\"verdict_cold_p50_ms\":{:.2f},\"verdict_cold_p99_ms\":{:.2f}", verdict.p50 * 1e3,
             verdict.p99 * 1e3);
  fmt::print(",\"history_cold_p50_ms\":{:.2f},\"history_cold_p99_ms\":{:.2f}", history.p50 * 1e3,
             history.p99 * 1e3);
  fmt::print(",\"open_cold_p50_ms\":{:.1f},\"open_cold_p99_ms\":{:.1f}", opened.p50 * 1e3,
             opened.p99 * 1e3);
}

void Run(const std::string& directory, std::size_t lookups, const std::set<std::string>& passes) {
  const auto wanted = [&](const char* pass) { return passes.empty() || passes.contains(pass); };
  std::unique_ptr<Store> store;
  const double opened = Timed([&] { store = OpenIndex(directory); });
  fmt::print("{{\"open_ms\":{:.1f}", opened * 1e3);
  if (wanted("scan")) MeasureScans(*store);
  // Alone, for a profiler.
  if (passes.contains("bare")) {
    std::uint64_t sum = 0;
    const double start = CpuSeconds();
    IterateBare(*store, sum);
    fmt::print(",\"bare_cpu_s\":{:.3f}", CpuSeconds() - start);
  }
  if (passes.contains("codes")) {
    Pass codes;
    RunScan(*store, Options(index::RowParts{}, Verdicts::kCodes), codes);
    fmt::print(",\"codes_cpu_s\":{:.3f}", codes.cpu_s);
  }
  if (passes.contains("numbers")) {
    Pass numbers;
    RunScan(*store, Options(index::RowParts{}, Verdicts::kNone), numbers);
    fmt::print(",\"numbers_cpu_s\":{:.3f}", numbers.cpu_s);
  }
  if (wanted("warm") || wanted("cold")) {
    const std::vector<std::string> urls = SomeUrls(*store, lookups);
    if (wanted("warm")) MeasureWarm(*store, urls);
    store.reset();
    if (wanted("cold")) MeasureCold(directory, urls);
  }
  fmt::print(",\"peak_rss\":{}}}\n", PeakBytes());
}

}  // namespace
}  // namespace crawlcard::bench

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: index_measure DIR [LOOKUPS] [PASS...]\n", stderr);
    return 2;
  }
  const std::size_t lookups = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 300;
  crawlcard::bench::Run(argv[1], std::max<std::size_t>(1, lookups),
                        std::set<std::string>(argv + std::min(argc, 3), argv + argc));
  return 0;
}
