#include "tools/config_file.h"

#include <fmt/format.h>

#include "base/file.h"
#include "tools/internal/toml_text.h"
#include "tools/limits.h"
#include "tools/parse.h"

namespace crawlcard::tools {
namespace {

tl::unexpected<Error> UnknownKey(std::string_view key, std::string_view place) {
  std::vector<std::string_view> names;
  for (const Flag& flag : Flags()) names.push_back(flag.name);
  const std::string_view closest = ClosestWord(key, names);
  const std::string hint = closest.empty() ? "" : fmt::format("; did you mean '{}'?", closest);
  return Fail(ErrorCode::kInvalidArgument, "{}: unknown key '{}'{}", place, key, hint);
}

// A scalar as the text that the flag would be given.
std::optional<std::string> ScalarText(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  if (const auto* date = node.as_date()) {
    const toml::date& d = date->get();
    return fmt::format("{:04}-{:02}-{:02}", d.year, d.month, d.day);
  }
  return std::nullopt;
}

Status SetFromNode(const Flag& flag, const toml::node& node, const std::string& place,
                   Settings& settings) {
  std::vector<std::string> texts;
  if (const toml::array* items = node.as_array();
      items != nullptr && flag.kind == FlagKind::kList) {
    for (const toml::node& item : *items) {
      if (const auto* text = item.as_string()) texts.push_back(text->get());
    }
    if (texts.size() != items->size()) texts.clear();
  } else if (std::optional<std::string> text = ScalarText(node)) {
    if (node.is_boolean() == (flag.kind == FlagKind::kSwitch)) texts.push_back(std::move(*text));
  }
  if (texts.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "{}: the value of '{}' has the wrong type", place,
                flag.name);
  }
  Status set = settings.Set(flag, std::move(texts), place);
  if (set) return {};
  return Fail(ErrorCode::kInvalidArgument, "{}: {}", place, set.error().message());
}

}  // namespace

Status ReadConfigFile(const std::string& path, Settings& settings) {
  Result<std::string> text = ReadFile(path, limits::kConfigBytesMax);
  if (!text) {
    return Fail(ErrorCode::kInvalidArgument, "cannot read configuration: {}",
                text.error().ToString());
  }
  CRAWLCARD_ASSIGN(const toml::table table, ParseToml(*text, path));
  for (const auto& [key, node] : table) {
    const std::string place = fmt::format("{}:{}", path, key.source().begin.line);
    const Flag* flag = FindFlag(key.str());
    if (flag == nullptr) return UnknownKey(key.str(), place);
    const bool command_line_only = flag->group == "Generated text" || flag->name == "config" ||
                                   flag->name == "help" || flag->name == "version";
    if (command_line_only) {
      return Fail(ErrorCode::kInvalidArgument, "{}: '{}' belongs on the command line", place,
                  key.str());
    }
    CRAWLCARD_TRY(SetFromNode(*flag, node, place, settings));
  }
  return {};
}

}  // namespace crawlcard::tools
