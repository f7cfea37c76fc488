// crawlcard extract: facts of every capture, without an index. Files, and stretches of large ones,
// are shared out to workers; the lines come out in the order of the inputs.

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "base/file.h"
#include "index/ingest/capture_sink.h"
#include "index/ingest/crew.h"
#include "index/ingest/observe.h"
#include "index/ingest/split_file.h"
#include "index/limits.h"
#include "tools/capture_text.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/inputs.h"
#include "tools/judge_flags.h"
#include "tools/observe_flags.h"
#include "tools/ordered_output.h"
#include "tools/shard.h"
#include "tools/stop.h"

namespace crawlcard::tools {
namespace {

// Lines of one stretch of a file. Gathers so that workers seldom meet at the output.
class LineSink final : public index::CaptureSink {
 public:
  LineSink(const Context& context, OrderedOutput& output, std::size_t slot)
      : is_silent_(context.silent()),
        is_json_(context.json_lines()),
        output_(output),
        slot_(slot) {}

  Status Take(const index::CaptureView& capture) override {
    if (is_silent_) return {};
    if (is_json_) {
      JsonWriter json(text_);
      index::WriteFacts(capture, json);
      text_ += '\n';
    } else {
      AppendCaptureText(capture, text_);
    }
    return is_released_ && text_.size() >= kGatherBytes ? Flush() : Status();
  }
  Status Release() override {
    is_released_ = true;
    return Flush();
  }
  Status Close() override { return Flush(); }
  std::size_t held_bytes() const override { return text_.capacity(); }

 private:
  static constexpr std::size_t kGatherBytes = std::size_t{64} << 10;

  Status Flush() {
    CRAWLCARD_TRY(output_.Write(slot_, text_));
    text_.clear();
    // What a guessed stretch has gathered is not needed again.
    if (text_.capacity() > 4 * kGatherBytes) text_.shrink_to_fit();
    return {};
  }

  const bool is_silent_;
  const bool is_json_;
  OrderedOutput& output_;
  const std::size_t slot_;
  bool is_released_ = false;
  std::string text_;
};

struct Totals {
  std::mutex mutex;
  index::FileCounts counts;
  std::uint64_t files = 0;
  std::uint64_t failed = 0;
  Status first_stop;  // an error that ended the work, not one file
};

class Extraction {
 public:
  Extraction(const Context& context, std::vector<index::IngestInput> inputs)
      : context_(context),
        inputs_(std::move(inputs)),
        options_(ObserveOptionsFrom(context.settings)),
        jobs_(std::min(JobsFrom(context.settings), index::limits::kJobsMax)),
        crew_(jobs_),
        output_(context.out, inputs_.size()) {}

  // Runs the workers to the end and gives the totals.
  Status Run() {
    {
      std::vector<std::jthread> workers;
      for (unsigned i = 1; i < jobs_; ++i) workers.emplace_back([this] { Work(); });
      Work();
    }
    return totals_.first_stop;
  }

  const Totals& totals() const { return totals_; }

 private:
  // Takes files while there are any, then helps with those of others.
  void Work() {
    while (!stopped_.load()) {
      const std::size_t slot = next_.fetch_add(1);
      if (slot >= inputs_.size()) break;
      const Status done = ExtractFile(slot);
      const Status closed = output_.Close(slot);
      if (!done) NoteFailure(done.error());
      if (!closed) NoteFailure(closed.error());
    }
    crew_.Help();
  }

  Status ExtractFile(std::size_t slot) {
    const auto& [path, name, open] = inputs_[slot];
    Result<std::unique_ptr<FileSource>> source = FileSource::Open(path);
    if (!source) return tl::unexpected<Error>(std::move(source.error()).At(path));

    index::SplitHandlers handlers;
    handlers.new_sink = [&] { return std::make_unique<LineSink>(context_, output_, slot); };
    handlers.on_damage = [&](const Error& error) {
      context_.log.LogError(LogLevel::kWarning, "extract.damaged", error);
    };
    handlers.stop_requested = [&] { return StopRequested().load() || stopped_.load(); };
    index::SplitOptions split;
    split.guesses_max = jobs_;
    index::SplitFile file(crew_, **source, name, options_, split, handlers);
    Result<index::ObservedFile> observed = file.Run();
    if (!observed) return tl::unexpected<Error>(std::move(observed.error()).At(path));
    AddCounts(observed->counts);
    return {};
  }

  void AddCounts(const index::FileCounts& counts) {
    const std::lock_guard lock(totals_.mutex);
    ++totals_.files;
    totals_.counts.records += counts.records;
    totals_.counts.captures += counts.captures;
    totals_.counts.damaged += counts.damaged;
    totals_.counts.inflated_bytes += counts.inflated_bytes;
  }

  // A file that cannot be read is said and counted; a stop or a broken output ends everything.
  void NoteFailure(const Error& error) {
    const bool ends_all = error.code() == ErrorCode::kCancelled ||
                          (error.code() == ErrorCode::kIo && error.file().empty());
    if (!ends_all) context_.log.LogError(LogLevel::kError, "extract.file_failed", error);
    const std::lock_guard lock(totals_.mutex);
    if (!ends_all) {
      ++totals_.failed;
      return;
    }
    stopped_.store(true);
    if (totals_.first_stop) totals_.first_stop = tl::unexpected<Error>(error);
  }

  const Context& context_;
  const std::vector<index::IngestInput> inputs_;
  const index::ObserveFileOptions options_;
  const unsigned jobs_;
  index::Crew crew_;
  OrderedOutput output_;
  Totals totals_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stopped_{false};
};

}  // namespace

Result<int> RunExtract(const Context& context) {
  const Settings& settings = context.settings;
  CRAWLCARD_ASSIGN(const Shard shard, ShardFrom(settings));
  if (IsShare(shard)) CRAWLCARD_TRY(CheckShareable(context.operands));
  CRAWLCARD_ASSIGN(std::vector<index::IngestInput> inputs,
                   ExpandAll(context.operands, std::string(settings.Text("base"))));
  KeepShare(shard, inputs);
  Extraction extraction(context, std::move(inputs));
  CRAWLCARD_TRY(extraction.Run());
  const Totals& totals = extraction.totals();
  const bool damaged = totals.counts.damaged != 0 || totals.failed != 0;
  if (context.silent() || damaged) {
    context.log.Log(
        {damaged ? LogLevel::kWarning : LogLevel::kInfo,
         "extract.done",
         fmt::format("{} captures in {} records of {} files, {} bytes unpacked; "
                     "{} damaged units, {} files failed",
                     totals.counts.captures, totals.counts.records, totals.files,
                     totals.counts.inflated_bytes, totals.counts.damaged, totals.failed),
         {}});
  }
  return damaged ? kExitDamaged : kExitDone;
}

}  // namespace crawlcard::tools
