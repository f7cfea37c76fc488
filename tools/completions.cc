#include "tools/completions.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/assert.h"
#include "tools/command.h"

namespace crawlcard::tools {
namespace {

// First words of all commands, each once.
std::vector<std::string_view> FirstWords() {
  std::vector<std::string_view> words;
  for (const Command& command : Commands()) {
    const std::string_view word = command.name.substr(0, command.name.find(' '));
    if (std::ranges::find(words, word) == words.end()) words.push_back(word);
  }
  return words;
}

std::string Blanks(std::string_view choices) {
  std::string text(choices);
  std::ranges::replace(text, '|', ' ');
  return text;
}

std::string SecondWords() {
  std::vector<std::string_view> words;
  for (const Command& command : Commands()) {
    const std::size_t blank = command.name.find(' ');
    if (blank != std::string_view::npos) words.push_back(command.name.substr(blank + 1));
  }
  return fmt::format("{}", fmt::join(words, " "));
}

// Flags of every command that starts with `word`, as "--a --b".
std::string FlagWords(std::string_view word) {
  std::vector<std::string> flags{"-h"};
  for (const Flag& flag : Flags()) {
    const bool taken = std::ranges::any_of(Commands(), [&](const Command& command) {
      return command.name.substr(0, command.name.find(' ')) == word &&
             TakesFlag(command, flag.name);
    });
    if (taken) flags.push_back(fmt::format("--{}", flag.name));
  }
  return fmt::format("{}", fmt::join(flags, " "));
}

std::string Bash() {
  std::string text =
      "# bash completion for crawlcard; made by 'crawlcard config --completions bash'\n"
      "_crawlcard() {\n"
      "  local cur prev\n"
      "  COMPREPLY=()\n"
      "  cur=\"${COMP_WORDS[COMP_CWORD]}\"\n"
      "  prev=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  if [[ $COMP_CWORD -eq 1 ]]; then\n";
  text += fmt::format("    COMPREPLY=($(compgen -W \"{} --help --version\" -- \"$cur\"))\n",
                      fmt::join(FirstWords(), " "));
  text += "    return\n  fi\n  case \"$prev\" in\n";
  for (const Flag& flag : Flags()) {
    if (flag.choices.empty()) continue;
    text += fmt::format("    --{}) COMPREPLY=($(compgen -W \"{}\" -- \"$cur\")); return ;;\n",
                        flag.name, Blanks(flag.choices));
  }
  text += fmt::format("    index) COMPREPLY=($(compgen -W \"{}\" -- \"$cur\")); return ;;\n",
                      SecondWords());
  text += "  esac\n  if [[ $cur == -* ]]; then\n    case \"${COMP_WORDS[1]}\" in\n";
  for (const std::string_view word : FirstWords()) {
    text += fmt::format("      {}) COMPREPLY=($(compgen -W \"{}\" -- \"$cur\")) ;;\n", word,
                        FlagWords(word));
  }
  text +=
      "    esac\n    return\n  fi\n"
      "  COMPREPLY=($(compgen -f -- \"$cur\"))\n"
      "}\n"
      "complete -o filenames -F _crawlcard crawlcard\n";
  return text;
}

// Single quotes and colons end a zsh description.
std::string ZshText(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else if (c == '[' || c == ']' || c == ':') {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string ZshFlag(const Flag& flag) {
  const std::string_view repeat = flag.kind == FlagKind::kList ? "*" : "";
  std::string text = fmt::format("'{}--{}[{}]", repeat, flag.name, ZshText(flag.line));
  if (flag.kind != FlagKind::kSwitch) {
    std::string_view action;
    if (flag.value == "DIR") action = "_directories";
    if (flag.value == "FILE") action = "_files";
    text += fmt::format(
        ":{}:{}", flag.value,
        flag.choices.empty() ? std::string(action) : fmt::format("({})", Blanks(flag.choices)));
  }
  return text + "'";
}

std::string Zsh() {
  std::string text =
      "#compdef crawlcard\n"
      "# zsh completion for crawlcard; made by 'crawlcard config --completions zsh'\n"
      "_crawlcard() {\n"
      "  if (( CURRENT == 2 )); then\n"
      "    local -a commands=(\n";
  for (const std::string_view word : FirstWords()) {
    const auto command = std::ranges::find_if(
        Commands(), [&](const Command& each) { return each.name.starts_with(word); });
    const bool group = command->name != word;
    text += fmt::format("      '{}:{}'\n", word,
                        group ? "housekeeping of an index" : ZshText(command->line));
  }
  text += "    )\n    _describe command commands\n    return\n  fi\n  case $words[2] in\n";
  for (const std::string_view word : FirstWords()) {
    text += fmt::format("    {})\n      _arguments '1: :' ", word);
    const bool group =
        std::ranges::none_of(Commands(), [&](const Command& each) { return each.name == word; });
    if (group) text += fmt::format("'2:action:({})' ", SecondWords());
    for (const Flag& flag : Flags()) {
      const bool taken = std::ranges::any_of(Commands(), [&](const Command& command) {
        return command.name.substr(0, command.name.find(' ')) == word &&
               TakesFlag(command, flag.name);
      });
      if (taken) text += "\\\n        " + ZshFlag(flag) + ' ';
    }
    text += "\\\n        '*:file:_files' ;;\n";
  }
  return text + "  esac\n}\n_crawlcard \"$@\"\n";
}

std::string FishText(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string Fish() {
  std::string text =
      "# fish completion for crawlcard; made by 'crawlcard config --completions fish'\n";
  for (const Command& command : Commands()) {
    const std::size_t blank = command.name.find(' ');
    if (blank == std::string_view::npos) {
      text += fmt::format("complete -c crawlcard -n __fish_use_subcommand -f -a {} -d '{}'\n",
                          command.name, FishText(command.line));
      continue;
    }
    const std::string_view word = command.name.substr(0, blank);
    text += fmt::format("complete -c crawlcard -n __fish_use_subcommand -f -a {}\n", word);
    text += fmt::format("complete -c crawlcard -n '__fish_seen_subcommand_from {}' -a {} -d '{}'\n",
                        word, command.name.substr(blank + 1), FishText(command.line));
  }
  for (const std::string_view word : FirstWords()) {
    for (const Flag& flag : Flags()) {
      const bool taken = std::ranges::any_of(Commands(), [&](const Command& command) {
        return command.name.substr(0, command.name.find(' ')) == word &&
               TakesFlag(command, flag.name);
      });
      if (!taken) continue;
      text += fmt::format("complete -c crawlcard -n '__fish_seen_subcommand_from {}' -l {}", word,
                          flag.name);
      if (flag.kind != FlagKind::kSwitch) text += " -r";
      if (!flag.choices.empty()) text += fmt::format(" -f -a '{}'", Blanks(flag.choices));
      text += fmt::format(" -d '{}'\n", FishText(flag.line));
    }
  }
  return text;
}

}  // namespace

std::string Completions(std::string_view shell) {
  if (shell == "bash") return Bash();
  if (shell == "zsh") return Zsh();
  CRAWLCARD_ASSERT(shell == "fish");
  return Fish();
}

}  // namespace crawlcard::tools
