// crawlcard show: what the index holds of one URL or host, in order of time.

#include <fmt/format.h>

#include "base/json_writer.h"
#include "index/history.h"
#include "index/scan.h"
#include "tools/capture_text.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/history_text.h"
#include "tools/judge_flags.h"
#include "tools/open_index.h"

namespace crawlcard::tools {
namespace {

// The runs of the host's files.
Status ShowRuns(const Context& context, const index::Store& store, const std::string& asked,
                std::uint64_t& rows) {
  CRAWLCARD_ASSIGN(const index::HistoryOptions options,
                   HistoryOptionsFrom(context.settings, Now()));
  std::string text;
  std::string file;
  return index::ShowHistory(store, asked, options, [&](const index::HistoryRun& run) -> Status {
    ++rows;
    if (context.silent()) return {};
    text.clear();
    if (context.json_lines()) {
      JsonWriter json(text);
      index::WriteHistoryRun(run, options, json);
      text += '\n';
    } else {
      const std::string name = run.origin + " " + std::string(robots::WellKnownName(run.file));
      AppendHistoryText(run, name != file, text);
      file = name;
    }
    return context.out.Write(text);
  });
}

Status ShowRows(const Context& context, const index::Store& store, const std::string& asked,
                std::uint64_t& rows) {
  CRAWLCARD_ASSIGN(const index::TimelineOptions options,
                   TimelineOptionsFrom(context.settings, Now()));
  std::string text;
  return index::ShowTimeline(store, asked, options, [&](const index::CaptureView& row) -> Status {
    ++rows;
    if (context.silent()) return {};
    text.clear();
    if (context.json_lines()) {
      JsonWriter json(text);
      index::WriteFacts(row, json);
      text += '\n';
    } else {
      AppendCaptureText(row, text);
    }
    return context.out.Write(text);
  });
}

}  // namespace

Result<int> RunShow(const Context& context) {
  const bool history = context.settings.Switch("history");
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(context.settings, index::OpenMode::kRead));
  const std::string& asked = context.operands[0];
  std::uint64_t rows = 0;
  CRAWLCARD_TRY(history ? ShowRuns(context, *store, asked, rows)
                        : ShowRows(context, *store, asked, rows));
  if (rows == 0 || context.silent()) {
    context.log.Log({LogLevel::kInfo,
                     "show.done",
                     fmt::format("{} {} for '{}' in index '{}'", rows, history ? "runs" : "rows",
                                 asked, store->directory()),
                     {}});
  }
  return rows == 0 ? kExitNo : kExitDone;
}

}  // namespace crawlcard::tools
