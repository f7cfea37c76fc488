// tools/command.h - the subcommands: what each takes, prints and returns.
//
// One source a command (cmd_NAME.cc); this table is what help, man page and completions show.
//
// Thread rule: immutable.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tools/log.h"
#include "tools/output.h"
#include "tools/settings.h"

namespace crawlcard::tools {

// What a command runs with. Everything is borrowed from main.
struct Context {
  const Settings& settings;
  const std::vector<std::string>& operands;
  Output& out;
  Logger& log;

  // True when results go out as one JSON object a line: asked for, or no terminal.
  bool json_lines() const;
  // True for --format none.
  bool silent() const { return settings.Text("format") == "none"; }
};

struct Command {
  std::string_view name;      // "extract", "index remove"
  std::string_view operands;  // "FILE..."
  int operands_min = 0;
  int operands_max = 0;  // -1: any number
  std::string_view line;
  std::string_view paragraph;
  std::span<const std::string_view> flags;     // beyond the common ones
  std::string_view formats;                    // of --format: "jsonl|text|none"
  std::span<const std::string_view> examples;  // what follows "crawlcard "
  std::span<const int> exits;
  bool needs_index = false;
  Result<int> (*run)(const Context& context) = nullptr;  // the exit code
};

std::span<const Command> Commands();

// Flags that every command takes.
std::span<const std::string_view> CommonFlags();

// True when `command` takes `flag`.
bool TakesFlag(const Command& command, std::string_view flag);

// Every flag that `command` takes, in the order of the flag table.
std::vector<const Flag*> FlagsOf(const Command& command);

// One a command; each in cmd_NAME.cc.
Result<int> RunExtract(const Context& context);
Result<int> RunRobots(const Context& context);
Result<int> RunIngest(const Context& context);
Result<int> RunCrawlPublishers(const Context& context);
Result<int> RunCrawlSnapshot(const Context& context);
Result<int> RunShow(const Context& context);
Result<int> RunCheck(const Context& context);
Result<int> RunFilter(const Context& context);
Result<int> RunCard(const Context& context);
Result<int> RunDump(const Context& context);
Result<int> RunExport(const Context& context);
Result<int> RunVerify(const Context& context);
Result<int> RunProve(const Context& context);
Result<int> RunVerifyProof(const Context& context);
Result<int> RunKeygen(const Context& context);
Result<int> RunIndexInfo(const Context& context);
Result<int> RunMerge(const Context& context);
Result<int> RunIndexCompact(const Context& context);
Result<int> RunIndexCheckpoint(const Context& context);
Result<int> RunIndexRemove(const Context& context);
Result<int> RunDiff(const Context& context);
Result<int> RunStudyList(const Context& context);
Result<int> RunStudy(const Context& context);
Result<int> RunTakedownAdd(const Context& context);
Result<int> RunTakedownList(const Context& context);
Result<int> RunTakedownManifest(const Context& context);
Result<int> RunConfig(const Context& context);

}  // namespace crawlcard::tools
