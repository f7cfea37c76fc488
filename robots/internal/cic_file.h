// robots/internal/cic_file.h - one robots.txt as the code of the Consent-in-Crisis papers reads it.
//
// docs/formats/dialects.md has the rules and where they depart from the papers' text. A reader of
// its own, not a walk over the records of the other dialects: names are compared with case, blank
// lines and comments end groups, and comments behind a value belong to it in one of the two.
//
// Thread rule: immutable after construction.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/arena.h"
#include "robots/consent_in_crisis.h"
#include "robots/path_match.h"
#include "robots/robots_txt.h"

namespace crawlcard::robots::internal {

class CicFile {
 public:
  // What a line may cost beyond its text, for caches.
  static constexpr std::size_t kBytesPerLine = 96;

  // `body` must outlive this object. `dialect` is kCicLegacy or kCicFixed.
  CicFile(std::string_view body, Dialect dialect);

  AgentClass ClassOf(std::string_view agent) const;
  RobotsDecision Decide(std::string_view agent, std::string_view path_and_query) const;

  struct Rule {
    std::string_view value;
    std::string_view raw;
    PathPattern pattern;
    std::uint32_t line = 0;
    bool allow = false;
  };
  bool Names(std::string_view agent) const { return Find(agent) != nullptr; }
  // Calls `visit(rule)` for each rule that an agent is told, in the order in which they count: its
  // own, else those of `*`.
  template <class Visit>
  void ForEachRule(std::string_view agent, Visit visit) const {
    const Agent* used = Find(agent);
    if (used == nullptr) used = Find("*");
    if (used == nullptr) return;
    for (const std::uint32_t block : used->blocks) {
      for (const Rule& rule : blocks_[block].rules) visit(rule);
    }
  }

 private:
  // Rules that were handed to the same agents: a rule is stored once, however many they are.
  struct Block {
    std::vector<Rule> rules;
  };
  struct Agent {
    std::string_view name;
    std::vector<std::uint32_t> blocks;
  };
  static constexpr std::uint32_t kNoBlock = 0xFFFFFFFF;

  void ReadLine(std::string_view raw, std::uint32_t number);
  void AgentLine(std::string_view name);
  void RuleLine(std::string_view text, bool allow, std::uint32_t number);
  const Agent* Find(std::string_view agent) const;
  AgentClass Reduce(const Agent* agent) const;

  bool fixed_;
  Arena arena_{1024};
  std::vector<Block> blocks_;
  std::vector<Agent> agents_;
  std::unordered_map<std::string, std::uint32_t> by_name_;
  std::uint32_t current_ = kNoBlock;
  bool seen_rule_ = false;
};

}  // namespace crawlcard::robots::internal
