// CDX as a source: what an index of others says of captures, beside what the captures say.
#include "base/codec.h"
#include "base/file.h"
#include "index/ingest/cdx_lines.h"
#include "index/interchange/cdx_export.h"
#include "index/interchange/limits.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// --- lines and their places ---------------------------------------------------------------------

struct Read {
  std::vector<std::string> lines;  // "text @offset+inner:length"
  std::vector<std::string> errors;
};

Read ReadAll(std::string_view bytes) {
  MemorySource source(bytes);
  CdxLines lines(source);
  Read read;
  for (int i = 0; i < 100'000; ++i) {
    const auto line = lines.Next();
    if (!line) {
      read.errors.push_back(fmt::format("{}@{}", ErrorCodeName(line.error().code()),
                                        line.error().offset().value_or(999)));
      continue;
    }
    if (!*line) return read;
    const warc::Extent& place = (*line)->extent;
    const std::string_view text = (*line)->text;
    read.lines.push_back(fmt::format("{} @{}+{}:{}", text.substr(0, 20), place.offset,
                                     place.inner_offset, place.length));
  }
  ADD_FAILURE() << "no end";
  return read;
}

TEST(CdxLines, PlacesOfPlainLines) {
  EXPECT_THAT(ReadAll("one\ntwo\r\n\nlast").lines,
              ElementsAre("one @0+0:4", "two\r @4+0:5", " @9+0:1", "last @10+0:4"));
  EXPECT_THAT(ReadAll("").lines, ElementsAre());
}

TEST(CdxLines, PlacesInMembers) {
  const std::string first = GzipMember("one\ntwo\nthr", 6);
  std::string second = GzipMember("ee\nfour\n", 6);
  // As BGZF has it, whose blocks end anywhere.
  constexpr std::size_t kFixedHead = 10;
  second[3] = 4;
  second.insert(kFixedHead, std::string("\x06\0BC\x02\0\x01\x01", 8));
  const Read read = ReadAll(first + second);
  EXPECT_THAT(read.errors, ElementsAre());
  const std::string a = fmt::format(":{}", first.size());
  const std::string b = fmt::format(":{}", second.size());
  EXPECT_THAT(read.lines, ElementsAre("one @0+0" + a, "two @0+4" + a, "three @0+8" + a,
                                      fmt::format("four @{}+3{}", first.size(), b)));
}

TEST(CdxLines, ABlockOfZipNumEndsItsLastLine) {
  const std::string first = GzipMember("one\ntwo", 6);
  const std::string second = GzipMember("three", 6);
  EXPECT_THAT(ReadAll(first + second).lines,
              ElementsAre(fmt::format("one @0+0:{}", first.size()),
                          fmt::format("two @0+4:{}", first.size()),
                          fmt::format("three @{}+0:{}", first.size(), second.size())));
}

TEST(CdxLines, OfALargeMemberTheLengthIsNotSaid) {
  std::string text;
  while (text.size() <= limits::kCdxBlockBytesMax) text += std::string(999, 'x') + "\n";
  const Read read = ReadAll(GzipMember(text, 1) + GzipMember("end\n", 6));
  ASSERT_EQ(read.lines.size(), text.size() / 1000 + 1);
  EXPECT_THAT(read.lines[0], HasSubstr("@0+0:0"));
  EXPECT_THAT(read.lines[read.lines.size() - 2],
              HasSubstr(fmt::format("+{}:0", text.size() - 1000)));
  EXPECT_THAT(read.lines.back(), Not(HasSubstr(":0")));
}

