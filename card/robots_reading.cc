#include "card/robots_reading.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/text.h"
#include "card/limits.h"
#include "robots/agents.h"

namespace crawlcard::card {
namespace {

// The product token that RFC 9309 section 2.2.1 allows: letters, '-' and '_'. Two names that share
// it may mean the same group, so they are asked about one by one; the others fall under "*".
std::string_view TokenOf(std::string_view name) {
  std::size_t size = 0;
  while (size < name.size() &&
         (IsAsciiAlpha(name[size]) || name[size] == '-' || name[size] == '_')) {
    ++size;
  }
  return name.substr(0, size);
}

// A path that a rule's pattern matches: wildcards match nothing, the end mark goes.
std::string PathUnder(std::string_view pattern) {
  if (pattern.ends_with('$')) pattern.remove_suffix(1);
  std::string path;
  for (const char c : pattern) {
    if (c != '*') path += c;
  }
  if (!path.starts_with('/')) path.insert(0, 1, '/');
  return path;
}

// Pattern of "Disallow: /private", as RobotsDecision gives the rule.
std::string_view PatternOf(std::string_view rule) {
  const std::size_t colon = rule.find(':');
  if (colon == std::string_view::npos) return {};
  rule.remove_prefix(colon + 1);
  if (const std::size_t comment = rule.find('#'); comment != std::string_view::npos) {
    rule = rule.substr(0, comment);
  }
  return TrimAscii(rule);
}

// A Disallow line. Text is the file's.
struct Probe {
  std::string_view pattern;
  std::string_view agents;  // of the group, as a Signal names them: joined by ", "
};

// Whether the group of a line names the agent.
bool Names(std::string_view agents, std::string_view agent) {
  while (true) {
    const std::size_t end = std::min(agents.find(','), agents.size());
    if (EqualsIgnoreCase(TrimAscii(agents.substr(0, end)), agent)) return true;
    if (end == agents.size()) return false;
    agents.remove_prefix(end + 1);
  }
}

// The Disallow lines of the file.
std::vector<Probe> ProbesOf(const robots::RobotsTxt& file) {
  std::vector<Probe> probes;
  for (const robots::Signal& signal : file.signals()) {
    if (signal.family != robots::Family::kRobots || signal.says != robots::Says::kDeny) continue;
    if (signal.value.empty()) continue;
    probes.push_back({signal.value, signal.agent});
  }
  return probes;
}

// Who a line is written for, in the order of trying: files with more lines than the limit name many
// crawlers.
enum class Addressee : std::uint8_t { kAgent, kEverybody, kOthers };

Addressee AddresseeOf(const Probe& probe, std::string_view agent) {
  if (Names(probe.agents, agent)) return Addressee::kAgent;
  return Names(probe.agents, "*") ? Addressee::kEverybody : Addressee::kOthers;
}

Access AccessOf(const robots::RobotsTxt& file, const std::vector<Probe>& probes,
                std::string_view agent) {
  if (!file.Allows(agent, "/", robots::Dialect::kRfc9309)) {
    const robots::RobotsDecision root = file.Decide(agent, "/", robots::Dialect::kRfc9309);
    const std::string_view pattern = PatternOf(root.rule);
    const bool everything = pattern == "/" || pattern == "/*" || pattern == "*";
    return everything ? Access::kRefused : Access::kPartly;
  }
  std::size_t tried = 0;
  for (const Addressee now : {Addressee::kAgent, Addressee::kEverybody, Addressee::kOthers}) {
    for (const Probe& probe : probes) {
      if (AddresseeOf(probe, agent) != now) continue;
      if (++tried > limits::kRobotsProbesMax) return Access::kAllowed;
      const std::string path = PathUnder(probe.pattern);
      if (!file.Allows(agent, path, robots::Dialect::kRfc9309)) return Access::kPartly;
    }
  }
  return Access::kAllowed;
}

}  // namespace

std::string_view AccessName(Access access) {
  switch (access) {
    case Access::kAllowed:
      return "allowed";
    case Access::kPartly:
      return "partly";
    case Access::kRefused:
      return "refused";
  }
  return "";
}

std::vector<HostStatement> StatementsOf(robots::WellKnown file,
                                        std::span<const robots::Signal> signals) {
  std::set<HostStatement> distinct;
  for (const robots::Signal& signal : signals) {
    if (signal.says == robots::Says::kNothing) continue;
    distinct.insert({file, signal.family, signal.use, signal.says});
  }
  return {distinct.begin(), distinct.end()};
}

RobotsReader::RobotsReader() : registry_(robots::AgentRegistry()) {
  for (std::size_t i = 0; i < registry_.size(); ++i) {
    by_token_[AsciiLowerCopy(TokenOf(registry_[i].token))].push_back(i);
  }
}

RobotsReading RobotsReader::Read(const robots::RobotsTxt& file) const {
  const std::vector<Probe> probes = ProbesOf(file);
  RobotsReading reading;
  reading.statements = StatementsOf(robots::WellKnown::kRobotsTxt, file.signals());
  reading.access.assign(registry_.size() + 1, AccessOf(file, probes, "*"));
  reading.named.assign(registry_.size() + 1, false);
  std::vector<bool> asked(registry_.size());
  for (const std::string_view name : file.agents()) {
    if (name == "*") reading.named[0] = true;
    const auto found = by_token_.find(AsciiLowerCopy(TokenOf(name)));
    if (found == by_token_.end()) continue;
    for (const std::size_t i : found->second) {
      const std::string_view agent = registry_[i].token;
      if (EqualsIgnoreCase(name, agent)) reading.named[i + 1] = true;
      if (!asked[i]) reading.access[i + 1] = AccessOf(file, probes, agent);
      asked[i] = true;
    }
  }
  return reading;
}

}  // namespace crawlcard::card
