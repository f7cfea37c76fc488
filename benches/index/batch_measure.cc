// batch_measure DIR ROWS [PASS...] - verdicts for rows of a data set, and how fast, as one JSON
// line.
//
// Rows are made of the hosts and pages of the index (benches/run_index makes one). Passes:
//   host    by the signals of hosts alone, rows in no order and in order, many rows a host
//   line    the same as whole verdict lines
//   page    with the pages' own rows, rows in key order and in no order
//   strange rows of ten million hosts that the index does not know
//   all     the host pass over ten million hosts of the index and others, for its memory
// Each pass but the last two runs three times; the first round warms, the best CPU time of the
// others counts. One thread.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <malloc.h>

#include "base/file.h"
#include "benches/index/made_captures.h"
#include "benches/index/measure.h"
#include "index/batch.h"
#include "index/scan.h"
#include "index/schema.h"
#include "index/store.h"

namespace crawlcard::bench {
namespace {

using index::Store;

constexpr std::size_t kBatchRows = 8192;
constexpr UnixSeconds kInstant = 1'790'000'000;

std::uint64_t ResidentBytes() {
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  unsigned long long total = 0;
  unsigned long long resident = 0;
  if (file == nullptr || std::fscanf(file, "%llu %llu", &total, &resident) != 2) return 0;
  std::fclose(file);
  return resident * 4096;
}

// Every URL that the index holds, up to some, in key order.
std::vector<std::string> PageUrls(const Store& store, std::size_t most) {
  class Urls final : public index::Fold {
   public:
    Urls(std::vector<std::string>& urls, std::size_t every) : urls_(urls), every_(every) {}
    Status OnPage(const index::ScannedPage& page) override {
      if (count_++ % every_ == 0) urls_.emplace_back(page.capture->url);
      return {};
    }
    Status OnHostRow(const index::ScannedHostRow&) override { return {}; }

   private:
    std::vector<std::string>& urls_;
    std::size_t every_;
    std::size_t count_ = 0;
  };
  std::uint64_t rows = 0;
  if (const auto sizes = store.Sizes()) rows = (*sizes)[0].rows_estimate;
  index::ScanOptions options;
  options.judge = false;
  options.bodies = false;
  options.parts = index::kRowUrl;
  std::vector<std::string> urls;
  const std::size_t every = std::max<std::size_t>(1, rows / most);
  auto done = index::Scan(store, options, [&] { return std::make_unique<Urls>(urls, every); });
  if (!done) Check(tl::unexpected(done.error()));
  return urls;
}

// One URL a host, the whole index.
std::vector<std::string> HostUrls(const Store& store) {
  std::vector<std::string> origins;
  std::string last;
  const auto rows = store.impl().NewIterator(index::Family::kHosts, nullptr);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
    index::HostKeyView key;
    if (!index::DecodeHostKey(index::ToView(rows->key()), key) || key.origin == last) continue;
    last = key.origin;
    origins.push_back(std::string(key.scheme) + "://" + std::string(key.host));
  }
  return origins;
}

struct Rows {
  std::vector<std::string> urls;
  std::vector<index::AskedUrl> asked;

  void View() {
    asked.clear();
    for (const std::string& url : urls) asked.push_back({url, std::nullopt});
  }
};

// `count` rows of the hosts given, paths as pages have them.
Rows RowsOf(const std::vector<std::string>& origins, const std::vector<std::string>& pages,
            std::size_t count, bool ordered) {
  Random random(7);
  Rows rows;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = ordered ? i * origins.size() / count : random.Below(origins.size());
    const std::string& page = pages[random.Below(pages.size())];
    const std::size_t path = std::min(page.find('/', page.find("://") + 3), page.size());
    rows.urls.push_back(origins[at] + page.substr(path));
  }
  rows.View();
  return rows;
}

index::BatchOptions Options(bool pages, bool json) {
  index::BatchOptions options;
  options.questions.resize(1);
  options.questions[0].policy = *robots::BuiltInPolicy("eu-tdm");
  options.questions[0].as_of = {index::AsOf::Kind::kInstant, kInstant};
  options.pages = pages;
  options.json = json;
  return options;
}

struct Tally {
  std::uint64_t usable = 0;
  std::uint64_t known = 0;
  std::uint64_t pages = 0;
  std::uint64_t bytes = 0;

  void Add(std::span<const index::BatchAnswer> answers) {
    for (const index::BatchAnswer& one : answers) {
      if (!one.codes.empty() && one.codes[0]->usable) ++usable;
      if (one.host_known) ++known;
      if (one.page_known) ++pages;
      bytes += one.json.size();
    }
  }
};

double Ask(index::Batch::Worker& worker, std::span<const index::AskedUrl> asked, Tally& tally) {
  const double start = CpuSeconds();
  for (std::size_t at = 0; at < asked.size(); at += kBatchRows) {
    const auto answers = worker.Judge(asked.subspan(at, std::min(kBatchRows, asked.size() - at)));
    if (!answers) Check(tl::unexpected(answers.error()));
    tally.Add(*answers);
  }
  return CpuSeconds() - start;
}

