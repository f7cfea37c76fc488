// tools/parse.h - from argv to a command, its settings and its operands.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tools/command.h"
#include "tools/settings.h"

namespace crawlcard::tools {

struct Request {
  enum class Kind { kRun, kShortHelp, kLongHelp, kVersion };
  Kind kind = Kind::kRun;
  const Command* command = nullptr;  // null: help for the whole program
  Settings settings;
  std::vector<std::string> operands;
};

// Reads the words after the program's name, and the file of --config. "--" ends the flags.
// Errors: kInvalidArgument, with a hint where a word looks misspelt.
[[nodiscard]] Result<Request> ParseCommandLine(const std::vector<std::string>& words);

// The candidate closest to `word`, or empty when none is close. For hints.
std::string_view ClosestWord(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace crawlcard::tools
