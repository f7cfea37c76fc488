// crawlcard check: a verdict for each URL or host.

#include <optional>

#include <fmt/format.h>

#include "base/file.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "index/scan.h"
#include "index/verdict_json.h"
#include "tools/command.h"
#include "tools/dataset_command.h"
#include "tools/exit_code.h"
#include "tools/judge_flags.h"
#include "tools/limits.h"
#include "tools/open_index.h"
#include "tools/stop.h"
#include "tools/verdict_text.h"

namespace crawlcard::tools {
namespace {

struct Tally {
  std::uint64_t asked = 0;
  std::uint64_t usable = 0;
  std::uint64_t failed = 0;  // lines that are no URL
};

Status CheckOne(const Context& context, const index::Store& store,
                const index::JudgeOptions& options, std::string_view url, Tally& tally) {
  if (StopRequested().load()) return Fail(ErrorCode::kCancelled, "stopped");
  CRAWLCARD_ASSIGN(const index::UrlVerdict answer, index::CheckUrl(store, url, options));
  ++tally.asked;
  if (answer.verdict.usable) ++tally.usable;
  if (context.silent()) return {};
  std::string text;
  if (context.json_lines()) {
    JsonWriter json(text);
    index::WriteVerdict(answer, options, json);
    text += '\n';
  } else {
    if (tally.asked > 1) text += '\n';
    AppendVerdictText(answer, options, text);
  }
  return context.out.Write(text);
}

// The next line of `source` without its end, nullopt at the end of the input. A line beyond
// limits::kUrlBytesMax is passed over and comes back one byte longer than the limit.
Result<std::optional<std::string>> NextLine(ByteSource& source) {
  std::string line;
  bool any = false;
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, source.Peek(1));
    if (window.empty()) break;
    any = true;
    const std::size_t newline = window.find('\n');
    const std::string_view part = window.substr(0, newline);
    line += part.substr(0, limits::kUrlBytesMax + 1 - line.size());
    source.Consume(part.size() + (newline == std::string_view::npos ? 0 : 1));
    if (newline != std::string_view::npos) break;
  }
  if (!any) return std::optional<std::string>();
  return std::optional<std::string>(std::move(line));
}

// A line that is no URL is said and counted; the others are still answered.
Status CheckStandardInput(const Context& context, const index::Store& store,
                          const index::JudgeOptions& options, Tally& tally) {
  CRAWLCARD_ASSIGN(const std::unique_ptr<FileSource> source, FileSource::Open("-"));
  for (;;) {
    const std::uint64_t offset = source->position();
    CRAWLCARD_ASSIGN(const std::optional<std::string> line, NextLine(*source));
    if (!line) return {};
    const std::string_view url = TrimAscii(*line);
    if (url.empty()) continue;
    Status checked;
    if (line->size() > limits::kUrlBytesMax) {
      checked =
          Fail(ErrorCode::kInvalidArgument, "url too long: over {} bytes", limits::kUrlBytesMax);
    } else {
      checked = CheckOne(context, store, options, url, tally);
    }
    if (checked) continue;
    if (checked.error().code() != ErrorCode::kInvalidArgument) return checked;
    ++tally.failed;
    context.log.LogError(LogLevel::kWarning, "check.bad_line",
                         std::move(checked.error()).At(offset).At("standard input"));
  }
}

}  // namespace

Result<int> RunCheck(const Context& context) {
  if (!context.settings.List("dataset").empty()) return RunCheckDataset(context);
  if (context.operands.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "'check' needs URL|HOST..., or --dataset FILE");
  }
  CRAWLCARD_ASSIGN(const index::JudgeOptions options, JudgeOptionsFrom(context.settings, Now()));
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(context.settings, index::OpenMode::kRead));
  Tally tally;
  for (const std::string& operand : context.operands) {
    if (operand == "-") {
      CRAWLCARD_TRY(CheckStandardInput(context, *store, options, tally));
    } else {
      CRAWLCARD_TRY(CheckOne(context, *store, options, operand, tally));
    }
  }
  if (context.silent()) {
    context.log.Log({LogLevel::kInfo,
                     "check.done",
                     fmt::format("{} asked, {} usable", tally.asked, tally.usable),
                     {}});
  }
  if (tally.failed != 0) return kExitDamaged;
  return tally.usable == tally.asked ? kExitDone : kExitNo;
}

}  // namespace crawlcard::tools
