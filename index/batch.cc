#include "index/batch.h"

#include <algorithm>
#include <utility>

#include "index/internal/batch_impl.h"
#include "index/internal/batch_worker.h"

namespace crawlcard::index {
namespace {

// Shares of what a batch may keep: origins by the million, files by the thousand, and what the
// workers keep for themselves.
constexpr std::uint64_t kOriginsShare = 2;
constexpr std::uint64_t kBodiesShare = 4;
constexpr std::uint64_t kWorkersShare = 4;

}  // namespace

Batch::Impl::Impl(const Store& store, BatchOptions options)
    : store_(store.impl()),
      options_(std::move(options)),
      origins_(options_.memory_bytes / kOriginsShare),
      bodies_(options_.memory_bytes / kBodiesShare) {}

Status Batch::Impl::Open() {
  const std::optional<UnixSeconds> known_by = options_.questions.front().known_by;
  CRAWLCARD_ASSIGN(files_, store_.Files(known_by));
  CRAWLCARD_ASSIGN(takedowns_, store_.Takedowns(known_by));
  return {};
}

std::size_t Batch::Impl::worker_bytes() const {
  const int workers = std::max(1, workers_.load(std::memory_order_relaxed));
  return static_cast<std::size_t>(options_.memory_bytes / kWorkersShare /
                                  static_cast<std::uint64_t>(workers));
}

Batch::Batch(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Batch::~Batch() = default;

Result<std::unique_ptr<Batch>> Batch::Open(const Store& store, BatchOptions options) {
  if (options.questions.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "a batch needs a question");
  }
  for (const JudgeOptions& one : options.questions) {
    if (one.known_by != options.questions.front().known_by) {
      return Fail(ErrorCode::kInvalidArgument, "questions of one batch with different known-by");
    }
  }
  auto impl = std::make_unique<Impl>(store, std::move(options));
  CRAWLCARD_TRY(impl->Open());
  return std::unique_ptr<Batch>(new Batch(std::move(impl)));
}

Batch::Worker::Worker(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Batch::Worker::~Worker() = default;

std::unique_ptr<Batch::Worker> Batch::NewWorker() const {
  return std::unique_ptr<Worker>(new Worker(std::make_unique<Worker::Impl>(*impl_)));
}

Result<std::span<const BatchAnswer>> Batch::Worker::Judge(std::span<const AskedUrl> asked) {
  return impl_->Judge(asked);
}

}  // namespace crawlcard::index
