// robots/consent_in_crisis.h - the classes none, some and all of the Consent-in-Crisis papers.
//
// Source: arXiv 2407.14933 and its published code (Data-Provenance-Initiative,
// Data-Provenance-Collection, issue 203 and pull request 205). docs/formats/dialects.md says what
// each of the two dialects does and where the code departs from the papers.
//
// Thread rule: thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "robots/robots_txt.h"

namespace crawlcard::robots {

// How much of a site an agent is kept from, in order of strictness.
enum class AgentClass : std::uint8_t { kNone, kSome, kAll };
std::string_view AgentClassName(AgentClass value);  // "none", "some", "all"

// An operator and the agents whose strictest class is its own.
struct CicOperator {
  std::string_view name;
  std::span<const std::string_view> agents;
  bool combined = false;  // one of the AI developers that "combined" is taken over
};

// The operators that `dialect` tracks: those of the first publication have fewer agents.
std::span<const CicOperator> CicOperators(Dialect dialect);

// The class of one agent; an agent that the file does not name has that of `*`. `dialect` is
// kCicLegacy or kCicFixed. A site without a robots.txt has no class: do not ask for it.
AgentClass CicClassOf(const RobotsTxt& robots, std::string_view agent, Dialect dialect);

// The strictest class among the agents of one operator.
AgentClass CicClassOf(const RobotsTxt& robots, const CicOperator& one, Dialect dialect);

// The strictest class among all operators that are marked `combined`.
AgentClass CicCombined(const RobotsTxt& robots, Dialect dialect);

}  // namespace crawlcard::robots
