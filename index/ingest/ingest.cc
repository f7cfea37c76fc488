#include "index/ingest/ingest.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "index/ingest/crew.h"
#include "index/ingest/estimate.h"
#include "index/ingest/file_job.h"
#include "index/internal/bulk_writer.h"
#include "index/internal/writer.h"
#include "index/limits.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kMetaLanguage = "option.language";
constexpr std::string_view kMetaVerify = "option.verify_digests";

std::string_view LanguageName(LanguageMode mode) {
  switch (mode) {
    case LanguageMode::kArchive:
      return "archive";
    case LanguageMode::kSample:
      return "sample";
    case LanguageMode::kOff:
      return "off";
  }
  return "";
}

class IngestRun {
 public:
  IngestRun(Store& store, const IngestOptions& options, const LogSink& log,
            IngestProgress& progress, const std::atomic<bool>& stop_requested)
      : impl_(store.impl()),
        options_(options),
        log_(log),
        progress_(progress),
        stop_requested_(stop_requested) {}

  Result<IngestSummary> Run(const std::vector<IngestInput>& inputs);

 private:
  Status CheckOptions();
  Status LoadLedger();
  Status RemoveUnsealed(const std::vector<IngestInput>& inputs);
  Status RunRounds(const std::vector<IngestInput>& inputs);
  Status RunBulk(const std::vector<const IngestInput*>& round);
  void RunRound(const std::vector<const IngestInput*>& inputs);
  void WorkOn(const std::vector<const IngestInput*>& inputs, std::atomic<std::size_t>& next,
              Crew& crew);
  Status CheckCollision(const IngestInput& input);
  void Report(const IngestInput& input, Result<FileReport> report);
  void Count(const IngestInput& input, FileReport report);
  void LogFile(const IngestInput& input, const FileReport& report);
  bool Stopped();

  Store::Impl& impl_;
  const IngestOptions& options_;
  const LogSink& log_;
  IngestProgress& progress_;
  const std::atomic<bool>& stop_requested_;

  std::unique_ptr<RowWriter> writer_;
  std::uint64_t steps_ = 0;  // of all bulk builds; its writer calls one at a time
  std::mutex mutex_;
  std::map<std::uint64_t, FileEntry> ledger_;         // guarded by mutex_
  std::map<std::uint64_t, std::string> names_by_id_;  // guarded by mutex_: this run's too
  IngestSummary summary_;                             // guarded by mutex_
  std::optional<Error> fatal_;                        // guarded by mutex_
};

// Options that change facts hold for a whole index: rows must not depend on the day they were made.
Status IngestRun::CheckOptions() {
  const std::array<std::pair<std::string_view, std::string_view>, 2> wanted{
      {{kMetaLanguage, LanguageName(options_.observe.language)},
       {kMetaVerify, options_.observe.verify_digests ? "yes" : "no"}}};
  std::vector<std::pair<std::string, std::string>> added;
  for (const auto& [name, value] : wanted) {
    std::string stored;
    CRAWLCARD_ASSIGN(const bool found, impl_.GetMeta(name, stored));
    if (!found) {
      added.emplace_back(name, value);
    } else if (stored != value) {
      return Fail(ErrorCode::kSchema,
                  "index '{}' was built with {} = {}, not {}: use the same, or a new index",
                  impl_.directory(), name, stored, value);
    }
  }
  return added.empty() ? Status() : impl_.PutMeta(added);
}

Status IngestRun::LoadLedger() {
  return impl_.ForEachFile([this](std::uint64_t id, FileEntry&& entry) -> Status {
    if (entry.sealed && entry.fact_version != kFactVersion) {
      return Fail(
          ErrorCode::kSchema,
          "index '{}' holds '{}' read by fact code {}, this build has {}: build a new index "
          "from the archive",
          impl_.directory(), entry.name, entry.fact_version, kFactVersion);
    }
    names_by_id_.emplace(id, entry.name);
    ledger_.emplace(id, std::move(entry));
    return {};
  });
}

