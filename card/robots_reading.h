// card/robots_reading.h - what one robots.txt body says to each agent of the registry.
//
// Thread rule: functions are thread-safe; the rest are values.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "robots/agents.h"
#include "robots/observe.h"
#include "robots/robots_txt.h"
#include "robots/signal.h"

namespace crawlcard::card {

// A statement made in a file, whatever its path scope and agent.
struct HostStatement {
  robots::WellKnown file = robots::WellKnown::kRobotsTxt;
  robots::Family family = robots::Family::kRobots;
  robots::Axis use = robots::Axis::kNone;
  robots::Says says = robots::Says::kNothing;

  // NOLINTNEXTLINE(modernize-use-nullptr): the check misreads a defaulted operator
  auto operator<=>(const HostStatement&) const = default;
};

// Distinct statements with a reading, sorted.
std::vector<HostStatement> StatementsOf(robots::WellKnown file,
                                        std::span<const robots::Signal> signals);

// What robots.txt lets one agent do (RFC 9309, strictly). Strictness grows.
enum class Access : std::uint8_t {
  kAllowed,  // no Disallow line binds the agent
  kPartly,   // some Disallow line does, but not for the whole origin
  kRefused,  // the rule that decides "/" is a Disallow of everything ("/", "/*" or "*"); an Allow
             // line may still open single paths
};
std::string_view AccessName(Access access);  // "allowed", "partly", "refused"

struct RobotsReading {
  std::vector<Access> access;  // agent 0 is "*", the rest follow robots::AgentRegistry()
  std::vector<bool> named;     // the file has a group for the agent itself
  std::vector<HostStatement> statements;

  // NOLINTNEXTLINE(modernize-use-nullptr): the check misreads a defaulted operator
  auto operator<=>(const RobotsReading&) const = default;
};

// Reads files by the registry of agents, which is looked through once.
class RobotsReader {
 public:
  RobotsReader();
  RobotsReading Read(const robots::RobotsTxt& file) const;
  RobotsReading Read(std::string_view body) const { return Read(robots::RobotsTxt::Parse(body)); }

 private:
  std::span<const robots::Agent> registry_;
  // Agents whose names a group may mean alike, by the product token in lower case.
  std::unordered_map<std::string, std::vector<std::size_t>> by_token_;
};

}  // namespace crawlcard::card
