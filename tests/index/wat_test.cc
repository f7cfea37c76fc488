// WAT: what an extractor saw of a capture, beside what the capture itself says.
#include "index/ingest/wat.h"

#include <cstdlib>

#include "check_fixture.h"
#include "index/schema.h"
#include "wat_builder.h"

namespace crawlcard::index {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSubsetOf;
using ::testing::Not;

constexpr std::string_view kRequest = R"({"Container":{"Filename":"x.warc.gz","Offset":"1"},)"
                                      R"("Envelope":{"Payload-Metadata":{"HTTP-Request-Metadata":)"
                                      R"({}},"WARC-Header-Metadata":{"WARC-Type":"request"}}})";

// --- what is read -------------------------------------------------------------------------------

TEST(Wat, EnvelopeOfAResponseIsACapture) {
  Envelope envelope;
  envelope.status = R"("301")";
  envelope.fields = R"("Content-Type":"Text/HTML; charset=x","Location":"/b")";
  for (const std::string& json : {envelope.Json(), envelope.Reversed()}) {
    const Seen seen = One(Observe(WatOf(json), "crawl-data/X/segments/1.2/wat/B.warc.wat.gz"));
    EXPECT_EQ(seen.url, kPageUrl);
    EXPECT_EQ(seen.via, "wat");
    EXPECT_EQ(seen.container_file, "crawl-data/X/segments/1.2/warc/B.warc.gz");
    EXPECT_EQ(seen.container.offset, 80610308U);
    EXPECT_EQ(seen.container.length, 423U);
    EXPECT_EQ(seen.container_id, "<urn:uuid:of-the-response>");
    for (const std::string_view part :
         {R"("date":"2026-10-02T11:22:33Z")", R"("status":301)",
          R"("redirect":"https://example.org/b")", R"("content_type":"text/html")",
          R"("identified_type":"text/html")", R"("html":true)", R"("digest":"sha1:ENTITY")",
          R"("payload_bytes":4711)", R"("type":"response")",
          R"("warc":{"file":"crawl-data/X/segments/1.2/wat/B.warc.wat.gz","offset":0,)"}) {
      EXPECT_THAT(seen.line, HasSubstr(std::string(part)));
    }
    EXPECT_THAT(seen.unobserved,
                ElementsAre("body", "charset", "html-body", "json-ld", "language", "text"));
    EXPECT_THAT(seen.notes, IsEmpty());
  }
}

TEST(Wat, OtherEnvelopesAndOtherJsonGiveNoLine) {
  WarcBuilder wat;
  wat.Info("Software-Info: ia-web-commons\r\n");
  wat.Record("metadata", kPageUrl, kDate, JsonFields(), kRequest);
  for (const std::string_view type : {"metadata", "warcinfo", "request"}) {
    Envelope envelope;
    envelope.type = type;
    wat.Record("metadata", kPageUrl, kDate, JsonFields(), envelope.Json());
  }
  wat.Record("metadata", kPageUrl, kDate, JsonFields(), R"({"pages":[]})");
  wat.Record("metadata", kPageUrl, kDate, JsonFields(), R"({"pages":[)");
  const Observed observed = Observe(wat.bytes());
  EXPECT_THAT(observed.captures, IsEmpty());
  EXPECT_THAT(observed.damage, IsEmpty());
  EXPECT_EQ(observed.counts.records, 7U);
}

TEST(Wat, RealFileOfCommonCrawlIsRead) {
  const Observed observed =
      ObserveData(std::string(CRAWLCARD_TEST_DATA) + "/wat/whirlwind.warc.wat.gz");
  EXPECT_EQ(observed.counts.records, 2U);
  EXPECT_THAT(observed.captures, IsEmpty());  // the one envelope is that of a request
  EXPECT_THAT(observed.damage, IsEmpty());
}

TEST(Wat, FieldsAreReadRepeatedOnesToo) {
  Envelope envelope;
  envelope.fields = R"("X-Robots-Tag":["ccbot: noindex","noai"],"TDM-Reservation":"1",)"
                    R"("Content-Usage":"train-ai=n","content-type":"text/html",)"
                    R"("Link":"<https:\/\/creativecommons.org\/licenses\/by\/4.0\/>; )"
                    R"(rel=\"license\"")";
  const Seen seen = One(envelope);
  EXPECT_EQ(seen.signals.count("robots-meta|http-header|ccbot||noindex||search|deny"), 1U)
      << seen.line;
  EXPECT_THAT(seen.line, HasSubstr(R"("key":"noai")"));
  EXPECT_THAT(seen.line, HasSubstr(R"("family":"tdmrep")"));
  EXPECT_THAT(seen.line, HasSubstr(R"("family":"aipref")"));
  EXPECT_THAT(seen.line, HasSubstr(R"("location":"header")"));
  EXPECT_THAT(seen.line, Not(HasSubstr("line 0")));
  EXPECT_EQ(seen.licences.count("CC-BY-4.0||https://creativecommons.org/licenses/by/4.0/"), 1U);
}

