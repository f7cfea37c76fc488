// The timeline of a host's files, and answers as they were known at an instant.

#include "index/history.h"

#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "check_fixture.h"
#include "index/verdict_json.h"

namespace crawlcard::index {
namespace {

using robots::Changed;
using robots::FetchState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class HistoryTest : public CheckTest {
 protected:
  static std::vector<HistoryRun> Runs(const Store& store, std::string_view asked,
                                      const HistoryOptions& options = {}) {
    std::vector<HistoryRun> runs;
    const Status status = ShowHistory(store, asked, options, [&](const HistoryRun& run) -> Status {
      runs.push_back(run);
      return {};
    });
    EXPECT_TRUE(status) << status.error().ToString();
    return runs;
  }
  // "ok 01-02..03-04 3x2 meaning": state, months and days, observations, bodies, change.
  static std::vector<std::string> Brief(const std::vector<HistoryRun>& runs) {
    std::vector<std::string> out;
    for (const HistoryRun& run : runs) {
      const auto day = [](UnixSeconds date) {
        return date == 0 ? "none" : FormatRfc3339(date).substr(5, 5);
      };
      std::string change = "first";
      if (run.change) {
        change = run.change->body ? std::string(ChangedName(run.change->body->changed)) : "state";
      }
      out.push_back(fmt::format("{} {}..{} {}x{} {}", FetchStateName(run.state), day(run.from),
                                day(run.last_seen), run.observations, run.bodies.size(), change));
    }
    return out;
  }
};

TEST_F(HistoryTest, BytesMayChangeWhileTheMeaningStays) {
  WarcBuilder warc;
  const std::string origin = "https://example.org";
  warc.Robots(origin, "2026-01-01T00:00:00Z", "User-agent: *\nDisallow: /a\n");
  warc.Robots(origin, "2026-02-01T00:00:00Z", "# new\nUser-agent: *\nDisallow: /a\n");
  warc.Robots(origin, "2026-03-01T00:00:00Z", "User-agent: *\nDisallow: /a\n");
  warc.Robots(origin, "2026-04-01T00:00:00Z", "User-agent: *\nDisallow: /\n");
  warc.Robots(origin, "2026-05-01T00:00:00Z", "User-agent: *\nDisallow: /\nDisallow: /a\n");
  const auto store = IndexOf(warc);
  const std::vector<HistoryRun> runs = Runs(*store, "example.org");
  EXPECT_THAT(Brief(runs), ElementsAre("ok 01-01..03-01 3x2 first", "ok 04-01..04-01 1x1 meaning",
                                       "ok 05-01..05-01 1x1 rules"));
  EXPECT_EQ(runs[0].bodies[0].observations, 2U);
  EXPECT_EQ(runs[0].bodies[1].differs, Changed::kBytes);
  EXPECT_EQ(runs[0].evidence.offset, 0U);
  EXPECT_EQ(runs[0].evidence.file, "a.warc.gz");
  EXPECT_EQ(runs[0].bodies[0].evidence.digest.size(), 71U);
}

TEST_F(HistoryTest, StatesAreChangePointsAndUnchangedAnswersCount) {
  WarcBuilder warc;
  const std::string origin = "https://example.org";
  const std::string url = origin + "/robots.txt";
  warc.Record("revisit", url, "2026-01-01T00:00:00Z",
              {{"Content-Type", "application/http; msgtype=response"}}, "HTTP/1.1 200 OK\r\n\r\n");
  warc.Robots(origin, "2026-01-02T00:00:00Z", kOpen);
  warc.Response(url, "2026-01-03T00:00:00Z", "304 Not Modified", {}, "");
  warc.Robots(origin, "2026-01-04T00:00:00Z", "", "503 Busy");
  warc.Robots(origin, "2026-01-05T00:00:00Z", "", "404 Not Found");
  warc.Robots(origin, "2026-01-06T00:00:00Z", "", "410 Gone");
  warc.Robots(origin, "2026-01-07T00:00:00Z", "");
  warc.Robots(origin, "2026-01-08T00:00:00Z", "# words alone\n");
  warc.Robots(origin, "2026-01-09T00:00:00Z", kOpen);
  const auto store = IndexOf(warc);
  const std::vector<HistoryRun> runs = Runs(*store, "example.org");
  EXPECT_THAT(
      Brief(runs),
      ElementsAre("unreachable 01-01..01-01 1x0 first", "ok 01-02..01-03 2x1 state",
                  "unreachable 01-04..01-04 1x0 state", "unavailable 01-05..01-06 2x0 state",
                  "ok-empty 01-07..01-08 2x0 state", "ok 01-09..01-09 1x1 nothing"));
  EXPECT_EQ(runs[1].unchanged, 1U);
  EXPECT_EQ(runs[5].change->state_before, FetchState::kOkEmpty);
}

TEST_F(HistoryTest, OriginsAndFilesStandApart) {
  WarcBuilder warc;
  warc.Robots("https://example.org", "2026-01-01T00:00:00Z", kOpen);
  warc.Robots("https://www.example.org", "2026-01-01T00:00:00Z", kClosed);
  warc.Robots("http://example.org:8080", "2026-01-01T00:00:00Z", kClosed);
  warc.Robots("https://other.example.org", "2026-01-01T00:00:00Z", kClosed);
  for (const char* day : {"01", "02"}) {
    const std::string date = fmt::format("2026-01-{}T00:00:00Z", day);
    const std::string value = day[1] == '1' ? "0" : "1";
    warc.Response("https://example.org/.well-known/tdmrep.json", date, "200 OK",
                  {{"Content-Type", "application/json"}},
                  R"([{"location":"/","tdm-reservation":)" + value + "}]");
  }
  const auto store = IndexOf(warc);
  std::vector<std::string> names;
  const std::vector<HistoryRun> runs = Runs(*store, "www.example.org");
  for (const HistoryRun& run : runs) {
    names.push_back(run.origin + " " + std::string(robots::WellKnownName(run.file)));
  }
  EXPECT_THAT(names,
              ElementsAre("http://example.org:8080 robots.txt", "https://example.org robots.txt",
                          "https://example.org tdmrep.json", "https://example.org tdmrep.json",
                          "https://www.example.org robots.txt"));
  ASSERT_TRUE(runs[3].change && runs[3].change->body);
  EXPECT_EQ(runs[3].change->body->changed, Changed::kMeaning);
  EXPECT_EQ(runs[3].change->body->statements.size(), 2U);  // one gone, one new
  EXPECT_EQ(Runs(*store, "https://www.example.org/a").size(), 1U);
  EXPECT_THAT(Runs(*store, "nobody.example"), IsEmpty());
  EXPECT_FALSE(ShowHistory(*store, "http://", {}, {}));
}

TEST_F(HistoryTest, RedirectsStandForWhatTheyLedTo) {
  WarcBuilder warc;
  const auto hop = [&warc](const char* date, std::string_view body) {
    warc.Response("http://example.org/robots.txt", date, "301 Moved",
                  {{"Location", "https://example.org/robots.txt"}}, "");
    warc.Robots("https://example.org", date, body);
  };
  hop("2026-01-01T00:00:00Z", kOpen);
  hop("2026-01-02T00:00:00Z", kOpen);
  hop("2026-01-03T00:00:00Z", kClosed);
  warc.Response("http://example.org/robots.txt", "2026-01-04T00:00:00Z", "301 Moved",
                {{"Location", "https://example.org/robots.txt"}}, "");
  // Another file an hour later is another fetch.
  warc.Robots("https://example.org", "2026-01-04T01:00:00Z", kOpen);
  const auto store = IndexOf(warc);
  EXPECT_THAT(Brief(Runs(*store, "http://example.org/")),
              ElementsAre("ok 01-01..01-02 2x1 first", "ok 01-03..01-03 1x1 meaning",
                          "redirect 01-04..01-04 1x0 state"));
}

TEST_F(HistoryTest, AgentsDialectAndInstantNarrow) {
  WarcBuilder warc;
  const std::string origin = "https://example.org";
  warc.Robots(origin, "2026-01-01T00:00:00Z", kOpen);
  warc.Robots(origin, "2026-01-02T00:00:00Z",
              std::string(kOpen) + "\nUser-agent: GPTBot\nDissallow: /\n");
  warc.Robots(origin, "2026-01-03T00:00:00Z", kClosed);
  const auto store = IndexOf(warc);
  HistoryOptions options;
  options.agents = {"CCBot"};
  EXPECT_EQ(Runs(*store, "example.org", options).size(), 2U);
  options.agents = {"GPTBot"};
  EXPECT_THAT(Brief(Runs(*store, "example.org", options)).at(1), ::testing::EndsWith("rules"));
  options.dialect = robots::Dialect::kGoogle;
  EXPECT_THAT(Brief(Runs(*store, "example.org", options)).at(1), ::testing::EndsWith("meaning"));
  options.timeline.as_of = ParseRfc3339("2026-01-01T12:00:00Z");
  EXPECT_EQ(Runs(*store, "example.org", options).size(), 1U);
  options.timeline.as_of.reset();
  options.timeline.known_by = -1;
  EXPECT_THAT(Runs(*store, "example.org", options), IsEmpty());
}

// A row each and as many bodies: more than a reader keeps.
TEST_F(HistoryTest, ManyBodiesAreReadInTurn) {
  WarcBuilder warc;
  constexpr int kRows = 700;
  for (int i = 0; i < kRows; ++i) {
    const UnixSeconds date = 1'700'000'000 + i * 86'400;
    warc.Robots("https://example.org", FormatRfc3339(date),
                fmt::format("User-agent: *\nDisallow: /{}\n", i % 600));
  }
  const auto store = IndexOf(warc);
  const std::vector<HistoryRun> runs = Runs(*store, "example.org");
  ASSERT_EQ(runs.size(), std::size_t{kRows});
  for (const HistoryRun& run : runs) {
    if (!run.change) continue;
    ASSERT_EQ(run.change->body->changed, Changed::kMeaning);
  }
}

// Real files, as if one host had served them in turn.
TEST_F(HistoryTest, RealFilesAreComparedHonestly) {
  const std::string corpus = CRAWLCARD_SHARED "/corpora/robots/robotstxt-a.warc.gz";
  if (!std::filesystem::exists(corpus)) GTEST_SKIP() << "no corpus at " << corpus;
  auto store = Open(Path("idx"));
  IngestAll(*store, {{corpus, "robotstxt.warc.gz"}});
  struct Bodies final : Fold {
    Status OnPage(const ScannedPage&) override { return {}; }
    Status OnHostRow(const ScannedHostRow& row) override {
      if (!row.body.empty()) bodies.emplace_back(row.body);
      return {};
    }
    std::vector<std::string> bodies;
  };
  ScanOptions options;
  options.judge_options = Options();
  const auto folds = Scan(*store, options, [] { return std::make_unique<Bodies>(); });
  ASSERT_TRUE(folds);
  const std::vector<std::string>& bodies = dynamic_cast<const Bodies&>(*folds->front()).bodies;
  ASSERT_GT(bodies.size(), 1'000U);
  int proofs = 0;
  for (std::size_t i = 0; i + 1 < bodies.size(); i += 4) {
    for (const robots::Dialect dialect : robots::AllDialects()) {
      const robots::RobotsTxt one = robots::RobotsTxt::Parse(bodies[i]);
      const robots::RobotsTxt two = robots::RobotsTxt::Parse(bodies[i + 1]);
      const robots::RobotsTxt same = robots::RobotsTxt::Parse(bodies[i] + "\nSitemap: /s\n# end\n");
      if (dialect == robots::Dialect::kRfc9309) {
        EXPECT_EQ(CompareRobots(one, same, {dialect, {}}).changed, Changed::kBytes);
      }
      const robots::FileChange change = CompareRobots(one, two, {dialect, {}});
      for (const robots::AgentChange& agent : change.agents) {
        for (const robots::RuleChange& rule : agent.rules) {
          if (rule.path.empty()) continue;
          ++proofs;
          for (const std::string& name : agent.agents) {
            EXPECT_EQ(one.Allows(name, rule.path, dialect), rule.allowed_before) << name;
            EXPECT_EQ(two.Allows(name, rule.path, dialect), rule.allowed_after) << name;
          }
        }
      }
    }
  }
  EXPECT_GT(proofs, 1'000);
}

// --- what was known -----------------------------------------------------------------------------

std::string Line(const UrlVerdict& verdict, JudgeOptions options) {
  options.known_by.reset();
  std::string text;
  JsonWriter json(text);
  WriteVerdict(verdict, options, json);
  return text;
}

// An archive file of a few captures of two hosts, with redirects and answers that say "unchanged".
std::string MadeFile(std::mt19937& random) {
  WarcBuilder warc;
  for (int i = 0; i < 6; ++i) {
    const std::string date =
        FormatRfc3339(1'790'000'000 + static_cast<UnixSeconds>(random() % 9'000'000));
    const std::string origin = random() % 2 == 0 ? "https://a.example" : "http://a.example";
    switch (random() % 6) {
      case 0:
        warc.Robots(origin, date, random() % 2 == 0 ? kOpen : kClosed);
        break;
      case 1:
        warc.Response(origin + "/robots.txt", date, "304 Not Modified", {}, "");
        break;
      case 2:
        warc.Response("http://a.example/robots.txt", date, "301 Moved",
                      {{"Location", "https://a.example/robots.txt"}}, "");
        warc.Robots("https://a.example", date, kClosed);
        break;
      case 3:
        warc.Response(origin + "/p", date, "304 Not Modified", {}, "");
        break;
      default:
        warc.Html(origin + "/p", date, "<meta name=robots content=noai>",
                  {{"TDM-Reservation", "1"}});
        break;
    }
  }
  return warc.bytes();
}

TEST_F(HistoryTest, KnownByIsTheIndexOfThen) {
  std::mt19937 random(7);
  constexpr int kFiles = 8;
  constexpr UnixSeconds kFirst = 1'800'000'000;
  const auto all = Open(Path("all"));
  std::vector<IngestInput> inputs;
  std::vector<std::unique_ptr<Store>> indexes;
  for (int i = 0; i < kFiles; ++i) {
    inputs.push_back(Put(fmt::format("{}.warc.gz", i), MadeFile(random)));
    IngestOptions options;
    options.now = kFirst + i * 100;
    IngestAll(*all, {inputs.back()}, options);
    indexes.push_back(Open(Path(fmt::format("idx{}", i))));
    IngestAll(*indexes.back(), inputs, options);
  }
  int differ = 0;
  for (int i = 0; i < kFiles; ++i) {
    for (const std::string_view asked :
         {"https://a.example/p", "http://a.example/p", "a.example"}) {
      for (const bool now : {false, true}) {
        JudgeOptions options = now ? Options("2026-12-01T00:00:00Z") : Options();
        const std::string wanted =
            Line(Check(*indexes[static_cast<std::size_t>(i)], asked, options), options);
        const std::string latest = Line(Check(*all, asked, options), options);
        for (const int seconds : {0, 99}) {
          options.known_by = kFirst + i * 100 + seconds;
          ASSERT_EQ(Line(Check(*all, asked, options), options), wanted) << i << " " << asked;
        }
        if (latest != wanted) ++differ;
      }
    }
    HistoryOptions history;
    const auto wanted = Brief(Runs(*indexes[static_cast<std::size_t>(i)], "a.example"));
    history.timeline.known_by = kFirst + i * 100;
    EXPECT_EQ(Brief(Runs(*all, "a.example", history)), wanted);
  }
  EXPECT_GT(differ, 5);  // the question matters
  JudgeOptions options = Options();
  options.known_by = kFirst - 1;
  EXPECT_EQ(StateOf(Check(*all, "https://a.example/p", options), "robots.txt"), "not-asked");
}

// A store that does not move keeps the ledger of the last instant asked about.
TEST_F(HistoryTest, KnownByOfAReader) {
  WarcBuilder warc;
  warc.Robots("https://example.org", "2026-01-01T00:00:00Z", kClosed);
  {
    auto store = Open(Path("idx"));
    IngestOptions options;
    options.now = 1000;
    IngestAll(*store, {Put("a.warc.gz", warc.bytes())}, options);
  }
  const auto store = Open(Path("idx"), OpenMode::kRead);
  JudgeOptions options = Options("2026-02-01T00:00:00Z");
  for (const UnixSeconds instant : {999, 1000, 1000, 999, 1001}) {
    options.known_by = instant;
    EXPECT_EQ(StateOf(Check(*store, "https://example.org/", options), "robots.txt"),
              instant < 1000 ? "not-asked" : "ok");
  }
  options.known_by.reset();
  EXPECT_EQ(StateOf(Check(*store, "https://example.org/", options), "robots.txt"), "ok");
}

TEST_F(HistoryTest, ScansAsKnown) {
  WarcBuilder warc;
  warc.Html("https://example.org/a", "2026-01-01T00:00:00Z", "x");
  auto store = Open(Path("idx"));
  IngestOptions ingest;
  ingest.now = 1000;
  IngestAll(*store, {Put("a.warc.gz", warc.bytes())}, ingest);
  struct Count final : Fold {
    Status OnPage(const ScannedPage&) override {
      ++pages;
      return {};
    }
    Status OnHostRow(const ScannedHostRow&) override { return {}; }
    int pages = 0;
  };
  for (const UnixSeconds instant : {999, 1000}) {
    ScanOptions options;
    options.judge_options = Options();
    options.judge_options.known_by = instant;
    const auto folds = Scan(*store, options, [] { return std::make_unique<Count>(); });
    ASSERT_TRUE(folds);
    int pages = 0;
    for (const auto& fold : *folds) pages += dynamic_cast<const Count&>(*fold).pages;
    EXPECT_EQ(pages, instant == 1000 ? 1 : 0);
  }
}

}  // namespace
}  // namespace crawlcard::index
