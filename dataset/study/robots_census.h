// dataset/study/robots_census.h - every site of an index once a date: what asking for its
// robots.txt gave, and what that says to one bot, its operator's bots, and AI bots at large.
//
// One pass feeds two studies: agent-naming and bot-variants.
//
// Thread rule: Census() runs its own threads; the rest are values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dataset/study/study.h"
#include "index/store.h"
#include "robots/restriction.h"

namespace crawlcard::dataset {

// What the latest observation of a site is.
enum class RobotsCapture : std::uint8_t {
  kNotAsked,     // the site is known by other files alone, or was asked later
  kAbsent,       // 4xx
  kUnreachable,  // 5xx, 429, no answer
  kRedirect,     // to where nobody looked
  kNoRules,      // an answer without a record in it: empty, HTML
  kRules,
};
inline constexpr std::size_t kRobotsCaptureCount = 6;
std::string_view RobotsCaptureName(RobotsCapture capture);

// Whose agents are meant.
enum class AgentSet : std::uint8_t { kBot, kOperator, kAnyAi };
inline constexpr std::size_t kAgentSetCount = 3;
std::string_view AgentSetName(AgentSet set);

// What counts as a yes.
enum class BlockReading : std::uint8_t {
  kNamed,      // a group names an agent of the set
  kNamedAll,   // and keeps it from everything
  kNamedSome,  // and keeps it from something or everything
  kAll,        // an agent of the set is kept from everything, by its own group or that of *
  kSome,       // from something or everything
};
inline constexpr std::size_t kBlockReadingCount = 5;
std::string_view BlockReadingName(BlockReading reading);

// One robots.txt.
struct BotView {
  bool has_rules = false;
  // Bits of BlockReading, by AgentSet.
  std::array<std::uint8_t, kAgentSetCount> said{};
  // Of the bot itself, where it is named.
  robots::AgentClass bot = robots::AgentClass::kNone;

  bool Says(AgentSet set, BlockReading reading) const {
    const unsigned readings = said[static_cast<std::size_t>(set)];
    return (readings >> static_cast<unsigned>(reading) & 1U) != 0;
  }
};
BotView ViewOfBot(std::string_view body, std::string_view bot);

// Sites of one stratum at one date.
struct CensusCounts {
  std::array<std::uint64_t, kRobotsCaptureCount> captures{};
  std::array<std::array<std::uint64_t, kBlockReadingCount>, kAgentSetCount> said{};
  std::array<std::uint64_t, 3> named{};  // of the bot itself, by AgentClass

  void Add(const CensusCounts& other);
  std::uint64_t CountOf(RobotsCapture capture) const {
    return captures[static_cast<std::size_t>(capture)];
  }
  std::uint64_t Sites() const;     // whatever asking gave
  std::uint64_t Answered() const;  // absent, without rules, with rules
};

// By date, then by stratum (kStrata; the last is everybody).
using CensusTable = std::vector<std::array<CensusCounts, kStrata.size()>>;
[[nodiscard]] Result<CensusTable> Census(const index::Store& store, const StudyOptions& options,
                                         std::string_view bot, const std::vector<Period>& dates);

}  // namespace crawlcard::dataset
