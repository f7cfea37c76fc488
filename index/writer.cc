#include "index/internal/writer.h"

#include <utility>

namespace crawlcard::index {
namespace {

constexpr std::size_t kQueueItemsMax = 1024;
constexpr std::size_t kSpareMax = 16;
// A batch that one giant row has blown up is not kept.
constexpr std::size_t kSpareBytesMax = 4 << 20;

}  // namespace

Writer::Writer(Store::Impl& store, std::size_t queue_bytes_max,
               std::function<void(std::uint64_t)> on_batch)
    : store_(store),
      on_batch_(std::move(on_batch)),
      queue_(kQueueItemsMax, queue_bytes_max),
      thread_([this] { Run(); }) {}

Writer::~Writer() {
  queue_.Close();
  if (thread_.joinable()) thread_.join();
}

Writer::Batch Writer::NewBatch() {
  const std::lock_guard lock(mutex_);
  if (spare_.empty()) return std::make_unique<rocksdb::WriteBatch>();
  Batch batch = std::move(spare_.back());
  spare_.pop_back();
  return batch;
}

bool Writer::Push(Batch batch) {
  const std::size_t bytes = batch->GetDataSize();
  return queue_.Push(Work{std::move(batch), {}, nullptr}, bytes);
}

Status Writer::Remove(std::set<std::uint64_t> ids) {
  auto removed = std::make_shared<std::promise<Status>>();
  std::future<Status> done = removed->get_future();
  if (!queue_.Push(Work{nullptr, std::move(ids), removed}, 0)) {
    return crawlcard::Fail(ErrorCode::kIo, "the index writer has stopped");
  }
  return done.get();
}

void Writer::Run() {
  while (std::optional<Work> work = queue_.Pop()) {
    if (work->batch) {
      Apply(std::move(work->batch));
      continue;
    }
    Status status = store_.RemoveFiles(work->remove);
    if (!status) Fail(status.error());
    work->removed->set_value(std::move(status));
  }
}

void Writer::Apply(Batch batch) {
  {
    const std::lock_guard lock(mutex_);
    if (failure_) return;  // nothing may follow what could not be written
  }
  if (Status status = store_.Write(*batch); !status) {
    Fail(status.error());
    return;
  }
  if (on_batch_) on_batch_(++batches_);
  if (batch->GetDataSize() > kSpareBytesMax) return;
  batch->Clear();
  const std::lock_guard lock(mutex_);
  if (spare_.size() < kSpareMax) spare_.push_back(std::move(batch));
}

void Writer::Fail(const Error& error) {
  const std::lock_guard lock(mutex_);
  if (!failure_) failure_ = error;
  queue_.Close();
}

Status Writer::Finish() {
  queue_.Close();
  if (thread_.joinable()) thread_.join();
  if (failure_) return tl::unexpected(*failure_);
  return store_.Flush();
}

}  // namespace crawlcard::index
