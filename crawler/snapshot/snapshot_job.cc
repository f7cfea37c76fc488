#include "crawler/snapshot/snapshot_job.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/file.h"
#include "base/file_system.h"
#include "crawler/retry_policy.h"
#include "crawler/snapshot/kept_part.h"
#include "crawler/snapshot/limits.h"
#include "crawler/snapshot/segment_reader.h"
#include "crawler/snapshot/stop_watch.h"

namespace crawlcard::crawler {
namespace {

// A file that changes under every reading, or that is damaged in another way each time, is given
// up after so many.
constexpr int kReadingsMax = 4;

class SnapshotRun {
 public:
  SnapshotRun(index::Store& store, SegmentFetcher* fetcher, const SnapshotOptions& options,
              const LogSink& log, index::IngestProgress& progress,
              const std::atomic<bool>& stop_requested)
      : store_(store),
        fetcher_(fetcher),
        options_(options),
        log_(log),
        progress_(progress),
        stop_requested_(stop_requested) {}

  Result<SnapshotSummary> Run();

 private:
  struct File {
    std::string path;
    int readings = 0;
    std::string damaged_xxh3;  // of the reading before, where that met damage
    bool reading_failed = false;
    std::shared_ptr<std::atomic<SegmentOutcome>> outcome;  // shared with the reader and the network
  };

  Result<Listing> ReadListing(const std::string& path);
  Status ExplainMissing(const Error& error);
  Result<std::vector<File>> FilesToRead();
  Result<std::unique_ptr<FileSource>> Open(File& file);
  index::IngestInput InputOf(File& file);
  Status IngestRound(std::vector<File*>& files);
  // Which of `files` have to be read once more.
  Result<std::vector<File*>> Unfinished(const std::vector<File*>& files);
  Status CountFinal(const std::vector<File>& files);
  void Say(LogLevel level, std::string name, std::string message) const;

