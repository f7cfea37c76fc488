#include "tools/man.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/help.h"
#include "tools/version.h"

namespace crawlcard::tools {
namespace {

// Text for roff: backslashes, hyphens and a leading dot or quote mean something there. Words in
// `backquotes` become bold.
std::string Roff(std::string_view text) {
  std::string out;
  bool bold = false;
  for (const char c : text) {
    if (c == '`') {
      out += bold ? "\\fR" : "\\fB";
      bold = !bold;
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\\') {
      out += "\\e";
    } else if (c == '\'') {
      out += "\\(aq";
    } else {
      if (out.empty() && c == '.') out += "\\&";
      out += c;
    }
  }
  return out;
}

std::string FlagEntry(const Flag& flag) {
  std::string text = fmt::format(".TP\n\\fB\\-\\-{}\\fR", Roff(flag.name));
  if (!flag.value.empty()) text += fmt::format(" \\fI{}\\fR", Roff(flag.value));
  text += '\n' + Roff(flag.paragraph) + '\n';
  if (!flag.choices.empty()) text += fmt::format("Values: {}.\n", Roff(flag.choices));
  if (!flag.fallback.empty()) text += fmt::format("Default: {}.\n", Roff(flag.fallback));
  text += fmt::format("Example: \\fBcrawlcard {}\\fR\n", Roff(flag.example));
  return text;
}

std::string CommandEntry(const Command& command) {
  std::string text = fmt::format(".SS {}\n\\fB{}\\fR\n.PP\n{}\n", Roff(command.name),
                                 Roff(UsageLine(command)), Roff(command.paragraph));
  std::vector<std::string> flags;
  for (const std::string_view name : command.flags)
    flags.push_back(Roff(fmt::format("--{}", name)));
  if (!flags.empty()) text += fmt::format(".PP\nFlags: {}.\n", fmt::join(flags, ", "));
  std::vector<std::string> codes;
  for (const int code : command.exits) codes.push_back(std::to_string(code));
  text += fmt::format(".PP\nExit codes: {}.\n.PP\n.nf\n", fmt::join(codes, ", "));
  for (const std::string_view example : command.examples) {
    text += fmt::format("crawlcard {}\n", Roff(example));
  }
  return text + ".fi\n";
}

}  // namespace

std::string ManPage() {
  std::string text =
      fmt::format(".TH CRAWLCARD 1 \"\" \"crawlcard {}\" \"User Commands\"\n", Version());
  text += ".SH NAME\ncrawlcard \\- from web archives to a training\\-data card\n";
  text += ".SH SYNOPSIS\n";
  for (const Command& command : Commands()) {
    text += fmt::format("{}\n.br\n", Roff(UsageLine(command)));
  }
  text +=
      ".SH DESCRIPTION\ncrawlcard reads WARC and ARC files into an index of what publishers said "
      "about the use of\ntheir pages, answers for each page whether it may be used and why, and "
      "writes a card whose\nevery number can be walked back to the bytes.\n"
      ".PP\nResults go to standard output: text for people on a terminal, one JSON object a line\n"
      "elsewhere. Messages and progress go to standard error.\n";
  text += ".SH COMMANDS\n";
  for (const Command& command : Commands()) text += CommandEntry(command);
  text += ".SH FLAGS\n";
  std::string_view group;
  for (const Flag& flag : Flags()) {
    if (flag.group != group) {
      group = flag.group;
      text += fmt::format(".SS {}\n", group);
    }
    text += FlagEntry(flag);
  }
  text += ".SH EXIT STATUS\n";
  for (const int code : {kExitDone, kExitNo, kExitUsage, kExitDamaged, kExitIndex, kExitInternal,
                         kExitStopped, kExitInterrupted}) {
    text += fmt::format(".TP\n{}\n{}\n", code, Roff(ExitMeaning(code)));
  }
  return text;
}

}  // namespace crawlcard::tools
