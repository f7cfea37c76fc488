// The tables of flags and commands are complete, and everything made from them shows all of them.

#include <algorithm>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/command.h"
#include "tools/completions.h"
#include "tools/exit_code.h"
#include "tools/flags.h"
#include "tools/help.h"
#include "tools/man.h"

namespace crawlcard::tools {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kScreenLines = 56;
constexpr std::size_t kScreenColumns = 100;

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::string::size_type start = 0;
  while (start < text.size()) {
    const auto end = text.find('\n', start);
    lines.push_back(text.substr(start, end - start));
    start = end == std::string::npos ? text.size() : end + 1;
  }
  return lines;
}

TEST(FlagTable, EveryFlagIsDescribedInFull) {
  std::set<std::string_view> names;
  for (const Flag& flag : Flags()) {
    SCOPED_TRACE(flag.name);
    EXPECT_TRUE(names.insert(flag.name).second) << "twice in the table";
    EXPECT_FALSE(flag.group.empty());
    EXPECT_FALSE(flag.line.empty());
    EXPECT_FALSE(flag.line.ends_with('.'));
    EXPECT_TRUE(flag.paragraph.ends_with('.'));
    EXPECT_FALSE(flag.example.empty());
    EXPECT_EQ(flag.value.empty(), flag.kind == FlagKind::kSwitch);
    if (!flag.fallback.empty()) {
      EXPECT_TRUE(AllowsValue(flag.choices, flag.fallback));
    }
  }
}

TEST(FlagTable, EveryFlagIsTakenBySomeCommandThatDoesMoreThanShowIt) {
  for (const Flag& flag : Flags()) {
    const bool taken = std::ranges::any_of(Commands(), [&](const Command& command) {
      const bool shows_all = command.run == RunConfig && flag.group != "Generated text";
      return !shows_all && TakesFlag(command, flag.name);
    });
    EXPECT_TRUE(taken) << flag.name;
  }
}

TEST(CommandTable, EveryFlagNamedExistsAndEveryCommandIsDescribedInFull) {
  for (const Command& command : Commands()) {
    SCOPED_TRACE(command.name);
    for (const std::string_view name : command.flags) EXPECT_NE(FindFlag(name), nullptr) << name;
    EXPECT_FALSE(command.line.empty());
    EXPECT_TRUE(command.paragraph.ends_with('.'));
    EXPECT_EQ(command.examples.size(), 2U);
    EXPECT_NE(command.run, nullptr);
    EXPECT_FALSE(command.exits.empty());
    for (const int code : command.exits) EXPECT_FALSE(ExitMeaning(code).empty()) << code;
    const bool may_do_without = command.run == RunConfig || command.run == RunCrawlPublishers ||
                                command.run == RunTakedownList;
    EXPECT_EQ(command.needs_index, TakesFlag(command, "index") && !may_do_without);
  }
}

TEST(Help, ShortHelpFitsOneScreenAndNamesEveryFlag) {
  for (const Command& command : Commands()) {
    SCOPED_TRACE(command.name);
    const std::string text = CommandHelp(command, false);
    const std::vector<std::string> lines = LinesOf(text);
    // `config` takes every flag there is: more than a screen holds.
    if (command.run != RunConfig) {
      EXPECT_LE(lines.size(), kScreenLines);
    }
    for (const std::string& line : lines) EXPECT_LE(line.size(), kScreenColumns) << line;
    for (const Flag* flag : FlagsOf(command)) EXPECT_THAT(text, HasSubstr(FlagSpelling(*flag)));
  }
}

TEST(Help, LongHelpHasDefaultsExamplesAndExitCodes) {
  for (const Command& command : Commands()) {
    SCOPED_TRACE(command.name);
    const std::string text = CommandHelp(command, true);
    for (const Flag* flag : FlagsOf(command)) {
      EXPECT_THAT(text, HasSubstr(std::string("crawlcard ") + std::string(flag->example)));
    }
    for (const int code : command.exits) EXPECT_THAT(text, HasSubstr(ExitMeaning(code)));
    for (const std::string_view example : command.examples) EXPECT_THAT(text, HasSubstr(example));
  }
}

