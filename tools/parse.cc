#include "tools/parse.h"

#include <algorithm>
#include <array>

#include <fmt/ranges.h>

#include "tools/config_file.h"

namespace crawlcard::tools {
namespace {

constexpr std::size_t kHintWordBytesMax = 64;  // longer words are no slips of a finger

// Levenshtein distance, row by row.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

std::string HintText(std::string_view closest, std::string_view dashes) {
  if (closest.empty()) return "";
  return fmt::format("; did you mean '{}{}'?", dashes, closest);
}

tl::unexpected<Error> UnknownFlag(std::string_view name, const Command* command) {
  std::vector<std::string_view> candidates;
  for (const Flag& flag : Flags()) {
    if (command == nullptr || TakesFlag(*command, flag.name)) candidates.push_back(flag.name);
  }
  const std::string hint = HintText(ClosestWord(name, candidates), "--");
  const bool elsewhere = FindFlag(name) != nullptr;
  if (command == nullptr) {
    return Fail(ErrorCode::kInvalidArgument, "unknown flag '--{}'{}", name, hint);
  }
  return Fail(ErrorCode::kInvalidArgument, "{} '--{}' {} '{}'{}",
              elsewhere ? "flag" : "unknown flag", name, elsewhere ? "is not one of" : "of",
              command->name, elsewhere ? "" : hint);
}

tl::unexpected<Error> UnknownCommand(std::string_view word) {
  std::vector<std::string_view> names;
  for (const Command& command : Commands()) names.push_back(command.name);
  return Fail(ErrorCode::kInvalidArgument, "unknown command '{}'{}", word,
              HintText(ClosestWord(word, names), ""));
}

// `word` begins commands of two words.
tl::unexpected<Error> HalfACommand(std::string_view word,
                                   const std::vector<std::string_view>& second_words) {
  return Fail(ErrorCode::kInvalidArgument, "'{}' needs one of: {}", word,
              fmt::join(second_words, ", "));
}

// Takes the command's word or words off the front of `words` from `at` on.
Result<const Command*> TakeCommand(const std::vector<std::string>& words, std::size_t& at) {
  std::vector<std::string_view> second_words;
  for (const Command& command : Commands()) {
    const std::size_t space = command.name.find(' ');
    if (command.name.substr(0, space) != words[at]) continue;
    if (space == std::string_view::npos) {
      ++at;
      return &command;
    }
    if (at + 1 < words.size() && command.name.substr(space + 1) == words[at + 1]) {
      at += 2;
      return &command;
    }
    second_words.push_back(command.name.substr(space + 1));
  }
  if (!second_words.empty()) return HalfACommand(words[at], second_words);
  return UnknownCommand(words[at]);
}

// Reads one flag at words[at], with its value; moves `at` past both.
Status TakeFlag(const std::vector<std::string>& words, std::size_t& at, Request& request) {
  const std::string_view word = words[at++];
  const std::size_t equals = word.find('=');
  const std::string_view name =
      word.substr(2, equals == std::string_view::npos ? equals : equals - 2);
  const Flag* flag = FindFlag(name);
  const bool taken =
      flag != nullptr && (request.command == nullptr || TakesFlag(*request.command, name));
  if (!taken) return UnknownFlag(name, request.command);

  std::string value = "true";
  if (flag->kind == FlagKind::kSwitch) {
    if (equals != std::string_view::npos) {
      return Fail(ErrorCode::kInvalidArgument, "--{} takes no value", name);
    }
  } else if (equals != std::string_view::npos) {
    value = word.substr(equals + 1);
  } else if (at < words.size()) {
    value = words[at++];
  } else {
    return Fail(ErrorCode::kInvalidArgument, "--{} needs a value: {}", name, flag->value);
  }
  return request.settings.Set(*flag, {value}, "flag --" + std::string(name));
}

Status CheckOperands(const Request& request) {
  const Command& command = *request.command;
  const int count = static_cast<int>(request.operands.size());
  if (count < command.operands_min) {
    return Fail(ErrorCode::kInvalidArgument, "'{}' needs {}", command.name, command.operands);
  }
  if (command.operands_max >= 0 && count > command.operands_max) {
    return Fail(ErrorCode::kInvalidArgument, "'{}' does not take '{}'", command.name,
                request.operands[static_cast<std::size_t>(command.operands_max)]);
  }
  for (const Flag& flag : Flags()) {
    const bool given = request.settings.Get(flag.name).origin.starts_with("flag ");
    if (given && !TakesFlag(command, flag.name)) return UnknownFlag(flag.name, &command);
  }
  const bool reads_index = command.needs_index && !request.settings.Switch("about-template") &&
                           request.settings.Text("check").empty() &&
                           request.settings.Text("score").empty();
  if (reads_index && request.settings.Text("index").empty()) {
    return Fail(ErrorCode::kInvalidArgument, "'{}' needs --index DIR", command.name);
  }
  const std::vector<std::string>& formats = request.settings.List("format");
  for (const std::string& format : formats) {
    if (AllowsValue(command.formats, format)) continue;
    return Fail(ErrorCode::kInvalidArgument, "--format: '{}' writes {}, not '{}'", command.name,
                command.formats, format);
  }
  if (formats.size() > 1 && !AllowsValue(command.formats, "all")) {
    return Fail(ErrorCode::kInvalidArgument, "--format: '{}' writes one at a time", command.name);
  }
  return {};
}

// Flags given on the command line must win, so the file is read into fresh settings first.
Status ApplyConfigFile(Request& request) {
  const std::string path(request.settings.Text("config"));
  if (path.empty()) return {};
  Settings merged;
  CRAWLCARD_TRY(ReadConfigFile(path, merged));
  for (const Flag& flag : Flags()) {
    const Value& given = request.settings.Get(flag.name);
    if (given.origin != "default") CRAWLCARD_TRY(merged.Set(flag, given.texts, given.origin));
  }
  request.settings = std::move(merged);
  return {};
}

}  // namespace

std::string_view ClosestWord(std::string_view word, std::span<const std::string_view> candidates) {
  if (word.size() > kHintWordBytesMax) return {};
  std::string_view best;
  // Two letters swapped are two edits; a word of three letters is too short for that.
  const std::size_t allowed = word.size() < 4 ? 1 : std::max<std::size_t>(2, word.size() / 3);
  std::size_t best_distance = allowed + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = EditDistance(word, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

Result<Request> ParseCommandLine(const std::vector<std::string>& words) {
  Request request;
  bool short_help = false;
  bool long_help = false;
  bool flags_ended = false;
  for (std::size_t at = 0; at < words.size();) {
    const std::string& word = words[at];
    if (!flags_ended && word == "--") {
      flags_ended = true;
      ++at;
    } else if (!flags_ended && word == "-h") {
      short_help = true;
      ++at;
    } else if (!flags_ended && word.starts_with("--")) {
      CRAWLCARD_TRY(TakeFlag(words, at, request));
    } else if (!flags_ended && word.size() > 1 && word[0] == '-') {
      return Fail(ErrorCode::kInvalidArgument, "unknown flag '{}'; flags are spelt out: --jobs",
                  word);
    } else if (request.command == nullptr && word == "help") {
      long_help = true;  // `help check` is `check --help`
      ++at;
    } else if (request.command == nullptr) {
      CRAWLCARD_ASSIGN(request.command, TakeCommand(words, at));
    } else {
      request.operands.push_back(words[at++]);
    }
  }

  if (short_help || long_help || request.settings.Switch("help")) {
    request.kind = short_help ? Request::Kind::kShortHelp : Request::Kind::kLongHelp;
    return request;
  }
  if (request.settings.Switch("version")) {
    request.kind = Request::Kind::kVersion;
    return request;
  }
  if (request.command == nullptr) {
    return Fail(ErrorCode::kInvalidArgument, "no command given");
  }
  CRAWLCARD_TRY(ApplyConfigFile(request));
  CRAWLCARD_TRY(CheckOperands(request));
  return request;
}

}  // namespace crawlcard::tools
