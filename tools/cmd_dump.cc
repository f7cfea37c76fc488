// crawlcard dump: every fact row in key order.

#include <fmt/format.h>

#include "index/proof/leaves.h"
#include "index/scan.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/open_index.h"
#include "tools/stop.h"

namespace crawlcard::tools {

Result<int> RunDump(const Context& context) {
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(context.settings, index::OpenMode::kRead));
  index::DumpOptions options;
  options.with_ledger = context.settings.Switch("with-ledger");
  std::uint64_t rows = 0;
  const auto print = [&](std::string_view line) -> Status {
    if (StopRequested().load()) return Fail(ErrorCode::kCancelled, "stopped");
    ++rows;
    if (context.silent()) return {};
    CRAWLCARD_TRY(context.out.Write(line));
    return line.ends_with('\n') ? Status() : context.out.Write("\n");
  };
  const auto print_leaf = [&](const index::LeafView& leaf) -> Result<bool> {
    CRAWLCARD_TRY(print(leaf.line));
    return true;
  };
  const bool as_leaves = context.settings.Switch("leaves");
  CRAWLCARD_TRY(as_leaves ? index::ReadLeaves(*store, std::nullopt, {}, print_leaf)
                          : index::Dump(*store, options, print));
  if (context.silent()) {
    context.log.Log({LogLevel::kInfo, "dump.done", fmt::format("{} rows", rows), {}});
  }
  return kExitDone;
}

}  // namespace crawlcard::tools
