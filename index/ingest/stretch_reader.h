// index/ingest/stretch_reader.h - reads the records of one stretch of a file.
//
// Thread rule: thread-compatible; one a stretch.
#pragma once

#include <cstdint>

#include "base/byte_source.h"
#include "index/ingest/file_observer.h"
#include "index/ingest/split_file.h"
#include "index/ingest/wat.h"
#include "warc/reader.h"

namespace crawlcard::index {

class StretchReader {
 public:
  // Borrows all.
  StretchReader(SplitFile& file, SplitFile::Stretch& stretch, ByteSource& source);

  // Reads to the start of a later stretch, the end of the file, or an error. Where the stretch is
  // dropped, what it returns means nothing.
  [[nodiscard]] Status Run();

 private:
  [[nodiscard]] Status Seek();
  [[nodiscard]] Status ReadAll();
  [[nodiscard]] Status Take(const warc::RecordView& record, std::uint64_t inflated_before,
                            bool& is_end_out);
  [[nodiscard]] Status TakeDamage(Error error, std::uint64_t position, bool& is_end_out);
  [[nodiscard]] Status Pass(const CaptureView& capture);
  [[nodiscard]] Status Finish(std::uint64_t inflated);
  ObserveHandlers MakeHandlers();
  bool BeginsCapture(const warc::RecordView& record);
  bool IsDropped() const { return stretch_.is_dropped.load(std::memory_order_relaxed); }

  SplitFile& file_;
  SplitFile::Stretch& stretch_;
  ByteSource& source_;
  const ObserveHandlers handlers_;
  warc::Reader reader_;
  FileObserver observer_;
  WatReader wat_;
  std::uint64_t check_from_;  // captures from here on may be the start of another stretch
  std::uint64_t inflated_at_start_ = 0;
  bool has_inherited_ = false;
};

}  // namespace crawlcard::index
