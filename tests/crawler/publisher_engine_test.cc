#include "crawler/publisher_engine.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crawler/limits.h"
#include "tests/crawler/scratch.h"

namespace crawlcard::crawler {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Not;

constexpr UnixMillis kStart = 1'790'000'000'000;

struct Page {
  std::uint16_t status = 404;
  std::string fields;
  std::string body;
};

// Runs an engine against a table of pages; every answer takes 10 ms.
class PublisherEngineTest : public ScratchTest {
 protected:
  void SetUp() override {
    ScratchTest::SetUp();
    Open({});
  }
  void Open(EngineOptions options) {
    engine_.reset();
    frontier_.reset();
    frontier_ = std::move(Frontier::Open(Path("frontier")).value());
    engine_ = std::make_unique<PublisherEngine>(*frontier_, std::move(options), now_);
  }

  // Runs to the end; gives the URLs asked for, in order.
  std::vector<std::string> Crawl(const std::vector<std::string>& seeds) {
    std::vector<std::string> asked;
    for (const std::string& seed : seeds) EXPECT_TRUE(engine_->AddSeed(seed, now_)) << seed;
    for (int turns = 0; turns < 10'000; ++turns) {
      Result<Turn> turn = engine_->Next(now_);
      EXPECT_TRUE(turn) << turn.error().ToString();
      if (!turn || turn->finished) break;
      if (!turn->resolve.empty()) {
        EXPECT_TRUE(engine_->Resolved(turn->resolve, {"127.0.0.9"}, FetchError::kNone, now_));
      } else if (turn->fetch) {
        asked.push_back(turn->fetch->url);
        Serve(*turn->fetch);
      } else {
        now_ = turn->ask_again_at;
      }
    }
    return asked;
  }

  void Serve(const PlannedFetch& fetch) {
    now_ += 10;
    sent_[fetch.url] = fetch.fields;
    const Page& page = pages_[fetch.url];
    const std::string head =
        "HTTP/1.1 " + std::to_string(page.status) + " X\r\n" + page.fields + "\r\n";
    Answer answer;
    answer.status = page.status;
    answer.head = head;
    answer.body = page.body;
    const Result<ArchiveNote> note = engine_->Answered(fetch.ticket, answer, now_);
    ASSERT_TRUE(note);
    notes_[fetch.url] = *note;
    ASSERT_TRUE(engine_->Archived(fetch.ticket, "<urn:" + fetch.url + ">", "sha1:X", now_));
  }

  StepOutcome OutcomeOf(const std::string& origin, const std::string& url) {
    const auto record = frontier_->Find(origin).value();
    if (!record) return StepOutcome::kPending;
    for (const Step& step : record->steps) {
      if (step.url == url) return step.outcome;
    }
    return StepOutcome::kPending;
  }

