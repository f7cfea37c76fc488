#include "card/score.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "card/formats/format.h"
#include "tests/card/sample.h"

namespace crawlcard::card {
namespace {

nlohmann::json Summary() {
  const Card card = MakeCard(sample::SampleRun(), SummariseInputs(sample::Ledger()),
                             sample::TallyOf(sample::Crowd(7, 120)));
  const Facts facts = BuildFacts(card);
  return nlohmann::json::parse(FindFormat("eu-summary-json")->render({card, facts}));
}

const ScoreField* FieldOf(const Score& score, std::string_view name) {
  for (const ScoreField& one : score.fields) {
    if (one.field == name) return &one;
  }
  return nullptr;
}

TEST(Score, PointsAddUp) {
  const Result<Score> score = ScoreEuSummary(Summary().dump());
  ASSERT_TRUE(score.has_value());
  std::uint64_t points = 0;
  std::uint64_t applied = 0;
  std::uint64_t unapplied = 0;
  for (const ScoreField& one : score->fields) {
    EXPECT_LE(one.points, one.points_max) << one.field;
    EXPECT_EQ(one.state == ScoreState::kAnswered, one.points == one.points_max &&
                                                      one.state != ScoreState::kInapplicable &&
                                                      one.missing.empty())
        << one.field;
    points += one.points;
    (one.state == ScoreState::kInapplicable ? unapplied : applied) += one.points_max;
  }
  EXPECT_EQ(score->points, points);
  EXPECT_EQ(score->points_max, applied);
  EXPECT_EQ(score->points_unapplied, unapplied);
  EXPECT_GT(points, 0U);
  EXPECT_LT(points, applied);
}

TEST(Score, AnAnswerTakenOutCostsItsPoints) {
  nlohmann::json summary = Summary();
  const Result<Score> before = ScoreEuSummary(summary.dump());
  ASSERT_TRUE(before.has_value());
  summary["s2_3"]["top_domains"] = nullptr;
  const Result<Score> after = ScoreEuSummary(summary.dump());
  ASSERT_TRUE(after.has_value());
  EXPECT_LT(after->points, before->points);
  const ScoreField* field = FieldOf(*after, "2.3.h");
  ASSERT_NE(field, nullptr);
  EXPECT_FALSE(field->missing.empty());
  EXPECT_NE(ScoreText(*after).find("2.3.h"), std::string::npos);
}

TEST(Score, WhatIsNoSummaryIsRefused) {
  for (const std::string_view text : {"", "{", "[]", "{}", "{\"summary\":3}", "\xFF"}) {
    EXPECT_FALSE(ScoreEuSummary(text).has_value()) << text;
  }
}

TEST(Score, TheSameInJson) {
  const Result<Score> score = ScoreEuSummary(Summary().dump());
  ASSERT_TRUE(score.has_value());
  const nlohmann::json json = nlohmann::json::parse(ScoreJson(*score));
  EXPECT_EQ(json["schema"], "crawlcard.score.v1");
  EXPECT_EQ(json["points"], score->points);
  EXPECT_EQ(json["fields"].size(), score->fields.size());
}

}  // namespace
}  // namespace crawlcard::card