TEST(Help, ProgramHelpNamesEveryCommand) {
  for (const Command& command : Commands()) {
    EXPECT_THAT(ProgramHelp(false), HasSubstr(command.name));
    EXPECT_THAT(ProgramHelp(true), HasSubstr(command.line));
  }
}

TEST(Help, WrapBreaksAtBlanksAndKeepsLongWords) {
  EXPECT_EQ(Wrap("aa bb cc", 2, 7), "  aa bb\n  cc\n");
  EXPECT_EQ(Wrap("abcdefghij", 0, 4), "abcdefghij\n");
  EXPECT_EQ(Wrap("", 0, 4), "");
}

// A dash as the man page writes it.
std::string Escaped(std::string_view name) {
  std::string out;
  for (const char c : name) out += c == '-' ? std::string("\\-") : std::string(1, c);
  return out;
}

TEST(ManPage, HasEveryCommandFlagAndExitCodeAndNoLineStartsWithAStrayControl) {
  const std::string text = ManPage();
  for (const Command& command : Commands()) {
    EXPECT_THAT(text, HasSubstr(".SS " + Escaped(command.name)));
  }
  for (const Flag& flag : Flags()) {
    std::string name(flag.name);
    for (std::size_t at = 0; (at = name.find('-', at)) != std::string::npos; at += 2) {
      name.insert(at, "\\");
    }
    EXPECT_THAT(text, HasSubstr("\\fB\\-\\-" + name)) << flag.name;
  }
  for (const std::string& line : LinesOf(text)) {
    if (line.empty() || line[0] != '.') continue;
    const std::string macro = line.substr(0, line.find(' '));
    EXPECT_THAT(macro, ::testing::AnyOf(".TH", ".SH", ".SS", ".TP", ".PP", ".br", ".nf", ".fi"));
  }
}

TEST(Completions, EveryShellOffersEveryCommandFlagAndChoice) {
  for (const std::string_view shell : {"bash", "zsh", "fish"}) {
    SCOPED_TRACE(shell);
    const std::string text = Completions(shell);
    for (const Command& command : Commands()) {
      EXPECT_THAT(text, HasSubstr(command.name.substr(command.name.find(' ') + 1)));
    }
    for (const Flag& flag : Flags()) {
      const std::string spelling =
          shell == "fish" ? "-l " + std::string(flag.name) : "--" + std::string(flag.name);
      EXPECT_THAT(text, HasSubstr(spelling));
    }
    EXPECT_THAT(text, HasSubstr("robots-only"));
  }
}

TEST(ExitCodes, EveryErrorCodeHasTheExitOfTheContract) {
  const auto exit_for = [](ErrorCode code) { return ExitFor(Error(code, "x")); };
  EXPECT_EQ(exit_for(ErrorCode::kInvalidArgument), 2);
  EXPECT_EQ(exit_for(ErrorCode::kNotFound), 2);
  EXPECT_EQ(exit_for(ErrorCode::kConflict), 2);
  EXPECT_EQ(exit_for(ErrorCode::kTruncated), 3);
  EXPECT_EQ(exit_for(ErrorCode::kCorrupt), 3);
  EXPECT_EQ(exit_for(ErrorCode::kTooLarge), 3);
  EXPECT_EQ(exit_for(ErrorCode::kUnsupported), 3);
  EXPECT_EQ(exit_for(ErrorCode::kLocked), 4);
  EXPECT_EQ(exit_for(ErrorCode::kSchema), 4);
  EXPECT_EQ(exit_for(ErrorCode::kIo), 70);
  EXPECT_EQ(exit_for(ErrorCode::kInternal), 70);
  EXPECT_EQ(exit_for(ErrorCode::kCancelled), 75);
}

}  // namespace
}  // namespace crawlcard::tools