void Measure(const Store& store, const std::string& name, const index::BatchOptions& options,
             const Rows& rows) {
  auto batch = index::Batch::Open(store, options);
  if (!batch) Check(tl::unexpected(batch.error()));
  const auto worker = (*batch)->NewWorker();
  constexpr int kRounds = 3;
  double first = 0;
  double best = 1e9;
  Tally tally;
  for (int round = 0; round < kRounds; ++round) {
    tally = {};
    const double took = Ask(*worker, rows.asked, tally);
    if (round == 0) first = took;
    if (round != 0) best = std::min(best, took);
  }
  const auto count = static_cast<double>(rows.asked.size());
  fmt::print(
      ",\"{0}_rows\":{1},\"{0}_verdicts_s_core\":{2:.0f},\"{0}_first_round_s_core\":{3:.0f},"
      "\"{0}_usable\":{4},\"{0}_known_hosts\":{5},\"{0}_known_pages\":{6},\"{0}_line_bytes\":{7}",
      name, rows.asked.size(), count / best, count / first, tally.usable, tally.known, tally.pages,
      tally.bytes);
  std::fflush(stdout);
}

// Ten million hosts, a row each, some of them known.
void MeasureMemory(const Store& store, const std::string& name,
                   const std::vector<std::string>& origins, const std::vector<std::string>& pages) {
  constexpr std::size_t kHosts = 10'000'000;
  constexpr std::size_t kStep = 8 * kBatchRows;
  auto batch = index::Batch::Open(store, Options(false, false));
  if (!batch) Check(tl::unexpected(batch.error()));
  const auto worker = (*batch)->NewWorker();
  malloc_trim(0);
  const std::uint64_t before = ResidentBytes();
  std::uint64_t peak = 0;
  double cpu_s = 0;
  Tally tally;
  Random random(3);
  for (std::size_t at = 0; at < kHosts; at += kStep) {
    Rows rows;
    for (std::size_t i = at; i < std::min(at + kStep, kHosts); ++i) {
      const std::string& page = pages[random.Below(pages.size())];
      const std::size_t path = std::min(page.find('/', page.find("://") + 3), page.size());
      const bool known = i % 20 == 0 && !origins.empty();
      const std::string origin = known
                                     ? origins[i / 20 * 7919 % origins.size()]
                                     : fmt::format("https://www.host{}.example", i * 7919 % kHosts);
      rows.urls.push_back(origin + page.substr(path));
    }
    rows.View();
    cpu_s += Ask(*worker, rows.asked, tally);
    peak = std::max(peak, ResidentBytes());
  }
  fmt::print(
      ",\"{0}_hosts\":{1},\"{0}_verdicts_s_core\":{2:.0f},\"{0}_known_hosts\":{3},"
      "\"{0}_rss_before\":{4},\"{0}_rss_peak\":{5}",
      name, kHosts, static_cast<double>(kHosts) / cpu_s, tally.known, before, peak);
  std::fflush(stdout);
}

int Run(const std::string& directory, std::size_t rows, const std::set<std::string>& passes) {
  const auto wanted = [&](const char* pass) { return passes.empty() || passes.contains(pass); };
  index::StoreOptions store_options;
  store_options.memory_bytes = 512ULL << 20;
  auto store = Store::Open(directory, index::OpenMode::kRead, store_options);
  if (!store) Check(tl::unexpected(store.error()));
  const std::vector<std::string> pages = PageUrls(**store, 200'000);
  const std::vector<std::string> origins = HostUrls(**store);
  fmt::print("{{\"hosts\":{}", origins.size());
  if (wanted("host")) {
    Measure(**store, "host_any_order", Options(false, false), RowsOf(origins, pages, rows, false));
    Measure(**store, "host_in_order", Options(false, false), RowsOf(origins, pages, rows, true));
  }
  if (wanted("line")) {
    Measure(**store, "line", Options(false, true), RowsOf(origins, pages, rows / 4, true));
  }
  if (wanted("page")) {
    Rows rows_of_pages;
    rows_of_pages.urls = PageUrls(**store, rows / 4);
    rows_of_pages.View();
    Measure(**store, "page_in_order", Options(true, false), rows_of_pages);
    Random random(5);
    std::vector<std::string>& urls = rows_of_pages.urls;
    for (std::size_t i = urls.size(); i > 1; --i) std::swap(urls[i - 1], urls[random.Below(i)]);
    rows_of_pages.View();
    Measure(**store, "page_any_order", Options(true, false), rows_of_pages);
  }
  if (wanted("strange")) MeasureMemory(**store, "strange", {}, pages);
  if (wanted("all")) MeasureMemory(**store, "all", origins, pages);
  fmt::print("}}\n");
  return 0;
}

}  // namespace
}  // namespace crawlcard::bench

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: batch_measure DIR ROWS [PASS...]\n", stderr);
    return 2;
  }
  return crawlcard::bench::Run(argv[1], std::strtoull(argv[2], nullptr, 10),
                               std::set<std::string>(argv + 3, argv + argc));
}
