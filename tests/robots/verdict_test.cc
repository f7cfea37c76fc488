// The algebra between families, the policies, and what an origin hands to it.

#include "robots/verdict.h"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "robots/licence_terms.h"
#include "robots/origin.h"

namespace crawlcard::robots {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr UnixSeconds kNow = 1'790'000'000;
constexpr UnixSeconds kDay = 86'400;

Signal Says_(Family family, Axis use, Says says) {
  Signal signal;
  signal.family = family;
  signal.carrier = family == Family::kTdmrep ? Carrier::kWellKnown : Carrier::kRobotsTxt;
  signal.use = use;
  signal.says = says;
  signal.agent = "*";
  return signal;
}

Signal LicenceOf(std::string_view spdx) {
  Signal signal = Says_(Family::kLicence, Axis::kNone, Says::kNothing);
  signal.carrier = Carrier::kHtmlLink;
  signal.key = spdx;
  signal.scope = "page";
  return signal;
}

Verdict Ask(const std::vector<Signal>& signals, std::string_view policy = "eu-tdm",
            std::string_view robots_state = "ok", Axis use = Axis::kTrain) {
  std::vector<Statement> statements;
  for (const Signal& signal : signals) statements.push_back({signal, nullptr});
  Question question;
  question.use = use;
  std::vector<Coverage> coverage;
  if (!robots_state.empty()) coverage.push_back({"robots.txt", std::string(robots_state), {}});
  return Judge(question, statements, coverage, *BuiltInPolicy(policy));
}

TEST(Verdict, RefusalToFetchRefusesEveryUse) {
  const Signal crawl = Says_(Family::kRobots, Axis::kCrawl, Says::kDeny);
  const Verdict verdict = Ask({crawl, LicenceOf("CC-BY-4.0")});
  EXPECT_EQ(verdict.decision, Decision::kDeny);  // no conflict: it is no reservation of a use
  EXPECT_EQ(verdict.reasons[0].clause, "signals.md 12.7");
  EXPECT_TRUE(verdict.conflict);
}

TEST(Verdict, WideRefusalReachesTheNarrowUseUnlessTheCarrierSpeaks) {
  const Signal wide = Says_(Family::kAipref, Axis::kTdm, Says::kDeny);
  EXPECT_EQ(Ask({wide}).decision, Decision::kDeny);
  EXPECT_EQ(Ask({wide, Says_(Family::kAipref, Axis::kTrain, Says::kAllow)}).decision,
            Decision::kAllow);
  EXPECT_EQ(Ask({wide}, "eu-tdm", "ok", Axis::kSearch).decision, Decision::kUnspecified);
  EXPECT_EQ(Ask({Says_(Family::kAipref, Axis::kTdm, Says::kAllow)}).decision,
            Decision::kUnspecified);
}

TEST(Verdict, NothingIsClearedWithoutARobotsTxtObservation) {
  for (const std::string_view state : {"", "unreachable", "redirect", "not-asked"}) {
    EXPECT_EQ(Ask({}, "eu-tdm", state).decision, Decision::kIndeterminate) << state;
    EXPECT_FALSE(Ask({}, "robots-only", state).usable) << state;
    EXPECT_EQ(Ask({Says_(Family::kTdmrep, Axis::kTdm, Says::kDeny)}, "eu-tdm", state).decision,
              Decision::kDeny);
  }
  for (const std::string_view state : {"ok", "ok-empty", "unavailable"}) {
    EXPECT_EQ(Ask({}, "eu-tdm", state).decision, Decision::kUnspecified) << state;
  }
}

TEST(Verdict, OldRobotsTxtObservationsDoNotCount) {
  const Evidence old{"f", 0, 0, 0, "", "", kNow - 366 * kDay};
  const Statement statement{Says_(Family::kRobots, Axis::kCrawl, Says::kDeny), &old};
  Question question;
  question.as_of = kNow;
  const std::vector<Coverage> coverage{{"robots.txt", "ok", old.date}};
  const Verdict verdict = Judge(question, {&statement, 1}, coverage, *BuiltInPolicy("eu-tdm"));
  EXPECT_EQ(verdict.decision, Decision::kIndeterminate);
  EXPECT_EQ(verdict.coverage[0].state, "stale");
  EXPECT_THAT(verdict.history, SizeIs(1));
}

TEST(Verdict, ObservationsAfterTheInstantDoNotCount) {
  const Evidence later{"f", 0, 0, 0, "", "", kNow + 1};
  const Statement statement{Says_(Family::kTdmrep, Axis::kTdm, Says::kDeny), &later};
  Question question;
  question.as_of = kNow;
  const std::vector<Coverage> coverage{{"robots.txt", "ok", kNow}};
  const Verdict verdict = Judge(question, {&statement, 1}, coverage, *BuiltInPolicy("eu-tdm"));
  EXPECT_EQ(verdict.decision, Decision::kUnspecified);
}

// The table of the contract, row by row.
TEST(Policies, TableOfTheContract) {
  const Signal deny = Says_(Family::kContentSignal, Axis::kTrain, Says::kDeny);
  const Signal allow = Says_(Family::kContentSignal, Axis::kTrain, Says::kAllow);
  Signal paid = Says_(Family::kRsl, Axis::kTrain, Says::kConditional);
  paid.condition = "payment=training";
  const Signal open = LicenceOf("CC-BY-4.0");
  const Signal closed = LicenceOf("CC-BY-NC-4.0");
  struct Row {
    std::vector<Signal> signals;
    bool eu_tdm, robots_only, open_licence_only, strict;
  };
  const Row rows[] = {
      {{}, true, true, false, false},
      {{allow}, true, true, false, true},
      {{allow, open}, false, true, true, false},
      {{deny}, false, true, false, false},
      {{paid}, false, true, false, false},
      {{open}, false, true, true, false},
      {{closed}, false, true, false, false},
      {{paid, open}, false, true, false, false},
      {{deny, open}, false, true, false, false},
      {{Says_(Family::kRobots, Axis::kCrawl, Says::kDeny)}, false, false, false, false},
  };
  int number = 0;
  for (const Row& row : rows) {
    SCOPED_TRACE(++number);
    EXPECT_EQ(Ask(row.signals, "eu-tdm").usable, row.eu_tdm);
    EXPECT_EQ(Ask(row.signals, "robots-only").usable, row.robots_only);
    EXPECT_EQ(Ask(row.signals, "open-licence-only").usable, row.open_licence_only);
    EXPECT_EQ(Ask(row.signals, "strict").usable, row.strict);
  }
  EXPECT_EQ(BuiltInPolicy("strict")->Id(), "strict@1");
  EXPECT_FALSE(BuiltInPolicy("nobody").has_value());
}

TEST(Policies, StrictHeedsRefusalsToAnybodyAndCarefulReadings) {
  const Signal allow = Says_(Family::kContentSignal, Axis::kTrain, Says::kAllow);
  Signal other = Says_(Family::kRobots, Axis::kCrawl, Says::kDeny);
  other.agent = "GPTBot";
  EXPECT_TRUE(Ask({allow, other}, "eu-tdm").usable);
  EXPECT_FALSE(Ask({allow, other}, "strict").usable);
  Signal retired = Says_(Family::kAipref, Axis::kTrain, Says::kNothing);
  retired.careful = Says::kDeny;
  const Verdict verdict = Ask({allow, retired}, "strict");
  EXPECT_EQ(verdict.decision, Decision::kAllow);
  EXPECT_EQ(verdict.careful, Decision::kDeny);
  EXPECT_FALSE(verdict.usable);
}

TEST(Verdict, ConditionsAreSpelledOut) {
  Signal paid = Says_(Family::kRsl, Axis::kTrain, Says::kConditional);
  paid.condition = "payment=training; user=education";
  const Verdict verdict = Ask({paid, LicenceOf("CC-BY-NC-SA-4.0")});
  EXPECT_EQ(verdict.decision, Decision::kConditional);
  EXPECT_EQ(verdict.condition,
            "attribution, non-commercial use, share alike, payment: training, user=education");
}

TEST(Licences, TermsAreReadFromTheId) {
  EXPECT_TRUE(ReadLicenceTerms("CC-BY-SA-4.0").open);
  EXPECT_TRUE(ReadLicenceTerms("CC-BY-SA-4.0").share_alike);
  EXPECT_FALSE(ReadLicenceTerms("CC-BY-ND-4.0").open);
  EXPECT_FALSE(ReadLicenceTerms("CC0-1.0").HasConditions());
  EXPECT_FALSE(ReadLicenceTerms("LicenseRef-RAIL").open);
  EXPECT_FALSE(ReadLicenceTerms("LicenseRef-RightsStatements-InC").grants);
  EXPECT_TRUE(ReadLicenceTerms("LicenseRef-CC-BY-3.0-HK").attribution);
  EXPECT_FALSE(ReadLicenceTerms("").grants);
}

class Origin : public testing::Test {
 protected:
  void Add(WellKnown file, FetchState state, std::string body) {
    FileObservation observation;
    observation.file = file;
    observation.state = state;
    observation.evidence.digest = "sha256:" + std::to_string(observations.size());
    observation.evidence.date = kNow - kDay;
    observation.body = std::move(body);
    observations.push_back(std::move(observation));
  }
  Verdict Ask(std::string_view url, std::vector<std::string> agents = {"*"}) {
    if (origin == nullptr) origin = std::make_unique<OriginSignals>(std::move(observations), cache);
    question.agents = std::move(agents);
    question.as_of = kNow;
    statements.clear();
    std::vector<Coverage> coverage;
    origin->Collect(url, question, statements, coverage);
    return Judge(question, statements, coverage, *BuiltInPolicy("eu-tdm"));
  }

