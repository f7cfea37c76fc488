#include "index/ingest/file_job.h"

#include <algorithm>

#include "base/digest.h"
#include "index/ingest/split_file.h"
#include "index/ingest/takedown_file.h"
#include "index/limits.h"

namespace crawlcard::index {

FileJob::FileJob(const IngestInput& input, std::optional<FileEntry> known,
                 const IngestOptions& options, Store::Impl& store, RowWriter& writer, Crew& crew,
                 IngestProgress& progress, const std::atomic<bool>& stop_requested)
    : input_(input),
      known_(std::move(known)),
      options_(options),
      store_(store),
      writer_(writer),
      crew_(crew),
      progress_(progress),
      stop_requested_(stop_requested),
      rows_(writer, store.partition_count(), FileId(input.name)) {}

void FileJob::AddError(const Error& error) {
  if (report_.errors.size() < limits::kSummaryErrorsMax) report_.errors.push_back(error);
}

Status FileJob::Open() {
  CRAWLCARD_ASSIGN(source_, input_.open ? input_.open() : FileSource::Open(input_.path));
  source_->HashContents();
  return {};
}

// --- the ledger ---------------------------------------------------------------------------------

Result<FileJob::Plan> FileJob::Compare() {
  if (!known_) return Plan::kRead;
  if (!known_->sealed) return Plan::kRead;  // its rows were taken out before
  const std::optional<std::uint64_t> size = source_->size();
  if (size && *size > known_->bytes && IsTakedownLedger(*known_)) {
    // Every row that is there is one of those to be written: none has to be taken out first.
    CRAWLCARD_ASSIGN(const bool has_grown, HasGrown());
    if (has_grown) return Plan::kRead;
  }
  if (size && *size != known_->bytes) {
    return known_->whole && !options_.replace ? Plan::kRefuse : Plan::kReadAfterRemoval;
  }
  return CompareContents();
}

Result<bool> FileJob::HasGrown() const {
  CRAWLCARD_ASSIGN(const std::unique_ptr<FileSource> source, source_->At(0));
  Xxh3Hasher hasher;
  for (std::uint64_t left = known_->bytes; left > 0;) {
    CRAWLCARD_ASSIGN(std::string_view window, source->Peek(1));
    if (window.empty()) return false;
    window =
        window.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left, window.size())));
    hasher.Update(window);
    left -= window.size();
    source->Consume(window.size());
  }
  return Hex(hasher.Digest()) == known_->content_xxh3;
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

void FileJob::PutEntry() {
  std::string key;
  std::string value;
  EncodeFileKey(FileId(input_.name), key);
  EncodeFileEntry(report_.entry, value);
  for (std::size_t i = 0; i < rows_.partitions(); ++i) {
    rows_.batch(i).Put(store_.partition(i).family(Family::kFiles), ToSlice(key), ToSlice(value));
  }
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
  PutEntry();
  report_.bytes_in += contents.bytes;
  for (std::size_t i = 0; i < rows_.partitions(); ++i) CRAWLCARD_TRY(rows_.Push(i));
  return {};
}

// --- rows ---------------------------------------------------------------------------------------

Status FileJob::ReadTo(std::uint64_t offset) {
  while (source_->position() < offset) {
    CRAWLCARD_ASSIGN(const std::string_view window, source_->Peek(1));
    if (window.empty()) break;
    const std::uint64_t ahead = offset - source_->position();
    source_->Consume(static_cast<std::size_t>(std::min<std::uint64_t>(window.size(), ahead)));
  }
  return {};
}

Status FileJob::ReadRows() {
  report_.entry.name = input_.name;
  report_.entry.fact_version = kFactVersion;
  PutEntry();  // unsealed: readers pass over the rows until the last batch

  SplitHandlers handlers;
  handlers.new_sink = [this] {
    return std::make_unique<RowSink>(store_, rows_, options_.batch_bytes, progress_.captures);
  };
  handlers.on_damage = [this](const Error& error) {
    progress_.damaged.fetch_add(1, std::memory_order_relaxed);
    AddError(error);
  };
  handlers.on_progress = [this](std::uint64_t records, std::uint64_t bytes) {
    progress_.records.fetch_add(records, std::memory_order_relaxed);
    progress_.bytes_in.fetch_add(bytes, std::memory_order_relaxed);
    progress_.queue_bytes.store(writer_.queued_bytes(), std::memory_order_relaxed);
  };
  handlers.on_read = [this](std::uint64_t offset) { return ReadTo(offset); };
  handlers.stop_requested = [this] { return stop_requested_.load(std::memory_order_relaxed); };
  SplitOptions split;
  split.stretch_bytes = options_.stretch_bytes;
  split.guesses_max = options_.jobs;
  split.held_bytes_max =
      std::min(split.held_bytes_max, store_.plan().stretches / std::max(options_.jobs, 1U));
  ObserveFileOptions observe = options_.observe;
  observe.for_rows = true;
  SplitFile file(crew_, *source_, input_.name, observe, split, handlers);
  CRAWLCARD_ASSIGN(ObservedFile observed, file.Run());
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
    if (rows_.has_failed() || read.error().code() == ErrorCode::kCancelled) {
      return tl::unexpected(std::move(read.error()));
    }
    report_.bytes_in += source_->position();
    return failed(std::move(read.error()));
  }
  report_.outcome = FileOutcome::kIngested;
  return std::move(report_);
}

}  // namespace crawlcard::index
