#include "dataset/dataset_run.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "base/assert.h"
#include "base/bounded_queue.h"
#include "base/file.h"
#include "base/text.h"
#include "dataset/limits.h"
#include "dataset/parquet_rows.h"

namespace crawlcard::dataset {
namespace {

// What a block weighs while it is under way: itself, its rows again as kept and dropped, packed.
constexpr std::size_t kBlockCopies = 3;
// A verdict with its evidence, roughly.
constexpr std::size_t kLineBytes = 3 * 1024;

constexpr std::size_t kSniffBytes = 64;

// How often a reader that waits looks whether a stop was asked for.
constexpr std::chrono::milliseconds kStopLook(200);

std::string_view WithoutEnding(std::string_view name, std::string_view ending) {
  return name.size() > ending.size() &&
                 EqualsIgnoreCase(name.substr(name.size() - ending.size()), ending)
             ? name.substr(0, name.size() - ending.size())
             : name;
}

bool EndsWith(std::string_view name, std::string_view ending) {
  return WithoutEnding(name, ending).size() != name.size();
}

// A brace opens JSON; whoever has CSV says so by a name or a flag.
RowFormat SniffFormat(std::string_view first) {
  const std::size_t at = first.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  return at != std::string_view::npos && first[at] == '{' ? RowFormat::kJsonl : RowFormat::kText;
}

// One open file with everything that reads it.
struct OpenFile {
  std::unique_ptr<FileSource> source;
  std::unique_ptr<UnpackedSource> unpacked;
  std::unique_ptr<RowSource> rows;
  FileHead head;
};

}  // namespace

std::optional<RowFormat> FormatFromName(std::string_view name) {
  name = WithoutEnding(WithoutEnding(name, ".gz"), ".zst");
  if (EndsWith(name, ".jsonl") || EndsWith(name, ".ndjson") || EndsWith(name, ".json")) {
    return RowFormat::kJsonl;
  }
  if (EndsWith(name, ".csv")) return RowFormat::kCsv;
  if (EndsWith(name, ".tsv")) return RowFormat::kTsv;
  if (EndsWith(name, ".parquet")) return RowFormat::kParquet;
  if (EndsWith(name, ".txt") || EndsWith(name, ".urls") || EndsWith(name, ".list")) {
    return RowFormat::kText;
  }
  return std::nullopt;
}

std::optional<RowFormat> FormatFromWord(std::string_view word) {
  for (const RowFormat format : {RowFormat::kJsonl, RowFormat::kCsv, RowFormat::kTsv,
                                 RowFormat::kText, RowFormat::kParquet}) {
    if (RowFormatName(format) == word) return format;
  }
  return std::nullopt;
}

class DatasetRun::Impl {
 public:
  Impl(const index::Batch& batch, const JudgeJob& job, const RunOptions& options,
       const RunHandlers& handlers)
      : batch_(batch), job_(job), options_(options), handlers_(handlers) {}

  Result<std::vector<FileOutcome>> Run(const std::vector<std::string>& files,
                                       index::IngestProgress& progress,
                                       const std::atomic<bool>& stop);

 private:
  struct Work {
    std::size_t file = 0;
    std::uint64_t number = 0;  // of the block in its file
    std::size_t weight = 0;
    RowBlock block;
  };
  struct Finished {
    std::size_t weight = 0;
    BlockResult result;
  };
  // One file under way.
  struct FileState {
    std::unique_ptr<FileHead> head;  // set before the first block
    std::unique_ptr<FileSink> sink;
    std::map<std::uint64_t, Finished> waiting;  // blocks that were judged, by number
    std::uint64_t next = 0;                     // block that is handed on next
    std::optional<std::uint64_t> blocks;        // how many there are, once that is known
    std::size_t weight = 0;                     // of blocks under way
    std::size_t faults_told = 0;
    bool is_draining = false;
    bool is_closed = false;
    std::optional<Error> damage;
    FileOutcome outcome;
  };

