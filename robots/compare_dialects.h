// robots/compare_dialects.h - where the readers of one robots.txt disagree, and why.
//
// Thread rule: thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "robots/robots_txt.h"

namespace crawlcard::robots {

// What the readers take a URL for. Google's library cuts the path out of the URL by itself
// (GooglePathOf), without decoding or tidying it; the others take what a URL parser gives.
struct AskedPath {
  std::string_view path_and_query;
  std::string_view google;

  std::string_view For(Dialect dialect) const {
    return dialect == Dialect::kGoogle ? google : path_and_query;
  }
};

// Why a dialect decides otherwise than the first of AllDialects() does. docs/formats/dialects.md.
enum class Difference : std::uint8_t {
  kNone,       // it decides alike
  kClass,      // the class of the agent decides, not a rule
  kItself,     // it knows no exception for /robots.txt
  kPath,       // it reads another path out of the URL
  kAmbiguous,  // a line of another family ends a list of agents in one reading
  kGroup,      // it takes another group, or none
  kLine,       // it reads a line that the other does not: misspelt, without a colon, odd paths
  kMatching,   // the same groups and lines, compared otherwise
};
std::string_view DifferenceName(Difference difference);  // "class", "group", ...; "" for kNone

// What one dialect answers. Views live as long as the RobotsTxt.
struct DialectAnswer {
  Dialect dialect = Dialect::kRfc9309;
  RobotsDecision decision;  // with the rule and the line that decided there
  Difference why = Difference::kNone;
};

// One answer a dialect, in the order of AllDialects().
std::vector<DialectAnswer> CompareDialects(const RobotsTxt& robots, std::string_view agent,
                                           const AskedPath& asked);

// The same where Google's reading of the URL is that of the others.
std::vector<DialectAnswer> CompareDialects(const RobotsTxt& robots, std::string_view agent,
                                           std::string_view path_and_query);

// Whether all of them come to the same decision, whatever the rule.
bool DialectsAgree(std::span<const DialectAnswer> answers);

}  // namespace crawlcard::robots