// A crash left rows of files that were never sealed. Their bytes may have changed since, so the
// rows go before the files are read again.
Status IngestRun::RemoveUnsealed(const std::vector<IngestInput>& inputs) {
  std::set<std::uint64_t> ids;
  for (const IngestInput& input : inputs) {
    const auto found = ledger_.find(FileId(input.name));
    if (found != ledger_.end() && !found->second.sealed) ids.insert(found->first);
  }
  CRAWLCARD_TRY(impl_.RemoveFiles(ids));
  for (const std::uint64_t id : ids) ledger_.erase(id);
  return {};
}

bool IngestRun::Stopped() {
  if (stop_requested_.load(std::memory_order_relaxed)) return true;
  const std::lock_guard lock(mutex_);
  return fatal_.has_value();
}

Status IngestRun::CheckCollision(const IngestInput& input) {
  const std::lock_guard lock(mutex_);
  const auto [found, is_new] = names_by_id_.emplace(FileId(input.name), input.name);
  if (is_new || found->second == input.name) return {};
  return Fail(ErrorCode::kConflict, "file id of '{}' collides with that of '{}': rename one",
              input.name, found->second);
}

void IngestRun::WorkOn(const std::vector<const IngestInput*>& inputs,
                       std::atomic<std::size_t>& next, Crew& crew) {
  while (!Stopped()) {
    const std::size_t i = next.fetch_add(1);
    if (i >= inputs.size()) return;
    const IngestInput& input = *inputs[i];
    if (Status status = CheckCollision(input); !status) {
      FileReport report;
      report.errors.push_back(std::move(status.error().At(input.name)));
      Report(input, std::move(report));
      continue;
    }
    std::optional<FileEntry> known;
    {
      const std::lock_guard lock(mutex_);
      const auto found = ledger_.find(FileId(input.name));
      if (found != ledger_.end()) known = found->second;
    }
    FileJob job(input, std::move(known), options_, impl_, *writer_, crew, progress_,
                stop_requested_);
    Report(input, job.Run());
  }
}

void IngestRun::Report(const IngestInput& input, Result<FileReport> report) {
  const std::lock_guard lock(mutex_);
  if (report) {
    Count(input, std::move(*report));
  } else if (!fatal_) {
    fatal_ = std::move(report.error());
  }
}

void IngestRun::Count(const IngestInput& input, FileReport report) {
  LogFile(input, report);
  summary_.bytes_in += report.bytes_in;
  for (Error& error : report.errors) {
    if (summary_.first_errors.size() >= limits::kSummaryErrorsMax) break;
    summary_.first_errors.push_back(std::move(error));
  }
  progress_.files_done.fetch_add(1, std::memory_order_relaxed);
  if (report.removed) ledger_.erase(FileId(input.name));
  switch (report.outcome) {
    case FileOutcome::kFailed:
      ++summary_.files_failed;
      return;
    case FileOutcome::kSkipped:
      ++summary_.files_skipped;
      if (!report.entry.whole) ++summary_.files_skipped_damaged;
      return;
    case FileOutcome::kIngested:
      ++summary_.files_ingested;
      if (!report.entry.whole) ++summary_.files_damaged;
      summary_.counts.Add(report.entry.counts);
      ledger_[FileId(input.name)] = std::move(report.entry);
      return;
  }
}

void IngestRun::LogFile(const IngestInput& input, const FileReport& report) {
  if (!log_) return;
  LogEvent event;
  event.fields.emplace_back("file", input.name);
  if (report.outcome == FileOutcome::kFailed) {
    event.level = LogLevel::kError;
    event.name = "ingest.file_failed";
    event.message = report.errors.empty() ? "failed" : report.errors.back().ToString();
  } else if (report.outcome == FileOutcome::kIngested && !report.entry.whole) {
    event.level = LogLevel::kWarning;
    event.name = "ingest.file_damaged";
    event.message = fmt::format("{} damaged places in '{}', first: {}", report.entry.counts.damaged,
                                input.name, report.errors.front().ToString());
    event.fields.emplace_back("damaged", std::to_string(report.entry.counts.damaged));
  } else {
    event.name =
        report.outcome == FileOutcome::kSkipped ? "ingest.file_skipped" : "ingest.file_done";
    event.message = input.name;
    event.fields.emplace_back("captures", std::to_string(report.entry.counts.captures));
  }
  log_(event);
}