  void ReadFiles();
  Status ReadFile(std::size_t file);
  Result<OpenFile> OpenOne(const std::string& path);
  bool Enter(FileState& state, std::size_t weight);
  void WorkOn();
  void Deposit(Work& work, BlockResult result);
  void Drain(std::size_t file);
  std::size_t NextOpenFile();
  bool TakeNext(FileState& state, Finished& out);
  Status HandOn(std::size_t file, FileState& state, BlockResult& result);
  void CloseFile(std::size_t file, FileState& state);
  void FailFile(std::size_t file, Error error);
  void Stop(Error error);
  bool stopped() const { return stopping_.load() || stop_->load(); }

  const index::Batch& batch_;
  const JudgeJob& job_;
  const RunOptions& options_;
  const RunHandlers& handlers_;
  FieldTree fields_;
  const std::vector<std::string>* files_ = nullptr;
  index::IngestProgress* progress_ = nullptr;
  const std::atomic<bool>* stop_ = nullptr;

  BufferPool pool_{RowBlock::kPooledBytes};
  std::unique_ptr<BoundedQueue<Work>> queue_;
  std::size_t weight_max_ = 0;  // a file
  std::atomic<std::size_t> next_file_{0};
  std::atomic<bool> stopping_{false};

  std::mutex mutex_;  // of everything below
  std::condition_variable room_;
  std::deque<FileState> states_;
  std::size_t current_ = 0;  // with files_in_order: the file whose sink is served
  std::optional<Error> error_;
};

Result<std::vector<FileOutcome>> DatasetRun::Impl::Run(const std::vector<std::string>& files,
                                                       index::IngestProgress& progress,
                                                       const std::atomic<bool>& stop) {
  CRAWLCARD_ASSIGN(fields_, FieldTree::Of(options_.fields));
  files_ = &files;
  progress_ = &progress;
  stop_ = &stop;
  states_.resize(files.size());
  // Unpacking takes about as long as judging: half of the threads' worth of files are open.
  const std::size_t readers =
      std::max<std::size_t>(1, std::min<std::size_t>(files.size(), options_.jobs / 2));
  weight_max_ = static_cast<std::size_t>(options_.memory_bytes) / readers;
  queue_ = std::make_unique<BoundedQueue<Work>>(2 * readers + options_.jobs, SIZE_MAX);
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < options_.jobs; ++i) workers.emplace_back([this] { WorkOn(); });
    {
      std::vector<std::jthread> more;
      for (std::size_t i = 1; i < readers; ++i) more.emplace_back([this] { ReadFiles(); });
      ReadFiles();
    }
    queue_->Close();
  }
  if (error_) return tl::unexpected<Error>(*error_);
  if (stop.load()) return Fail(ErrorCode::kCancelled, "stopped");
  std::vector<FileOutcome> outcomes;
  for (FileState& state : states_) outcomes.push_back(std::move(state.outcome));
  return outcomes;
}

void DatasetRun::Impl::ReadFiles() {
  while (!stopped()) {
    const std::size_t file = next_file_.fetch_add(1);
    if (file >= files_->size()) return;
    const Status read = ReadFile(file);
    if (!read) Stop(read.error());
  }
}

Result<OpenFile> DatasetRun::Impl::OpenOne(const std::string& path) {
  OpenFile open;
  open.head.name = path;
  std::optional<RowFormat> format = options_.format;
  if (!format) format = FormatFromName(path);
  if (format == RowFormat::kParquet) {
    open.head.format = RowFormat::kParquet;
    CRAWLCARD_ASSIGN(open.rows, OpenParquetRows(options_.duckdb, path, options_.fields));
    return open;
  }
  CRAWLCARD_ASSIGN(open.source, FileSource::Open(path));
  open.unpacked = std::make_unique<UnpackedSource>(*open.source);
  CRAWLCARD_ASSIGN(open.head.packing, open.unpacked->DetectPacking());
  if (!format) {
    CRAWLCARD_ASSIGN(const std::string first, open.unpacked->First(kSniffBytes));
    format = SniffFormat(first);
  }
  open.head.format = *format;
  auto rows = std::make_unique<RowReader>(*open.unpacked, *format, pool_);
  CRAWLCARD_TRY(rows->Start());
  open.head.header = rows->header();
  open.rows = std::move(rows);
  CRAWLCARD_ASSIGN(open.head.columns, Columns::Find(open.head.header, *format, options_.fields));
  return open;
}