TEST(Wat, OldFilesKeepOneValueOfARepeatedField) {
  const Envelope envelope;
  EXPECT_THAT(One(Observe(WatOf(envelope.Json(), "2024-11-30T23:59:59Z"))).unobserved,
              Contains("http-header-repeats"));
  EXPECT_THAT(One(Observe(WatOf(envelope.Json(), "2024-12-01T00:00:00Z"))).unobserved,
              Not(Contains("http-header-repeats")));
}

TEST(Wat, MetasAreReadByEachOfTheirNames) {
  Envelope envelope;
  envelope.head = R"("Metas":[{"name":"ROBOTS","content":"noindex"},)"
                  R"({"content":"1","name":"tdm-reservation"},{"charset":"utf-8"},)"
                  R"({"property":"og:license","content":"https://creativecommons.org/licenses/)"
                  R"(by-nc/4.0/"},{"name":"HTML@/lang","content":"de-CH"}])";
  const Seen seen = One(envelope);
  EXPECT_EQ(seen.signals.count("robots-meta|html-meta|*||noindex||search|deny"), 1U) << seen.line;
  EXPECT_THAT(seen.line, HasSubstr(R"("family":"tdmrep")"));
  EXPECT_THAT(seen.line, HasSubstr(R"("location":"meta")"));
  EXPECT_EQ(seen.confidence.at("meta page"), page::Confidence::kMedium);
  EXPECT_THAT(seen.line, HasSubstr(R"("languages":["deu"],"language_source":"html-lang")"));
}

TEST(Wat, LinksNameLicencesWithWhatIsKnownOfTheirPlace) {
  Envelope envelope;
  envelope.head = R"("Base":"https://base.example/x/","Link":[{"path":"LINK@/href",)"
                  R"("url":"terms.html","rel":"license"},{"path":"LINK@/href","rel":"license",)"
                  R"("type":"application/rsl+xml","url":"https://example.org/license.xml"}])";
  envelope.links = R"([{"path":"A@/href","url":"/x"},{"path":"A@/href","rel":"nofollow license",)"
                   R"("url":"https://creativecommons.org/licenses/by-sa/4.0/"},)"
                   R"({"path":"IMG@/src","url":"https://licensebuttons.net/l/by/4.0/88x31.png"},)"
                   R"({"path":"A@/href","url":"https:\/\/www.mozilla.org\/MPL\/2.0\/"},)"
                   R"({"path":"AREA@/href","rel":"license","url":)"
                   R"("https://creativecommons.org/licenses/by-nd/4.0/"}])";
  const Seen seen = One(envelope);
  EXPECT_EQ(seen.licences.count("|custom|https://base.example/x/terms.html"), 1U) << seen.line;
  EXPECT_EQ(seen.licences.count("CC-BY-SA-4.0||https://creativecommons.org/licenses/by-sa/4.0/"),
            1U);
  EXPECT_EQ(seen.licences.size(), 4U) << seen.line;
  EXPECT_EQ(seen.confidence.at("link-rel page"), page::Confidence::kMedium);
  EXPECT_EQ(seen.confidence.at("a-rel page"), page::Confidence::kLow);
  EXPECT_EQ(seen.confidence.at("area-rel page"), page::Confidence::kLow);
  EXPECT_EQ(seen.confidence.at("a-plain mention"), page::Confidence::kLow);
  EXPECT_THAT(seen.line, HasSubstr("licence.place_unknown"));
  EXPECT_THAT(seen.line, HasSubstr(R"("family":"rsl","carrier":"html-link","location":"link")"));
}

TEST(Wat, MissingHtmlIsSaidOfAPageAndOfNothingElse) {
  Envelope envelope;
  std::string json = envelope.Json();
  const std::size_t at = json.find(R"("HTML-Metadata")");
  json.replace(at, std::string_view(R"("HTML-Metadata")").size(), R"("Other-Metadata")");
  const Seen page = One(Observe(WatOf(json)));
  EXPECT_THAT(page.notes, ElementsAre("wat.no_html"));
  EXPECT_THAT(page.unobserved, IsSubsetOf({"body", "charset", "html-body", "html-link", "html-meta",
                                           "json-ld", "language", "text"}));
  EXPECT_THAT(page.unobserved, Contains("html-meta"));
}

// --- one capture by two ways --------------------------------------------------------------------

