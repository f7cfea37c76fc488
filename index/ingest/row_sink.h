// index/ingest/row_sink.h - the rows of one file on their way to the index writer.
//
// Each stretch of the file gathers its rows in batches of its own, one a partition. When the
// stretch is certain to be part of the file, they pass through the file's stream, whose last batch
// takes the rest of one stretch along with the first rows of the next, and at the end the seal of
// the file.
//
// Thread rule: thread-compatible; sinks of one stream are released and closed one after another.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "index/ingest/capture_sink.h"
#include "index/internal/row_writer.h"
#include "index/internal/store_impl.h"

namespace crawlcard::index {

class RowStream {
 public:
  // Borrows `writer`.
  RowStream(RowWriter& writer, std::size_t partitions, std::uint64_t file_id)
      : writer_(writer), file_id_(file_id), batches_(partitions) {}

  // The batch that goes next into a partition.
  rocksdb::WriteBatch& batch(std::size_t partition);

  // Queues it, if there is anything in it. Errors: kIo.
  [[nodiscard]] Status Push(std::size_t partition);

  // Takes `batch` as the one that goes next, after what is there. Errors: kIo.
  [[nodiscard]] Status Continue(std::size_t partition, RowWriter::Batch batch);

  RowWriter::Batch NewBatch() { return writer_.NewBatch(); }
  std::size_t partitions() const { return batches_.size(); }
  std::uint64_t file_id() const { return file_id_; }

  // True when the writer has stopped: the error is not one of the file.
  bool has_failed() const { return has_failed_; }

 private:
  RowWriter& writer_;
  const std::uint64_t file_id_;
  std::vector<RowWriter::Batch> batches_;  // by partition
  bool has_failed_ = false;
};

class RowSink final : public CaptureSink {
 public:
  // Borrows all but the number. Rows are counted in `captures`.
  RowSink(Store::Impl& store, RowStream& stream, std::size_t batch_bytes,
          std::atomic<std::uint64_t>& captures);

  Status Take(const CaptureView& capture) override;
  Status TakeRequest(const Takedown& request, const warc::Extent& place) override;
  Status Release() override;
  Status Close() override;
  std::size_t held_bytes() const override;

 private:
  struct FullBatch {
    std::size_t partition;
    RowWriter::Batch batch;
  };
  std::size_t PartitionOfRow();
  // The batch that takes the next row of a partition.
  rocksdb::WriteBatch& BatchFor(std::size_t partition);
  [[nodiscard]] Status PushIfFull(std::size_t partition, const rocksdb::WriteBatch& batch);
  void PutBlob(const CaptureView& capture, std::size_t partition, rocksdb::WriteBatch& batch);

  Store::Impl& store_;
  RowStream& stream_;
  const std::size_t batch_bytes_;  // of one partition
  std::atomic<std::uint64_t>& captures_;
  bool is_released_ = false;
  std::vector<RowWriter::Batch> batches_;  // by partition
  std::vector<FullBatch> full_;            // until it is released
  std::size_t full_bytes_ = 0;
  std::uint64_t rows_ = 0;                     // not counted yet
  std::unordered_set<std::string> blobs_put_;  // digest and partition
  std::string blob_key_;
  // The host of the last row: the next one is often of the same.
  std::string last_group_;
  std::size_t last_partition_ = 0;
  std::string key_;
  std::string value_;
};

}  // namespace crawlcard::index
