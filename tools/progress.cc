#include "tools/progress.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <unistd.h>

#include "base/json_writer.h"

namespace crawlcard::tools {
namespace {

using Clock = std::chrono::steady_clock;

double PerSecond(std::uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0.0;
}

}  // namespace

std::string ProgressText(const index::IngestProgress& progress, double seconds) {
  constexpr double kMega = 1e6;
  const std::uint64_t records = progress.records.load();
  const double megabytes = static_cast<double>(progress.bytes_in.load()) / kMega;
  return fmt::format("{}/{} files, {} records ({:.0f}/s), {:.1f} MB in ({:.1f} MB/s), {} damaged",
                     progress.files_done.load(), progress.files_total.load(), records,
                     PerSecond(records, seconds), megabytes,
                     seconds > 0 ? megabytes / seconds : 0.0, progress.damaged.load());
}

std::string ProgressJson(const index::IngestProgress& progress, double seconds) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("event", "progress");
  json.Key("seconds").Fixed(seconds, 1);
  const std::uint64_t done = progress.files_done.load();
  const std::uint64_t total = progress.files_total.load();
  json.Member("files_done", done);
  json.Member("files_total", total);
  json.Member("files_left", total - std::min(done, total));
  json.Member("records", progress.records.load());
  json.Member("captures", progress.captures.load());
  json.Member("bytes_in", progress.bytes_in.load());
  json.Member("queue_bytes", progress.queue_bytes.load());
  json.Member("damaged", progress.damaged.load());
  json.EndObject();
  return text;
}

ProgressLine::ProgressLine(const Settings& settings, const index::IngestProgress& progress,
                           Logger& log)
    : progress_(progress), log_(log) {
  const std::string_view when = settings.Text("progress");
  if (when == "json") style_ = Style::kJson;
  if (when == "bar") style_ = Style::kBar;
  if (when == "auto") {
    const bool json = settings.Text("log-format") == "json";
    style_ = ::isatty(STDERR_FILENO) == 1 ? Style::kBar : json ? Style::kJson : Style::kPlain;
  }
  if (style_ != Style::kNone) {
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }
}

ProgressLine::~ProgressLine() {
  thread_ = std::jthread();  // asks the thread to stop and waits
  if (style_ == Style::kBar) log_.SetStatusLine("");
}

void ProgressLine::Run(const std::stop_token& stop) {
  const std::chrono::milliseconds period =
      style_ == Style::kBar ? std::chrono::milliseconds(200) : std::chrono::seconds(10);
  const Clock::time_point start = Clock::now();
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, stop, period, [&] { return stop.stop_requested(); })) {
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (style_ == Style::kBar) {
      log_.SetStatusLine(ProgressText(progress_, seconds));
    } else {
      log_.Line(style_ == Style::kJson ? ProgressJson(progress_, seconds)
                                       : ProgressText(progress_, seconds));
    }
  }
}

}  // namespace crawlcard::tools