TEST(CdxLines, LongLinesAndDamageAreReadPast) {
  const std::string longer(limits::kCdxLineBytesMax + 1, 'x');
  for (const std::size_t times : {std::size_t{1}, std::size_t{5}}) {
    std::string text = "a\n";
    for (std::size_t i = 0; i < times; ++i) text += longer;
    text += "\nb\n";
    const Read read = ReadAll(text);
    EXPECT_THAT(read.errors, ElementsAre("too-large@2"));
    EXPECT_THAT(read.lines, ElementsAre("a @0+0:2", fmt::format("b @{}+0:2", text.size() - 2)));
  }
  const std::string exact(limits::kCdxLineBytesMax, 'x');
  EXPECT_EQ(ReadAll(exact + "\n" + exact).lines.size(), 2U);

  const std::string one = GzipMember("one\n", 6);
  std::string bad = GzipMember("two\nand more of it\n", 6);
  bad[bad.size() - 6] ^= 1;  // of its checksum
  const Read damaged = ReadAll(one + bad + one);
  EXPECT_THAT(damaged.errors, ElementsAre(fmt::format("corrupt@{}", one.size())));
  EXPECT_THAT(damaged.lines.back(), HasSubstr(fmt::format("@{}+0", one.size() + bad.size())));
  const Read cut = ReadAll(one + one.substr(0, one.size() - 3));
  EXPECT_THAT(cut.errors, ElementsAre(fmt::format("truncated@{}", one.size())));
  const Read junk = ReadAll(one + "junk" + one);
  EXPECT_THAT(junk.errors, ElementsAre(fmt::format("corrupt@{}", one.size())));
  EXPECT_EQ(junk.lines.size(), 2U);
}

// --- captures -----------------------------------------------------------------------------------

class CdxIngestTest : public IndexTest {
 protected:
  std::string Exported(const Store& store, std::uint64_t* merged = nullptr) {
    CdxExportOptions options;
    options.directory = scratch_.string();
    std::string text;
    auto summary = ExportCdx(store, options, [&](std::string_view line) -> Status {
      text += line;
      return {};
    });
    EXPECT_TRUE(summary) << summary.error().ToString();
    if (summary && merged != nullptr) *merged = summary->merged;
    return text;
  }

  static std::string Archive() {
    WarcBuilder warc;
    for (int i = 0; i < 20; ++i) {
      const std::string origin = fmt::format("https://{}.example.org", i % 3);
      warc.Robots(origin, fmt::format("2026-10-02T11:22:{:02}Z", i), "User-agent: *\n");
      const std::string url = fmt::format("{}/page/{}?b={{}}&a", origin, i);
      warc.Html(url, "2026-10-02T11:22:33Z", "<p>text</p>");
      warc.Metadata(
          url, "2026-10-02T11:22:33Z",
          "charset-detected: UTF-8\r\nlanguages-cld2: {\"reliable\":true,\"text-bytes\":9,"
          "\"languages\":[{\"code\":\"en\",\"code-iso-639-3\":\"eng\","
          "\"text-covered\":0.9,\"score\":1.0,\"name\":\"ENGLISH\"}]}\r\n");
    }
    warc.Response("http://a.test/r", "2026-10-02T11:22:33Z", "301 Moved",
                  {{"Location", "/elsewhere"}}, "", {{"WARC-Truncated", "length"}});
    return warc.bytes();
  }
};

TEST_F(CdxIngestTest, WhatWasExportedComesBackAlike) {
  const auto first = Open(Path("first"));
  IngestAll(*first, {Put("crawl.warc.gz", Archive())});
  const std::string lines = Exported(*first);
  EXPECT_EQ(CountLines(lines, "\"languages\": \"eng\""), 20U);
  for (const bool packed : {false, true}) {
    const auto second = Open(Path(packed ? "packed" : "plain"));
    const IngestSummary summary = IngestAll(
        *second, {Put(packed ? "cdx-00000.gz" : "a.cdxj", packed ? GzipMember(lines, 6) : lines)});
    EXPECT_EQ(summary.counts.captures, 41U);
    EXPECT_EQ(summary.counts.records, 41U);
    EXPECT_EQ(Exported(*second), lines);
  }
  // Beside the archive itself the lines say nothing new: WARC comes before CDX.
  IngestAll(*first, {Put("a.cdxj", lines)});
  std::uint64_t merged = 0;
  EXPECT_EQ(Exported(*first, &merged), lines);
  EXPECT_EQ(merged, 41U);
}

