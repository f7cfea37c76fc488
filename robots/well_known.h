// robots/well_known.h - ai.txt in its two meanings, ai.json, trust.txt and llms.txt.
//
// Sources: mirrors of the Spawning generator, draft-car-ai-txt-wellknown-00, the reference document
// of trust.txt; docs/formats/signals.md 8. Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "robots/path_match.h"
#include "robots/signal.h"

namespace crawlcard::robots {

// True when `body` begins with HTML markup: an application shell that answers every path with 200.
bool IsHtmlBody(std::string_view body);

// What an ai.txt is, by its content: at least four unrelated formats share the name.
enum class AiTxtVariant : std::uint8_t { kNone, kSpawning, kCar, kDescription };
std::string_view AiTxtVariantName(AiTxtVariant variant);  // "spawning", "car-00", "description", ""
AiTxtVariant DetectAiTxt(std::string_view body);

// Spawning's ai.txt: robots-like rules over the path of a medium.
struct SpawningRule {
  std::string_view agent;
  std::string_view pattern_text;  // as written
  internal::PathPattern pattern;
  bool allows = false;
  std::uint32_t line = 0;
  std::string_view raw;
};
std::vector<SpawningRule> ParseSpawning(std::string_view body, Arena& arena);
// The longest pattern that matches, or nullptr.
const SpawningRule* MatchSpawning(std::span<const SpawningRule> rules,
                                  std::string_view path_and_query);

// draft-car: one policy of the file, or of the block of one agent.
struct CarPolicy {
  std::string_view agent;  // "*": of the site
  std::string_view name;   // "training", "scraping", "indexing", "caching", lower case
  Says says = Says::kNothing;
  std::string_view value;
  bool implied = false;  // the draft's default: Training alone means no when missing
  std::uint32_t line = 0;
  std::string_view raw;
};
struct CarFile {
  std::vector<CarPolicy> policies;
  struct Glob {
    std::string_view agent;
    internal::PathPattern pattern;
    bool allows = false;
  };
  std::vector<Glob> globs;   // Training-Allow and Training-Deny
  std::string_view licence;  // Training-License
};
CarFile ParseCarText(std::string_view body, Arena& arena);
std::optional<CarFile> ParseCarJson(std::string_view body, Arena& arena);
Axis AxisOfCarPolicy(std::string_view name);
// What the file says about training `path` for `agent`, globs of a conditional rule applied.
Says CarTraining(const CarFile& file, const CarPolicy& policy, std::string_view path);
// The policies for `agent`: those of its own block, else those of the site.
std::vector<const CarPolicy*> CarPoliciesFor(const CarFile& file, std::string_view agent);

// trust.txt: the records of datatrainingallowed, of which a "no" wins.
struct TrustTxt {
  Says says = Says::kNothing;
  std::string_view value;
  std::uint32_t line = 0;
  std::string_view raw;
  std::vector<std::string_view> flags;
};
TrustTxt ParseTrustTxt(std::string_view body);

// Lines of prose that speak of use, training or licences: evidence for people, never a statement.
std::vector<std::string_view> PolicyProse(std::string_view text);

}  // namespace crawlcard::robots
