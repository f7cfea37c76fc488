// robots/robots_meta.h - robots metas, X-Robots-Tag and the drafted Robots-Tag.
//
// Grammar and meanings: Google's robots meta tag page, MDN X-Robots-Tag, the operators' pages named
// in docs/formats/signals.md 3. Thread rule: functions are thread-safe.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "robots/observe.h"
#include "robots/signal.h"

namespace crawlcard::robots {

struct RobotsRule {
  std::string_view agent;      // lower case, "*" for everybody
  std::string_view rule;       // lower case; empty: the agent is named without a rule
  std::string_view value;      // as written, trimmed
  bool bad_separator = false;  // split at `;` or blanks
};

// The items of one X-Robots-Tag field. An agent stays in force until the next one.
std::vector<RobotsRule> ParseXRobotsTag(std::string_view field, Arena& arena);
// The items of a meta's content, all for `agent`.
std::vector<RobotsRule> ParseRobotsMeta(std::string_view agent, std::string_view content,
                                        Arena& arena);
// draft-illyes-repext-03: "token=rule, rule; token2=...;".
std::vector<RobotsRule> ParseRobotsTag(std::string_view field, Arena& arena);

// What a rule says for everybody it addresses; kNone: nothing about a use.
struct RuleReading {
  Axis use = Axis::kNone;
  Says says = Says::kNothing;
};
// At most two readings; the rest are empty.
struct RuleReadings {
  RuleReading readings[2];
};
RuleReadings ReadRobotsRule(std::string_view rule, std::string_view value);

// Appends the Signals of `rules`, a Signal without a use for a rule that has none.
void AppendRobotsRules(std::span<const RobotsRule> rules, const Signal& base, Arena& arena,
                       SignalList& signals_out);

// A meaning that one operator documents for a rule that says something else, or nothing, to
// everybody.
struct OperatorReading {
  std::string_view operator_name;
  std::string_view agent;  // token that also addresses this operator: "bingbot"
  Axis use;
  Says says;
  std::string_view limit;  // "url,title,snippet", or empty
};
// Readings of the rules in force together: (agent, rule) pairs of one page or response. nocache
// beside noarchive is read as nocache (docs/formats/signals.md 3.2).
std::vector<OperatorReading> ReadOperatorRules(
    std::span<const std::pair<std::string_view, std::string_view>> agent_and_rule);

// The meta names that address crawlers: "robots", registry tokens and the search engines.
bool IsRobotsMetaName(std::string_view name);

}  // namespace crawlcard::robots