  index::Store& store_;
  SegmentFetcher* fetcher_;
  const SnapshotOptions& options_;
  const LogSink& log_;
  index::IngestProgress& progress_;
  const std::atomic<bool>& stop_requested_;
  SnapshotSummary summary_;
};

void SnapshotRun::Say(LogLevel level, std::string name, std::string message) const {
  if (log_) log_({level, std::move(name), std::move(message), {}});
}

// A listing that came cut, damaged or in two versions is asked for again, with its end confirmed.
Result<Listing> SnapshotRun::ReadListing(const std::string& path) {
  if (options_.mirror.is_local()) {
    CRAWLCARD_ASSIGN(const std::string bytes,
                     ReadFile(options_.mirror.At(path), limits::kListingBytesMax));
    return ParseListing(bytes);
  }
  for (int reading = 1;; ++reading) {
    const Result<std::string> bytes = fetcher_->Get(path, limits::kListingBytesMax, reading > 1);
    Result<Listing> listing = bytes ? ParseListing(*bytes) : tl::unexpected<Error>(bytes.error());
    if (listing || reading == kReadingsMax) return listing;
    const ErrorCode code = listing.error().code();
    const bool may_pass = code == ErrorCode::kTruncated || code == ErrorCode::kCorrupt ||
                          code == ErrorCode::kConflict;
    if (!may_pass) return listing;
  }
}

// A listing that is not there: the id may be misspelt. Says what the mirror knows, if it says so.
Status SnapshotRun::ExplainMissing(const Error& error) {
  if (error.code() != ErrorCode::kNotFound) return tl::unexpected<Error>(error);
  std::string hint;
  const std::string where = options_.mirror.is_local() ? "" : "collinfo.json";
  if (!where.empty() && options_.mirror.Collinfo() == options_.mirror.At(where)) {
    const Result<std::string> json = fetcher_->Get(where, limits::kCollinfoBytesMax);
    const Result<std::vector<std::string>> ids =
        json ? ParseCollinfo(*json) : std::vector<std::string>{};
    if (ids && !ids->empty()) {
      const bool known = std::find(ids->begin(), ids->end(), options_.id) != ids->end();
      hint = known ? "; the mirror knows the crawl, but not this subset of it"
                   : fmt::format("; the mirror knows {} crawls, the latest is {}", ids->size(),
                                 ids->front());
    }
  }
  return Fail(ErrorCode::kNotFound, "no listing of crawl '{}': {}{}", options_.id, error.ToString(),
              hint);
}

Result<std::vector<SnapshotRun::File>> SnapshotRun::FilesToRead() {
  std::set<std::string, std::less<>> finished;
  CRAWLCARD_ASSIGN(const std::vector<index::FileEntry> entries, store_.Files());
  for (const index::FileEntry& entry : entries) {
    if (entry.sealed && !options_.ingest.replace) finished.insert(entry.name);
  }
  std::vector<File> files;
  for (const Subset subset : options_.subsets) {
    const Result<Listing> listing = ReadListing(ListingPath(options_.id, subset));
    if (!listing) CRAWLCARD_TRY(ExplainMissing(listing.error()));
    summary_.paths_refused += listing->refused;
    for (std::uint64_t i = 0; i < listing->paths.size(); ++i) {
      if (options_.limit && i >= *options_.limit) break;
      if (!options_.shard.Has(i)) continue;
      ++summary_.files_listed;
      if (finished.count(listing->paths[i]) != 0) {
        ++summary_.files_finished;
        continue;
      }
      File file;
      file.path = listing->paths[i];
      files.push_back(std::move(file));
    }
  }
  // Ranks that run the same list side by side should not ask for the same part of it.
  Jitter jitter(options_.seed);
  for (std::size_t i = files.size(); i > 1; --i) {
    const auto other = static_cast<std::size_t>(jitter.UpTo(static_cast<std::int64_t>(i - 1)));
    std::swap(files[i - 1], files[other]);
  }
  return files;
}

// Called by the ingest worker that is about to read `file`.
Result<std::unique_ptr<FileSource>> SnapshotRun::Open(File& file) {
  SegmentTarget target;
  target.path = file.path;
  target.confirm_end = !file.damaged_xxh3.empty();
  std::unique_ptr<KeptPart> kept;
  if (!options_.keep_directory.empty()) {
    CRAWLCARD_ASSIGN(kept,
                     KeptPart::Open(DiskFileSystem(), options_.keep_directory + "/" + file.path));
  }
  auto reader = std::make_unique<SegmentReader>(*fetcher_, std::move(target), std::move(kept));
  file.outcome = reader->outcome();
  return FileSource::Over(std::move(reader), file.path);
}

index::IngestInput SnapshotRun::InputOf(File& file) {
  index::IngestInput input;
  input.name = file.path;
  if (options_.mirror.is_local()) {
    input.path = options_.mirror.At(file.path);
    return input;
  }
  if (!options_.keep_directory.empty()) {
    const std::string kept = options_.keep_directory + "/" + file.path;
    if (DiskFileSystem().Exists(kept)) {
      input.path = kept;
      return input;
    }
  }
  input.path = file.path;
  input.open = [this, &file] { return Open(file); };
  return input;
}

Status SnapshotRun::IngestRound(std::vector<File*>& files) {
  std::vector<index::IngestInput> inputs;
  inputs.reserve(files.size());
  for (File* file : files) {
    ++file->readings;
    file->outcome.reset();
    inputs.push_back(InputOf(*file));
  }
  index::IngestOptions ingest = options_.ingest;
  // One worker reads one transfer: more workers would be more transfers than the operator allows.
  if (!options_.mirror.is_local()) ingest.jobs = options_.transfers;
  CRAWLCARD_ASSIGN(const index::IngestSummary summary,
                   index::Ingest(store_, inputs, ingest, log_, progress_, stop_requested_));
  summary_.bytes_in += summary.bytes_in;
  summary_.first_errors.insert(summary_.first_errors.end(), summary.first_errors.begin(),
                               summary.first_errors.end());
  return {};
}

Result<std::vector<SnapshotRun::File*>> SnapshotRun::Unfinished(const std::vector<File*>& files) {
  std::vector<File*> again;
  for (File* file : files) {
    CRAWLCARD_ASSIGN(const std::optional<index::FileEntry> entry, store_.FindFile(file->path));
    if (entry && entry->sealed && entry->whole) continue;
    const bool from_network = file->outcome != nullptr;
    if (!from_network || file->readings >= kReadingsMax) continue;
    if (entry && entry->sealed) {
      // The same damage twice is the server's. It is taken out only to be read again.
      if (entry->content_xxh3 == file->damaged_xxh3) continue;
      file->damaged_xxh3 = entry->content_xxh3;
      CRAWLCARD_TRY(store_.RemoveFile(file->path));
      if (!options_.keep_directory.empty()) {
        Ignore(DiskFileSystem().Remove(options_.keep_directory + "/" + file->path),
               "may not be there");
      }
    } else if (file->outcome->load() != SegmentOutcome::kChanged) {
      continue;
    }
    ++summary_.files_reread;
    again.push_back(file);
  }
  return again;
}

// Errors of readings that a later one made good are no errors of the outcome.
Status SnapshotRun::CountFinal(const std::vector<File>& files) {
  std::set<std::string, std::less<>> bad;
  for (const File& file : files) {
    CRAWLCARD_ASSIGN(const std::optional<index::FileEntry> entry, store_.FindFile(file.path));
    if (!entry || !entry->sealed) {
      ++summary_.files_failed;
      bad.insert(file.path);
      continue;
    }
    ++summary_.files_ingested;
    if (!entry->whole) {
      ++summary_.files_damaged;
      bad.insert(file.path);
    }
    summary_.counts.Add(entry->counts);
  }
  std::erase_if(summary_.first_errors,
                [&bad](const Error& error) { return bad.count(error.file()) == 0; });
  return {};
}

Result<SnapshotSummary> SnapshotRun::Run() {
  CRAWLCARD_TRY(CheckCrawlId(options_.id));
  CRAWLCARD_ASSIGN(std::vector<File> files, FilesToRead());
  if (stop_requested_.load()) return Fail(ErrorCode::kCancelled, "stopped on request");
  std::vector<File*> round;
  round.reserve(files.size());
  for (File& file : files) round.push_back(&file);
  while (!round.empty()) {
    CRAWLCARD_TRY(IngestRound(round));
    CRAWLCARD_ASSIGN(round, Unfinished(round));
    for (const File* file : round) {
      Say(LogLevel::kWarning, "snapshot.read_again",
          fmt::format("'{}' changed or came with damage: read again", file->path));
    }
  }
  CRAWLCARD_TRY(CountFinal(files));
  if (fetcher_ != nullptr) summary_.network = fetcher_->counts();
  return std::move(summary_);
}

}  // namespace

Result<SnapshotSummary> RunSnapshot(index::Store& store, SegmentFetcher* fetcher,
                                    const SnapshotOptions& options, const LogSink& log,
                                    index::IngestProgress& progress,
                                    const std::atomic<bool>& stop_requested) {
  if (fetcher == nullptr && !options.mirror.is_local()) {
    return Fail(ErrorCode::kInvalidArgument, "a mirror on the network needs a fetcher");
  }
  const StopWatch watch(fetcher, stop_requested);
  return SnapshotRun(store, fetcher, options, log, progress, stop_requested).Run();
}

}  // namespace crawlcard::crawler