// Every statement that the WAT gives is one of the WARC's.
void ExpectPartOf(const Observed& wat, const Observed& warc) {
  std::map<std::string, const Seen*> pages;
  for (const Seen& seen : warc.captures) pages[seen.url] = &seen;
  std::size_t statements = 0;
  for (const Seen& seen : wat.captures) {
    ASSERT_TRUE(pages.contains(seen.url)) << seen.url;
    const Seen& whole = *pages[seen.url];
    EXPECT_THAT(seen.signals, IsSubsetOf(whole.signals)) << seen.url;
    for (const std::string& licence : seen.licences) {
      EXPECT_EQ(whole.licences.count(licence) > 0, true) << seen.url << ' ' << licence;
    }
    statements += seen.signals.size() + seen.licences.size();
  }
  EXPECT_GT(statements, 0U);
}

TEST(WatAndWarc, StatementsOfRealPagesAgree) {
  const std::string data = CRAWLCARD_TEST_DATA;
  const Observed wat = ObserveData(data + "/wat/pages.warc.wat.gz");
  EXPECT_EQ(wat.captures.size(), 7U);
  ExpectPartOf(wat, ObserveData(data + "/sample/pages.warc.gz"));
}

TEST(WatAndWarc, WhatIsMissingIsListedAsUnobserved) {
  Envelope envelope;
  envelope.fields = R"("X-Robots-Tag":"noai","Content-Type":"text/html")";
  envelope.head = R"("Metas":[{"name":"robots","content":"noarchive"}],"Link":[{"path":)"
                  R"("LINK@/href","rel":"license","url":"https://example.org/terms"}])";
  envelope.links = R"([{"path":"A@/href","url":"https://creativecommons.org/licenses/by/4.0/"}])";
  WarcBuilder warc;
  warc.Html(kPageUrl, kDate,
            "<html><head><meta name=robots content=noarchive><link rel=license "
            "href=https://example.org/terms><script type=\"application/ld+json\">{\"@type\":"
            "\"Article\",\"license\":\"https://creativecommons.org/licenses/by-nc/4.0/\"}</script>"
            "</head><body><p data-nosnippet>x</p><a "
            "href=https://creativecommons.org/licenses/by/4.0/>l</a></body></html>",
            {{"X-Robots-Tag", "noai"}});
  const Seen whole = One(Observe(warc.bytes()));
  const Seen wat = One(envelope);
  EXPECT_THAT(wat.signals, IsSubsetOf(whole.signals));
  EXPECT_THAT(wat.licences, IsSubsetOf(whole.licences));
  for (const std::string& signal : whole.signals) {
    if (wat.signals.count(signal) == 0) {
      EXPECT_THAT(signal, HasSubstr("|html-body|"));  // unobserved: html-body
    }
  }
  std::size_t json_ld = 0;
  for (const std::string& licence : whole.licences) {
    if (wat.licences.count(licence) > 0) continue;
    EXPECT_THAT(licence, HasSubstr("by-nc"));  // unobserved: json-ld
    ++json_ld;
  }
  EXPECT_EQ(json_ld, 1U);
  EXPECT_THAT(wat.unobserved, Contains("json-ld"));
  EXPECT_THAT(wat.unobserved, Contains("html-body"));
}

class WatIndex : public CheckTest {};

TEST_F(WatIndex, MadeArchiveAgreesWithItsWat) {
  const std::string tool = std::string(CRAWLCARD_SHARED) + "/tools/make_warc.py";
  if (!std::filesystem::exists(tool)) GTEST_SKIP() << "no " << tool;
  const std::string command = fmt::format(
      "python3 '{}' build --from-warc '{}/sample/pages.warc.gz' --out '{}' --wat --no-vary --jobs "
      "1 "
      "--inject header-tdm=0.4,xrobots-noai=0.4,header-usage=0.4,header-link-license=0.3,"
      "meta-tdm=0.4,meta-noai=0.4,rel-license=0.4,rsl-link=0.3,dc-rights=0.3 > /dev/null 2>&1",
      tool, CRAWLCARD_TEST_DATA, Path("made"));
  ASSERT_EQ(std::system(command.c_str()), 0);  // NOLINT: the words are ours
  Observed wat;
  Observed warc;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(Path("made"))) {
    const std::string path = entry.path().string();
    if (path.ends_with(".wat.gz")) wat = ObserveData(path);
    if (path.ends_with(".warc.gz")) warc = ObserveData(path);
  }
  EXPECT_EQ(wat.captures.size(), 23U);
  ExpectPartOf(wat, warc);
}

WarcBuilder WatBuilder(const Envelope& envelope) {
  WarcBuilder wat;
  wat.Record("metadata", envelope.url, kDate, JsonFields(), envelope.Json());
  return wat;
}

