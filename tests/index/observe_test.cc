// From records to captures: what joins, what is kept, what is counted.
#include "index/ingest/observe.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/file.h"
#include "base/json_writer.h"
#include "index/limits.h"
#include "index_fixture.h"
#include "page/facts.h"
#include "page/limits.h"

namespace crawlcard::index {
namespace {

struct Observed {
  std::vector<std::string> lines;  // facts
  std::vector<Error> damage;
  FileCounts counts;
  FileInfo info;
  std::optional<Error> error;
};

Observed Observe(ByteSource& source, const ObserveFileOptions& options = {}) {
  Observed observed;
  ObserveHandlers handlers;
  handlers.on_capture = [&](const CaptureView& capture) -> Status {
    std::string line;
    JsonWriter json(line);
    WriteFacts(capture, json);
    observed.lines.push_back(std::move(line));
    return {};
  };
  handlers.on_damage = [&](const Error& error) { observed.damage.push_back(error); };
  auto result = ObserveFile(source, "t.warc.gz", options, handlers);
  if (result) {
    observed.counts = result->counts;
    observed.info = result->info;
  } else {
    observed.error = result.error();
  }
  return observed;
}

Observed Observe(std::string_view bytes, const ObserveFileOptions& options = {}) {
  MemorySource source(bytes);
  return Observe(source, options);
}

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kDate = "2026-10-02T11:22:33Z";

TEST(Observe, AnnotationsOfAMetadataRecordJoinTheirResponse) {
  WarcBuilder warc;
  warc.Info("isPartOf: CC-MAIN-2026-40\r\nrobots: checked\r\noperator: somebody\r\n");
  warc.Record("request", "http://example.org/", kDate, {{"Content-Type", "application/http"}},
              "GET / HTTP/1.1\r\n\r\n");
  warc.Html("http://example.org/", kDate, "<html lang=de><p>Guten Tag");
  warc.Metadata("http://example.org/", kDate,
                "charset-detected: UTF-8\r\nlanguages-cld2: {\"reliable\":true,\"text-bytes\":10,"
                "\"languages\":[{\"code\":\"es\",\"code-iso-639-3\":\"spa\",\"text-covered\":0.69,"
                "\"score\":1.0,\"name\":\"SPANISH\"}]}\r\n");
  const Observed observed = Observe(warc.bytes());
  ASSERT_EQ(observed.lines.size(), 1U);
  EXPECT_THAT(observed.lines[0], HasSubstr(R"("languages":["spa"],"language_source":"archive")"));
  EXPECT_THAT(observed.lines[0], HasSubstr(R"("charset":"utf-8")"));
  EXPECT_EQ(observed.info.is_part_of, "CC-MAIN-2026-40");
  EXPECT_EQ(observed.info.robots, "checked");
  EXPECT_EQ(observed.info.operator_name, "somebody");
  EXPECT_EQ(observed.counts.records, 4U);
  EXPECT_EQ(observed.counts.captures, 1U);
  EXPECT_EQ(observed.counts.types.at("request"), 1U);
}

TEST(Observe, MetadataOfAnotherRecordDoesNotJoin) {
  WarcBuilder warc;
  warc.Html("http://example.org/", kDate, "<p>x");
  warc.Record("metadata", "http://example.org/", kDate, {{"WARC-Refers-To", WarcBuilder::IdOf(77)}},
              "charset-detected: koi8-r\r\n");
  const Observed observed = Observe(warc.bytes());
  ASSERT_EQ(observed.lines.size(), 1U);
  EXPECT_THAT(observed.lines[0], Not(HasSubstr("koi8-r")));
}

WarcBuilder::Fields OfFields() {
  return {{"Content-Type", "application/warc-fields"}};
}

TEST(Observe, RequestOfOursWithoutAnswerIsARow) {
  WarcBuilder warc;
  warc.Robots("http://a.example", kDate, "User-agent: *\n", "503 Busy");
  warc.Metadata("http://a.example/robots.txt", kDate, "crawlcard-step: robots.txt\r\n");
  // The next try, under the same URL: no annotation of the answer before it.
  const std::uint64_t offset =
      warc.Record("metadata", "http://a.example/robots.txt", kDate, OfFields(),
                  "crawlcard-step: robots.txt\r\ncrawlcard-error: timeout\r\n");
  const Observed observed = Observe(warc.bytes());
  ASSERT_EQ(observed.lines.size(), 2U);
  EXPECT_EQ(observed.counts.captures, 2U);
  EXPECT_THAT(observed.lines[0], HasSubstr(R"("status":503)"));
  const std::string& row = observed.lines[1];
  EXPECT_THAT(row, HasSubstr(R"("state":"unreachable")"));
  EXPECT_THAT(row, HasSubstr(R"("type":"metadata")"));
  EXPECT_THAT(row, HasSubstr(R"("status":null)"));
  EXPECT_THAT(row, HasSubstr(fmt::format(R"("offset":{})", offset)));
  EXPECT_THAT(row, HasSubstr(R"("notes":["index.no_answer"])"));
}

TEST(Observe, OtherMetadataRecordsAreNoRows) {
  WarcBuilder warc;
  const std::string url = "http://a.example/robots.txt";
  // Of others; of a request that we did not make; of a page; the end of a run.
  warc.Record("metadata", url, kDate, OfFields(), "fetchTimeMs: 12\r\n");
  warc.Record("metadata", url, kDate, OfFields(),
              "crawlcard-step: robots.txt\r\ncrawlcard-error: refused-address\r\n");
  warc.Record("metadata", "http://a.example/", kDate, OfFields(),
              "crawlcard-step: front-page\r\ncrawlcard-error: timeout\r\n");
  warc.Record("metadata", "urn:uuid:0", kDate, OfFields(), "crawlcard-error-timeout: 3\r\n");
  warc.Record("metadata", url, kDate,
              {{"Content-Type", "application/warc-fields"}, {"WARC-Concurrent-To", "<urn:x>"}},
              "crawlcard-step: robots.txt\r\ncrawlcard-error: timeout\r\n");
  const Observed observed = Observe(warc.bytes());
  EXPECT_THAT(observed.lines, ElementsAre());
  EXPECT_EQ(observed.counts.records, 5U);
  EXPECT_TRUE(observed.damage.empty());
}

TEST(Observe, AnswerThatBrokeOffSaysNothing) {
  WarcBuilder warc;
  warc.Robots("http://a.example", kDate, "User-agent: *\nDisallow: /x\n");
  warc.Metadata("http://a.example/robots.txt", kDate,
                "crawlcard-step: robots.txt\r\ncrawlcard-error: body-cut\r\n");
  const Observed observed = Observe(warc.bytes());
  ASSERT_EQ(observed.lines.size(), 1U);
  EXPECT_THAT(observed.lines[0], HasSubstr(R"("state":"unreachable","body":null)"));
  EXPECT_THAT(observed.lines[0], HasSubstr(R"("signals":[])"));
}

TEST(Observe, CharsetAnnotationOverItsLimitIsPassedOver) {
  for (const std::size_t bytes : {limits::kCharsetBytesMax, limits::kCharsetBytesMax + 1}) {
    WarcBuilder warc;
    warc.Html("http://example.org/", kDate, "<p>x");
    const std::string charset(bytes, 'z');
    warc.Metadata("http://example.org/", kDate, "charset-detected: " + charset + "\r\n");
    const Observed observed = Observe(warc.bytes());
    ASSERT_EQ(observed.lines.size(), 1U);
    EXPECT_EQ(observed.lines[0].find(charset) != std::string::npos,
              bytes <= limits::kCharsetBytesMax);
  }
}

TEST(Observe, FileInfoIsCutAtItsLimit) {
  for (const std::size_t bytes :
       {limits::kFileInfoBytesMax - 1, limits::kFileInfoBytesMax, limits::kFileInfoBytesMax + 1}) {
    WarcBuilder warc;
    warc.Info("description: " + std::string(bytes, 'd') + "\r\n");
    EXPECT_EQ(Observe(warc.bytes()).info.description.size(),
              std::min(bytes, limits::kFileInfoBytesMax));
  }
}

TEST(Observe, LanguageModesChooseWhoIsBelieved) {
  WarcBuilder warc;
  warc.Html("http://example.org/", kDate,
            "<html lang=fr><p>Der schnelle braune Fuchs springt heute wieder einmal ueber den "
            "faulen Hund, und alle freuen sich darueber, weil das Wetter so schoen ist.");
  ObserveFileOptions options;
  EXPECT_THAT(Observe(warc.bytes(), options).lines[0],
              HasSubstr(R"("languages":["deu"],"language_source":"sample")"));
  options.language = LanguageMode::kArchive;
  EXPECT_THAT(Observe(warc.bytes(), options).lines[0],
              HasSubstr(R"("languages":[],"language_source":null)"));
  options.language = LanguageMode::kOff;
  EXPECT_THAT(Observe(warc.bytes(), options).lines[0], HasSubstr(R"("languages":[])"));
}

// docs/formats/facts.md, "Languages": the first kilobyte of the text of pages.
TEST(Observe, LanguageIsThatOfTheStartOfAPage) {
  const std::string_view german =
      "Der schnelle braune Fuchs springt heute wieder einmal ueber den faulen Hund, und alle "
      "freuen "
      "sich darueber, weil das Wetter so schoen ist. ";
  const std::string_view french =
      "Le renard brun saute par-dessus le chien paresseux et les enfants sont contents parce "
      "qu'ils "
      "n'ont jamais vu une telle chose. ";
  std::string text;
  while (text.size() < page::limits::kLanguageSampleBytesMax) text += german;
  for (int i = 0; i < 200; ++i) text += french;
  WarcBuilder warc;
  warc.Html("http://example.org/", kDate, "<p>" + text);
  warc.Response("http://example.org/notes.txt", kDate, "200 OK", {{"Content-Type", "text/plain"}},
                text);
  const Observed observed = Observe(warc.bytes());
  ASSERT_EQ(observed.lines.size(), 2U);
  EXPECT_THAT(observed.lines[0], HasSubstr(R"("languages":["deu"],"language_source":"sample")"));
  EXPECT_THAT(observed.lines[1], HasSubstr(R"("languages":[],"language_source":null)"));
}

TEST(Observe, HtmlLangSpeaksWhereTheTextIsSilent) {
  WarcBuilder warc;
  warc.Html("http://example.org/", kDate, "<html lang=fr><p>1");
  EXPECT_THAT(Observe(warc.bytes()).lines[0],
              HasSubstr(R"("languages":["fra"],"language_source":"html-lang")"));
}

TEST(Observe, HeaderAndMetaSignalsOutliveTheRecord) {
  WarcBuilder warc;
  warc.Html("http://example.org/", kDate, "<meta name=robots content=noai>",
            {{"X-Robots-Tag", "noimageai"}});
  warc.Html("http://example.org/2", kDate, std::string(100'000, 'x'));
  const Observed observed = Observe(warc.bytes());
  ASSERT_EQ(observed.lines.size(), 2U);
  EXPECT_THAT(observed.lines[0], HasSubstr(R"("carrier":"http-header")"));
  EXPECT_THAT(observed.lines[0], HasSubstr(R"("carrier":"html-meta")"));
  EXPECT_THAT(observed.lines[0], HasSubstr("noimageai"));
}

TEST(Observe, RedirectTargetIsAbsolute) {
  WarcBuilder warc;
  warc.Response("http://example.org/a/b", kDate, "301 Moved", {{"Location", "../c"}}, "");
  EXPECT_THAT(Observe(warc.bytes()).lines[0], HasSubstr(R"("redirect":"http://example.org/c")"));
}

TEST(Observe, RevisitShowsNoBody) {
  WarcBuilder warc;
  warc.Record("revisit", "http://example.org/", kDate,
              {{"WARC-Profile", "http://netpreserve.org/warc/1.1/revisit/server-not-modified"},
               {"Content-Type", "message/http"}},
              "HTTP/1.1 304 Not Modified\r\nX-Robots-Tag: noai\r\n\r\n");
  const std::string line = Observe(warc.bytes()).lines.at(0);
  EXPECT_THAT(line, HasSubstr(R"("type":"revisit")"));
  EXPECT_THAT(line, HasSubstr(R"("status":304)"));
  EXPECT_THAT(line, HasSubstr(R"("unobserved":["body"])"));
  EXPECT_THAT(line, HasSubstr("noai"));
}

TEST(Observe, ResourceHasNoStatus) {
  WarcBuilder warc;
  warc.Record("resource", "http://example.org/x.html", kDate, {{"Content-Type", "text/html"}},
              "<meta name=robots content=noai>");
  const std::string line = Observe(warc.bytes()).lines.at(0);
  EXPECT_THAT(line, HasSubstr(R"("status":null)"));
  EXPECT_THAT(line, HasSubstr(R"("content_type":"text/html")"));
  EXPECT_THAT(line, HasSubstr("noai"));
}

TEST(Observe, ConversionKeepsLanguagesAndSaysWhatItCannotShow) {
  WarcBuilder warc;
  warc.Record("conversion", "http://example.org/", kDate,
              {{"Content-Type", "text/plain"}, {"WARC-Identified-Content-Language", "spa,eng"}},
              "Titulo\nTexto");
  const std::string line = Observe(warc.bytes()).lines.at(0);
  EXPECT_THAT(line, HasSubstr(R"("languages":["spa","eng"])"));
  EXPECT_THAT(line, HasSubstr(R"("unobserved":["body","html","http-header"])"));
  EXPECT_THAT(line, HasSubstr(R"("type":"conversion")"));
}

TEST(Observe, RobotsTxtCarriesItsStatementsAndState) {
  WarcBuilder warc;
  warc.Robots("https://example.org", kDate, "User-agent: *\nDisallow: /private\n");
  warc.Robots("https://example.org", kDate, "", "200 OK");
  warc.Robots("https://example.org", kDate, "nope", "404 Not Found");
  warc.Robots("https://example.org", kDate, "<!DOCTYPE html><html><p>hello</p></html>");
  warc.Robots("https://example.org", kDate, "", "503 Busy");
  const Observed observed = Observe(warc.bytes());
  ASSERT_EQ(observed.lines.size(), 5U);
  EXPECT_THAT(observed.lines[0], HasSubstr(R"("well_known":{"file":"robots.txt","state":"ok")"));
  EXPECT_THAT(observed.lines[0], HasSubstr("Disallow: /private"));
  EXPECT_THAT(observed.lines[0], HasSubstr(R"("body":"sha256:)"));
  EXPECT_THAT(observed.lines[1], HasSubstr(R"("state":"ok-empty")"));
  EXPECT_THAT(observed.lines[2], HasSubstr(R"("state":"unavailable")"));
  EXPECT_THAT(observed.lines[3], HasSubstr(R"("state":"ok-empty")"));
  EXPECT_THAT(observed.lines[4], HasSubstr(R"("state":"unreachable")"));
}

TEST(Observe, WellKnownBodyIsCutAtItsLimit) {
  for (const std::size_t extra : {std::size_t{0}, std::size_t{1}}) {
    WarcBuilder warc;
    std::string body = "User-agent: *\nDisallow: /\n";
    body.resize(limits::kBlobBytesMax + extra, '#');
    warc.Robots("https://example.org", kDate, body);
    const Observed observed = Observe(warc.bytes());
    EXPECT_EQ(observed.counts.notes.contains("index.body_cut"), extra == 1);
  }
}

TEST(Observe, DigestsAreCheckedOnRequest) {
  WarcBuilder warc;
  warc.Html("http://example.org/", kDate, "<p>x");
  warc.Record("response", "http://example.org/b", kDate,
              {{"Content-Type", "application/http; msgtype=response"},
               {"WARC-Payload-Digest", "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"}},
              "HTTP/1.1 200 OK\r\n\r\nnot empty");
  ObserveFileOptions options;
  EXPECT_EQ(Observe(warc.bytes(), options).counts.notes.count("warc.digest_mismatch"), 0U);
  options.verify_digests = true;
  const Observed observed = Observe(warc.bytes(), options);
  EXPECT_EQ(observed.counts.notes.at("warc.digest_mismatch"), 1U);
  EXPECT_THAT(observed.lines[0], Not(HasSubstr("digest_mismatch")));
  EXPECT_THAT(observed.lines[1], HasSubstr("digest_mismatch"));
}

TEST(Observe, UrlOverItsLimitIsKeptWithoutAKey) {
  const std::string base = "http://example.org/";
  for (const std::size_t bytes : {limits::kKeyUrlBytesMax, limits::kKeyUrlBytesMax + 1}) {
    WarcBuilder warc;
    warc.Html(base + std::string(bytes - base.size(), 'a'), kDate, "<p>x");
    const Observed observed = Observe(warc.bytes());
    ASSERT_EQ(observed.lines.size(), 1U);
    EXPECT_EQ(observed.counts.notes.contains("index.url_too_long"),
              bytes > limits::kKeyUrlBytesMax);
  }
}

TEST(Observe, EmptyFileIsDamage) {
  const Observed observed = Observe("");
  ASSERT_EQ(observed.damage.size(), 1U);
  EXPECT_EQ(observed.damage[0].ToString(), "t.warc.gz: offset 0: file is empty");
  EXPECT_EQ(observed.counts.damaged, 1U);
}

TEST(Observe, DamageIsCountedAndReadPast) {
  WarcBuilder warc;
  warc.Html("http://example.org/1", kDate, "<p>1");
  const std::size_t damaged_at = warc.bytes().size();
  warc.Raw(std::string(64, '\x55'));
  warc.Html("http://example.org/2", kDate, "<p>2");
  const Observed observed = Observe(warc.bytes());
  EXPECT_EQ(observed.lines.size(), 2U);
  ASSERT_GE(observed.damage.size(), 1U);
  EXPECT_EQ(observed.damage[0].file(), "t.warc.gz");
  EXPECT_EQ(observed.damage[0].offset(), damaged_at);
}

TEST(Observe, CutFileKeepsWhatCameBefore) {
  WarcBuilder warc;
  warc.Html("http://example.org/1", kDate, "<p>1");
  const std::size_t whole = warc.bytes().size();
  warc.Html("http://example.org/2", kDate, "<p>2");
  for (std::size_t cut = whole + 1; cut < warc.bytes().size(); cut += 7) {
    const Observed observed = Observe(std::string_view(warc.bytes()).substr(0, cut));
    EXPECT_EQ(observed.lines.size(), 1U) << cut;
    EXPECT_EQ(observed.counts.damaged, 1U) << cut;
  }
}

TEST(Observe, StopIsAskedBeforeEachRecord) {
  WarcBuilder warc;
  warc.Html("http://example.org/1", kDate, "<p>1");
  MemorySource source(warc.bytes());
  ObserveHandlers handlers;
  handlers.stop_requested = [] { return true; };
  const auto result = ObserveFile(source, "t", {}, handlers);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), ErrorCode::kCancelled);
}

TEST(Observe, HandlersErrorStopsTheFile) {
  WarcBuilder warc;
  warc.Html("http://example.org/1", kDate, "<p>1");
  MemorySource source(warc.bytes());
  ObserveHandlers handlers;
  handlers.on_capture = [](const CaptureView&) -> Status { return Fail(ErrorCode::kIo, "full"); };
  const auto result = ObserveFile(source, "t", {}, handlers);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message(), "full");
}

TEST(Observe, NamesFollowTheArchive) {
  EXPECT_EQ(ArchiveName("/mnt/crawl-data/CC-MAIN-2024-22/segments/1/warc/a.warc.gz", "/mnt"),
            "crawl-data/CC-MAIN-2024-22/segments/1/warc/a.warc.gz");
  EXPECT_EQ(ArchiveName("/data/sets/a/b.warc.gz", "/data/sets"), "a/b.warc.gz");
  EXPECT_EQ(ArchiveName("/data/sets/a/b.warc.gz", "/data/sets/"), "a/b.warc.gz");
  EXPECT_EQ(ArchiveName("./a/b.warc.gz", "."), "a/b.warc.gz");
  EXPECT_EQ(ArchiveName("/data/sets2/b.warc.gz", "/data/sets"), "b.warc.gz");
  EXPECT_EQ(ArchiveName("a/b.warc.gz", ""), "b.warc.gz");
  EXPECT_EQ(ArchiveName("-", ""), "-");
  FileInfo info;
  info.is_part_of = "OTHER";
  EXPECT_EQ(SnapshotId("crawl-data/CC-MAIN-2024-22/segments/x", info), "CC-MAIN-2024-22");
  EXPECT_EQ(SnapshotId("b.warc.gz", info), "OTHER");
}

bool HasCorpora() {
  return std::filesystem::exists(std::string(CRAWLCARD_SHARED) + "/corpora/warc");
}

Observed ObserveShared(const std::string& name) {
  auto source = FileSource::Open(std::string(CRAWLCARD_SHARED) + "/corpora/" + name);
  EXPECT_TRUE(source) << name;
  return source ? Observe(**source) : Observed();
}

// Common Crawl's own sample: values as Common Crawl's index has them.
TEST(Observe, WhirlwindPage) {
  if (!HasCorpora()) GTEST_SKIP() << "shared corpora are absent";
  const Observed observed = ObserveShared("warc/commoncrawl__whirlwind-python/whirlwind.warc.gz");
  EXPECT_GT(observed.counts.records, 0U);
  ASSERT_EQ(observed.lines.size(), 1U);
  EXPECT_THAT(observed.lines[0], HasSubstr(R"("languages":["spa"])"));
  EXPECT_THAT(observed.lines[0], HasSubstr(R"("surt":"org,wikipedia,an)/wiki/escopete")"));
  EXPECT_EQ(observed.counts.damaged, 0U);
}

// That file tells of the request alone, which is no capture and no damage.
TEST(Observe, WhirlwindWatTellsOfARequest) {
  if (!HasCorpora()) GTEST_SKIP() << "shared corpora are absent";
  const Observed observed =
      ObserveShared("warc/commoncrawl__whirlwind-python/whirlwind.warc.wat.gz");
  EXPECT_GT(observed.counts.records, 0U);
  EXPECT_TRUE(observed.lines.empty());
  EXPECT_EQ(observed.counts.damaged, 0U);
}

TEST(Observe, WetFileGivesTheTextsLanguages) {
  if (!HasCorpora()) GTEST_SKIP() << "shared corpora are absent";
  const Observed observed =
      ObserveShared("warc/commoncrawl__whirlwind-python/whirlwind.warc.wet.gz");
  EXPECT_GT(observed.counts.records, 0U);
  ASSERT_EQ(observed.lines.size(), 1U);
  EXPECT_THAT(observed.lines[0], HasSubstr(R"("languages":["spa"])"));
}

}  // namespace
}  // namespace crawlcard::index
