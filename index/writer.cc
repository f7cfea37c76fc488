#include "index/internal/writer.h"

#include <utility>

namespace crawlcard::index {
namespace {

constexpr std::size_t kQueueItemsMax = 1024;

}  // namespace

Writer::Lane::Lane(std::size_t bytes_max) : queue(kQueueItemsMax, bytes_max) {}

Writer::Writer(Store::Impl& store, std::size_t queue_bytes_max,
               std::function<void(std::uint64_t)> on_batch)
    : store_(store), on_batch_(std::move(on_batch)) {
  const std::size_t lanes = store_.partition_count();
  for (std::size_t i = 0; i < lanes; ++i) {
    lanes_.push_back(std::make_unique<Lane>(queue_bytes_max / lanes));
  }
  for (std::size_t i = 0; i < lanes; ++i) lanes_[i]->thread = std::thread([this, i] { Run(i); });
}

Writer::~Writer() {
  Join();
}

void Writer::Join() {
  for (const auto& lane : lanes_) lane->queue.Close();
  for (const auto& lane : lanes_) {
    if (lane->thread.joinable()) lane->thread.join();
  }
}

bool Writer::Push(std::size_t partition, std::uint64_t /*file_id*/, Batch batch) {
  const std::size_t bytes = batch->GetDataSize();
  return lanes_[partition]->queue.Push(Work{std::move(batch), {}, nullptr}, bytes);
}

Status Writer::Remove(std::set<std::uint64_t> ids) {
  std::vector<std::future<Status>> waiting;
  for (const auto& lane : lanes_) {
    auto removed = std::make_shared<std::promise<Status>>();
    waiting.push_back(removed->get_future());
    if (!lane->queue.Push(Work{nullptr, ids, removed}, 0)) {
      return crawlcard::Fail(ErrorCode::kIo, "the index writer has stopped");
    }
  }
  for (std::future<Status>& removed : waiting) CRAWLCARD_TRY(removed.get());
  return {};
}

void Writer::Run(std::size_t partition) {
  while (std::optional<Work> work = lanes_[partition]->queue.Pop()) {
    if (work->batch) {
      Apply(partition, std::move(work->batch));
      continue;
    }
    Status status = store_.RemoveFilesIn(partition, work->remove);
    if (!status) Fail(status.error());
    work->removed->set_value(std::move(status));
  }
}

void Writer::Apply(std::size_t partition, Batch batch) {
  {
    const std::lock_guard lock(mutex_);
    if (failure_) return;  // nothing may follow what could not be written
  }
  if (Status status = store_.partition(partition).Write(*batch); !status) {
    Fail(status.error());
    return;
  }
  if (on_batch_) {
    const std::lock_guard lock(mutex_);
    on_batch_(++batches_);
  }
  GiveBack(std::move(batch));
}

void Writer::Fail(const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = error;
  }
  for (const auto& lane : lanes_) lane->queue.Close();
}

Status Writer::Finish() {
  Join();
  if (failure_) return tl::unexpected(*failure_);
  return store_.Flush();
}

std::size_t Writer::queued_bytes() const {
  std::size_t bytes = 0;
  for (const auto& lane : lanes_) bytes += lane->queue.load().bytes;
  return bytes;
}

}  // namespace crawlcard::index
