// A batch answers as single questions do: the same codes, and the same bytes as JSON.
#include "index/batch.h"

#include <array>
#include <cstdlib>
#include <thread>

#include "index/internal/batch_bodies.h"
#include "index/internal/batch_hash.h"
#include "index/internal/batch_origins.h"
#include "index/internal/line_form.h"
#include "index/internal/lookup.h"
#include "index/internal/store_impl.h"
#include "index/internal/target.h"
#include "index/limits.h"
#include "index/verdict_json.h"
#include "index_fixture.h"
#include "page/public_suffix.h"
#include "robots/verdict.h"

namespace crawlcard::index {
namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed) {}
  std::size_t Below(std::size_t end) {
    seed_ = seed_ * 6364136223846793005 + 1442695040888963407;
    return static_cast<std::size_t>(seed_ >> 33) % end;
  }
  template <class List>
  const auto& One(const List& list) {
    return list[Below(list.size())];
  }

 private:
  std::uint64_t seed_;
};

struct OwnedRow {
  std::string url;
  std::optional<UnixSeconds> date;
};

std::vector<AskedUrl> Views(const std::vector<OwnedRow>& rows) {
  std::vector<AskedUrl> out;
  for (const OwnedRow& row : rows) out.push_back({row.url, row.date});
  return out;
}

class UrlsOf final : public Fold {
 public:
  explicit UrlsOf(std::vector<std::string>& urls) : urls_(urls) {}
  Status OnPage(const ScannedPage& page) override {
    urls_.emplace_back(page.capture->url);
    return {};
  }
  Status OnHostRow(const ScannedHostRow& row) override {
    urls_.emplace_back(row.capture->url);
    return {};
  }

 private:
  std::vector<std::string>& urls_;
};

