#include "tests/vectors/signals_json.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "robots/axes.h"

namespace crawlcard::vectors {
namespace {

using robots::Axis;
using robots::Says;
using robots::Signal;

Json AxesBy(std::span<const Signal> signals, bool careful) {
  robots::AxisMap map;
  for (const Signal& signal : signals) {
    if (signal.agent != "*" && !signal.agent.empty()) continue;
    Says says = signal.says;
    if (careful && signal.careful != Says::kNothing) says = signal.careful;
    map.Add(signal.use, says);
  }
  map.Widen();
  Json out = Json::object();
  for (std::size_t i = 1; i < robots::kAxisCount; ++i) {
    const auto axis = static_cast<Axis>(i);
    if (map.At(axis) != Says::kNothing) {
      out[std::string(robots::AxisName(axis))] = robots::SaysName(map.At(axis));
    }
  }
  return out;
}

}  // namespace

Json Axes(std::span<const Signal> signals) {
  return AxesBy(signals, false);
}
Json CarefulAxes(std::span<const Signal> signals) {
  return AxesBy(signals, true);
}

Json FlagsOf(std::span<const Signal> signals) {
  Json answer;
  for (const Signal& signal : signals) AddFlags(signal.flags, answer);
  return answer.is_null() ? Json::array() : answer["flags"];
}

void AddFlags(std::span<const std::string_view> flags, Json& answer) {
  for (const std::string_view flag : flags) answer["flags"].push_back(flag);
}

void AddFlagList(const Json& flags, Json& answer) {
  for (const Json& flag : flags) answer["flags"].push_back(flag);
}

std::string ConfidenceOf(std::span<const Signal> signals) {
  constexpr std::array<const char*, 3> kNames = {"low", "medium", "high"};
  auto lowest = robots::SignalConfidence::kHigh;
  for (const Signal& signal : signals) lowest = std::min(lowest, signal.confidence);
  return kNames[static_cast<std::size_t>(lowest)];
}

Json CommaParts(std::string_view text) {
  Json parts = Json::array();
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    parts.push_back(TrimAscii(text.substr(0, comma)));
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return parts;
}

void ObserveHeadersOf(const Json& input, Arena& arena, robots::SignalList& signals_out) {
  std::vector<robots::NamedValue> fields;
  std::uint32_t line = 2;
  for (const Json& header : input.at("headers")) {
    robots::NamedValue field;
    field.name = header[0].get_ref<const std::string&>();
    field.value = header[1].get_ref<const std::string&>();
    field.line = line++;
    fields.push_back(field);
  }
  const std::string url = input.value("url", std::string("https://site.example/"));
  robots::ObserveHeaders(fields, arena.Copy(url), arena, signals_out);
}

}  // namespace crawlcard::vectors
