#include "robots/compare_dialects.h"

#include <algorithm>
#include <array>

#include "robots/consent_in_crisis.h"

namespace crawlcard::robots {
namespace {

bool HasFlag(const RobotsDecision& decision, std::string_view flag) {
  return std::find(decision.flags.begin(), decision.flags.end(), flag) != decision.flags.end();
}

// A line that only some dialects read as a rule (docs/formats/signals.md 1.5).
bool DecidedByAnOddLine(const RobotsDecision& decision) {
  return decision.line != 0 &&
         (HasFlag(decision, "robots.typo") || HasFlag(decision, "robots.prefix_key") ||
          HasFlag(decision, "robots.missing_colon") || HasFlag(decision, "robots.bad_path"));
}

Difference WhyOf(const RobotsTxt& robots, std::string_view agent, const AskedPath& asked,
                 const DialectAnswer& first, const DialectAnswer& answer) {
  const RobotsDecision& a = first.decision;
  const RobotsDecision& b = answer.decision;
  if (a.allowed == b.allowed) return Difference::kNone;
  const bool cic = answer.dialect == Dialect::kCicLegacy || answer.dialect == Dialect::kCicFixed;
  if (cic && CicClassOf(robots, agent, answer.dialect) != AgentClass::kSome) {
    return Difference::kClass;
  }
  if (answer.dialect == Dialect::kGoogle) {
    if (robots.Allows(agent, asked.path_and_query, Dialect::kGoogle) == a.allowed) {
      return Difference::kPath;
    }
    if (asked.path_and_query == "/robots.txt") return Difference::kItself;
  }
  const bool other_group = a.group != b.group;
  if (other_group && HasFlag(b, "robots.group_ambiguous")) return Difference::kAmbiguous;
  if (a.by_name != b.by_name || a.group.empty() != b.group.empty()) return Difference::kGroup;
  if (DecidedByAnOddLine(b) || DecidedByAnOddLine(a)) return Difference::kLine;
  return other_group ? Difference::kGroup : Difference::kMatching;
}

}  // namespace

std::string_view DifferenceName(Difference difference) {
  constexpr std::array<std::string_view, 8> kNames = {
      "", "class", "robots-txt-itself", "path", "group-reading", "group", "line", "matching"};
  return kNames[static_cast<std::size_t>(difference)];
}

std::vector<DialectAnswer> CompareDialects(const RobotsTxt& robots, std::string_view agent,
                                           const AskedPath& asked) {
  std::vector<DialectAnswer> answers;
  answers.reserve(AllDialects().size());
  for (const Dialect dialect : AllDialects()) {
    answers.push_back({dialect, robots.Decide(agent, asked.For(dialect), dialect)});
    answers.back().why = WhyOf(robots, agent, asked, answers.front(), answers.back());
  }
  return answers;
}

std::vector<DialectAnswer> CompareDialects(const RobotsTxt& robots, std::string_view agent,
                                           std::string_view path_and_query) {
  return CompareDialects(robots, agent, AskedPath{path_and_query, path_and_query});
}

bool DialectsAgree(std::span<const DialectAnswer> answers) {
  return std::all_of(answers.begin(), answers.end(), [&](const DialectAnswer& one) {
    return one.decision.allowed == answers.front().decision.allowed;
  });
}

}  // namespace crawlcard::robots
