// robots/restriction.h - a whole robots.txt reduced to how much it keeps an agent from.
//
// What studies of many sites count. Three ways of reading: the two states of the Consent-in-Crisis
// code (robots/consent_in_crisis.h), and RFC 9309. The finer classes are those of the same code
// (robots_util.py): they look at the text of the file, not at the agent's rules.
// docs/formats/study.md.
//
// Thread rule: thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "robots/consent_in_crisis.h"
#include "robots/robots_txt.h"

namespace crawlcard::robots {

// The class of `agent`. kCicLegacy and kCicFixed read as CicClassOf() does. Else, by the groups
// that RFC 9309 gives the agent, own or those of `*`: an Allow takes back a Disallow of the same
// pattern, and one that matches every path all that are not longer (2.2.2: on a tie Allow wins); no
// Disallow with a value left is kNone; one left that matches every path, and no Allow that is as
// long, is kAll; else kSome.
AgentClass RestrictionOf(const RobotsTxt& robots, std::string_view agent, Dialect dialect);

// The strictest class among `agents`.
AgentClass RestrictionOf(const RobotsTxt& robots, std::span<const std::string_view> agents,
                         Dialect dialect);

// Whether a group names `agent` itself.
bool NamesAgent(const RobotsTxt& robots, std::string_view agent, Dialect dialect);

// In the order in which the published code takes the strictest, the weakest first.
enum class DetailClass : std::uint8_t {
  kNoRobots,
  kNone,
  kNoneSitemap,
  kNoneCrawlDelay,
  kSomeOther,
  kSomeDisallowImportantDir,
  kSomeDisallowFileTypes,
  kSomePatternRestrictions,
  kAll,
};
inline constexpr std::size_t kDetailClassCount = 9;
std::string_view DetailClassName(DetailClass value);  // "no_robots", "none_sitemap", ...

// kNone and kSome told apart by `body`, the text of the file; names are compared with case.
DetailClass DetailOf(AgentClass value, std::string_view body);

// none, some, all of a detail class; kNoRobots is kNone.
AgentClass ClassOfDetail(DetailClass value);

// Rules as the library Protego picks and applies them, for a set of agents that are asked about
// together. The group of an agent is the one with the longest name that is a part of the agent's
// (without case): "ccbot" speaks to "CCBot/2.0", and "applebot" to "Applebot-Extended". Where none
// is, that of `*`. In a group the longest match wins, Allow on a tie.
class ProtegoRules {
 public:
  // Borrows `robots`.
  ProtegoRules(const RobotsTxt& robots, std::span<const std::string_view> agents);

  // Whether `path_and_query` is refused to any of the agents.
  bool RefusesAny(std::string_view path_and_query) const;

  // Memory held, without that of the file; for caches.
  std::size_t held_bytes() const;

 private:
  struct Rule {
    std::uint32_t record = 0;
    bool allow = false;
  };
  const RobotsTxt& robots_;
  std::vector<std::vector<Rule>> sets_;  // of the groups that some agent is given
};

}  // namespace crawlcard::robots