void IngestRun::RunRound(const std::vector<const IngestInput*>& inputs) {
  std::atomic<std::size_t> next{0};
  const unsigned jobs = std::clamp(options_.jobs, 1U, limits::kJobsMax);
  Crew crew(jobs);
  const auto work = [&] {
    WorkOn(inputs, next, crew);
    crew.Help();  // a worker for each file, and all of them for the last ones
  };
  std::vector<std::thread> workers;
  for (unsigned i = 1; i < jobs; ++i) workers.emplace_back(work);
  work();
  for (std::thread& worker : workers) worker.join();
}

// The same name may be given twice: of each round's files all names differ, so that two workers
// never read into the same rows, and the second one meets the ledger of the first.
std::vector<std::vector<const IngestInput*>> Rounds(const std::vector<IngestInput>& inputs) {
  std::vector<std::vector<const IngestInput*>> rounds;
  std::map<std::string_view, std::size_t> seen;
  for (const IngestInput& input : inputs) {
    const std::size_t round = seen[input.name]++;
    if (round == rounds.size()) rounds.emplace_back();
    rounds[round].push_back(&input);
  }
  return rounds;
}

// A round in portions, so that a crash does not cost all of it. Rows are seen when their portion is
// done.
Status IngestRun::RunBulk(const std::vector<const IngestInput*>& round) {
  std::size_t at = 0;
  while (at < round.size() && !Stopped()) {
    std::vector<const IngestInput*> portion;
    std::uint64_t bytes = 0;
    for (; at < round.size() && (portion.empty() || bytes < options_.bulk_portion_bytes); ++at) {
      portion.push_back(round[at]);
      bytes += KnownBytes(*round[at]);
    }
    const auto on_step = [this] {
      if (options_.on_batch) options_.on_batch(++steps_);
    };
    writer_ = std::make_unique<BulkWriter>(impl_, std::clamp(options_.jobs, 1U, limits::kJobsMax),
                                           impl_.plan().runs, on_step);
    RunRound(portion);
    CRAWLCARD_TRY(writer_->Finish());
    writer_.reset();
  }
  return {};
}

Status IngestRun::RunRounds(const std::vector<IngestInput>& inputs) {
  const bool is_bulk = IsBulk(inputs, options_);
  if (!is_bulk) {
    const std::size_t queue_bytes = std::min(options_.queue_bytes_max, impl_.plan().queues);
    writer_ = std::make_unique<Writer>(impl_, queue_bytes, options_.on_batch);
  }
  for (const auto& round : Rounds(inputs)) {
    if (Stopped()) break;
    if (is_bulk) {
      CRAWLCARD_TRY(RunBulk(round));
    } else {
      RunRound(round);
    }
  }
  return writer_ ? writer_->Finish() : Status();
}

Result<IngestSummary> IngestRun::Run(const std::vector<IngestInput>& inputs) {
  if (!impl_.writable()) {
    return Fail(ErrorCode::kInvalidArgument, "index '{}' is open for reading only",
                impl_.directory());
  }
  CRAWLCARD_TRY(LoadLedger());
  CRAWLCARD_TRY(CheckOptions());
  CRAWLCARD_TRY(RemoveUnsealed(inputs));
  progress_.files_total.store(inputs.size());

  CRAWLCARD_TRY(RunRounds(inputs));
  if (fatal_ && fatal_->code() != ErrorCode::kCancelled) {
    return tl::unexpected(std::move(*fatal_));
  }
  const std::uint64_t done = progress_.files_done.load();
  if (fatal_ || (stop_requested_.load() && done < inputs.size())) {
    return Fail(ErrorCode::kCancelled, "{} of {} files done, {} left", done, inputs.size(),
                inputs.size() - done);
  }
  std::sort(summary_.first_errors.begin(), summary_.first_errors.end(),
            [](const Error& a, const Error& b) {
              return std::make_pair(std::string_view(a.file()), a.offset()) <
                     std::make_pair(std::string_view(b.file()), b.offset());
            });
  return std::move(summary_);
}

}  // namespace

Result<IngestSummary> Ingest(Store& store, const std::vector<IngestInput>& inputs,
                             const IngestOptions& options, const LogSink& log,
                             IngestProgress& progress, const std::atomic<bool>& stop_requested) {
  return IngestRun(store, options, log, progress, stop_requested).Run(inputs);
}

}  // namespace crawlcard::index
