// index/ingest/row_sink.h - the rows of one file on their way to the index writer.
//
// Each stretch of the file gathers its rows in batches of its own. When the stretch is certain to
// be part of the file, they pass through the file's stream, whose last batch takes the rest of one
// stretch along with the first rows of the next, and at the end the seal of the file.
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
#include "index/internal/store_impl.h"
#include "index/internal/writer.h"

namespace crawlcard::index {

class RowStream {
 public:
  // Borrows `writer`.
  explicit RowStream(Writer& writer) : writer_(writer) {}

  // The batch that goes next.
  rocksdb::WriteBatch& batch();

  // Queues it, if there is anything in it. Errors: kIo.
  [[nodiscard]] Status Push();

  // Takes `batch` as the one that goes next, after what is there. Errors: kIo.
  [[nodiscard]] Status Continue(Writer::Batch batch);

  Writer::Batch NewBatch() { return writer_.NewBatch(); }

  // True when the writer has stopped: the error is not one of the file.
  bool has_failed() const { return has_failed_; }

 private:
  Writer& writer_;
  Writer::Batch batch_;
  bool has_failed_ = false;
};

class RowSink final : public CaptureSink {
 public:
  // Borrows all but the number. Rows are counted in `captures`.
  RowSink(Store::Impl& store, RowStream& stream, std::size_t batch_bytes,
          std::atomic<std::uint64_t>& captures);

  Status Take(const CaptureView& capture) override;
  Status Release() override;
  Status Close() override;
  std::size_t held_bytes() const override {
    return full_bytes_ + (batch_ ? batch_->GetDataSize() : 0);
  }

 private:
  void PutBlob(const CaptureView& capture, rocksdb::WriteBatch& batch);

  Store::Impl& store_;
  RowStream& stream_;
  const std::size_t batch_bytes_;
  std::atomic<std::uint64_t>& captures_;
  bool is_released_ = false;
  Writer::Batch batch_;
  std::vector<Writer::Batch> full_;  // until it is released
  std::size_t full_bytes_ = 0;
  std::uint64_t rows_ = 0;  // not counted yet
  std::unordered_set<std::string> blobs_put_;
  std::string key_;
  std::string value_;
};

}  // namespace crawlcard::index
