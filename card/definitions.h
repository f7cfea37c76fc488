// card/definitions.h - how each number of a card was counted.
//
// One number, one definition: population (which records), unit, stage, and the basis that says who
// vouches for it. Every renderer points at these by id.
//
// Thread rule: static data.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace crawlcard::card {

// Who vouches for a fact.
enum class Basis : std::uint8_t {
  kMeasured,    // M: counted from the index, the same again from the same files
  kEstimated,   // E: derived from measurements by a stated method
  kObserved,    // O: a publisher's statement, seen at a URL at a time; no legal conclusion
  kConfigured,  // C: what the crawler or this run was told to do
  kHuman,       // H: only a person can say
};
std::string_view BasisLetter(Basis basis);  // "M"
std::string_view BasisName(Basis basis);    // "measured"

struct Definition {
  std::string_view id;  // stable, lower case, usable as an HTML anchor
  std::string_view title;
  Basis basis = Basis::kMeasured;
  std::string_view population;
  std::string_view unit;
  std::string_view stage;
  std::string_view text;
};

std::span<const Definition> Definitions();
// nullptr for an unknown id.
const Definition* FindDefinition(std::string_view id);

}  // namespace crawlcard::card
