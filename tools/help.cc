#include "tools/help.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tools/exit_code.h"

namespace crawlcard::tools {
namespace {

constexpr std::size_t kColumns = 79;

constexpr std::string_view kSentence =
    "crawlcard reads web archives into an index of what publishers said about the use of their "
    "pages, answers for each page whether it may be used and why, and writes a training-data card "
    "whose every number can be walked back to the bytes.";

std::string ExitLines(const Command& command, bool full) {
  if (!full) {
    std::vector<std::string> codes;
    for (const int code : command.exits) codes.push_back(std::to_string(code));
    return fmt::format("exits: {} (--help explains)\n", fmt::join(codes, ", "));
  }
  std::string text = "exits:\n";
  for (const int code : command.exits) {
    text += fmt::format("  {:<4} {}\n", code, ExitMeaning(code));
  }
  return text;
}

std::string ExampleLines(const Command& command) {
  std::string text = "examples:\n";
  for (const std::string_view example : command.examples) {
    text += fmt::format("  crawlcard {}\n", example);
  }
  return text;
}

std::string FlagLines(const Command& command, bool full) {
  std::string text;
  std::string_view group;
  for (const Flag* flag : FlagsOf(command)) {
    if (flag->group != group) {
      group = flag->group;
      text += fmt::format("\n{}:\n", group);
    }
    if (!full) {
      text += fmt::format("  {:<20} {}\n", FlagSpelling(*flag), flag->line);
      continue;
    }
    text += fmt::format("  {}\n", FlagSpelling(*flag));
    text += Wrap(flag->paragraph, 6, kColumns);
    if (!flag->choices.empty()) {
      const bool narrowed = flag->name == "format";
      text += fmt::format("      values: {}\n", narrowed ? command.formats : flag->choices);
    }
    if (!flag->fallback.empty()) text += fmt::format("      default: {}\n", flag->fallback);
    text += fmt::format("      example: crawlcard {}\n", flag->example);
  }
  return text;
}

}  // namespace

std::string FlagSpelling(const Flag& flag) {
  std::string text = fmt::format("--{}", flag.name);
  if (!flag.value.empty()) text += fmt::format(" {}", flag.value);
  return text;
}

std::string UsageLine(const Command& command) {
  std::string text = fmt::format("crawlcard {} [FLAG...]", command.name);
  if (command.needs_index) text += " --index DIR";
  if (!command.operands.empty()) text += fmt::format(" {}", command.operands);
  return text;
}

std::string Wrap(std::string_view text, std::size_t indent, std::size_t columns) {
  const std::string margin(indent, ' ');
  std::string out;
  std::string line;
  while (!text.empty()) {
    const std::size_t blank = text.find(' ');
    const std::string_view word = text.substr(0, blank);
    text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
    if (!line.empty() && indent + line.size() + 1 + word.size() > columns) {
      out += margin + line + '\n';
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) out += margin + line + '\n';
  return out;
}

std::string ProgramHelp(bool full) {
  std::string text = Wrap(kSentence, 0, kColumns);
  text += "\nusage: crawlcard COMMAND [FLAG...] [OPERAND...]\n\ncommands:\n";
  for (const Command& command : Commands()) {
    text += fmt::format("  {:<13} {}\n", command.name, command.line);
    if (full) text += Wrap(command.paragraph, 16, kColumns) + '\n';
  }
  text += "\n'crawlcard COMMAND -h' shows a command's flags on one screen, --help explains them.\n";
  return text;
}

std::string CommandHelp(const Command& command, bool full) {
  std::string text = fmt::format("crawlcard {} - {}\n\n", command.name, command.line);
  if (full) text += Wrap(command.paragraph, 0, kColumns) + '\n';
  text += fmt::format("usage: {}\n", UsageLine(command));
  text += FlagLines(command, full);
  text += '\n' + ExampleLines(command);
  text += '\n' + ExitLines(command, full);
  return text;
}

}  // namespace crawlcard::tools