TEST_F(CdxIngestTest, ALineIsAFactWithItsOwnPlace) {
  const auto store = Open(Path("idx"));
  const std::string line =
      "org,example)/a 20261002112233 {\"url\": \"https://example.org/a\", \"mime\": \"text/html\", "
      "\"mime-detected\": \"text/html\", \"status\": \"200\", \"digest\": "
      "\"RY7PLBUFQNI2FFV5FTUQK72W6SNPXLQU\", \"length\": \"5\", \"offset\": \"7\", \"filename\": "
      "\"crawl-data/X/a.warc.gz\", \"charset\": \"UTF-8\"}\n";
  const std::string robots =
      "org,example)/robots.txt 20261002112233 https://example.org/robots.txt text/plain 200 - - - "
      "3 "
      "4 f.gz\n";
  const std::string revisit =
      "x 20261002112234 "
      "{\"url\":\"https://example.org/a\",\"mime\":\"warc/revisit\",\"status\":304,"
      "\"offset\":1,\"filename\":\"f.gz\"}\n";
  IngestAll(*store, {Put("a.cdxj", line + robots + revisit)});
  const std::string dump = DumpOf(*store);
  EXPECT_THAT(dump, HasSubstr("\"via\":\"cdx\""));
  EXPECT_THAT(dump, HasSubstr(fmt::format(
                        "\"warc\":{{\"file\":\"a.cdxj\",\"offset\":0,\"length\":{}", line.size())));
  EXPECT_THAT(dump, HasSubstr("\"container\":{\"file\":\"crawl-data/X/a.warc.gz\",\"offset\":7,"
                              "\"length\":5,\"record_id\":null}"));
  EXPECT_THAT(dump, HasSubstr("\"unobserved\":[\"body\",\"html-body\",\"html-link\",\"html-meta\","
                              "\"http-header\",\"json-ld\",\"language\",\"text\"]"));
  EXPECT_THAT(dump, AllOf(HasSubstr("\"digest\":\"sha1:RY7PLBUFQNI2FFV5FTUQK72W6SNPXLQU\""),
                          HasSubstr("\"charset\":\"utf-8\""), HasSubstr("\"type\":\"revisit\"")));
  EXPECT_EQ(CountLines(dump, "\"family\":\"hosts\""), 0U) << "its body was not seen";
  EXPECT_EQ(CountLines(dump, "\"family\":\"pages\""), 3U);
}

TEST_F(CdxIngestTest, DamagedLinesAreCountedWithTheirPlace) {
  const auto store = Open(Path("idx"));
  const std::string good = "a)/ 20261002112233 http://a/ text/html 200 - - - 3 4 f.gz\n";
  const std::string bad = "a)/ 20261002112233 {\"url\": \"http://a/\n";
  const IngestSummary summary = IngestAll(*store, {Put("a.cdx", good + bad + good + "x\n" + good)});
  EXPECT_EQ(summary.counts.captures, 3U);
  EXPECT_EQ(summary.counts.damaged, 2U);
  ASSERT_EQ(summary.first_errors.size(), 2U);
  EXPECT_EQ(summary.first_errors[0].offset(), good.size());
  EXPECT_EQ(summary.first_errors[0].file(), "a.cdx");
  // Taken out again, nothing is left.
  ASSERT_TRUE(store->RemoveFile("a.cdx"));
  EXPECT_EQ(DumpOf(*store), "");
}

TEST_F(CdxIngestTest, AFirstLineLongerThanTheLookIsNoCdx) {
  const auto store = Open(Path("idx"));
  const std::string head(limits::kCdxSniffBytesMax, 'x');
  const auto summary = TryIngest(*store, {Put("a.cdx", head + " 20261002112233 {}\n")});
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->files_failed, 1U);
}

}  // namespace
}  // namespace crawlcard::index
