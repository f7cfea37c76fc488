#include "index/ingest/file_job.h"

#include "base/digest.h"
#include "index/limits.h"

namespace crawlcard::index {
namespace {

// Digests remembered so that a body met again in the file is not written again.
constexpr std::size_t kBlobsRememberedMax = 16 * 1024;

}  // namespace

FileJob::FileJob(const IngestInput& input, std::optional<FileEntry> known,
                 const IngestOptions& options, Store::Impl& store, Writer& writer,
                 IngestProgress& progress, const std::atomic<bool>& stop_requested)
    : input_(input),
      known_(std::move(known)),
      options_(options),
      store_(store),
      writer_(writer),
      progress_(progress),
      stop_requested_(stop_requested) {}

void FileJob::AddError(const Error& error) {
  if (report_.errors.size() < limits::kSummaryErrorsMax) report_.errors.push_back(error);
}

Status FileJob::Open() {
  CRAWLCARD_ASSIGN(source_, FileSource::Open(input_.path));
  source_->HashContents();
  progress_bytes_ = 0;
  return {};
}

// --- the ledger ---------------------------------------------------------------------------------

Result<FileJob::Plan> FileJob::Compare() {
  if (!known_) return Plan::kRead;
  if (!known_->sealed) return Plan::kRead;  // its rows were taken out before
  const std::optional<std::uint64_t> size = source_->size();
  if (size && *size != known_->bytes) {
    return known_->whole && !options_.replace ? Plan::kRefuse : Plan::kReadAfterRemoval;
  }
  return CompareContents();
}

Result<FileJob::Plan> FileJob::CompareContents() {
  CRAWLCARD_ASSIGN(const FileSource::Contents contents, source_->FinishHash());
  report_.bytes_in += contents.bytes;
  if (contents.bytes == known_->bytes && Hex(contents.digest) == known_->content_xxh3) {
    return Plan::kSkip;
  }
  if (known_->whole && !options_.replace) return Plan::kRefuse;
  if (input_.path == "-") {
    return Fail(ErrorCode::kInvalidArgument,
                "standard input differs from '{}' in the index and cannot be read twice: remove "
                "that file first",
                input_.name);
  }
  CRAWLCARD_TRY(Open());
  return Plan::kReadAfterRemoval;
}

Status FileJob::PutEntry() {
  EncodeFileKey(FileId(input_.name), key_);
  EncodeFileEntry(report_.entry, value_);
  batch_->Put(store_.family(Family::kFiles), ToSlice(key_), ToSlice(value_));
  return {};
}

Status FileJob::Seal() {
  CRAWLCARD_ASSIGN(const FileSource::Contents contents, source_->FinishHash());
  FileEntry& entry = report_.entry;
  entry.bytes = contents.bytes;
  entry.content_xxh3 = Hex(contents.digest);
  entry.snapshot = SnapshotId(entry.name, entry.info);
  entry.whole = entry.counts.damaged == 0;
  entry.sealed = true;
  entry.sealed_at = options_.now;
  CRAWLCARD_TRY(PutEntry());
  UpdateProgress();
  report_.bytes_in += contents.bytes;
  return PushBatch();
}

// --- rows ---------------------------------------------------------------------------------------

Status FileJob::PushBatch() {
  if (writer_.Push(std::move(batch_))) {
    batch_ = writer_.NewBatch();
    return {};
  }
  index_failed_ = true;
  return Fail(ErrorCode::kIo, "the index writer has stopped");
}

Status FileJob::AddRow(const CaptureView& capture) {
  const bool is_host_row = IsHostRow(capture);
  if (is_host_row) {
    EncodeHostKey(capture, key_);
  } else {
    EncodePageKey(capture, key_);
  }
  EncodeCapture(capture, value_);
  batch_->Put(store_.family(is_host_row ? Family::kHosts : Family::kPages), ToSlice(key_),
              ToSlice(value_));

  // The body goes into the same batch as the first row that names it.
  if (!capture.body_sha256.empty()) {
    if (blobs_put_.size() >= kBlobsRememberedMax) blobs_put_.clear();
    if (blobs_put_.emplace(capture.body_sha256).second) {
      EncodeBlob(capture.kept_body, value_);
      batch_->Put(store_.family(Family::kBlobs), ToSlice(capture.body_sha256), ToSlice(value_));
    }
  }
  progress_.captures.fetch_add(1, std::memory_order_relaxed);
  return batch_->GetDataSize() < options_.batch_bytes ? Status() : PushBatch();
}

void FileJob::UpdateProgress() {
  const std::uint64_t position = source_->position();
  progress_.bytes_in.fetch_add(position - progress_bytes_, std::memory_order_relaxed);
  progress_bytes_ = position;
  progress_.queue_bytes.store(writer_.queued_bytes(), std::memory_order_relaxed);
}

Status FileJob::ReadRows() {
  batch_ = writer_.NewBatch();
  report_.entry.name = input_.name;
  report_.entry.fact_version = kFactVersion;
  CRAWLCARD_TRY(PutEntry());  // unsealed: readers pass over the rows until the last batch

  ObserveHandlers handlers;
  handlers.on_capture = [this](const CaptureView& capture) { return AddRow(capture); };
  handlers.on_damage = [this](const Error& error) {
    progress_.damaged.fetch_add(1, std::memory_order_relaxed);
    AddError(error);
  };
  handlers.stop_requested = [this] {
    constexpr std::uint64_t kProgressStep = 1 << 20;
    progress_.records.fetch_add(1, std::memory_order_relaxed);
    if (source_->position() - progress_bytes_ >= kProgressStep) UpdateProgress();
    return stop_requested_.load(std::memory_order_relaxed);
  };
  CRAWLCARD_ASSIGN(ObservedFile observed,
                   ObserveFile(*source_, input_.name, options_.observe, handlers));
  report_.entry.counts = std::move(observed.counts);
  report_.entry.info = std::move(observed.info);
  return Seal();
}

Result<FileReport> FileJob::Run() {
  const auto failed = [this](Error error) -> Result<FileReport> {
    report_.outcome = FileOutcome::kFailed;
    error.At(input_.name);
    AddError(error);
    return std::move(report_);
  };
  if (Status opened = Open(); !opened) return failed(std::move(opened.error()));
  Result<Plan> plan = Compare();
  if (!plan) return failed(std::move(plan.error()));

  if (*plan == Plan::kSkip) {
    report_.outcome = FileOutcome::kSkipped;
    report_.entry = *known_;
    return std::move(report_);
  }
  if (*plan == Plan::kRefuse) {
    return failed(Error(ErrorCode::kConflict,
                        "another file is in the index under this name; give --base so that the "
                        "names differ, or --replace"));
  }
  if (*plan == Plan::kReadAfterRemoval) {
    CRAWLCARD_TRY(writer_.Remove({FileId(input_.name)}));
    report_.removed = true;
  }

  if (Status read = ReadRows(); !read) {
    if (index_failed_ || read.error().code() == ErrorCode::kCancelled) {
      return tl::unexpected(std::move(read.error()));
    }
    report_.bytes_in += source_->position();
    return failed(std::move(read.error()));
  }
  report_.outcome = FileOutcome::kIngested;
  return std::move(report_);
}

}  // namespace crawlcard::index
