// robots/compare_dialects.h - where the readers of one robots.txt disagree, and why.
//
// Thread rule: thread-safe.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "robots/robots_txt.h"

namespace crawlcard::robots {

// What one dialect answers. Views live as long as the RobotsTxt.
struct DialectAnswer {
  Dialect dialect = Dialect::kRfc9309;
  RobotsDecision decision;  // with the rule and the line that decided there
};

// One answer a dialect, in the order of AllDialects().
std::vector<DialectAnswer> CompareDialects(const RobotsTxt& robots, std::string_view agent,
                                           std::string_view path_and_query);

// Whether all of them come to the same decision, whatever the rule.
bool DialectsAgree(std::span<const DialectAnswer> answers);

}  // namespace crawlcard::robots
