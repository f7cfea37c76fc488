#include "crawler/fetch_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crawler/limits.h"
#include "crawler/soft_404.h"

namespace crawlcard::crawler {
namespace {

std::vector<std::string> Urls(const OriginRecord& record) {
  std::vector<std::string> urls;
  for (const Step& step : record.steps) urls.push_back(step.url);
  return urls;
}

TEST(FetchPlan, SeedsAreUrlsOrHostNames) {
  EXPECT_EQ(OriginOfSeed("Example.org"), "https://example.org");
  EXPECT_EQ(OriginOfSeed(" example.org:8443 "), "https://example.org:8443");
  EXPECT_EQ(OriginOfSeed("http://example.org/a/b?c"), "http://example.org");
  EXPECT_EQ(OriginOfSeed("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
  for (const char* bad :
       {"", "ftp://example.org/", "http://", "https://:80/", "mailto:a@b",
        "http://user:secret@example.org/", "https://user@example.org?x", "user@h"}) {
    EXPECT_EQ(OriginOfSeed(bad), "") << bad;
  }
  const std::string name = "a.example/";
  const std::string at_limit = name + std::string(limits::kPlanUrlBytesMax - name.size(), 'x');
  EXPECT_EQ(OriginOfSeed(at_limit), "https://a.example");
  EXPECT_EQ(OriginOfSeed(at_limit + "x"), "");
}

TEST(FetchPlan, RobotsComesFirstAndNamedDocumentsLast) {
  OriginRecord record;
  record.origin = "https://example.org";
  EXPECT_TRUE(AddNamedStep(record, "https://example.org/license.xml", 0));
  AddWholePlan(record);
  AddWholePlan(record);
  EXPECT_THAT(Urls(record),
              testing::ElementsAre(
                  "https://example.org/robots.txt", "https://example.org/.well-known/tdmrep.json",
                  "https://example.org/ai.txt", "https://example.org/.well-known/ai.txt",
                  "https://example.org/.well-known/ai.json", "https://example.org/trust.txt",
                  "https://example.org/.well-known/trust.txt", "https://example.org/",
                  "https://example.org/license.xml"));
}

TEST(FetchPlan, NamedDocumentsAreDistinctAndFew) {
  OriginRecord record;
  record.origin = "https://example.org";
  AddWholePlan(record);
  EXPECT_FALSE(AddNamedStep(record, "https://example.org/", 0)) << "is asked for anyway";
  for (std::size_t i = 0; i < limits::kNamedStepsMax; ++i) {
    const std::string url = "https://example.org/" + std::to_string(i);
    EXPECT_TRUE(AddNamedStep(record, url, 0)) << i;
    EXPECT_FALSE(AddNamedStep(record, url, 0)) << i;
  }
  EXPECT_FALSE(AddNamedStep(record, "https://example.org/one-more", 0));
  OriginRecord other;
  other.origin = "https://example.org";
  const std::string base = "https://example.org/";
  const std::string at_limit = base + std::string(limits::kPlanUrlBytesMax - base.size(), 'x');
  EXPECT_FALSE(AddNamedStep(other, at_limit + "x", 0));
  EXPECT_TRUE(AddNamedStep(other, at_limit, 0));
}

TEST(FetchPlan, ValidatorsAreSentForTheUrlThatTheyCameFrom) {
  Step step;
  step.url = "https://example.org/ai.txt";
  step.etag = "\"x\"";
  step.last_modified = "Mon, 21 Sep 2026 14:00:00 GMT";
  EXPECT_TRUE(ConditionalFields(step).empty()) << "never fetched";
  step.fetched_at = 1;
  EXPECT_THAT(ConditionalFields(step),
              testing::ElementsAre(testing::Pair("If-None-Match", "\"x\""),
                                   testing::Pair("If-Modified-Since", step.last_modified)));
  step.at_url = "https://example.org/elsewhere";
  EXPECT_TRUE(ConditionalFields(step).empty());
}

TEST(FetchPlan, BodiesAreKeptAsFarAsTheyAreRead) {
  EXPECT_GE(BodyBytesMax(StepKind::kRobots), 512'000U);  // RFC 9309, 2.5
  EXPECT_GE(BodyBytesMax(StepKind::kTdmrep), 1U << 20);
  EXPECT_EQ(BodyBytesMax(StepKind::kFrontPage), limits::kFrontPageBytes);
  EXPECT_EQ(BodyBytesMax(StepKind::kTrustTxt), limits::kSmallFileBytes);
}

// docs/formats/signals.md 0.3.
TEST(Soft404, GuessedPathsMustAnswerInTheirOwnKind) {
  constexpr std::string_view kHtml = "\n<!DOCTYPE html><html><title>app</title>";
  for (const StepKind kind :
       {StepKind::kTdmrep, StepKind::kAiTxt, StepKind::kWellKnownAiTxt, StepKind::kWellKnownAiJson,
        StepKind::kTrustTxt, StepKind::kWellKnownTrustTxt}) {
    EXPECT_TRUE(IsSoft404(kind, kHtml)) << StepKindName(kind);
  }
  EXPECT_FALSE(IsSoft404(StepKind::kFrontPage, kHtml));
  EXPECT_FALSE(IsSoft404(StepKind::kNamed, kHtml)) << "a policy for people";
  EXPECT_FALSE(IsSoft404(StepKind::kTdmrep, "\xEF\xBB\xBF [{\"location\": \"/\""));
  EXPECT_TRUE(IsSoft404(StepKind::kTdmrep, "not found"));
  EXPECT_TRUE(IsSoft404(StepKind::kAiTxt, "{\"error\": 404}"));
  EXPECT_FALSE(IsSoft404(StepKind::kAiTxt, "User-Agent: *\nDisallow: /\n"));
  EXPECT_FALSE(IsSoft404(StepKind::kTrustTxt, "# trust.txt\nmember=https://a.example/\n"));
}

}  // namespace
}  // namespace crawlcard::crawler