// Errors end the run: a file that cannot be opened is none.
Status DatasetRun::Impl::ReadFile(std::size_t file) {
  Result<OpenFile> opened = OpenOne((*files_)[file]);
  if (!opened) {
    FailFile(file, std::move(opened).error());
    return {};
  }
  OpenFile& open = *opened;
  std::unique_ptr<FileSink> sink;
  if (handlers_.open_sink) {
    CRAWLCARD_ASSIGN(sink, handlers_.open_sink(file, open.head));
  }
  FileState& state = states_[file];
  {
    const std::lock_guard lock(mutex_);
    state.head = std::make_unique<FileHead>(open.head);
    state.sink = std::move(sink);
    state.outcome.tally.questions.resize(job_.policies.size());
  }
  std::uint64_t blocks = 0;
  std::uint64_t position = 0;
  while (!stopped()) {
    CRAWLCARD_ASSIGN(std::optional<RowBlock> block, open.rows->Next());
    if (open.source != nullptr) {
      progress_->bytes_in.fetch_add(open.source->position() - position);
      position = open.source->position();
    }
    if (!block) break;
    const std::size_t lines = job_.lines == LineStyle::kNone ? 0 : block->rows() * kLineBytes;
    const std::size_t weight = block->capacity * kBlockCopies + lines;
    if (!Enter(state, weight)) return {};
    if (!queue_->Push({file, blocks++, weight, std::move(*block)}, weight)) return {};
  }
  if (stopped()) return {};
  {
    const std::lock_guard lock(mutex_);
    state.blocks = blocks;
    state.damage = open.rows->damage();
  }
  Drain(file);
  return {};
}

// Waits until the file may have one more block under way; it always may have one.
bool DatasetRun::Impl::Enter(FileState& state, std::size_t weight) {
  std::unique_lock lock(mutex_);
  const auto has_room = [&] {
    return stopped() || state.weight == 0 || state.weight + weight <= weight_max_;
  };
  // A signal that asks to stop notifies nobody.
  while (!room_.wait_for(lock, kStopLook, has_room)) {
  }
  state.weight += weight;
  return !stopped();
}

void DatasetRun::Impl::WorkOn() {
  BlockJudge judge(job_, fields_, batch_.NewWorker());
  while (std::optional<Work> work = queue_->Pop()) {
    if (stopped()) continue;
    Result<BlockResult> result = judge.Judge(work->block, *states_[work->file].head);
    if (!result) {
      Stop(std::move(result).error());
      continue;
    }
    if (work->block.capacity == limits::kBlockBytes && work->block.buffer != nullptr) {
      pool_.Give(std::move(work->block.buffer));
    }
    work->block = {};
    Deposit(*work, std::move(*result));
    Drain(work->file);
  }
}

void DatasetRun::Impl::Deposit(Work& work, BlockResult result) {
  progress_->records.fetch_add(result.tally.all.rows);
  progress_->captures.fetch_add(result.tally.judged.rows);
  progress_->damaged.fetch_add(result.tally.damaged_rows());
  const std::lock_guard lock(mutex_);
  states_[work.file].waiting.emplace(work.number, Finished{work.weight, std::move(result)});
}

// The next block of the file in `out`, if it is there. The mutex is held.
bool DatasetRun::Impl::TakeNext(FileState& state, Finished& out) {
  const auto first = state.waiting.find(state.next);
  if (first == state.waiting.end()) return false;
  out = std::move(first->second);
  state.waiting.erase(first);
  ++state.next;
  return true;
}

