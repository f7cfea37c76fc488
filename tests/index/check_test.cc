// Verdicts for one URL or host from what an index holds, and the timeline.
#include <filesystem>
#include <random>

#include "base/file.h"
#include "base/json_writer.h"
#include "check_fixture.h"
#include "index/limits.h"
#include "index/scan.h"
#include "index/verdict_json.h"
#include "robots/verdict.h"

namespace crawlcard::index {
namespace {

using robots::Decision;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(CheckTest, WithoutRobotsTxtNothingIsCleared) {
  WarcBuilder warc;
  warc.Html("http://example.org/a", "2026-10-01T00:00:00Z", "x");
  const auto store = IndexOf(warc);
  const UrlVerdict verdict = Check(*store, "http://example.org/a");
  EXPECT_EQ(verdict.verdict.decision, Decision::kIndeterminate);
  EXPECT_FALSE(verdict.verdict.usable);
  EXPECT_EQ(StateOf(verdict, "robots.txt"), "not-asked");
  EXPECT_EQ(StateOf(verdict, "page"), "ok");
  ASSERT_TRUE(verdict.capture);
  EXPECT_EQ(verdict.capture->file, "a.warc.gz");
}

TEST_F(CheckTest, RefusalCarriesItsEvidence) {
  WarcBuilder warc;
  const std::uint64_t offset =
      warc.Robots("http://example.org", "2026-10-01T00:00:00Z",
                  "User-agent: *\nAllow: /\nContent-Signal: ai-train=no\n");
  warc.Html("http://example.org/a", "2026-10-01T00:00:01Z", "x");
  const auto store = IndexOf(warc);
  const UrlVerdict verdict = Check(*store, "http://example.org/a");
  EXPECT_EQ(verdict.verdict.decision, Decision::kDeny);
  ASSERT_FALSE(verdict.verdict.reasons.empty());
  const robots::Reason& reason = verdict.verdict.reasons[0];
  EXPECT_EQ(reason.family, robots::Family::kContentSignal);
  EXPECT_EQ(reason.raw, "Content-Signal: ai-train=no");
  EXPECT_EQ(reason.location, "line 3");
  EXPECT_EQ(reason.evidence.file, "a.warc.gz");
  EXPECT_EQ(reason.evidence.offset, offset);
  EXPECT_THAT(reason.evidence.digest, ::testing::StartsWith("sha256:"));
}

// Signals are those of the exact origin: scheme, host and port.
TEST_F(CheckTest, OriginsDoNotSpeakForEachOther) {
  WarcBuilder warc;
  warc.Robots("http://example.org", "2026-10-01T00:00:00Z", kClosed);
  warc.Robots("https://example.org", "2026-10-01T00:00:00Z", kOpen);
  for (const std::string url : {"http://example.org/a", "https://example.org/a",
                                "http://www.example.org/a", "http://example.org:8080/a"}) {
    warc.Html(url, "2026-10-01T00:00:01Z", "x");
  }
  const auto store = IndexOf(warc);
  EXPECT_EQ(Check(*store, "http://example.org/a").verdict.decision, Decision::kDeny);
  EXPECT_NE(Check(*store, "https://example.org/a").verdict.decision, Decision::kDeny);
  EXPECT_EQ(StateOf(Check(*store, "https://example.org/a"), "robots.txt"), "ok");
  EXPECT_EQ(StateOf(Check(*store, "http://www.example.org/a"), "robots.txt"), "not-asked");
  EXPECT_EQ(StateOf(Check(*store, "http://example.org:8080/a"), "robots.txt"), "not-asked");
}

constexpr std::string_view kTimedOut =
    "crawlcard-step: robots.txt\r\ncrawlcard-try: 2\r\ncrawlcard-outcome: failed\r\n"
    "crawlcard-error: timeout\r\nfetchTimeMs: 2000\r\n";

// RFC 9309 section 2.3.1.4: nothing may be cleared.
TEST_F(CheckTest, RobotsTxtThatNobodyAnsweredForIsUnreachable) {
  WarcBuilder warc;
  warc.Robots("http://example.org", "2026-09-01T00:00:00Z", kOpen);
  const std::uint64_t offset =
      warc.Record("metadata", "http://example.org/robots.txt", "2026-10-01T00:00:00Z",
                  {{"Content-Type", "application/warc-fields"}}, kTimedOut);
  warc.Html("http://example.org/a", "2026-10-01T00:00:01Z", "x");
  const auto store = IndexOf(warc);
  const UrlVerdict verdict = Check(*store, "http://example.org/a");
  EXPECT_EQ(verdict.verdict.decision, Decision::kIndeterminate);
  EXPECT_FALSE(verdict.verdict.usable);
  EXPECT_EQ(StateOf(verdict, "robots.txt"), "unreachable");
  const robots::Coverage& coverage = verdict.verdict.coverage.front();
  ASSERT_NE(coverage.evidence, nullptr);
  EXPECT_EQ(coverage.evidence->file, "a.warc.gz");
  EXPECT_EQ(coverage.evidence->offset, offset);
  EXPECT_EQ(coverage.evidence->record_id, WarcBuilder::IdOf(2));
  EXPECT_EQ(
      StateOf(Check(*store, "http://example.org/a", Options("2026-09-02T00:00:00Z")), "robots.txt"),
      "ok");
  // Common Crawl goes on where nobody answers.
  JudgeOptions options = Options();
  options.dialect = robots::Dialect::kCommonCrawl;
  EXPECT_EQ(StateOf(Check(*store, "http://example.org/a", options), "robots.txt"), "unavailable");
}

// A redirect to an origin that is down: RFC 9309 section 2.3.1.2, then 2.3.1.4.
TEST_F(CheckTest, RedirectToWhereNobodyAnswersIsUnreachable) {
  WarcBuilder warc;
  warc.Response("http://example.org/robots.txt", "2026-10-01T00:00:00Z", "301 Moved",
                {{"Location", "https://www.example.org/robots.txt"}}, "");
  warc.Record("metadata", "https://www.example.org/robots.txt", "2026-10-01T00:00:02Z",
              {{"Content-Type", "application/warc-fields"}}, kTimedOut);
  warc.Html("http://example.org/a", "2026-10-01T00:00:03Z", "x");
  const auto store = IndexOf(warc);
  EXPECT_EQ(StateOf(Check(*store, "http://example.org/a"), "robots.txt"), "unreachable");
}

TEST_F(CheckTest, InstantChoosesTheObservations) {
  WarcBuilder warc;
  warc.Robots("http://example.org", "2026-09-01T00:00:00Z", kOpen);
  warc.Html("http://example.org/a", "2026-09-15T00:00:00Z", "x");
  warc.Robots("http://example.org", "2026-10-01T00:00:00Z", kClosed);
  const auto store = IndexOf(warc);
  EXPECT_NE(Check(*store, "http://example.org/a").verdict.decision, Decision::kDeny);
  EXPECT_EQ(FormatRfc3339(Check(*store, "http://example.org/a").as_of), "2026-09-15T00:00:00Z");
  EXPECT_EQ(Check(*store, "http://example.org/a", Options("2026-10-02T00:00:00Z")).verdict.decision,
            Decision::kDeny);
  const UrlVerdict before = Check(*store, "http://example.org/a", Options("2026-08-01T00:00:00Z"));
  EXPECT_EQ(before.verdict.decision, Decision::kIndeterminate);
  EXPECT_FALSE(before.capture);
}

TEST_F(CheckTest, NotModifiedStandsForTheBodyBefore) {
  WarcBuilder warc;
  warc.Robots("http://example.org", "2026-09-01T00:00:00Z", kClosed);
  warc.Robots("http://example.org", "2026-10-01T00:00:00Z", "", "304 Not Modified");
  warc.Robots("http://never.org", "2026-10-01T00:00:00Z", "", "304 Not Modified");
  const auto store = IndexOf(warc);
  const UrlVerdict verdict = Check(*store, "http://example.org/a");
  EXPECT_EQ(verdict.verdict.decision, Decision::kDeny);
  EXPECT_EQ(FormatRfc3339(verdict.as_of), "2026-10-01T00:00:00Z");
  EXPECT_EQ(verdict.verdict.reasons.at(0).evidence.date, verdict.as_of);
  EXPECT_EQ(Check(*store, "http://never.org/a").verdict.decision, Decision::kIndeterminate);
}

// RFC 9309 section 2.3.1.2: what a redirect leads to speaks for the origin that was asked.
TEST_F(CheckTest, RedirectedRobotsTxtSpeaksForTheOriginAsked) {
  WarcBuilder warc;
  const auto hop = [&warc](std::string_view from, std::string_view to, std::string_view date) {
    warc.Response(std::string(from) + "/robots.txt", date, "301 Moved",
                  {{"Location", std::string(to)}}, "");
  };
  hop("http://example.org", "https://example.org/robots.txt", "2026-10-01T00:00:00Z");
  hop("https://example.org", "https://www.example.net/robots.txt", "2026-10-01T00:00:01Z");
  warc.Robots("https://www.example.net", "2026-10-01T00:00:02Z", kClosed);
  hop("http://late.org", "https://www.example.net/robots.txt", "2026-10-05T00:00:00Z");
  hop("http://page.org", "/home", "2026-10-01T00:00:00Z");
  warc.Html("http://page.org/home", "2026-10-01T00:00:01Z", "<p>welcome");
  hop("http://unseen.org", "http://elsewhere.org/robots.txt", "2026-10-01T00:00:00Z");
  hop("http://loop.org", "http://loop.org/robots.txt", "2026-10-01T00:00:00Z");
  const auto store = IndexOf(warc);
  EXPECT_EQ(Check(*store, "http://example.org/a").verdict.decision, Decision::kDeny);
  EXPECT_EQ(Check(*store, "https://example.org/a").verdict.decision, Decision::kDeny);
  EXPECT_EQ(StateOf(Check(*store, "http://late.org/a"), "robots.txt"), "redirect");
  EXPECT_EQ(StateOf(Check(*store, "http://page.org/a"), "robots.txt"), "ok-empty");
  EXPECT_EQ(StateOf(Check(*store, "http://unseen.org/a"), "robots.txt"), "redirect");
  EXPECT_EQ(Check(*store, "http://unseen.org/a").verdict.decision, Decision::kIndeterminate);
  EXPECT_EQ(StateOf(Check(*store, "http://loop.org/a"), "robots.txt"), "unavailable");
}

// The crawl that followed the redirect says what the text is an answer to.
TEST_F(CheckTest, RedirectedRobotsTxtUnderAnotherNameSpeaksWhereTheCrawlSaysWhatItIs) {
  WarcBuilder warc;
  const auto chain = [&warc](std::string_view origin, std::string_view step) {
    warc.Response(std::string(origin) + "/robots.txt", "2026-10-01T00:00:00Z", "301 Moved",
                  {{"Location", "/r"}}, "");
    const std::string target = std::string(origin) + "/r";
    warc.Response(target, "2026-10-01T00:00:01Z", "200 OK", {{"Content-Type", "text/plain"}},
                  kClosed);
    if (!step.empty()) {
      warc.Metadata(target, "2026-10-01T00:00:01Z",
                    "crawlcard-step: " + std::string(step) + "\r\n");
    }
  };
  chain("http://told.org", "robots.txt");
  chain("http://silent.org", "");
  chain("http://other.org", "front-page");
  const auto store = IndexOf(warc);
  EXPECT_EQ(Check(*store, "http://told.org/a").verdict.decision, Decision::kDeny);
  EXPECT_EQ(StateOf(Check(*store, "http://told.org/a"), "robots.txt"), "ok");
  EXPECT_EQ(StateOf(Check(*store, "http://silent.org/a"), "robots.txt"), "redirect");
  EXPECT_EQ(StateOf(Check(*store, "http://other.org/a"), "robots.txt"), "redirect");
}

TEST_F(CheckTest, RedirectChainIsFollowedToItsLimit) {
  for (const int hops : {limits::kRobotsHopsMax, limits::kRobotsHopsMax + 1}) {
    WarcBuilder warc;
    for (int i = 0; i < hops; ++i) {
      warc.Response(fmt::format("http://h{}.org/robots.txt", i), "2026-10-01T00:00:00Z",
                    "302 Found", {{"Location", fmt::format("http://h{}.org/robots.txt", i + 1)}},
                    "");
    }
    warc.Robots(fmt::format("http://h{}.org", hops), "2026-10-01T00:00:00Z", kClosed);
    const auto store = Open(Path(fmt::format("idx{}", hops)));
    IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
    EXPECT_EQ(StateOf(Check(*store, "http://h0.org/a"), "robots.txt"),
              hops <= limits::kRobotsHopsMax ? "ok" : "unavailable");
  }
}

TEST_F(CheckTest, HopsMayTakeTheirTimeUpToTheLimit) {
  for (const std::int64_t seconds :
       {limits::kRobotsHopSecondsMax, limits::kRobotsHopSecondsMax + 1}) {
    WarcBuilder warc;
    warc.Response("http://a.org/robots.txt", "2026-10-01T00:00:00Z", "302 Found",
                  {{"Location", "http://b.org/robots.txt"}}, "");
    warc.Robots("http://b.org", FormatRfc3339(*ParseRfc3339("2026-10-01T00:00:00Z") + seconds),
                kClosed);
    const auto store = Open(Path(fmt::format("idx{}", seconds)));
    IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
    EXPECT_EQ(StateOf(Check(*store, "http://a.org/x"), "robots.txt"),
              seconds <= limits::kRobotsHopSecondsMax ? "ok" : "redirect");
  }
}

TEST_F(CheckTest, UrlWithoutACaptureIsJudgedByItsHost) {
  WarcBuilder warc;
  warc.Robots("https://example.org", "2026-10-01T00:00:00Z", "User-agent: *\nDisallow: /private\n");
  const auto store = IndexOf(warc);
  const UrlVerdict denied = Check(*store, "https://example.org/private/x");
  EXPECT_EQ(denied.verdict.decision, Decision::kDeny);
  EXPECT_FALSE(denied.capture);
  EXPECT_EQ(StateOf(denied, "page"), "not-asked");
  EXPECT_NE(Check(*store, "https://example.org/public").verdict.decision, Decision::kDeny);
  const UrlVerdict host = Check(*store, "example.org");
  EXPECT_EQ(host.url, "https://example.org/");
  EXPECT_EQ(StateOf(host, "robots.txt"), "ok");
}

TEST_F(CheckTest, WhatIsNoUrlIsSaidSo) {
  WarcBuilder warc;
  warc.Html("http://example.org/a", "2026-10-01T00:00:00Z", "x");
  const auto store = IndexOf(warc);
  const std::vector<std::string> texts{"", "http://", "http://example.org:port/",
                                       "http://example.org/" + std::string(20'000, 'x')};
  for (const std::string& text : texts) {
    const auto verdict = CheckUrl(*store, text, Options());
    ASSERT_FALSE(verdict) << text.substr(0, 30);
    EXPECT_EQ(verdict.error().code(), ErrorCode::kInvalidArgument);
  }
}

TEST_F(CheckTest, PageStatementsAndHostStatementsMeet) {
  WarcBuilder warc;
  warc.Robots("http://example.org", "2026-10-01T00:00:00Z", kOpen);
  warc.Html("http://example.org/a", "2026-10-01T00:00:01Z",
            "<head><meta name=tdm-reservation content=1>"
            "<link rel=license href='https://creativecommons.org/licenses/by/4.0/'></head>");
  const auto store = IndexOf(warc);
  const UrlVerdict verdict = Check(*store, "http://example.org/a");
  EXPECT_THAT(verdict.verdict.licences, ElementsAre("CC-BY-4.0"));
  EXPECT_EQ(verdict.verdict.decision, Decision::kConflict);
}

// The latest capture and the content that it stands for, against a walk over all of them.
TEST_F(CheckTest, LatestOfManyCapturesAtEveryInstant) {
  constexpr UnixSeconds kStart = 1'790'000'000;
  constexpr UnixSeconds kSeconds = 24;
  const std::string asked = "http://example.org/a";
  std::mt19937 random(20261122);
  for (int round = 0; round < 20; ++round) {
    const std::string directory = Path(fmt::format("many{}", round));
    const auto store = Open(directory);
    std::vector<IngestInput> inputs;
    for (const char* name : {"a.warc.gz", "b.warc.gz"}) {
      WarcBuilder warc;
      warc.Robots("http://example.org", FormatRfc3339(kStart), kOpen);
      for (int i = 0; i < 12; ++i) {
        const std::string date =
            FormatRfc3339(kStart + 1 + static_cast<UnixSeconds>(random() % kSeconds));
        const std::string url = random() % 4 == 0 ? "https://example.org/a" : asked;
        switch (random() % 3) {
          case 0:
            warc.Response(url, date, "304 Not Modified", {}, "");
            break;
          case 1:
            warc.Html(url, date, "<head><meta name=tdm-reservation content=1></head>");
            break;
          default:
            warc.Html(url, date, "nothing is said here");
        }
      }
      inputs.push_back(Put(fmt::format("{}-{}", round, name), warc.bytes()));
    }
    IngestAll(*store, inputs);

    for (UnixSeconds instant = kStart; instant <= kStart + kSeconds + 1; ++instant) {
      std::string latest;
      bool reserved = false;
      ASSERT_TRUE(ShowTimeline(*store, asked, {}, [&](const CaptureView& capture) -> Status {
        if (capture.url != asked || *capture.date > instant) return {};
        latest = fmt::format("{} {}", capture.file, capture.extent.offset);
        if (capture.status != 304) reserved = !capture.signals.empty();
        return {};
      }));
      const UrlVerdict verdict = Check(*store, asked, Options(FormatRfc3339(instant)));
      ASSERT_EQ(verdict.capture.has_value(), !latest.empty());
      if (!verdict.capture) continue;
      EXPECT_EQ(fmt::format("{} {}", verdict.capture->file, verdict.capture->offset), latest);
      EXPECT_EQ(verdict.verdict.decision == Decision::kDeny, reserved) << round << ' ' << instant;
    }
  }
}

TEST_F(CheckTest, VerdictLineHasTheContractsMembers) {
  WarcBuilder warc;
  warc.Robots("http://example.org", "2026-10-01T00:00:00Z", kClosed);
  warc.Html("http://example.org/a", "2026-10-01T00:00:01Z", "x");
  const auto store = IndexOf(warc);
  const JudgeOptions options = Options();
  std::string line;
  JsonWriter json(line);
  WriteVerdict(Check(*store, "http://example.org/a", options), options, json);
  EXPECT_THAT(line, ::testing::StartsWith(
                        R"({"schema":"crawlcard.verdict.v1","url":"http://example.org/a",)"
                        R"("use":"train","agents":["*"],"agents_version":")"));
  EXPECT_THAT(line,
              HasSubstr(R"("as_of":"2026-10-01T00:00:01Z",)"
                        R"("dialect":"rfc9309","policy":"eu-tdm@1","decision":"deny",)"
                        R"("careful":"deny","usable":false,"conflict":false,"condition":null,)"
                        R"("conditions":{"attribution":false,)"));
  for (const std::string_view member :
       {R"("reasons":[{"family":"robots",)", R"("coverage":[)", R"("capture":{"file":"a.warc.gz",)",
        R"("operator_specific":[)", R"("licences":[)", R"("takedown":null)", R"("flags":[)",
        R"("warc":{"file":)"}) {
    EXPECT_THAT(line, HasSubstr(std::string(member)));
  }
}

TEST_F(CheckTest, TimelineShowsCapturesThenFilesInTimeOrder) {
  WarcBuilder warc;
  warc.Robots("https://example.org", "2026-10-03T00:00:00Z", kOpen);
  warc.Robots("http://example.org", "2026-10-04T00:00:00Z", kClosed);
  warc.Robots("https://example.org", "2026-10-01T00:00:00Z", kClosed);
  warc.Html("http://example.org/a", "2026-10-02T00:00:00Z", "x");
  warc.Html("http://example.org/a", "2026-10-01T00:00:00Z", "x");
  warc.Html("http://example.org/b", "2026-10-01T00:00:00Z", "x");
  const auto store = IndexOf(warc);
  const auto timeline = [&store](std::string_view asked) {
    std::vector<std::string> rows;
    const Status status =
        ShowTimeline(*store, asked, {}, [&](const CaptureView& capture) -> Status {
          rows.push_back(
              fmt::format("{} {}", FormatRfc3339(*capture.date).substr(8, 2), capture.url));
          return {};
        });
    EXPECT_TRUE(status);
    return rows;
  };
  EXPECT_THAT(timeline("http://example.org/a"),
              ElementsAre("01 http://example.org/a", "02 http://example.org/a",
                          "01 https://example.org/robots.txt", "03 https://example.org/robots.txt",
                          "04 http://example.org/robots.txt"));
  EXPECT_EQ(timeline("example.org").size(), 6U);
}

// Common Crawl's page with a robots.txt of our making beside it.
TEST_F(CheckTest, WhirlwindPage) {
  const std::string path = std::string(CRAWLCARD_SHARED) +
                           "/corpora/warc/commoncrawl__whirlwind-python/whirlwind.warc.gz";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "shared corpora are absent";
  WarcBuilder warc;
  warc.Robots("https://an.wikipedia.org", "2024-05-01T00:00:00Z",
              "User-agent: *\nAllow: /\nDisallow: /w/\n\nUser-agent: GPTBot\nDisallow: /\n");
  const auto store = Open(Path("idx"));
  IngestAll(*store, {{path, "whirlwind.warc.gz"}, Put("robots.warc.gz", warc.bytes())});
  const UrlVerdict verdict = Check(*store, "https://an.wikipedia.org/wiki/Escopete");
  ASSERT_TRUE(verdict.capture);
  EXPECT_EQ(verdict.capture->file, "whirlwind.warc.gz");
  EXPECT_EQ(StateOf(verdict, "robots.txt"), "ok");
  EXPECT_NE(verdict.verdict.decision, Decision::kIndeterminate);
  EXPECT_NE(verdict.verdict.decision, Decision::kDeny);
  EXPECT_THAT(verdict.verdict.licences, ::testing::Contains("CC-BY-SA-4.0"));
}

}  // namespace
}  // namespace crawlcard::index
