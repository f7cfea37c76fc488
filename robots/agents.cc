#include "robots/agents.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/text.h"

namespace crawlcard::robots {
namespace {

constexpr std::string_view kTsv =
#include "ai_agents.inc"
    ;

// Cuts the text up to `separator` off `rest`.
std::string_view CutField(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view field = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return field;
}

// One line: token, operator, purpose, obeys_robots, notes.
Agent ReadLine(std::string_view line) {
  Agent agent;
  agent.token = CutField(line, '\t');
  agent.operator_name = CutField(line, '\t');
  agent.purpose = CutField(line, '\t');
  agent.obeys_robots = CutField(line, '\t');
  agent.notes = CutField(line, '\t');
  agent.retired = agent.notes.substr(0, 7) == "retired";
  return agent;
}

struct Registry {
  std::vector<Agent> agents;
  std::unordered_map<std::string, std::size_t> by_token;  // lower case
};

Registry ReadRegistry() {
  Registry registry;
  std::string_view rest = kTsv;
  CutField(rest, '\n');  // names of the columns
  while (!rest.empty()) {
    const std::string_view line = CutField(rest, '\n');
    if (line.empty()) continue;
    registry.by_token.emplace(AsciiLowerCopy(line.substr(0, line.find('\t'))),
                              registry.agents.size());
    registry.agents.push_back(ReadLine(line));
  }
  return registry;
}

const Registry& TheRegistry() {
  static const Registry registry = ReadRegistry();
  return registry;
}

struct PurposeAxis {
  std::string_view purpose;
  Axis axis;
};

// docs/formats/signals.md 2. agent-builder crawls at the site owner's own request: record only.
constexpr std::array kPurposeAxes = {
    PurposeAxis{"train", Axis::kTrain},       PurposeAxis{"optout-token", Axis::kTrain},
    PurposeAxis{"search", Axis::kSearch},     PurposeAxis{"user-fetch", Axis::kAiInput},
    PurposeAxis{"agent", Axis::kAiInput},     PurposeAxis{"agent-coding", Axis::kAiInput},
    PurposeAxis{"assistant", Axis::kAiInput}, PurposeAxis{"data-provider", Axis::kCrawl},
    PurposeAxis{"archive", Axis::kCrawl},     PurposeAxis{"tdm", Axis::kCrawl},
};

}  // namespace

std::span<const Agent> AgentRegistry() {
  return TheRegistry().agents;
}

const Agent* FindAgent(std::string_view token) {
  const Registry& registry = TheRegistry();
  const auto found = registry.by_token.find(AsciiLowerCopy(token));
  return found == registry.by_token.end() ? nullptr : &registry.agents[found->second];
}

Axis AxisOfPurpose(std::string_view purpose) {
  const auto found = std::find_if(kPurposeAxes.begin(), kPurposeAxes.end(),
                                  [&](const PurposeAxis& one) { return one.purpose == purpose; });
  return found == kPurposeAxes.end() ? Axis::kNone : found->axis;
}

}  // namespace crawlcard::robots
