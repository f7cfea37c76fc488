// tools/help.h - help texts made from the tables of flags and commands.
#pragma once

#include <string>
#include <string_view>

#include "tools/command.h"

namespace crawlcard::tools {

// The whole program: what it is, its commands. Long: also each command's paragraph.
std::string ProgramHelp(bool full);

// One command. Short fits one screen; long has each flag's paragraph, default and example. Both end
// with the command's examples and exit codes.
std::string CommandHelp(const Command& command, bool full);

// "crawlcard check [FLAG...] --index DIR URL|HOST..."
std::string UsageLine(const Command& command);

// Breaks `text` at blanks into lines of at most `columns`, each after `indent` blanks.
std::string Wrap(std::string_view text, std::size_t indent, std::size_t columns);

// A flag as it is written: "--jobs N".
std::string FlagSpelling(const Flag& flag);

}  // namespace crawlcard::tools