  UnixMillis now_ = kStart;
  std::map<std::string, Page> pages_;
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> sent_;
  std::map<std::string, ArchiveNote> notes_;
  std::unique_ptr<Frontier> frontier_;
  std::unique_ptr<PublisherEngine> engine_;
};

TEST_F(PublisherEngineTest, AsksForEveryCarrierRobotsFirst) {
  EXPECT_THAT(Crawl({"a.test"}),
              ElementsAre("https://a.test/robots.txt", "https://a.test/.well-known/tdmrep.json",
                          "https://a.test/ai.txt", "https://a.test/.well-known/ai.txt",
                          "https://a.test/.well-known/ai.json", "https://a.test/trust.txt",
                          "https://a.test/.well-known/trust.txt", "https://a.test/"));
  EXPECT_EQ(engine_->counts().publishers_finished, 1U);
  EXPECT_EQ(engine_->counts().requests, 8U);
  EXPECT_GE(now_ - kStart, 7000) << "a second between two requests";
}

TEST_F(PublisherEngineTest, DocumentsThatAnswersNameAreAskedForOnce) {
  pages_["https://a.test/robots.txt"] = {200, "",
                                         "License: https://a.test/l.xml\n"
                                         "User-agent: *\nAllow: /\n"};
  pages_["https://a.test/.well-known/tdmrep.json"] = {
      200, "",
      R"([{"location":"/","tdm-reservation":1,"tdm-policy":"https://p.test/policy.json"}])"};
  pages_["https://a.test/"] = {
      200, "Content-Type: text/html\r\nTDM-Reservation: 1\r\nTDM-Policy: /terms\r\n",
      "<link rel=license type=\"application/rsl+xml\" href=\"/l2.xml\">"
      "<meta name=tdm-policy content=\"https://p.test/policy.json\">"};
  const auto asked = Crawl({"a.test"});
  EXPECT_THAT(asked,
              IsSupersetOf({"https://a.test/l.xml", "https://a.test/l2.xml", "https://a.test/terms",
                            "https://p.test/robots.txt", "https://p.test/policy.json"}));
  EXPECT_EQ(asked.size(), 8U + 5U);
  EXPECT_FALSE(frontier_->Find("https://p.test").value()->whole_plan);
}

TEST_F(PublisherEngineTest, NamedDocumentsMeetTheRobotsOfTheirOrigin) {
  pages_["https://a.test/.well-known/tdmrep.json"] = {
      200, "", R"([{"location":"/","tdm-reservation":1,"tdm-policy":"https://p.test/x/p"}])"};
  pages_["https://p.test/robots.txt"] = {200, "", "User-agent: *\nDisallow: /x/\n"};
  EXPECT_THAT(Crawl({"a.test"}), Not(Contains("https://p.test/x/p")));
  EXPECT_EQ(OutcomeOf("https://p.test", "https://p.test/x/p"), StepOutcome::kDisallowed);
}

TEST_F(PublisherEngineTest, UnreachableRobotsForbidsEverything) {
  pages_["https://a.test/robots.txt"] = {500, "", ""};
  EXPECT_EQ(Crawl({"a.test"}).size(), 3U) << "three tries and no more";
  EXPECT_EQ(OutcomeOf("https://a.test", "https://a.test/"), StepOutcome::kUnreachable);
}

TEST_F(PublisherEngineTest, ADelayTooLongLeavesTheHost) {
  pages_["https://a.test/robots.txt"] = {200, "", "User-agent: *\nCrawl-delay: 60\n"};
  pages_["https://b.test/robots.txt"] = {200, "", "User-agent: *\nCrawl-delay: 60.001\n"};
  EXPECT_EQ(Crawl({"b.test"}).size(), 1U);
  EXPECT_EQ(OutcomeOf("https://b.test", "https://b.test/"), StepOutcome::kDelayTooLong);
  const UnixMillis before = now_;
  EXPECT_EQ(Crawl({"a.test"}).size(), 8U);
  EXPECT_GE(now_ - before, 7 * limits::kCrawlDelayMsMax);
}

TEST_F(PublisherEngineTest, RedirectsOfOneStepAreFollowedFiveTimes) {
  pages_["https://a.test/ai.txt"] = {302, "Location: /1\r\n", ""};
  for (int i = 1; i <= 9; ++i) {
    pages_["https://a.test/" + std::to_string(i)] = {
        302, "Location: /" + std::to_string(i + 1) + "\r\n", ""};
  }
  const auto asked = Crawl({"a.test"});
  EXPECT_THAT(asked, Contains("https://a.test/" + std::to_string(limits::kStepHopsMax)));
  EXPECT_THAT(asked, Not(Contains("https://a.test/" + std::to_string(limits::kStepHopsMax + 1))));
  EXPECT_EQ(OutcomeOf("https://a.test", "https://a.test/ai.txt"), StepOutcome::kRedirectLost);
}

TEST_F(PublisherEngineTest, AFrontPageThatMovedWithinItsSiteMakesAPublisher) {
  pages_["https://a.test/"] = {301, "Location: https://www.a.test/\r\n", ""};
  const auto asked = Crawl({"a.test"});
  EXPECT_THAT(asked, IsSupersetOf({"https://www.a.test/robots.txt", "https://www.a.test/ai.txt",
                                   "https://www.a.test/"}));
  pages_["https://b.test/"] = {301, "Location: https://elsewhere.test/\r\n", ""};
  EXPECT_THAT(Crawl({"b.test"}), Not(Contains("https://elsewhere.test/ai.txt")));
}

TEST_F(PublisherEngineTest, AHostThatKeepsFailingIsGivenUp) {
  pages_["https://a.test/robots.txt"] = {404, "", ""};
  for (const char* path : {"/.well-known/tdmrep.json", "/ai.txt", "/.well-known/ai.txt",
                           "/.well-known/ai.json", "/trust.txt"}) {
    pages_[std::string("https://a.test") + path] = {500, "", ""};
  }
  EXPECT_EQ(Crawl({"a.test"}).size(), 1U + limits::kHostFailuresMax + 1);
  EXPECT_EQ(OutcomeOf("https://a.test", "https://a.test/"), StepOutcome::kGivenUp);
}

TEST_F(PublisherEngineTest, StalePublishersAreAskedWhetherAnythingChanged) {
  pages_["https://a.test/robots.txt"] = {200, "ETag: \"r\"\r\n", "User-agent: *\nDisallow: /ai\n"};
  const std::string long_tag(limits::kValidatorBytesMax + 1, 't');
  pages_["https://a.test/"] = {200, "ETag: " + long_tag + "\r\n", "<p>x"};
  pages_["https://a.test/trust.txt"] = {200,
                                        "ETag: " + long_tag.substr(1) +
                                            "\r\nLast-Modified: a\x01"
                                            "b\r\n",
                                        "member=x\n"};
  EXPECT_EQ(Crawl({"a.test"}).size(), 6U);
  now_ += 8LL * 24 * 3600 * 1000;
  EXPECT_TRUE(Crawl({"a.test"}).empty());
  EXPECT_EQ(engine_->counts().publishers_fresh, 1U);

  EngineOptions options;
  options.stale_ms = 7LL * 24 * 3600 * 1000;
  Open(options);
  pages_["https://a.test/robots.txt"] = {304, "", ""};
  EXPECT_EQ(Crawl({"a.test"}).size(), 6U);
  EXPECT_THAT(sent_["https://a.test/robots.txt"],
              ElementsAre(testing::Pair("If-None-Match", "\"r\"")));
  EXPECT_TRUE(sent_["https://a.test/"].empty());
  EXPECT_THAT(sent_["https://a.test/trust.txt"],
              ElementsAre(testing::Pair("If-None-Match", long_tag.substr(1))));
  const ArchiveNote& note = notes_["https://a.test/robots.txt"];
  EXPECT_TRUE(note.not_modified);
  EXPECT_EQ(note.revisit_record_id, "<urn:https://a.test/robots.txt>");
  EXPECT_EQ(OutcomeOf("https://a.test", "https://a.test/ai.txt"), StepOutcome::kDisallowed);
}

TEST_F(PublisherEngineTest, AnAddressThatDoesNotAnswerGivesWayToTheNext) {
  ASSERT_TRUE(engine_->AddSeed("a.test", now_));
  ASSERT_EQ(engine_->Next(now_)->resolve, "a.test");
  ASSERT_TRUE(engine_->Resolved("a.test", {"::9", "127.0.0.9"}, FetchError::kNone, now_));
  std::vector<std::string> tried;
  while (tried.size() < 2) {
    const Result<Turn> turn = engine_->Next(now_);
    ASSERT_TRUE(turn && !turn->finished);
    if (!turn->fetch) {
      now_ = turn->ask_again_at;
      continue;
    }
    tried.push_back(turn->fetch->address);
    Answer answer;
    answer.error = FetchError::kConnectRefused;
    ASSERT_TRUE(engine_->Answered(turn->fetch->ticket, answer, now_));
    ASSERT_TRUE(engine_->Archived(turn->fetch->ticket, {}, {}, now_));
  }
  EXPECT_THAT(tried, ElementsAre("::9", "127.0.0.9"));
}

TEST_F(PublisherEngineTest, SeedsThatAreNoPublishersAreRefused) {
  EXPECT_FALSE(engine_->AddSeed("ftp://a.test/", now_));
  EXPECT_TRUE(engine_->Next(now_)->finished);
}

}  // namespace
}  // namespace crawlcard::crawler
