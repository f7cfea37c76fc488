#include "robots/compare_dialects.h"

#include <algorithm>

namespace crawlcard::robots {

std::vector<DialectAnswer> CompareDialects(const RobotsTxt& robots, std::string_view agent,
                                           std::string_view path_and_query) {
  std::vector<DialectAnswer> answers;
  answers.reserve(AllDialects().size());
  for (const Dialect dialect : AllDialects()) {
    answers.push_back({dialect, robots.Decide(agent, path_and_query, dialect)});
  }
  return answers;
}

bool DialectsAgree(std::span<const DialectAnswer> answers) {
  return std::all_of(answers.begin(), answers.end(), [&](const DialectAnswer& one) {
    return one.decision.allowed == answers.front().decision.allowed;
  });
}

}  // namespace crawlcard::robots
