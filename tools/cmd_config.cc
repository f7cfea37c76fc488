// crawlcard config: the effective value of every flag, and generated texts.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json_writer.h"
#include "robots/agents.h"
#include "tools/command.h"
#include "tools/completions.h"
#include "tools/exit_code.h"
#include "tools/man.h"

namespace crawlcard::tools {
namespace {

// Flags that ask for something else than work have no effective value.
bool IsSetting(const Flag& flag) {
  return flag.group != "Generated text" && flag.name != "help" && flag.name != "version";
}

void WriteValue(const Flag& flag, const Value& value, JsonWriter& json) {
  switch (flag.kind) {
    case FlagKind::kSwitch:
      json.Bool(!value.texts.empty() && value.texts.front() == "true");
      return;
    case FlagKind::kList:
      json.BeginArray();
      for (const std::string& text : value.texts) json.String(text);
      json.EndArray();
      return;
    case FlagKind::kWords:
      json.StringOrNull(fmt::format("{}", fmt::join(value.texts, ",")));
      return;
    case FlagKind::kText:
    case FlagKind::kCount:
      json.StringOrNull(value.texts.empty() ? std::string_view() : value.texts.front());
      return;
  }
}

// Where the table of agents came from; its version is no setting, but verdicts depend on it.
std::string AgentsOrigin(const Settings& settings) {
  const Value& file = settings.Get("agents-file");
  return file.texts.empty() ? "built in" : file.texts.front();
}

std::string ConfigJson(const Settings& settings) {
  std::string text;
  for (const Flag& flag : Flags()) {
    if (!IsSetting(flag)) continue;
    const Value& value = settings.Get(flag.name);
    JsonWriter json(text);
    json.BeginObject();
    json.Member("schema", "crawlcard.config.v1");
    json.Member("name", flag.name);
    json.Key("value");
    WriteValue(flag, value, json);
    json.Member("origin", value.origin);
    json.EndObject();
    text += '\n';
  }
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", "crawlcard.config.v1");
  json.Member("name", "agents-version");
  json.Member("value", robots::TheAgents().version());
  json.Member("origin", AgentsOrigin(settings));
  json.EndObject();
  text += '\n';
  return text;
}

// Valid TOML, so that the output can be used as a configuration file.
std::string ConfigText(const Settings& settings) {
  std::string text;
  for (const Flag& flag : Flags()) {
    if (!IsSetting(flag)) continue;
    const Value& value = settings.Get(flag.name);
    std::string shown;
    JsonWriter json(shown);
    if (flag.kind == FlagKind::kCount && !value.texts.empty()) {
      shown = value.texts.front();
    } else {
      WriteValue(flag, value, json);
    }
    const bool unset = value.texts.empty() && flag.kind != FlagKind::kSwitch;
    if (unset) shown = fmt::format("{}", flag.name == "jobs" ? "as many as cores" : "not set");
    const bool commented = unset || flag.name == "config";
    text += fmt::format("{}{} = {}  # {}\n", commented ? "# " : "", flag.name, shown, value.origin);
  }
  text += fmt::format("# agents-version = \"{}\"  # {}\n", robots::TheAgents().version(),
                      AgentsOrigin(settings));
  return text;
}

}  // namespace

Result<int> RunConfig(const Context& context) {
  const Settings& settings = context.settings;
  if (settings.Switch("man")) {
    CRAWLCARD_TRY(context.out.Write(ManPage()));
    return kExitDone;
  }
  if (!settings.Text("completions").empty()) {
    CRAWLCARD_TRY(context.out.Write(Completions(settings.Text("completions"))));
    return kExitDone;
  }
  if (context.silent()) return kExitDone;
  CRAWLCARD_TRY(
      context.out.Write(context.json_lines() ? ConfigJson(settings) : ConfigText(settings)));
  return kExitDone;
}

}  // namespace crawlcard::tools
