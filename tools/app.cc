#include "tools/app.h"

#include <fmt/format.h>

#include "tools/agents_file.h"
#include "tools/exit_code.h"
#include "tools/help.h"
#include "tools/parse.h"
#include "tools/stop.h"
#include "tools/version.h"

namespace crawlcard::tools {
namespace {

int FinishWith(const Error& error, const Command* command, Logger& log) {
  const int code = ExitFor(error);
  if (error.code() == ErrorCode::kCancelled) {
    log.Log({LogLevel::kWarning,
             "stopped",
             fmt::format("stopped with work left ({}); start it again to go on", error.message()),
             {}});
    return code;
  }
  log.LogError(LogLevel::kError, "failed", error);
  if (code == kExitUsage) {
    log.Line(command == nullptr ? std::string("try 'crawlcard --help'")
                                : fmt::format("usage: {}; try 'crawlcard {} -h'",
                                              UsageLine(*command), command->name));
  }
  return code;
}

// Flushes what was printed; a reader that went away is no error.
int Close(Output& out, int code, Logger& log) {
  const Status flushed = out.Flush();
  if (out.pipe_closed()) return kExitDone;
  if (flushed) return code;
  log.LogError(LogLevel::kError, "failed", flushed.error());
  return kExitInternal;
}

int Print(Output& out, std::string_view text, Logger& log) {
  Ignore(out.Write(text), "Close() looks at the state of the output");
  return Close(out, kExitDone, log);
}

// The command that the words name, for the usage line of an error.
const Command* CommandOf(const std::vector<std::string>& words) {
  for (const Command& command : Commands()) {
    const std::size_t blank = command.name.find(' ');
    if (words.empty() || command.name.substr(0, blank) != words[0]) continue;
    if (blank == std::string_view::npos) return &command;
    if (words.size() > 1 && command.name.substr(blank + 1) == words[1]) return &command;
  }
  return nullptr;
}

}  // namespace

int RunApp(const std::vector<std::string>& words, Output& out, Logger& log) {
  if (words.empty()) {
    log.Line(ProgramHelp(false));
    return kExitUsage;
  }
  const Result<Request> request = ParseCommandLine(words);
  if (!request) return FinishWith(request.error(), CommandOf(words), log);

  const bool full = request->kind == Request::Kind::kLongHelp;
  switch (request->kind) {
    case Request::Kind::kShortHelp:
    case Request::Kind::kLongHelp:
      return Print(
          out,
          request->command == nullptr ? ProgramHelp(full) : CommandHelp(*request->command, full),
          log);
    case Request::Kind::kVersion:
      return Print(out, VersionText(), log);
    case Request::Kind::kRun:
      break;
  }

  const bool json_log = request->settings.Text("log-format") == "json";
  log.set_format(json_log ? Logger::Format::kJson : Logger::Format::kText);
  if (TakesFlag(*request->command, "agents-file")) {
    const Status installed = InstallAgents(request->settings);
    if (!installed) return FinishWith(installed.error(), request->command, log);
  }
  const Result<int> code =
      request->command->run(Context{request->settings, request->operands, out, log});
  if (code) return Close(out, *code, log);
  if (out.pipe_closed()) return kExitDone;
  const int closed = Close(out, kExitDone, log);  // what was printed before the error stays
  const int failed = FinishWith(code.error(), request->command, log);
  return closed == kExitDone ? failed : closed;
}

}  // namespace crawlcard::tools
