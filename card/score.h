// card/score.h - how much of the EU summary is answered, weighed as public reviewers weigh it.
//
// The weights are sums of points a field in a published review framework of 242 metrics for
// summaries under Art. 53(1)(d) (docs/formats/score.md names it). Reviewers judge how well a field
// is answered; this counts whether it is, and says which points nobody but a reviewer can give. So
// it is what a summary can reach at most, and a list of what to answer next; no grade.
//
// Reads the bytes of eu-summary.json, ours or that of others in the same shape.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crawlcard::card {

enum class ScoreState : std::uint8_t { kAnswered, kPartly, kMissing, kInapplicable };
std::string_view ScoreStateName(ScoreState state);  // "answered", "not-applicable"

struct ScoreField {
  std::string_view field;  // of the template: "2.3.h"
  std::string_view title;
  std::uint64_t points = 0;
  std::uint64_t points_max = 0;
  ScoreState state = ScoreState::kMissing;
  std::vector<std::string> missing;  // paths in the file that have no answer
};

struct Score {
  std::uint64_t points = 0;
  std::uint64_t points_max = 0;        // of fields that apply
  std::uint64_t points_unapplied = 0;  // of fields that do not apply
  std::uint64_t points_reviewers = 0;  // that only a reader can give
  std::vector<ScoreField> fields;      // in the order of the template
};

// kInvalidArgument for bytes that are no EU summary.
Result<Score> ScoreEuSummary(std::string_view eu_summary_json);

std::string ScoreText(const Score& score);
std::string ScoreJson(const Score& score);  // crawlcard.score.v1

}  // namespace crawlcard::card
