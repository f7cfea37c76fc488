#include "index/scan.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "base/digest.h"
#include "index/internal/body_table.h"
#include "index/internal/range_scan.h"
#include "index/internal/ranges.h"
#include "index/internal/store_impl.h"
#include "index/limits.h"

namespace crawlcard::index {
namespace {

struct Range {
  std::string lower;
  std::string upper;  // empty: no end
  std::unique_ptr<Fold> fold;
  Status status;
};

void RunRanges(const Store::Impl& store, const FileTable& files, const ScanOptions& options,
               const TakedownTable& takedowns, const BodyTable& bodies,
               const ScopedSnapshot* snapshot, std::vector<Range>& ranges) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  const auto work = [&] {
    for (;;) {
      const std::size_t i = next.fetch_add(1);
      if (i >= ranges.size() || failed.load(std::memory_order_relaxed)) return;
      Range& range = ranges[i];
      RangeScan scan(store, files, takedowns, bodies, options, store.parsed_files(), snapshot,
                     range.lower, range.upper, *range.fold);
      range.status = scan.Run();
      range.fold->OnEnd();
      if (!range.status) failed.store(true, std::memory_order_relaxed);
    }
  };
  const std::size_t jobs =
      std::min<std::size_t>(std::clamp(options.jobs, 1U, limits::kJobsMax), ranges.size());
  std::vector<std::thread> workers;
  for (std::size_t i = 1; i < jobs; ++i) workers.emplace_back(work);
  work();
  for (std::thread& worker : workers) worker.join();
}

}  // namespace

std::shared_ptr<const robots::RobotsTxt> ScannedHostRow::Robots() const {
  if (parsed == nullptr) {
    return std::make_shared<const robots::RobotsTxt>(robots::RobotsTxt::Parse(body));
  }
  return parsed->GetRobots("sha256:" + Hex(capture->body_sha256), body);
}

Result<std::vector<std::unique_ptr<Fold>>> Scan(
    const Store& store, const ScanOptions& options,
    const std::function<std::unique_ptr<Fold>()>& make_fold) {
  const Store::Impl& impl = store.impl();
  // The ledger first: what it calls sealed is all in the snapshot.
  CRAWLCARD_ASSIGN(const std::shared_ptr<const FileTable> files,
                   impl.Files(options.judge_options.known_by));
  CRAWLCARD_ASSIGN(const std::shared_ptr<const TakedownTable> takedowns,
                   impl.Takedowns(options.judge_options.known_by));
  const ScopedSnapshot snapshot(impl);
  const unsigned jobs = std::clamp(options.jobs, 1U, limits::kJobsMax);
  const std::size_t wanted = jobs == 1 ? 1 : std::size_t{jobs} * limits::kRangesPerJob;
  CRAWLCARD_ASSIGN(const std::vector<std::string> keys, SplitKeys(impl, snapshot.get(), wanted));

  std::vector<Range> ranges(keys.size() + 1);
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    if (i > 0) ranges[i].lower = keys[i - 1];
    if (i < keys.size()) ranges[i].upper = keys[i];
    ranges[i].fold = make_fold();
  }
  const bool number_bodies = options.number_bodies || (options.judge && options.codes_only);
  const BodyTable bodies = number_bodies ? BodyTable(impl, snapshot) : BodyTable();
  RunRanges(impl, *files, options, *takedowns, bodies, snapshot.get(), ranges);

  std::vector<std::unique_ptr<Fold>> folds;
  for (Range& range : ranges) {
    CRAWLCARD_TRY(std::move(range.status));
    folds.push_back(std::move(range.fold));
  }
  return folds;
}

}  // namespace crawlcard::index