// Moves the turn past files that are closed. The mutex is held.
std::size_t DatasetRun::Impl::NextOpenFile() {
  while (current_ < states_.size() && states_[current_].is_closed) ++current_;
  return current_;
}

// Hands on what is in order. One thread does so for a file; others leave what they have to it.
void DatasetRun::Impl::Drain(std::size_t file) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (file >= states_.size()) return;
    FileState& state = states_[file];
    if (state.is_draining || state.is_closed || stopping_.load()) return;
    if (options_.files_in_order && file != current_) return;
    state.is_draining = true;
    Finished finished;
    while (!stopping_.load() && TakeNext(state, finished)) {
      lock.unlock();
      const Status handed = HandOn(file, state, finished.result);
      if (!handed) Stop(handed.error());
      lock.lock();
      state.weight -= finished.weight;
      room_.notify_all();
    }
    state.is_draining = false;
    if (stopping_.load() || !state.blocks || state.next != *state.blocks) return;
    state.is_closed = true;
    lock.unlock();
    CloseFile(file, state);
    lock.lock();
    if (!options_.files_in_order) return;
    file = NextOpenFile();
  }
}

Status DatasetRun::Impl::HandOn(std::size_t file, FileState& state, BlockResult& result) {
  state.outcome.tally.Merge(result.tally);
  for (const RowFaultNote& note : result.faults) {
    if (state.faults_told >= limits::kFaultsToldMax) break;
    ++state.faults_told;
    if (!handlers_.on_damage) continue;
    handlers_.on_damage(
        Error(ErrorCode::kCorrupt, fmt::format("row {}: {}", note.row, RowFaultName(note.fault)))
            .At(state.head->name));
  }
  if (result.observer != nullptr && handlers_.on_observed) {
    handlers_.on_observed(file, *result.observer);
  }
  return state.sink == nullptr ? Status() : state.sink->Take(result);
}

void DatasetRun::Impl::CloseFile(std::size_t file, FileState& state) {
  CRAWLCARD_ASSERT(file < states_.size());
  const bool has_damage = state.damage.has_value();
  if (has_damage && handlers_.on_damage) {
    handlers_.on_damage(Error(*state.damage).At(state.head->name));
  }
  state.outcome.is_damaged = has_damage || state.outcome.tally.damaged_rows() != 0;
  if (state.sink != nullptr) {
    const Status finished = state.sink->Finish(state.outcome.tally, state.damage);
    state.sink.reset();
    if (!finished) {
      Stop(finished.error());
      return;
    }
  }
  state.outcome.is_done = true;
  progress_->files_done.fetch_add(1);
}

// Said and counted, before any of its blocks.
void DatasetRun::Impl::FailFile(std::size_t file, Error error) {
  error.At((*files_)[file]);
  if (handlers_.on_failure) handlers_.on_failure(error);
  FileState& state = states_[file];
  {
    const std::lock_guard lock(mutex_);
    state.outcome.is_failed = true;
    state.is_closed = true;
    if (!options_.files_in_order) return;
    file = NextOpenFile();
  }
  Drain(file);
}

void DatasetRun::Impl::Stop(Error error) {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::move(error);
  stopping_.store(true);
  room_.notify_all();
  queue_->Close();
}

DatasetRun::DatasetRun(const index::Batch& batch, const JudgeJob& job, const RunOptions& options,
                       const RunHandlers& handlers)
    : impl_(std::make_unique<Impl>(batch, job, options, handlers)) {}
DatasetRun::~DatasetRun() = default;

Result<std::vector<FileOutcome>> DatasetRun::Run(const std::vector<std::string>& files,
                                                 index::IngestProgress& progress,
                                                 const std::atomic<bool>& stop) {
  return impl_->Run(files, progress, stop);
}

}  // namespace crawlcard::dataset
