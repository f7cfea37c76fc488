// Verdicts as codes are the codes of the verdicts, for every page and question.
#include <cstdlib>
#include <map>
#include <set>

#include <fmt/ranges.h>

#include "index/internal/alike_rows.h"
#include "index/limits.h"
#include "index_fixture.h"
#include "robots/verdict.h"

namespace crawlcard::index {
namespace {

class CodesFold final : public Fold {
 public:
  Status OnPage(const ScannedPage& page) override {
    urls.emplace_back(page.capture->url);
    EXPECT_EQ(page.codes == nullptr, page.verdict != nullptr);
    places.push_back(page.codes);
    codes.push_back(page.codes != nullptr ? *page.codes : robots::CodesOf(*page.verdict));
    return {};
  }
  Status OnHostRow(const ScannedHostRow& /*row*/) override {
    ++rows;
    return {};
  }
  std::vector<std::string> urls;
  std::vector<robots::VerdictCodes> codes;
  std::vector<const robots::VerdictCodes*> places;  // pages that share an answer have one place
  std::size_t rows = 0;
};

std::unique_ptr<Fold> ScanOnce(const Store& store, const JudgeOptions& judge, bool codes_only) {
  ScanOptions options;
  options.judge_options = judge;
  options.codes_only = codes_only;
  if (codes_only) {
    options.parts = kRowUrl;
    options.bodies = false;
  }
  auto folds = Scan(store, options, [] { return std::make_unique<CodesFold>(); });
  EXPECT_TRUE(folds) << folds.error().ToString();
  return folds ? std::move(folds->front()) : std::make_unique<CodesFold>();
}

std::size_t ExpectSame(const Store& store, const JudgeOptions& judge) {
  const auto full = ScanOnce(store, judge, false);
  const auto codes = ScanOnce(store, judge, true);
  const auto& expected = static_cast<const CodesFold&>(*full);
  const auto& found = static_cast<const CodesFold&>(*codes);
  EXPECT_EQ(found.urls, expected.urls);
  EXPECT_EQ(found.rows, expected.rows);
  for (std::size_t i = 0; i < std::min(found.codes.size(), expected.codes.size()); ++i) {
    EXPECT_EQ(found.codes[i], expected.codes[i])
        << expected.urls[i] << ": " << robots::DecisionName(found.codes[i].decision) << " for "
        << robots::DecisionName(expected.codes[i].decision);
    if (::testing::Test::HasFailure()) break;
  }
  return found.codes.size();
}

// What pages with one number have to say alike.
std::string Told(const ScannedPage& page) {
  const CaptureView& capture = *page.capture;
  const auto& languages = capture.languages.languages;
  std::string told =
      fmt::format("{} {} {} {} {} {} {} {} {} {}", static_cast<int>(capture.record_type),
                  capture.status, capture.is_html, ViaName(capture.via), capture.content_type,
                  capture.charset, static_cast<int>(capture.languages.source),
                  languages.empty() ? std::string_view() : languages.front().code,
                  capture.truncated, fmt::join(capture.notes, ","));
  for (const robots::Signal& signal : capture.signals) {
    told += fmt::format(" {}.{}.{}.{}.{}", static_cast<int>(signal.family),
                        static_cast<int>(signal.carrier), static_cast<int>(signal.use),
                        static_cast<int>(signal.says), signal.agent);
  }
  for (const page::Licence& licence : capture.licences) {
    told += fmt::format(" {}.{}.{}.{}", licence.spdx, licence.name, licence.scope,
                        static_cast<int>(licence.confidence));
  }
  return told;
}

// Asks for facts once a number, as a card does, and knows what they are from then on.
class AlikeFold final : public Fold {
 public:
  explicit AlikeFold(bool numbered) : numbered_(numbered) {}

