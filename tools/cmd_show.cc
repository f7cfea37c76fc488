// crawlcard show: what the index holds of one URL or host, in order of time.

#include <fmt/format.h>

#include "base/json_writer.h"
#include "index/scan.h"
#include "tools/capture_text.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/open_index.h"

namespace crawlcard::tools {

Result<int> RunShow(const Context& context) {
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(context.settings, index::OpenMode::kRead));
  const std::string& asked = context.operands[0];
  std::uint64_t rows = 0;
  std::string text;
  CRAWLCARD_TRY(index::ShowTimeline(*store, asked, [&](const index::CaptureView& row) -> Status {
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
  }));
  if (rows == 0 || context.silent()) {
    context.log.Log({LogLevel::kInfo,
                     "show.done",
                     fmt::format("{} rows for '{}' in index '{}'", rows, asked, store->directory()),
                     {}});
  }
  return rows == 0 ? kExitNo : kExitDone;
}

}  // namespace crawlcard::tools
