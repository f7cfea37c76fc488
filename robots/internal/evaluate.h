// robots/internal/evaluate.h - one reading of the statements about one use: the algebra itself.
//
// docs/formats/verdict.md draws it. Pure: the same statements in any order give the same outcome.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "robots/verdict.h"

namespace crawlcard::robots::internal {

// One bit a family.
using FamilySet = std::uint32_t;
inline constexpr FamilySet kAllFamilies = 0xFFFFFFFF;
constexpr FamilySet BitOfFamily(Family family) {
  return FamilySet{1} << static_cast<unsigned>(family);
}

// How to read.
struct Reading {
  bool careful = false;    // refusals that only a careful reader takes
  bool any_agent = false;  // refusals addressed to anybody
  FamilySet heeded = kAllFamilies;
};

// A statement that speaks about the use, and the section that says so.
struct Finding {
  std::size_t statement = 0;
  Says says = Says::kNothing;
  std::string_view clause;
  std::string_view condition;  // of a condition or refusal, where the statement itself has none
};

struct Outcome {
  Decision decision = Decision::kUnspecified;
  std::vector<Finding> denies;
  std::vector<Finding> conditionals;
  std::vector<Finding> allows;
  std::vector<Finding> licences;  // grants of page scope, with or without conditions
  bool conflict = false;
};

// `in_force` are indices into `statements`.
Outcome Evaluate(const Question& question, std::span<const Statement> statements,
                 std::span<const std::size_t> in_force, const Reading& reading);

// What other agents are told by name, and what operators read into rules for everybody.
std::vector<OperatorDecision> EvaluateOperators(const Question& question,
                                                std::span<const Statement> statements,
                                                std::span<const std::size_t> in_force);

// True when `agent` of a signal addresses the asker: `*`, nobody in particular, or an own token.
bool AddressesAsker(std::string_view agent, const Question& question);

}  // namespace crawlcard::robots::internal