TEST_F(WatIndex, CaptureThatCameByBothWaysIsReadAsOne) {
  WarcBuilder warc;
  warc.Html(kPageUrl, kDate, "<p>x");
  warc.Robots("https://example.org", "2026-10-01T00:00:00Z", kOpen);
  Envelope envelope;
  auto store = Open(Path("idx"));
  IngestAll(*store,
            {Put("a.warc.gz", warc.bytes()), Put("a.wat.gz", WatBuilder(envelope).bytes())});
  EXPECT_EQ(CountLines(DumpOf(*store), R"("via":"wat")"), 1U);

  const UrlVerdict verdict = Check(*store, kPageUrl);
  ASSERT_TRUE(verdict.capture);
  EXPECT_EQ(verdict.capture->file, "a.warc.gz");
  EXPECT_EQ(StateOf(verdict, "page"), "ok");
}

TEST_F(WatIndex, PageSeenByWatAloneIsPartlyLookedAt) {
  WarcBuilder warc;
  warc.Robots("https://example.org", "2026-10-01T00:00:00Z", kOpen);
  Envelope envelope;
  auto store = Open(Path("idx"));
  IngestAll(*store,
            {Put("r.warc.gz", warc.bytes()), Put("a.wat.gz", WatBuilder(envelope).bytes())});
  const UrlVerdict verdict = Check(*store, kPageUrl);
  EXPECT_EQ(StateOf(verdict, "page"), "partial");
  EXPECT_EQ(StateOf(verdict, "robots.txt"), "ok");
}

TEST_F(WatIndex, RobotsTxtWithoutItsBodyClearsNothing) {
  Envelope envelope;
  WarcBuilder wat = WatBuilder(envelope);
  for (const std::string_view status : {R"("200")", R"("404")"}) {
    envelope.url = "https://example.org/robots.txt";
    envelope.status = status;
    wat.Record("metadata", envelope.url, kDate, JsonFields(), envelope.Json());
  }
  for (const Seen& seen : Observe(wat.bytes()).captures) EXPECT_FALSE(seen.well_known);
  auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.wat.gz", wat.bytes())});
  const UrlVerdict verdict = Check(*store, kPageUrl);
  EXPECT_EQ(verdict.verdict.decision, robots::Decision::kIndeterminate);
  EXPECT_EQ(StateOf(verdict, "robots.txt"), "not-asked");
}

TEST_F(WatIndex, RemovingAWatFileTakesItsRowsOut) {
  WarcBuilder warc;
  warc.Html(kPageUrl, kDate, "<p>x");
  Envelope envelope;
  auto alone = Open(Path("alone"));
  IngestAll(*alone, {Put("a.warc.gz", warc.bytes())});
  auto store = Open(Path("idx"));
  IngestAll(*store,
            {Put("a.warc.gz", warc.bytes()), Put("a.wat.gz", WatBuilder(envelope).bytes())});
  EXPECT_NE(DumpOf(*store), DumpOf(*alone));
  ASSERT_TRUE(store->RemoveFile("a.wat.gz"));
  EXPECT_EQ(DumpOf(*store), DumpOf(*alone));
}

TEST(WatRow, ContainerIsReadBack) {
  CaptureView capture;
  capture.url = kPageUrl;
  capture.surt = "org,example)/a";
  capture.host = "example.org";
  capture.file = "a.wat.gz";
  capture.via = Via::kWat;
  capture.record_type = warc::RecordType::kResponse;
  std::string key;
  std::string plain;
  std::string value;
  EncodePageKey(capture, key);
  EncodeCapture(capture, plain);
  capture.container = {"warc/B.warc.gz", 80610308, 423, "<urn:uuid:1>"};
  EncodeCapture(capture, value);
  EXPECT_GT(value.size(), plain.size());
  Arena arena;
  CaptureView read;
  ASSERT_TRUE(DecodePageRow(key, value, "a.wat.gz", arena, read));
  EXPECT_EQ(read.container, capture.container);
  for (std::size_t i = 0; i < value.size(); ++i) {
    EXPECT_FALSE(DecodePageRow(key, std::string_view(value).substr(0, i), "", arena, read)) << i;
  }
  // The WARC beside the WAT file is not spelled out.
  capture.file = "a/wat/B.warc.wat.gz";
  capture.container.file = "a/warc/B.warc.gz";
  std::string beside;
  EncodePageKey(capture, key);
  EncodeCapture(capture, beside);
  EXPECT_LT(beside.size(), value.size());
  ASSERT_TRUE(DecodePageRow(key, beside, capture.file, arena, read));
  EXPECT_EQ(read.container, capture.container);
}

}  // namespace
}  // namespace crawlcard::index
