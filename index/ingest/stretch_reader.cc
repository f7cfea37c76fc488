#include "index/ingest/stretch_reader.h"

#include <utility>

#include "base/text.h"

namespace crawlcard::index {
namespace {

constexpr std::uint64_t kProgressStep = 1 << 20;

Status Dropped() {
  return Fail(ErrorCode::kCancelled, "another stretch reads these records");
}

}  // namespace

StretchReader::StretchReader(SplitFile& file, SplitFile::Stretch& stretch, ByteSource& source)
    : file_(file),
      stretch_(stretch),
      source_(source),
      handlers_(MakeHandlers()),
      reader_(source, warc::ReaderOptions{}),
      observer_(file.file_name_, file.observe_, handlers_),
      check_from_(file.CutAt(stretch.index + 1)) {}

ObserveHandlers StretchReader::MakeHandlers() {
  ObserveHandlers handlers;
  handlers.on_capture = [this](const CaptureView& capture) { return Pass(capture); };
  // WAT records are found damaged while they are taken, before the reader's own checks.
  handlers.on_damage = [this](const Error& error) {
    if (file_.AwaitCertainty(stretch_)) file_.handlers_.on_damage(error);
  };
  return handlers;
}

Status StretchReader::Pass(const CaptureView& capture) {
  if (!stretch_.is_released) {
    const bool is_full = stretch_.sink->held_bytes() > file_.options_.held_bytes_max;
    if (is_full && !file_.AwaitCertainty(stretch_)) return Dropped();
    if (stretch_.is_certain.load(std::memory_order_acquire)) {
      stretch_.is_released = true;
      CRAWLCARD_TRY(stretch_.sink->Release());
    }
  }
  return stretch_.sink->Take(capture);
}

// True for records that begin a capture whatever stands before them.
bool StretchReader::BeginsCapture(const warc::RecordView& record) {
  switch (record.type) {
    case warc::RecordType::kResponse:
    case warc::RecordType::kRevisit:
    case warc::RecordType::kResource:
    case warc::RecordType::kConversion:
      return true;
    case warc::RecordType::kMetadata:
      break;
    default:
      return false;
  }
  // In WAT files the records of captures are metadata; read twice, but only where a stretch begins.
  const bool is_json = StartsWithIgnoreCase(record.Field("Content-Type"), "application/json");
  if (!is_json || record.block.size() < record.block_bytes) return false;
  if (!WatReader::MayBeWat(record.block)) return false;
  const Result<const WatRecord*> wat = wat_.Read(record.block, record.padded);
  return wat && *wat != nullptr;
}

// Moves to the first capture behind the cut that another reader could arrive at.
Status StretchReader::Seek() {
  const std::uint64_t end = check_from_;
  CRAWLCARD_ASSIGN(const std::unique_ptr<FileSource> head, file_.source_.At(0));
  CRAWLCARD_TRY(reader_.TakeDictionary(*head));
  CRAWLCARD_ASSIGN(const bool found, reader_.SeekUnit(end));
  while (found && !IsDropped()) {
    const std::uint64_t inflated = reader_.inflated_bytes();
    CRAWLCARD_ASSIGN(const warc::RecordView* record, reader_.Next());
    if (record == nullptr || record->extent.offset >= end) break;
    if (!reader_.at_unit_start() || !BeginsCapture(*record)) continue;
    inflated_at_start_ = inflated;
    file_.SetStart(stretch_, record->extent.offset);
    return observer_.Take(*record);
  }
  return Fail(ErrorCode::kNotFound, "no start of a capture");
}

Status StretchReader::Run() {
  if (stretch_.index > 0) {
    CRAWLCARD_TRY(Seek());
    return ReadAll();
  }
  CRAWLCARD_ASSIGN(const std::string_view start, source_.Peek(1));
  if (!start.empty()) return ReadAll();
  CRAWLCARD_TRY(observer_.Damage(Error(ErrorCode::kTruncated, "file is empty").At(0)));
  stretch_.observed = std::move(observer_.observed());
  return {};
}

Status StretchReader::ReadAll() {
  const auto& stop_requested = file_.handlers_.stop_requested;
  for (bool is_end = false; !is_end;) {
    if (IsDropped()) return Dropped();
    if (stop_requested && stop_requested()) {
      return tl::unexpected(
          Error(ErrorCode::kCancelled, "stopped on request").At(file_.file_name_));
    }
    const std::uint64_t position = source_.position();
    if (position - stretch_.start - stretch_.reported_bytes >= kProgressStep) {
      file_.ReportProgress(stretch_, observer_.records(), position);
    }
    const std::uint64_t inflated = reader_.inflated_bytes();
    Result<const warc::RecordView*> next = reader_.Next();
    if (!next) {
      CRAWLCARD_TRY(TakeDamage(std::move(next.error()), position, is_end));
    } else if (*next == nullptr) {
      CRAWLCARD_TRY(Finish(reader_.inflated_bytes()));
      is_end = true;
    } else {
      CRAWLCARD_TRY(Take(**next, inflated, is_end));
    }
  }
  return {};
}

Status StretchReader::Take(const warc::RecordView& record, std::uint64_t inflated_before,
                           bool& is_end_out) {
  if (record.extent.offset >= check_from_ && reader_.at_unit_start() && BeginsCapture(record)) {
    switch (
        file_.Meet(stretch_, record.extent.offset, reader_.has_late_dictionary(), check_from_)) {
      case SplitFile::Meeting::kReadOn:
        break;
      case SplitFile::Meeting::kEnd:
        is_end_out = true;
        stretch_.end = record.extent.offset;
        return Finish(inflated_before);
      case SplitFile::Meeting::kDropped:
        return Dropped();
    }
  }
  return observer_.Take(record);
}

// As in ObserveFile(). Only a reader that knows all of the file before it may judge damage.
Status StretchReader::TakeDamage(Error error, std::uint64_t position, bool& is_end_out) {
  if (!file_.AwaitCertainty(stretch_)) return Dropped();
  if (!std::exchange(has_inherited_, true)) reader_.Inherit(stretch_.before);
  const bool no_archive = error.code() == ErrorCode::kUnsupported && observer_.records() == 0;
  if (error.code() == ErrorCode::kIo || no_archive) {
    CRAWLCARD_TRY(observer_.Finish());
    error.At(file_.file_name_);
    return tl::unexpected(std::move(error));
  }
  error.At(position);
  CRAWLCARD_TRY(observer_.Damage(std::move(error)));
  Result<bool> found = reader_.Resync();
  if (!found) return tl::unexpected(std::move(found.error().At(file_.file_name_)));
  is_end_out = !*found;
  return is_end_out ? Finish(reader_.inflated_bytes()) : Status();
}

Status StretchReader::Finish(std::uint64_t inflated) {
  CRAWLCARD_TRY(observer_.Finish());
  if (!stretch_.follower) stretch_.end = source_.position();
  stretch_.observed = std::move(observer_.observed());
  stretch_.observed.counts.inflated_bytes = inflated - inflated_at_start_;
  stretch_.memory = reader_.memory();
  if (has_inherited_) stretch_.memory.wasted_bytes -= stretch_.before.wasted_bytes;
  return {};
}

}  // namespace crawlcard::index