  bool WantsFacts(std::uint64_t alike) override { return !told_.contains(alike); }
  Status OnPage(const ScannedPage& page) override {
    EXPECT_TRUE(numbered_ || page.alike == 0);
    numbers.insert(page.alike);
    if (page.alike != 0 && told_.contains(page.alike)) ++likes;
    std::string told = Told(page);
    if (page.alike != 0) told = told_.try_emplace(page.alike, told).first->second;
    const CaptureView& capture = *page.capture;
    rows.push_back(fmt::format("{} {} {} {} {} {} {}: {}", capture.surt, capture.host,
                               capture.domain, capture.extent.offset, capture.date.value_or(0),
                               capture.payload_bytes, capture.text_bytes, told));
    codes.push_back(*page.codes);
    return {};
  }
  Status OnHostRow(const ScannedHostRow& /*row*/) override { return {}; }

  std::vector<std::string> rows;
  std::vector<robots::VerdictCodes> codes;
  std::set<std::uint64_t> numbers;
  std::size_t likes = 0;

 private:
  bool numbered_;
  std::map<std::uint64_t, std::string> told_;
};

std::unique_ptr<AlikeFold> ScanAlike(const Store& store, const JudgeOptions& judge, bool numbered) {
  ScanOptions options;
  options.judge_options = judge;
  options.codes_only = true;
  options.number_alike = numbered;
  options.bodies = false;
  options.parts = static_cast<RowParts>(kRowSurt | kRowStatements | kRowLanguages |
                                        (numbered ? kRowHost : kRowUrl));
  auto folds = Scan(store, options, [&] { return std::make_unique<AlikeFold>(numbered); });
  EXPECT_TRUE(folds) << folds.error().ToString();
  if (!folds) return std::make_unique<AlikeFold>(numbered);
  return std::unique_ptr<AlikeFold>(static_cast<AlikeFold*>(folds->front().release()));
}

// Rows that come by a number say what they say when they come whole.
void ExpectAlike(const Store& store, const JudgeOptions& judge) {
  const std::unique_ptr<AlikeFold> whole = ScanAlike(store, judge, false);
  const std::unique_ptr<AlikeFold> numbered = ScanAlike(store, judge, true);
  EXPECT_EQ(numbered->rows, whole->rows);
  EXPECT_EQ(numbered->codes, whole->codes);
  EXPECT_GT(numbered->numbers.size(), 2U);
  EXPECT_GT(numbered->likes, 0U);
}

std::vector<JudgeOptions> Questions() {
  std::vector<JudgeOptions> questions;
  for (const robots::Axis use :
       {robots::Axis::kTrain, robots::Axis::kSearch, robots::Axis::kCrawl}) {
    for (const std::string_view agent : {"*", "GPTBot"}) {
      for (const robots::Dialect dialect :
           {robots::Dialect::kRfc9309, robots::Dialect::kGoogle, robots::Dialect::kLenient}) {
        JudgeOptions one;
        one.use = use;
        one.agents = {std::string(agent)};
        one.dialect = dialect;
        one.policy = *robots::BuiltInPolicy(use == robots::Axis::kTrain ? "eu-tdm" : "strict");
        questions.push_back(one);
      }
    }
  }
  questions.push_back(questions.front());
  questions.back().agents = {"CCBot", "Googlebot"};
  questions.push_back(questions.front());
  questions.back().dialect = robots::Dialect::kCommonCrawl;
  for (const UnixSeconds instant : {1'785'000'000, 1'790'000'000, 1'900'000'000}) {
    questions.push_back(questions.front());
    questions.back().as_of = {AsOf::Kind::kInstant, instant};
  }
  return questions;
}

class CodesTest : public IndexTest {};

TEST_F(CodesTest, SameAsVerdictsOfAMadeCrawl) {
  const std::array<std::string_view, 6> robots = {
      "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /*.pdf$\n",
      "User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\nUser-agent: *\nDisallow: /b/\n",
      "User-agent: *\nContent-Signal: ai-train=no\nAllow: /\n",
      "User-agent: *\nDisalow: /a\nUser-agent: GPTBot, CCBot\nDisallow: /b\n",
      "User-agent: *\nDisallow: /b\nDisallow: /b\nAllow: /b?\n",
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
  std::uint64_t seed = 7;
  const auto below = [&seed](std::size_t end) {
    seed = seed * 6364136223846793005 + 1442695040888963407;
    return static_cast<std::size_t>(seed >> 33) % end;
  };
  for (int host = 0; host < 12; ++host) {
    for (int year = 2024; year <= 2026; ++year) {
      const std::string date = fmt::format("{}-0{}-01T00:00:00Z", year, 1 + below(9));
      const std::string origin = fmt::format("http://{}h{}.org", below(2) == 0 ? "www." : "", host);
      if (below(4) > 0) {
        const bool missing = below(5) == 0;
        warc.Robots(origin, date, robots[below(robots.size())],
                    missing ? "404 Not Found" : "200 OK");
      }
      for (int page = 0; page < 12; ++page) {
        const std::string url = origin + std::string(paths[below(paths.size())]);
        const std::string then = fmt::format("{}-0{}-02T00:00:00Z", year, 1 + below(9));
        warc.Html(url, then, "<head>" + std::string(heads[below(heads.size())]) + "</head>x");
      }
    }
  }
  auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
  for (const JudgeOptions& question : Questions()) EXPECT_GT(ExpectSame(*store, question), 400U);
}

// Paths that are told without building them, under rules that speak of some of them; files that
// differ in the address of a sitemap alone.
TEST_F(CodesTest, SameAsVerdictsOfPathsThatRulesSpeakOf) {
  const std::array<std::string_view, 8> rules = {
      "Disallow: /ab",    "Disallow: /*/$", "Disallow: /*?z=1&", "Disallow: /$",
      "Disallow: /%7Eab", "Disallow: /a/$", "Disallow: *B",      "Disallow: /\nAllow: /a/b/"};
  const std::array<std::string_view, 14> paths = {
      "/",        "/ab",       "/AB/c",  "/a/",  "/a/b/",    "/a",    "/~ab",
      "/c?z=1&a", "/c?a&z=1&", "/%61b/", "/c/B", "/c?B=2&A", "/a/#x", "?z=1&"};
  WarcBuilder warc;
  for (std::size_t host = 0; host < 2 * rules.size(); ++host) {
    const std::string origin = fmt::format("http://h{}.org", host);
    warc.Robots(origin, "2025-01-01T00:00:00Z",
                fmt::format("User-agent: *\n{}\nSitemap: {}/s.xml\n", rules[host / 2], origin));
    if (host % 4 == 0) {
      warc.Robots(origin, "2025-06-01T00:00:00Z",
                  fmt::format("User-agent: *\n{}\n", rules[(host / 2 + 3) % rules.size()]));
    }
    for (const std::string_view path : paths) {
      for (const std::string_view month : {"02", "03", "07"}) {
        warc.Html(origin + std::string(path), fmt::format("2025-{}-02T00:00:00Z", month), "x");
      }
    }
  }
  auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
  for (const JudgeOptions& question : Questions()) {
    EXPECT_EQ(ExpectSame(*store, question), 2 * rules.size() * paths.size() * 3);
  }
  ExpectAlike(*store, Questions().front());
}

TEST_F(CodesTest, SameAsVerdictsOfRealFiles) {
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
  std::size_t pages = 0;
  for (const JudgeOptions& question : Questions()) pages += ExpectSame(*store, question);
  EXPECT_GT(pages, 100U);
  ExpectAlike(*store, Questions().front());
}

TEST(AlikeRows, NumbersAreForgottenButNeverGivenTwice) {
  AlikeRows rows;
  RowFacts facts;
  EXPECT_EQ(rows.FactsNumber(facts), 0U);  // no words: a rare row
  EXPECT_EQ(rows.NumberOf(0, 1), 0U);
  facts.words = "words";
  const std::uint64_t words = rows.FactsNumber(facts);
  EXPECT_EQ(rows.NumberOf(words, 0), 0U);  // codes of this page alone
  std::set<std::uint64_t> numbers;
  for (std::uint64_t codes = 1; codes <= limits::kScanAlikeMax; ++codes) {
    const std::uint64_t number = rows.NumberOf(words, codes);
    EXPECT_TRUE(numbers.insert(number).second);
    EXPECT_EQ(rows.NumberOf(words, codes), number);
  }
  EXPECT_TRUE(numbers.contains(rows.NumberOf(words, 1)));
  facts.said = "more";
  EXPECT_TRUE(numbers.insert(rows.NumberOf(rows.FactsNumber(facts), 1)).second);
  facts.said = {};
  EXPECT_EQ(rows.FactsNumber(facts), words);
  EXPECT_TRUE(numbers.insert(rows.NumberOf(words, 1)).second);
}

TEST(AlikeRows, FactsAreForgottenButNoNumberIsGivenTwice) {
  AlikeRows rows;
  RowFacts facts;
  facts.words = "words";
  std::set<std::uint64_t> numbers;
  for (std::uint32_t i = 0; i <= limits::kScanAlikeMax; ++i) {
    facts.numbers = i;
    EXPECT_TRUE(numbers.insert(rows.FactsNumber(facts)).second);
    EXPECT_TRUE(numbers.contains(rows.FactsNumber(facts)));
  }
  facts.numbers = 0;
  EXPECT_TRUE(numbers.insert(rows.FactsNumber(facts)).second);
}

// What a scan remembers is bounded; forgetting changes no answer.
TEST_F(CodesTest, MoreBodiesThanAreRemembered) {
  WarcBuilder warc;
  const std::string filler(200'000, '#');
  static_assert(limits::kScanBodyBytesMax < 60 * 200'000);
  static_assert(limits::kScanBodiesMax > 60 && limits::kScanCodesMax > 60);
  for (int i = 0; i < 60; ++i) {
    const std::string origin = fmt::format("http://h{}.org", i);
    const std::string body = fmt::format("User-agent: *\nDisallow: /{}\n{}", i % 3, filler);
    warc.Robots(origin, "2026-01-01T00:00:00Z", body + std::to_string(i));
    for (int page = 0; page < 3; ++page) {
      warc.Html(fmt::format("{}/{}", origin, page), "2026-01-02T00:00:00Z", "x");
    }
  }
  auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
  EXPECT_EQ(ExpectSame(*store, Questions().front()), 180U);
}

// One origin that changes its mind more often than is remembered.
TEST_F(CodesTest, MoreObservationsThanAreRemembered) {
  WarcBuilder warc;
  static_assert(limits::kScanStandingsMax < 300);
  for (int i = 0; i < 300; ++i) {
    const std::string date = fmt::format("2026-{:02}-{:02}T0{}:00:00Z", 1 + i / 28, 1 + i % 28, 1);
    const std::string later = fmt::format("2026-{:02}-{:02}T0{}:00:00Z", 1 + i / 28, 1 + i % 28, 2);
    warc.Robots("http://h.org", date, i % 2 == 0 ? "User-agent: *\nDisallow: /\n" : "");
    warc.Html(fmt::format("http://h.org/{}", i * 7919 % 300), later, "x");
  }
  auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
  EXPECT_EQ(ExpectSame(*store, Questions().front()), 300U);
}

// Common Crawl goes on where nobody answers, and not where the server is busy.
TEST_F(CodesTest, NoAnswerIsNotBusy) {
  WarcBuilder warc;
  const std::string date = "2026-01-01T00:00:00Z";
  warc.Robots("http://busy.org", date, "", "503 Busy");
  warc.Record("metadata", "http://silent.org/robots.txt", date,
              {{"Content-Type", "application/warc-fields"}},
              "crawlcard-step: robots.txt\r\ncrawlcard-try: 2\r\ncrawlcard-outcome: failed\r\n"
              "crawlcard-error: timeout\r\nfetchTimeMs: 2000\r\n");
  for (const std::string_view host : {"busy", "silent"}) {
    warc.Html(fmt::format("http://{}.org/a", host), "2026-01-02T00:00:00Z", "x");
  }
  auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
  for (const JudgeOptions& question : Questions()) EXPECT_EQ(ExpectSame(*store, question), 2U);
  JudgeOptions question = Questions().front();
  question.dialect = robots::Dialect::kCommonCrawl;
  const auto fold = ScanOnce(*store, question, true);
  const auto& found = static_cast<const CodesFold&>(*fold);
  ASSERT_EQ(found.codes.size(), 2U);
  EXPECT_NE(found.codes[0].decision, found.codes[1].decision);
}

// A 304 with no words of its own says what the page before it said.
TEST_F(CodesTest, UnchangedPagesAreKeptApartByWhatTheyStandFor) {
  WarcBuilder warc;
  warc.Robots("http://h.org", "2026-01-01T00:00:00Z", "User-agent: *\nDisallow: /x\n");
  const std::array<std::string_view, 3> heads = {"", "<meta name=tdm-reservation content=1>",
                                                 "<meta name=robots content='noai, noindex'>"};
  for (std::size_t i = 0; i < 2 * heads.size(); ++i) {
    const std::string url = fmt::format("http://h.org/{}", i);
    warc.Html(url, "2026-01-02T00:00:00Z", "<head>" + std::string(heads[i / 2]) + "</head>x");
    warc.Response(url, "2026-01-03T00:00:00Z", "304 Not Modified", {}, "");
  }
  // Stands for nothing that was seen.
  warc.Response("http://h.org/new", "2026-01-03T00:00:00Z", "304 Not Modified", {}, "");
  auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
  for (const JudgeOptions& question : Questions()) EXPECT_EQ(ExpectSame(*store, question), 13U);
  const auto fold = ScanOnce(*store, Questions().front(), true);
  const auto& found = static_cast<const CodesFold&>(*fold);
  ASSERT_EQ(found.codes.size(), 13U);
  EXPECT_EQ(found.codes[1].decision, found.codes[0].decision);
  EXPECT_NE(found.codes[5].decision, found.codes[1].decision);
  EXPECT_EQ(found.codes[5], found.codes[7]);
}

// Files that say the same in other words have one answer; where only what they say elsewhere is
// the same, they do not.
TEST_F(CodesTest, BodiesThatSayTheSameShareAnswers) {
  const std::array<std::string_view, 4> robots = {
      "User-agent: *\nDisallow: /a\n", "# Ours\nUser-agent: *\nDisallow: /a\nDisallow: /q\n",
      "User-agent: *\nDisallow: /\n", "User-agent: *\nDisallow: /b\nContent-Signal: ai-train=no\n"};
  WarcBuilder warc;
  for (std::size_t i = 0; i < robots.size(); ++i) {
    const std::string origin = fmt::format("http://h{}.org", i);
    warc.Robots(origin, "2026-01-01T00:00:00Z", robots[i]);
    for (const std::string_view path : {"/a", "/b"}) {
      warc.Html(origin + std::string(path), "2026-01-02T00:00:00Z", "x");
    }
  }
  auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
  for (const JudgeOptions& question : Questions()) EXPECT_EQ(ExpectSame(*store, question), 8U);
  const auto fold = ScanOnce(*store, Questions().front(), true);
  const auto& found = static_cast<const CodesFold&>(*fold);
  ASSERT_EQ(found.places.size(), 8U);
  EXPECT_NE(found.places[0], nullptr);
  EXPECT_EQ(found.places[2], found.places[0]);
  EXPECT_EQ(found.places[3], found.places[1]);
  EXPECT_NE(found.places[1], found.places[0]);
  EXPECT_NE(found.places[7], found.places[1]);
}

}  // namespace
}  // namespace crawlcard::index
