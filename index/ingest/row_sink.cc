#include "index/ingest/row_sink.h"

#include <utility>

#include "index/schema.h"

namespace crawlcard::index {
namespace {

// Digests remembered so that a body met again in the file is not written again.
constexpr std::size_t kBlobsRememberedMax = 16 * 1024;

}  // namespace

rocksdb::WriteBatch& RowStream::batch() {
  if (!batch_) batch_ = writer_.NewBatch();
  return *batch_;
}

Status RowStream::Push() {
  return batch_ ? Continue(nullptr) : Status();
}

Status RowStream::Continue(Writer::Batch batch) {
  Writer::Batch before = std::exchange(batch_, std::move(batch));
  if (!before || before->Count() == 0 || writer_.Push(std::move(before))) return {};
  has_failed_ = true;
  return Fail(ErrorCode::kIo, "the index writer has stopped");
}

RowSink::RowSink(Store::Impl& store, RowStream& stream, std::size_t batch_bytes,
                 std::atomic<std::uint64_t>& captures)
    : store_(store), stream_(stream), batch_bytes_(batch_bytes), captures_(captures) {}

Status RowSink::Take(const CaptureView& capture) {
  const bool is_host_row = IsHostRow(capture);
  if (is_host_row) {
    EncodeHostKey(capture, key_);
  } else {
    EncodePageKey(capture, key_);
  }
  EncodeCapture(capture, value_);
  if (!is_released_ && !batch_) batch_ = stream_.NewBatch();
  rocksdb::WriteBatch& batch = is_released_ ? stream_.batch() : *batch_;
  batch.Put(store_.family(is_host_row ? Family::kHosts : Family::kPages), ToSlice(key_),
            ToSlice(value_));
  if (!capture.body_sha256.empty()) PutBlob(capture, batch);
  ++rows_;
  if (batch.GetDataSize() < batch_bytes_) return {};
  if (is_released_) {
    captures_.fetch_add(std::exchange(rows_, 0), std::memory_order_relaxed);
    return stream_.Push();
  }
  full_bytes_ += batch_->GetDataSize();
  full_.push_back(std::move(batch_));
  return {};
}

// The body goes into the same batch as the first row that names it.
void RowSink::PutBlob(const CaptureView& capture, rocksdb::WriteBatch& batch) {
  if (blobs_put_.size() >= kBlobsRememberedMax) blobs_put_.clear();
  if (!blobs_put_.emplace(capture.body_sha256).second) return;
  EncodeBlob(capture.kept_body, value_);
  batch.Put(store_.family(Family::kBlobs), ToSlice(capture.body_sha256), ToSlice(value_));
}

// From now on rows go straight into the batch of the stream.
Status RowSink::Release() {
  is_released_ = true;
  for (Writer::Batch& batch : full_) CRAWLCARD_TRY(stream_.Continue(std::move(batch)));
  full_.clear();
  full_bytes_ = 0;
  if (!batch_) return {};
  return stream_.Continue(std::move(batch_));
}

Status RowSink::Close() {
  captures_.fetch_add(std::exchange(rows_, 0), std::memory_order_relaxed);
  return {};
}

}  // namespace crawlcard::index