  ParsedFileCache cache{1 << 20};
  std::vector<FileObservation> observations;
  std::unique_ptr<OriginSignals> origin;
  std::vector<Statement> statements;
  Question question;
};

TEST_F(Origin, FilesSpeakAboutTheUrl) {
  Add(WellKnown::kRobotsTxt, FetchState::kOk,
      "User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nDisallow: /closed\n"
      "Content-Signal: /news/ ai-train=no\n");
  Add(WellKnown::kTdmrep, FetchState::kOk, R"([{"location":"/img/","tdm-reservation":1}])");
  Verdict verdict = Ask("https://p.example/closed/1");
  EXPECT_EQ(verdict.decision, Decision::kDeny);
  EXPECT_EQ(verdict.reasons[0].raw, "Disallow: /closed");
  EXPECT_EQ(verdict.reasons[0].location, "line 5");
  EXPECT_EQ(verdict.reasons[0].evidence.digest, "sha256:0");
  verdict = Ask("https://p.example/news/1");
  EXPECT_EQ(verdict.decision, Decision::kDeny);
  EXPECT_EQ(verdict.reasons[0].family, Family::kContentSignal);
  verdict = Ask("https://p.example/img/1");
  EXPECT_EQ(verdict.reasons[0].clause, "signals.md 4.4");
  verdict = Ask("https://p.example/open");
  EXPECT_EQ(verdict.decision, Decision::kUnspecified);
  EXPECT_THAT(verdict.reasons, IsEmpty());
  ASSERT_THAT(verdict.operator_specific, SizeIs(1));
  EXPECT_EQ(verdict.operator_specific[0].operator_name, "OpenAI");
  EXPECT_EQ(Ask("https://p.example/open", {"GPTBot"}).decision, Decision::kDeny);
  EXPECT_EQ(Ask("https://p.example/closed/1", {"GPTBot"}).reasons[0].raw, "Disallow: /");
}

TEST_F(Origin, CoverageNamesWhatWasAndWasNotAsked) {
  Add(WellKnown::kRobotsTxt, FetchState::kOk, "<html></html>");
  Add(WellKnown::kAiTxt, FetchState::kUnavailable, "");
  const Verdict verdict = Ask("https://p.example/");
  EXPECT_EQ(verdict.decision, Decision::kUnspecified);
  std::vector<std::string> seen;
  for (const Coverage& one : verdict.coverage) seen.push_back(one.carrier + " " + one.state);
  EXPECT_THAT(seen, ElementsAre("robots.txt ok-empty", "ai.txt unavailable",
                                "tdmrep.json not-asked", "trust.txt not-asked"));
}

TEST_F(Origin, JsonIsPreferredAndDefaultsAreLowButDeny) {
  Add(WellKnown::kRobotsTxt, FetchState::kUnavailable, "");
  Add(WellKnown::kWellKnownAiTxt, FetchState::kOk, "Site-Name: B\nSite-URL: https://p.example\n");
  EXPECT_EQ(Ask("https://p.example/").decision, Decision::kDeny);
  origin = nullptr;
  observations.clear();
  Add(WellKnown::kRobotsTxt, FetchState::kUnavailable, "");
  Add(WellKnown::kWellKnownAiTxt, FetchState::kOk, "Site-Name: B\nTraining: deny\n");
  Add(WellKnown::kWellKnownAiJson, FetchState::kOk, R"({"policies":{"training":"allow"}})");
  observations[1].evidence.digest = "sha256:a";
  observations[2].evidence.digest = "sha256:b";
  EXPECT_EQ(Ask("https://p.example/").decision, Decision::kAllow);
}

TEST_F(Origin, OrderConflictOfTdmrepIsFlaggedAndCareful) {
  Add(WellKnown::kRobotsTxt, FetchState::kUnavailable, "");
  Add(WellKnown::kTdmrep, FetchState::kOk,
      R"([{"location":"/","tdm-reservation":0},{"location":"/a","tdm-reservation":1}])");
  const Verdict verdict = Ask("https://p.example/a");
  EXPECT_EQ(verdict.decision, Decision::kAllow);
  EXPECT_EQ(verdict.careful, Decision::kDeny);
  EXPECT_THAT(verdict.flags, Contains("tdmrep.order_conflict"));
}

TEST_F(Origin, UnreadableFilesAreSaid) {
  Add(WellKnown::kRobotsTxt, FetchStateFromStatus(503), "");
  Add(WellKnown::kTdmrep, FetchStateFromStatus(429), "");
  const Verdict verdict = Ask("https://p.example/a");
  EXPECT_EQ(verdict.decision, Decision::kIndeterminate);
  EXPECT_THAT(verdict.flags, ElementsAre("tdmrep.json.unreachable"));
}

TEST(ParsedFileCacheTest, SameDigestSameObjectUntilItLeaves) {
  ParsedFileCache cache(1);
  const auto first = cache.Get(WellKnown::kRobotsTxt, "d1", "User-agent: *\nDisallow: /\n");
  EXPECT_EQ(first, cache.Get(WellKnown::kRobotsTxt, "d1", "not read"));
  cache.Get(WellKnown::kRobotsTxt, "d2", "");
  EXPECT_NE(first, cache.Get(WellKnown::kRobotsTxt, "d1", ""));
}

TEST(FetchStates, FromStatus) {
  EXPECT_EQ(FetchStateName(FetchStateFromStatus(204)), "ok");
  EXPECT_EQ(FetchStateName(FetchStateFromStatus(301)), "redirect");
  EXPECT_EQ(FetchStateName(FetchStateFromStatus(404)), "unavailable");
  EXPECT_EQ(FetchStateName(FetchStateFromStatus(0)), "unreachable");
}

bool UsableUnder(const Policy& policy, const std::vector<Signal>& signals,
                 Dialect asked = Dialect::kRfc9309) {
  std::vector<Statement> statements;
  for (const Signal& signal : signals) statements.push_back({signal, nullptr});
  Question question;
  question.dialect = asked;
  const std::vector<Coverage> coverage{{"robots.txt", "ok", {}}};
  const Verdict verdict = Judge(question, statements, coverage, policy);
  EXPECT_EQ(verdict.flags.empty(), policy.dialect.value_or(asked) == asked);
  return verdict.usable;
}

TEST(Policy, HeedsTheFamiliesItNames) {
  const Signal reserved = Says_(Family::kTdmrep, Axis::kTdm, Says::kDeny);
  const Signal limited = Says_(Family::kAipref, Axis::kTrain, Says::kConditional);
  Policy policy = *BuiltInPolicy("eu-tdm");
  EXPECT_FALSE(UsableUnder(policy, {reserved}));
  policy.heed = {Family::kRobots, Family::kAipref};
  EXPECT_TRUE(UsableUnder(policy, {reserved}));
  EXPECT_FALSE(UsableUnder(policy, {reserved, limited}));
  policy.heed = {Family::kTdmrep};
  EXPECT_FALSE(UsableUnder(policy, {reserved}));
  EXPECT_TRUE(UsableUnder(policy, {limited}));
  policy.heed = {Family::kOther};  // the last bit
  EXPECT_TRUE(UsableUnder(policy, {reserved, limited}));
}

TEST(Policy, WhatWasCollectedInAnotherDialectIsNotUsable) {
  Policy policy = *BuiltInPolicy("eu-tdm");
  EXPECT_TRUE(UsableUnder(policy, {}, Dialect::kGoogle));
  policy.dialect = Dialect::kLenient;
  EXPECT_FALSE(UsableUnder(policy, {}, Dialect::kRfc9309));
  EXPECT_TRUE(UsableUnder(policy, {}, QuestionUnder(policy, Question{}).dialect));
}

TEST(Verdict, UnavailableAfterItsDateIsNotForSearch) {
  const auto decide = [](std::string_view date, UnixSeconds as_of, Axis use) {
    Signal signal = Says_(Family::kRobotsMeta, Axis::kNone, Says::kNothing);
    signal.carrier = Carrier::kHtmlMeta;
    signal.key = "unavailable_after";
    signal.value = date;
    const std::vector<Statement> statements{{signal, nullptr}};
    Question question;
    question.use = use;
    question.as_of = as_of;
    const std::vector<Coverage> coverage{{"robots.txt", "ok", {}}};
    return Judge(question, statements, coverage, *BuiltInPolicy("eu-tdm")).decision;
  };
  constexpr UnixSeconds kDate = 784'111'777;  // the example of RFC 9110 section 5.6.7
  for (const std::string_view date : {"Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"}) {
    EXPECT_EQ(decide(date, kDate - 1, Axis::kSearch), Decision::kUnspecified) << date;
    EXPECT_EQ(decide(date, kDate, Axis::kSearch), Decision::kDeny) << date;
    EXPECT_EQ(decide(date, kDate, Axis::kTrain), Decision::kUnspecified) << date;
    EXPECT_EQ(decide(date, 0, Axis::kSearch), Decision::kUnspecified) << date;
  }
  EXPECT_EQ(decide("some day", kDate, Axis::kSearch), Decision::kUnspecified);
}

TEST_F(Origin, CommonCrawlTakesAnUnansweredRobotsTxtForAbsent) {
  Add(WellKnown::kRobotsTxt, FetchState::kUnreachable, {});
  observations.back().no_answer = true;
  EXPECT_EQ(Ask("https://h.example/").decision, Decision::kIndeterminate);
  question.dialect = Dialect::kCommonCrawl;
  EXPECT_EQ(Ask("https://h.example/").decision, Decision::kUnspecified);
}

TEST_F(Origin, CommonCrawlDefersWhereTheServerFails) {
  Add(WellKnown::kRobotsTxt, FetchState::kUnreachable, {});
  question.dialect = Dialect::kCommonCrawl;
  EXPECT_EQ(Ask("https://h.example/").decision, Decision::kIndeterminate);
}

}  // namespace
}  // namespace crawlcard::robots