// Captured URLs, their neighbours, spellings of them, strangers, and what is no URL.
std::vector<OwnedRow> RandomRows(const Store& store, std::size_t count, std::uint64_t seed) {
  std::vector<std::string> urls;
  ScanOptions options;
  options.judge = false;
  EXPECT_TRUE(Scan(store, options, [&] { return std::make_unique<UrlsOf>(urls); }));
  EXPECT_FALSE(urls.empty());
  Dice dice(seed);
  const std::array<std::string_view, 6> tails = {"/",        "/a/b",         "/x?q=1#f",
                                                 "/b/y.pdf", "/a b\xC3\xA9", "?q"};
  const std::array<std::string_view, 9> odd = {"no host here",
                                               "http://",
                                               "https://h.org:99999999999/",
                                               "HTTP://H1.ORG/a/x",
                                               "http://u:p@h1.org/a",
                                               " http://h2.org/b ",
                                               "h3.org",
                                               "h3.org/a/x",
                                               "http://[::1]:80/x"};
  std::vector<OwnedRow> rows;
  for (std::size_t i = 0; i < count; ++i) {
    OwnedRow row;
    const std::string& url = dice.One(urls);
    const std::size_t authority = url.find("://") + 3;
    const std::size_t path = std::min(url.find('/', authority), url.size());
    switch (dice.Below(8)) {
      case 0:
        row.url = url.substr(0, path) + std::string(dice.One(tails));
        break;
      case 1:
        row.url = (url.starts_with("https") ? "http://" : "https://") + url.substr(authority);
        break;
      case 2:
        row.url = fmt::format("https://stranger{}.org{}", dice.Below(50), dice.One(tails));
        break;
      case 3:
        row.url = dice.Below(4) == 0 ? std::string(dice.One(odd)) : url + "#part";
        break;
      default:
        row.url = url;
    }
    if (dice.Below(3) != 0) {
      row.date = 1'700'000'000 + static_cast<UnixSeconds>(dice.Below(100'000'000));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// Answers one row by itself.
class Reference {
 public:
  Reference(const Store& store, const BatchOptions& options)
      : options_(options),
        files_(*store.impl().AskedFiles(options.questions.front().known_by)),
        lookup_(store.impl(), *files_) {}

  void ExpectSame(const AskedUrl& asked, const BatchAnswer& answer) {
    SCOPED_TRACE(asked.url);
    const Result<Target> parsed = ParseTarget(asked.url);
    ASSERT_EQ(parsed.has_value(), answer.state == BatchAnswer::State::kAnswered);
    if (!parsed) return;
    EXPECT_EQ(answer.host, parsed->host);
    EXPECT_EQ(answer.domain, page::RegistrableDomain(parsed->host));
    ASSERT_EQ(answer.codes.size(), options_.questions.size());
    for (std::size_t i = 0; i < options_.questions.size(); ++i) {
      const JudgeOptions& question = options_.questions[i];
      AsOf as_of = question.as_of;
      if (as_of.kind == AsOf::Kind::kCapture && asked.date) {
        as_of = {AsOf::Kind::kInstant, *asked.date};
      }
      Target target = *parsed;
      const auto verdict = lookup_.Check(target, question, as_of, options_.pages);
      ASSERT_TRUE(verdict) << verdict.error().ToString();
      EXPECT_EQ(*answer.codes[i], robots::CodesOf(verdict->verdict)) << "question " << i;
      if (i != 0) continue;
      EXPECT_EQ(answer.as_of, verdict->as_of);
      EXPECT_EQ(answer.page_known, verdict->capture.has_value());
      EXPECT_EQ(answer.host_known, lookup_.host_known());
      std::string line;
      JsonWriter json(line);
      WriteVerdict(*verdict, question, json);
      EXPECT_EQ(answer.json, options_.json ? line : "");
    }
  }

 private:
  const BatchOptions& options_;
  std::shared_ptr<const FileTable> files_;
  UrlLookup lookup_;
};

// Asks for all rows, some hundred at a time, and compares `every` row of them.
void ExpectSame(const Store& store, const BatchOptions& options, const std::vector<OwnedRow>& rows,
                std::size_t every = 1) {
  auto batch = Batch::Open(store, options);
  ASSERT_TRUE(batch) << batch.error().ToString();
  const auto worker = (*batch)->NewWorker();
  Reference reference(store, options);
  const std::vector<AskedUrl> asked = Views(rows);
  constexpr std::size_t kRows = 700;
  for (std::size_t at = 0; at < asked.size(); at += kRows) {
    const auto some = std::span(asked).subspan(at, std::min(kRows, asked.size() - at));
    const auto answers = worker->Judge(some);
    ASSERT_TRUE(answers) << answers.error().ToString();
    ASSERT_EQ(answers->size(), some.size());
    for (std::size_t i = at % every; i < some.size(); i += every) {
      reference.ExpectSame(some[i], (*answers)[i]);
      if (::testing::Test::HasFailure()) return;
    }
  }
}

JudgeOptions Question(std::string_view policy = "eu-tdm") {
  JudgeOptions one;
  one.policy = *robots::BuiltInPolicy(policy);
  return one;
}

std::vector<JudgeOptions> Questions() {
  std::vector<JudgeOptions> questions{Question(), Question("strict"), Question(),
                                      Question(), Question(),         Question()};
  questions[1].as_of = {AsOf::Kind::kInstant, 1'790'000'000};
  questions[2].agents = {"GPTBot"};
  questions[2].as_of = {AsOf::Kind::kInstant, 1'760'000'000};
  questions[3].dialect = robots::Dialect::kGoogle;
  questions[3].use = robots::Axis::kSearch;
  questions[4].dialect = robots::Dialect::kLenient;
  questions[4].agents = {"CCBot", "Googlebot"};
  questions[5].dialect = robots::Dialect::kCommonCrawl;
  questions[5].policy.robots_age_max_s = 30LL * 86400;
  return questions;
}

class BatchTest : public IndexTest {
 protected:
  std::unique_ptr<Store> MadeIndex() {
    const std::array<std::string_view, 8> robots = {
        "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /*.pdf$\n",
        "User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\nUser-agent: *\nDisallow: /b/\n",
        "User-agent: *\nContent-Signal: ai-train=no\nAllow: /\n",
        "User-agent: *\nDisalow: /a\nSitemap: http://h.org/s.xml\nDisallow: /b\n",
        "User-agent: *\r\nDisallow: /b\r\nSitemap: http://h.org/s.xml\r\nAllow: /b?\r\n",
        "User-agent: *\nDisallow: /b\r\nsitemap : /elsewhere.xml\r\nAllow: /b?",
        "License: http://h1.org/licence.xml\nUser-agent: *\nAllow: /\n",
        ""};
    const std::array<std::string_view, 6> heads = {
        "",
        "<meta name=robots content=noai>",
        "<meta name=robots content='noindex, nofollow'>",
        "<link rel=license href=https://creativecommons.org/licenses/by/4.0/>",
        "<meta name=robots content='unavailable_after: 2026-09-01'>",
        "<meta name=tdm-reservation content=1><meta name=tdm-policy content=https://a.org/p.json>"};
    const std::array<std::string_view, 6> paths = {"/", "/a/x", "/a/b", "/b/y.pdf", "/b?q", "/c"};
    WarcBuilder warc;
    Dice dice(7);
    for (int host = 0; host < 16; ++host) {
      for (int year = 2024; year <= 2026; ++year) {
        const std::string date = fmt::format("{}-0{}-01T00:00:00Z", year, 1 + dice.Below(9));
        const std::string origin =
            fmt::format("http://{}h{}.org", dice.Below(2) == 0 ? "www." : "", host);
        if (dice.Below(4) > 0) {
          constexpr std::array<std::string_view, 5> kStates = {"200 OK", "200 OK", "200 OK",
                                                               "404 Not Found", "503 Unavailable"};
          warc.Robots(origin, date, dice.One(robots), dice.One(kStates));
        }
        if (dice.Below(4) == 0) {
          warc.Response(origin + "/.well-known/tdmrep.json", date, "200 OK",
                        {{"Content-Type", "application/json"}},
                        R"([{"location":"/a","tdm-reservation":1}])");
        }
        for (int page = 0; page < 12; ++page) {
          const std::string url = origin + std::string(dice.One(paths));
          const std::string then = fmt::format("{}-0{}-02T00:00:00Z", year, 1 + dice.Below(9));
          if (dice.Below(6) == 0) {
            warc.Response(url, then, "304 Not Modified", {}, "");
          } else {
            warc.Html(url, then, "<head>" + std::string(dice.One(heads)) + "</head>x");
          }
        }
      }
    }
    auto store = Open(Path("idx"));
    IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
    return store;
  }
};

TEST_F(BatchTest, SameAsSingleQuestions) {
  const auto store = MadeIndex();
  const std::vector<OwnedRow> rows = RandomRows(*store, 3000, 11);
  for (const bool pages : {false, true}) {
    for (const bool json : {false, true}) {
      SCOPED_TRACE(fmt::format("pages {} json {}", pages, json));
      BatchOptions options;
      options.questions = Questions();
      options.pages = pages;
      options.json = json;
      ExpectSame(*store, options, rows);
    }
  }
}

// An index of real files: CRAWLCARD_CORPORA, or the sample in the tree.
TEST_F(BatchTest, SameAsSingleQuestionsOfRealFiles) {
  const char* given = std::getenv("CRAWLCARD_CORPORA");
  const std::string corpora = given != nullptr ? given : CRAWLCARD_TEST_DATA "/sample";
  std::vector<IngestInput> inputs;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpora)) {
    const std::string path = entry.path().string();
    if (!path.ends_with(".warc.gz") || !entry.is_regular_file()) continue;
    inputs.push_back({path, std::to_string(inputs.size()) + ".warc.gz"});
  }
  auto store = Open(Path("idx"));
  Ignore(
      [&]() -> Status {
        CRAWLCARD_TRY(TryIngest(*store, inputs));
        return {};
      }(),
      "some samples are damaged");
  const std::vector<OwnedRow> rows = RandomRows(*store, 10'000, 5);
  for (const auto& [pages, json] : {std::pair(false, true), {true, false}, {true, true}}) {
    SCOPED_TRACE(fmt::format("pages {} json {}", pages, json));
    BatchOptions options;
    options.questions = {Questions()[0], Questions()[1]};
    options.pages = pages;
    options.json = json;
    ExpectSame(*store, options, rows);
  }
}

TEST_F(BatchTest, KnownBy) {
  const auto store = MadeIndex();
  BatchOptions options;
  options.questions = {Question()};
  options.questions[0].known_by = 1'000'000'000;  // nothing was
  const std::vector<OwnedRow> rows = RandomRows(*store, 200, 3);
  ExpectSame(*store, options, rows);
  options.questions.push_back(Question());
  const auto mixed = Batch::Open(*store, options);
  ASSERT_FALSE(mixed);
  EXPECT_EQ(mixed.error().code(), ErrorCode::kInvalidArgument);
  const auto none = Batch::Open(*store, {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), ErrorCode::kInvalidArgument);
}

// What is kept is bounded; forgetting changes no answer.
TEST_F(BatchTest, SmallMemory) {
  const auto store = MadeIndex();
  const std::vector<OwnedRow> rows = RandomRows(*store, 1500, 12);
  for (const std::uint64_t bytes : {std::uint64_t{0}, std::uint64_t{20'000}}) {
    for (const bool pages : {false, true}) {
      BatchOptions options;
      options.questions = {Question(), Question("strict")};
      options.pages = pages;
      options.json = !pages;
      options.memory_bytes = bytes;
      ExpectSame(*store, options, rows, 2);
    }
  }
}

TEST_F(BatchTest, ManyThreads) {
  const auto store = MadeIndex();
  BatchOptions options;
  options.questions = {Question()};
  options.pages = false;
  options.memory_bytes = 100'000;
  const std::vector<OwnedRow> rows = RandomRows(*store, 2000, 13);
  const std::vector<AskedUrl> asked = Views(rows);
  auto batch = Batch::Open(*store, options);
  ASSERT_TRUE(batch);
  const auto answer_all = [&](std::vector<robots::VerdictCodes>& out, std::size_t step) {
    const auto worker = (*batch)->NewWorker();
    for (std::size_t at = 0; at < asked.size(); at += step) {
      const auto some = std::span(asked).subspan(at, std::min(step, asked.size() - at));
      const auto answers = worker->Judge(some);
      ASSERT_TRUE(answers);
      for (const BatchAnswer& one : *answers) {
        out.push_back(one.codes.empty() ? robots::VerdictCodes() : *one.codes[0]);
      }
    }
  };
  std::array<std::vector<robots::VerdictCodes>, 4> found;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < found.size(); ++i) {
    threads.emplace_back([&, i] { answer_all(found[i], 50 + 100 * i); });
  }
  for (std::thread& thread : threads) thread.join();
  ExpectSame(*store, options, rows, 7);
  for (const auto& one : found) EXPECT_EQ(one, found[0]);
  EXPECT_EQ(found[0].size(), rows.size());
}

// One origin and one URL that were seen more often than is remembered.
TEST_F(BatchTest, MoreObservationsThanAreRemembered) {
  static_assert(limits::kBatchStandingsMax < 100 && limits::kBatchCapturesMax < 100);
  WarcBuilder warc;
  std::vector<OwnedRow> rows;
  for (int i = 0; i < 100; ++i) {
    const std::string day = fmt::format("2026-{:02}-{:02}", 1 + i / 28, 1 + i % 28);
    warc.Robots("http://h.org", day + "T01:00:00Z",
                i % 2 == 0 ? "User-agent: *\nDisallow: /\n" : "");
    warc.Html("http://h.org/x", day + "T02:00:00Z", "x");
    rows.push_back(
        {i % 3 == 0 ? "http://h.org/y" : "http://h.org/x", *ParseRfc3339(day + "T03:00:00Z")});
  }
  auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
  for (const bool pages : {false, true}) {
    BatchOptions options;
    options.questions = {Question()};
    options.pages = pages;
    ExpectSame(*store, options, rows);
  }
}

// Lines of pages that are judged alike differ by what they quote, and by all evidence: hosts with
// one robots.txt (but for its sitemap) and days of their own, more wordings than are remembered.
TEST_F(BatchTest, LinesQuotePageAndFiles) {
  WarcBuilder warc;
  std::vector<OwnedRow> rows;
  constexpr std::size_t kWordings = LineForms::kMost + 9;
  for (int host = 0; host < 4; ++host) {
    const std::string origin = fmt::format("https://h{}.org", host);
    const std::string day = fmt::format("2026-0{}-1", 1 + host);
    warc.Robots(origin, day + "1T01:00:00Z",
                fmt::format("User-agent: *\nContent-Signal: ai-train=no\nAllow: /\nDisallow: /b\n"
                            "Sitemap: {}/s.xml\n",
                            origin));
    warc.Response(origin + "/.well-known/tdmrep.json", day + "2T01:00:00Z",
                  host == 3 ? "404 Not Found" : "503 Unavailable", {}, "");
    for (std::size_t i = 0; i < 2 * kWordings; ++i) {
      const std::string url = fmt::format("{}/{}{}", origin, i % 3 == 0 ? "b/" : "", i);
      const std::string place(i % kWordings, '\n');
      warc.Html(url, fmt::format("{}5T01:00:{:02}Z", day, i % 60),
                i % 2 == 0 ? "<head>" + place + "<meta name=robots content=noai></head>x"
                           : "<head></head>x");
      rows.push_back({url, std::nullopt});
      rows.push_back({url, *ParseRfc3339(day + "8T01:00:00Z")});
      rows.push_back({url + "-not-there", *ParseRfc3339(day + "8T01:00:00Z")});
    }
  }
  auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
  for (const bool pages : {false, true}) {
    BatchOptions options;
    options.questions = {Question()};
    options.pages = pages;
    options.json = true;
    ExpectSame(*store, options, rows);
  }
}

TEST_F(BatchTest, LongUrls) {
  const auto store = MadeIndex();
  std::vector<OwnedRow> rows;
  for (const std::size_t length : {limits::kBatchUrlBytesMax - 20, limits::kBatchUrlBytesMax + 20,
                                   limits::kKeyUrlBytesMax + 20}) {
    rows.push_back({"http://h1.org/a/" + std::string(length - 16, '<'), std::nullopt});
  }
  BatchOptions options;
  options.questions = {Question()};
  ExpectSame(*store, options, rows);
}

TEST(OriginTableTest, GivesBackWhatItWasGiven) {
  OriginTable table(8 << 20);
  OriginRecord record;
  record.known = true;
  record.host = "h.org";
  record.domain_bytes = 5;
  record.latest = 1'700'000'000;
  record.standings.resize(2);
  record.standings[0] = {std::numeric_limits<UnixSeconds>::min(), -5, 0, 1ULL << 60, 0, {}};
  record.standings[1] = {
      -5, std::numeric_limits<UnixSeconds>::max(), 1'600'000'000, 7, 2, {1'600'000'000, -1}};
  table.Put("https://H.org:443", HashOfBytes("https://H.org:443"), record);
  record.standings.pop_back();
  table.Put("https://h.org", HashOfBytes("https://h.org"), record);
  OriginRecord found;
  EXPECT_FALSE(table.Find("http://h.org", HashOfBytes("http://h.org"), found));
  ASSERT_TRUE(table.Find("https://h.org", HashOfBytes("https://h.org"), found));
  EXPECT_EQ(found.standings.size(), 1U);
  ASSERT_TRUE(table.Find("https://H.org:443", HashOfBytes("https://H.org:443"), found));
  EXPECT_EQ(found.host, "h.org");
  EXPECT_EQ(found.latest, 1'700'000'000);
  ASSERT_EQ(found.standings.size(), 2U);
  EXPECT_EQ(found.standings[0].since, std::numeric_limits<UnixSeconds>::min());
  EXPECT_EQ(found.standings[0].bodies, 1ULL << 60);
  EXPECT_EQ(found.standings[1].until, std::numeric_limits<UnixSeconds>::max());
  EXPECT_EQ(found.standings[1].dates[1], -1);
}

TEST(OriginTableTest, StaysWithinItsMemory) {
  constexpr std::uint64_t kBytes = 4 << 20;
  OriginTable table(kBytes);
  OriginRecord record;
  record.host = "h.org";
  for (int i = 0; i < 300'000; ++i) {
    const std::string one = fmt::format("https://host{}.example.org", i);
    table.Put(one, HashOfBytes(one), record);
    OriginRecord kept;  // what is asked for all the time stays
    if (i == 0) table.Put("https://h.org", HashOfBytes("https://h.org"), record);
    ASSERT_TRUE(table.Find("https://h.org", HashOfBytes("https://h.org"), kept)) << i;
  }
  EXPECT_LE(table.held_bytes(), kBytes + kBytes / 4);
  OriginRecord found;
  EXPECT_FALSE(
      table.Find("https://host0.example.org", HashOfBytes("https://host0.example.org"), found));
  EXPECT_TRUE(table.Find("https://host299999.example.org",
                         HashOfBytes("https://host299999.example.org"), found));
}

}  // namespace
}  // namespace crawlcard::index
