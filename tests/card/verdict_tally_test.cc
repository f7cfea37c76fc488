#include "card/verdict_tally.h"

#include <gtest/gtest.h>

#include "card/card.h"
#include "tests/card/sample.h"

namespace crawlcard::card {
namespace {

robots::Policy Table(std::string name, bool unspecified, bool indeterminate) {
  robots::Policy policy;
  policy.name = std::move(name);
  policy.unspecified = unspecified;
  policy.indeterminate = indeterminate;
  return policy;
}

VerdictTally ThreePages() {
  VerdictTally tally;
  std::uint64_t ordinal = 0;
  for (const robots::Decision decision : {robots::Decision::kAllow, robots::Decision::kUnspecified,
                                          robots::Decision::kIndeterminate}) {
    robots::Verdict verdict;
    verdict.decision = decision;
    verdict.usable = decision != robots::Decision::kIndeterminate;
    ++ordinal;
    tally.Add(CountedVerdict(robots::CodesOf(verdict)), true, {1, 100, 10},
              {ordinal, ordinal, ordinal});
  }
  return tally;
}

TEST(VerdictTally, AnotherTableIsReadOffTheSameDecisions) {
  const robots::Policy judged = Table("judged", true, false);
  const auto looser = Derive(judged, ThreePages(), Table("looser", true, true));
  ASSERT_TRUE(looser.has_value());
  EXPECT_EQ(looser->pages_usable, 3U);
  EXPECT_EQ(looser->payload_bytes_usable, 300U);
  const auto stricter = Derive(judged, ThreePages(), Table("stricter", false, false));
  ASSERT_TRUE(stricter.has_value());
  EXPECT_EQ(stricter->pages_usable, 1U);
  EXPECT_FALSE(stricter->hosts_usable.has_value());
  EXPECT_EQ(Derive(judged, ThreePages(), judged)->hosts_usable, 2U);
}

TEST(VerdictTally, AnotherReadingIsNotKnown) {
  const robots::Policy judged = Table("judged", true, false);
  for (auto change : {+[](robots::Policy& p) { p.robots_only = true; },
                      +[](robots::Policy& p) { p.open_licence_only = true; },
                      +[](robots::Policy& p) { p.any_agent = true; },
                      +[](robots::Policy& p) { p.careful = true; },
                      +[](robots::Policy& p) { p.robots_age_max_s = 1; },
                      +[](robots::Policy& p) { p.heed = {robots::Family::kRobots}; },
                      +[](robots::Policy& p) { p.dialect = robots::Dialect::kLenient; }}) {
    robots::Policy other = Table("other", true, false);
    change(other);
    EXPECT_FALSE(Derive(judged, ThreePages(), other).has_value());
  }
}

// Decisions are counted for all families and the asker: a policy that concludes from other
// statements leaves nothing to read another one off.
TEST(VerdictTally, APolicyThatHeedsLessOrMoreSaysNothingOfOthers) {
  for (auto change : {+[](robots::Policy& p) { p.robots_only = true; },
                      +[](robots::Policy& p) { p.any_agent = true; },
                      +[](robots::Policy& p) { p.heed = {robots::Family::kRobots}; }}) {
    robots::Policy judged = Table("judged", true, false);
    robots::Policy other = Table("other", true, false);
    change(judged);
    change(other);
    EXPECT_FALSE(Derive(judged, ThreePages(), other).has_value());
    EXPECT_TRUE(Derive(judged, ThreePages(), judged).has_value());
  }
}

TEST(VerdictTally, AStatementNamedTwiceCountsOnce) {
  robots::Verdict verdict;
  robots::Reason reason;
  reason.family = robots::Family::kTdmrep;
  reason.says = robots::Says::kDeny;
  verdict.reasons = {reason, reason};
  verdict.offers = {reason};
  verdict.operator_specific = {{"OpenAI", "GPTBot", robots::Decision::kDeny},
                               {"OpenAI", "ChatGPT-User", robots::Decision::kDeny},
                               {"Google", "Google-Extended", robots::Decision::kAllow}};
  VerdictTally tally;
  tally.Add(CountedVerdict(robots::CodesOf(verdict)), true, {1, 1, 1}, {1, 1, 1});
  tally.Add(CountedVerdict(robots::CodesOf(verdict)), false, {1, 1, 1}, {2, 1, 1});
  ASSERT_EQ(tally.applied.size(), 1U);
  EXPECT_EQ(tally.applied.begin()->second.captures, 1U);
  EXPECT_EQ(tally.operator_denied.Find("OpenAI")->captures, 1U);
  EXPECT_EQ(tally.operator_denied.Find("Google"), nullptr);
  EXPECT_EQ(tally.captures, 2U);
  EXPECT_EQ(tally.pages.captures, 1U);
}

TEST(Card, PoliciesWithTheirOwnScanAreShown) {
  PolicyOutcome own;
  own.policy = *robots::BuiltInPolicy("strict");
  own.pages = 10;
  own.pages_usable = 1;
  const Card card = MakeCard(sample::SampleRun(), {}, sample::TallyOf(sample::Crowd(1, 3)), {own});
  ASSERT_EQ(card.policies.size(), robots::BuiltInPolicyNames().size());
  EXPECT_EQ(card.policies[0].policy.name, "eu-tdm");
  for (const Card::PolicyRow& row : card.policies) {
    if (row.policy.name == "strict") {
      EXPECT_EQ(row.outcome->pages_usable, 1U);
    }
    if (row.policy.name == "robots-only") {
      EXPECT_FALSE(row.outcome.has_value());
    }
  }
}

// What a request covers counts for no policy, read off or judged.
TEST(VerdictTally, WhatIsTakenDownIsReadOffAsUnusable) {
  VerdictTally tally;
  robots::VerdictCodes codes;
  codes.decision = robots::Decision::kUnspecified;
  codes.usable = true;
  tally.Add(CountedVerdict(codes), true, {1, 10, 5}, {1, 1, 1});
  codes.usable = false;
  tally.Add(CountedVerdict(codes), true, {1, 100, 50}, {2, 2, 2});
  tally.AddTakenDown(CountedVerdict(codes), true, {1, 100, 50}, {2, 2, 2});
  tally.Add(CountedVerdict(codes), false, {1, 1000, 500}, {3, 2, 2});
  tally.AddTakenDown(CountedVerdict(codes), false, {1, 1000, 500}, {3, 2, 2});
  const auto outcome = Derive(Table("judged", true, false), tally, Table("other", true, true));
  ASSERT_TRUE(outcome.has_value());
  EXPECT_EQ(outcome->pages_usable, 1U);
  EXPECT_EQ(outcome->payload_bytes_usable, 10U);
  EXPECT_EQ(outcome->text_bytes_usable, 5U);
  EXPECT_EQ(tally.taken_down.captures, 2U);
  EXPECT_EQ(tally.taken_down.hosts.count, 1U);
}

// A licence says nothing itself: its terms do. It is a reason all the same.
TEST(VerdictTally, ALicenceIsAReason) {
  robots::VerdictCodes codes;
  robots::ReasonCode licence;
  licence.family = robots::Family::kLicence;
  robots::ReasonCode evidence;
  evidence.family = robots::Family::kOther;
  codes.reasons = {licence, evidence};
  VerdictTally tally;
  tally.Add(CountedVerdict(codes), true, {1, 1, 1}, {1, 1, 1});
  ASSERT_EQ(tally.applied.size(), 1U);
  EXPECT_EQ(tally.applied.begin()->first.family, robots::Family::kLicence);
}

}  // namespace
}  // namespace crawlcard::card
