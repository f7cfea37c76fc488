#include "index/ingest/row_sink.h"

#include <algorithm>
#include <utility>

#include "index/schema.h"

namespace crawlcard::index {
namespace {

// Digests remembered so that a body met again in the file is not written again.
constexpr std::size_t kBlobsRememberedMax = 16 * 1024;
// A batch that is shared out among many partitions is still worth a turn of their writers.
constexpr std::size_t kBatchBytesLeast = 64 * 1024;

}  // namespace

rocksdb::WriteBatch& RowStream::batch(std::size_t partition) {
  RowWriter::Batch& batch = batches_[partition];
  if (!batch) batch = writer_.NewBatch();
  return *batch;
}

Status RowStream::Push(std::size_t partition) {
  return batches_[partition] ? Continue(partition, nullptr) : Status();
}

Status RowStream::Continue(std::size_t partition, RowWriter::Batch batch) {
  RowWriter::Batch before = std::exchange(batches_[partition], std::move(batch));
  if (!before || before->Count() == 0) return {};
  if (writer_.Push(partition, file_id_, std::move(before))) return {};
  has_failed_ = true;
  return Fail(ErrorCode::kIo, "the index writer has stopped");
}

RowSink::RowSink(Store::Impl& store, RowStream& stream, std::size_t batch_bytes,
                 std::atomic<std::uint64_t>& captures)
    : store_(store),
      stream_(stream),
      batch_bytes_(
          std::max(batch_bytes / stream.partitions(), std::min(batch_bytes, kBatchBytesLeast))),
      captures_(captures),
      batches_(stream.partitions()) {}

std::size_t RowSink::held_bytes() const {
  std::size_t bytes = full_bytes_;
  for (const RowWriter::Batch& batch : batches_) bytes += batch ? batch->GetDataSize() : 0;
  return bytes;
}

// Where the row of `key_` goes.
std::size_t RowSink::PartitionOfRow() {
  if (batches_.size() == 1) return 0;
  const std::string_view key = key_;
  const std::string_view group = GroupOfStored(key.substr(0, key.find('\0')));
  if (group != last_group_ || last_group_.empty()) {
    last_group_ = group;
    last_partition_ = store_.PartitionOfGroup(group);
  }
  return last_partition_;
}

Status RowSink::Take(const CaptureView& capture) {
  const bool is_host_row = IsHostRow(capture);
  if (is_host_row) {
    EncodeHostKey(capture, key_);
  } else {
    EncodePageKey(capture, key_);
  }
  EncodeCapture(capture, value_);
  const std::size_t partition = PartitionOfRow();
  const Partition& database = store_.partition(partition);
  rocksdb::WriteBatch& batch = BatchFor(partition);
  batch.Put(database.family(is_host_row ? Family::kHosts : Family::kPages), ToSlice(key_),
            ToSlice(value_));
  if (!capture.body_sha256.empty()) PutBlob(capture, partition, batch);
  ++rows_;
  return PushIfFull(partition, batch);
}

Status RowSink::TakeRequest(const Takedown& request, const warc::Extent& place) {
  EncodeTakedownKey(request,
                    {request.received, stream_.file_id(), place.offset, place.inner_offset}, key_);
  EncodeTakedown(request, place.length, value_);
  const std::size_t partition = PartitionOfRow();
  rocksdb::WriteBatch& batch = BatchFor(partition);
  batch.Put(store_.partition(partition).family(Family::kTakedowns), ToSlice(key_), ToSlice(value_));
  return PushIfFull(partition, batch);
}

rocksdb::WriteBatch& RowSink::BatchFor(std::size_t partition) {
  if (is_released_) return stream_.batch(partition);
  RowWriter::Batch& held = batches_[partition];
  if (!held) held = stream_.NewBatch();
  return *held;
}

Status RowSink::PushIfFull(std::size_t partition, const rocksdb::WriteBatch& batch) {
  if (batch.GetDataSize() < batch_bytes_) return {};
  if (is_released_) {
    captures_.fetch_add(std::exchange(rows_, 0), std::memory_order_relaxed);
    return stream_.Push(partition);
  }
  full_bytes_ += batch.GetDataSize();
  full_.push_back({partition, std::move(batches_[partition])});
  return {};
}

// The body goes into the same batch as the first row that names it.
void RowSink::PutBlob(const CaptureView& capture, std::size_t partition,
                      rocksdb::WriteBatch& batch) {
  if (blobs_put_.size() >= kBlobsRememberedMax) blobs_put_.clear();
  blob_key_.assign(capture.body_sha256);
  blob_key_ += std::to_string(partition);
  if (!blobs_put_.insert(blob_key_).second) return;
  EncodeBlob(capture.kept_body, value_);
  batch.Put(store_.partition(partition).family(Family::kBlobs), ToSlice(capture.body_sha256),
            ToSlice(value_));
}

// From now on rows go straight into the batches of the stream.
Status RowSink::Release() {
  is_released_ = true;
  for (FullBatch& full : full_) {
    CRAWLCARD_TRY(stream_.Continue(full.partition, std::move(full.batch)));
  }
  full_.clear();
  full_bytes_ = 0;
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    if (batches_[i]) CRAWLCARD_TRY(stream_.Continue(i, std::move(batches_[i])));
  }
  return {};
}

Status RowSink::Close() {
  captures_.fetch_add(std::exchange(rows_, 0), std::memory_order_relaxed);
  return {};
}

}  // namespace crawlcard::index
