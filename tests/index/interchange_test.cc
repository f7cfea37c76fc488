// Lines of CDX read and written, the sort behind them, and whole exports.
#include <algorithm>
#include <random>

#include "base/codec.h"
#include "base/file_system.h"
#include "index/interchange/cdx_export.h"
#include "index/interchange/cdx_line.h"
#include "index/interchange/external_sort.h"
#include "index/interchange/zipnum_writer.h"
#include "index_fixture.h"
#include "wat_builder.h"

namespace crawlcard::index {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// --- the sort -----------------------------------------------------------------------------------

class SortTest : public IndexTest {
 protected:
  static std::vector<std::string> Drained(ExternalSort& sort) {
    std::vector<std::string> out;
    const Status status = sort.Drain([&](std::string_view record) -> Status {
      out.emplace_back(record);
      return {};
    });
    EXPECT_TRUE(status) << status.error().ToString();
    return out;
  }
};

TEST_F(SortTest, ManyMergedRunsAreOneSort) {
  // Enough runs of the least memory that they are merged level by level.
  ExternalSort sort(scratch_.string(), limits::kSortBytesMin);
  std::mt19937 random(7);
  std::vector<std::string> records;
  std::size_t bytes = 0;
  while (bytes < (limits::kSortRunsMax + 10) * limits::kSortBytesMin) {
    std::string record(random() % 3000, static_cast<char>('a' + random() % 26));
    record += std::to_string(random() % 1000);
    if (random() % 100 == 0) record.clear();
    bytes += record.size();
    ASSERT_TRUE(sort.Add(record));
    records.push_back(std::move(record));
  }
  EXPECT_EQ(sort.size(), records.size());
  EXPECT_GT(sort.runs_written(), limits::kSortRunsMax);
  EXPECT_TRUE(std::filesystem::is_empty(scratch_)) << "runs have no names";
  const std::vector<std::string> got = Drained(sort);
  std::sort(records.begin(), records.end());
  EXPECT_EQ(got, records);
  EXPECT_THAT(Drained(sort), IsEmpty());
}

TEST_F(SortTest, BytesSortAsUnsigned) {
  ExternalSort sort(scratch_.string(), 0);
  for (const std::string_view record : {"\xff", "a", "\x01", "a\x01"}) {
    ASSERT_TRUE(sort.Add(record));
  }
  EXPECT_THAT(Drained(sort), ElementsAre("\x01", "a", "a\x01", "\xff"));
  EXPECT_EQ(sort.runs_written(), 0U);
}

TEST_F(SortTest, ErrorsAreToldAndRecordsBounded) {
  ExternalSort nowhere(Path("nonesuch"), limits::kSortBytesMin);
  const std::string record(limits::kSortBytesMin / 2, 'x');
  ASSERT_TRUE(nowhere.Add(record));
  const Status spilled = nowhere.Add(record);
  ASSERT_FALSE(spilled);
  EXPECT_EQ(spilled.error().code(), ErrorCode::kIo);
  const Status large = nowhere.Add(std::string(limits::kSortRecordBytesMax + 1, 'x'));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code(), ErrorCode::kTooLarge);
}

// --- lines --------------------------------------------------------------------------------------

// What was read, written as CDXJ.
std::string Rewritten(CdxLineReader& reader, std::string_view text) {
  const Result<const CdxLine*> line = reader.Read(text);
  if (!line) return std::string(ErrorCodeName(line.error().code()));
  if (*line == nullptr) return "nothing";
  std::string out;
  AppendCdxKey(**line, out);
  AppendCdxjRest(**line, out);
  return out;
}

constexpr std::string_view kLine =
    R"(com,example)/a{b}?c 20240518015810 {"url": "https://example.com/a{b}?c", )"
    R"("mime": "text/html", "mime-detected": "application/xhtml+xml", "status": "301", )"
    R"("digest": "RY7PLBUFQNI2FFV5FTUQK72W6SNPXLQU", "length": "17423", "offset": "80610731", )"
    R"("filename": "crawl-data/CC-MAIN-2024-22/a.warc.gz", "charset": "UTF-8", )"
    R"("languages": "eng,fra", "truncated": "length", "redirect": "https://example.com/"})";

TEST(CdxLine, CdxjIsReadAndWrittenAlike) {
  CdxLineReader reader;
  EXPECT_EQ(Rewritten(reader, kLine), kLine);
  std::string compact(kLine);
  for (const std::string_view pair : {": ", ", \""}) {
    for (std::size_t at = 0; (at = compact.find(pair, at)) != std::string::npos; ++at) {
      compact.erase(at + 1, 1);
    }
  }
  EXPECT_EQ(Rewritten(reader, compact + "\r\n"), kLine);
}

TEST(CdxLine, OtherSpellingsOfALine) {
  CdxLineReader reader;
  // Numbers, a server's key and time in the JSON, the columnar index's word for truncated.
  EXPECT_EQ(Rewritten(reader, R"({"urlkey":"a)/","timestamp":"20240101000000","url":"http://a/",)"
                              R"("status":200,"offset":7,"length":9,"filename":"f",)"
                              R"("warc-truncated":"time","extra":{"x":[1]}})"),
            R"(a)/ 20240101000000 {"url": "http://a/", "mime": "unk", "status": "200", )"
            R"("length": "9", "offset": "7", "filename": "f", "truncated": "time"})");
  constexpr std::string_view kEleven =
      "com,example)/ 20140127171200 http://example.com text/html 200 B2LT - - 1046 334 dupes.gz";
  const std::string eleven = Rewritten(reader, kEleven);
  EXPECT_EQ(eleven, R"(com,example)/ 20140127171200 {"url": "http://example.com", )"
                    R"("mime": "text/html", "status": "200", "digest": "B2LT", "length": "1046", )"
                    R"("offset": "334", "filename": "dupes.gz"})");
  EXPECT_EQ(Rewritten(reader,
                      "com,example)/ 20140127171200 http://example.com text/html 200 B2LT "
                      "- 334 dupes.gz"),
            R"(com,example)/ 20140127171200 {"url": "http://example.com", "mime": "text/html", )"
            R"("status": "200", "digest": "B2LT", "offset": "334", "filename": "dupes.gz"})");
  // A head says which columns follow.
  EXPECT_EQ(Rewritten(reader, " CDX N b a V g"), "nothing");
  EXPECT_EQ(Rewritten(reader, "a)/ 2014 http://a/ 5 f"),
            R"(a)/ 2014 {"url": "http://a/", "mime": "unk", "offset": "5", "filename": "f"})");
  EXPECT_EQ(Rewritten(reader, kEleven), eleven) << "lines of another width are the usual ones";
}

TEST(CdxLine, WhatTellsOfNoCapture) {
  CdxLineReader reader;
  for (const std::string_view line : {"", " ", "!OpenWayback-CDXJ 1.0", "# note", "\r\n"}) {
    EXPECT_EQ(Rewritten(reader, line), "nothing") << line;
  }
  for (const std::string_view line :
       {"a", "a b c", "a)/ 20240101000000 {", "a)/ 20240101000000 {}", "a)/ 20240101000000 []",
        R"(a)/ x {"url":"http://a/","offset":"1","filename":"f"})",
        R"(a)/ 20240101000000 {"url":"http://a/","offset":"-1","filename":"f"})",
        R"(a)/ 20240101000000 {"url":"http://a/","filename":"f"})",
        R"(a)/ 20240101000000 {"url":["http://a/"],"offset":"1","filename":"f"})",
        "com,example)/ 20140703030321 http://example.com text/html 200 B2LT - - 1987 0",
        " CDX NN"}) {
    EXPECT_EQ(Rewritten(reader, line), "corrupt") << line;
  }
}

TEST(CdxLine, BlanksAreEscapedInColumns) {
  CdxLine line;
  line.url = "file:///a b\n";
  line.offset = 1;
  line.filename = "x y";
  std::string out;
  AppendCdx11Rest(line, out);
  EXPECT_EQ(out, "file:///a%20b%0A unk - - - - - 1 x%20y");
}

TEST(CdxLine, WhatLooksLikeACdx) {
  EXPECT_TRUE(LooksLikeCdx(kLine));
  EXPECT_TRUE(LooksLikeCdx(kLine.substr(0, 60)));
  EXPECT_TRUE(LooksLikeCdx(" CDX N b a m s k r M S V g\n"));
  EXPECT_TRUE(LooksLikeCdx("a)/ 20140127171200 http://a/ text/html 200 B - - 1 2 f\nmore"));
  EXPECT_TRUE(LooksLikeCdx(R"({"urlkey":"a)/","url":"u","filename":"f","offset":"1"})"));
  for (const std::string_view text :
       {"WARC/1.0\r\nWARC-Type: warcinfo\r\n", "filedesc://a 0.0.0.0 20080430204825 text/plain 1",
        "http://a/ 1.2.3.4 20080430204825 text/html 700\n", "", "{\"url\":1}",
        "a 20140127171200"}) {
    EXPECT_FALSE(LooksLikeCdx(text)) << text;
  }
}

// --- exports ------------------------------------------------------------------------------------

class CdxExportTest : public IndexTest {
 protected:
  std::string Exported(const Store& store, CdxExportOptions options = {}) {
    options.directory = scratch_.string();
    std::string text;
    auto summary = ExportCdx(store, options, [&](std::string_view line) -> Status {
      text += line;
      return {};
    });
    EXPECT_TRUE(summary) << summary.error().ToString();
    if (summary) summary_ = *summary;
    return text;
  }

  // Hosts whose keys sort otherwise in the index than in a CDX.
  static std::string Archive() {
    WarcBuilder warc;
    for (const std::string_view host :
         {"example.org", "example.org:8080", "sub.example.org", "example-foo.org", "www.b.test"}) {
      const std::string origin = fmt::format("http://{}", host);
      warc.Robots(origin, "2026-10-02T11:22:33Z", "User-agent: *\nDisallow: /x\n");
      warc.Html(origin + "/", "2026-10-02T11:22:33Z", "<p>text</p>");
      warc.Html(origin + "/a", "2026-10-01T11:22:33Z", "<p>text</p>");
      warc.Html(origin + "/a", "2026-10-01T11:22:33Z", "<p>once more</p>");
    }
    warc.Record("conversion", "http://b.test/", "2026-10-02T11:22:33Z", {}, "text");
    warc.Record("response", "http://b.test/", "", {}, "HTTP/1.1 200 OK\r\n\r\n");
    return warc.bytes();
  }

  CdxExportSummary summary_;
};

std::vector<std::string> LinesOf(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

TEST_F(CdxExportTest, EachCaptureIsALineInByteOrder) {
  const auto store = Open(Path("idx"));
  IngestAll(*store, {Put("crawl.warc.gz", Archive())});
  const std::string text = Exported(*store);
  const std::vector<std::string> lines = LinesOf(text);
  EXPECT_EQ(lines.size(), 20U);
  EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end()));
  EXPECT_EQ(summary_.lines, 20U);
  EXPECT_EQ(summary_.other_types, 1U);
  EXPECT_EQ(summary_.without_key, 1U);
  EXPECT_THAT(text, HasSubstr("org,example)/robots.txt 20261002112233 {\"url\": "
                              "\"http://example.org/robots.txt\", \"mime\": \"text/plain\", "
                              "\"status\": \"200\", \"digest\": \""));
  EXPECT_LT(text.find("org,example)/"), text.find("org,example,sub)/"));
  EXPECT_LT(text.find("org,example,sub)/"), text.find("org,example-foo)/"));
  EXPECT_LT(text.find("org,example-foo)/"), text.find("org,example:8080)/"));

  CdxExportOptions little;
  little.sort_bytes = 1;
  EXPECT_EQ(Exported(*store, little), text);
  CdxExportOptions columns;
  columns.format = CdxFormat::kCdx11;
  const std::vector<std::string> eleven = LinesOf(Exported(*store, columns));
  EXPECT_EQ(eleven.front(), kCdx11Head);
  EXPECT_EQ(eleven.size(), 21U);
  EXPECT_TRUE(std::is_sorted(eleven.begin(), eleven.end()));
}

TEST_F(CdxExportTest, ARecordWithoutAPlaceOfItsOwnIsLeftOut) {
  WarcBuilder warc(false);
  warc.Html("http://a.test/1", "2026-10-02T11:22:33Z", "one");
  warc.Html("http://a.test/2", "2026-10-02T11:22:33Z", "two");
  const auto store = Open(Path("idx"));
  IngestAll(*store, {Put("whole.warc.gz", GzipMember(warc.bytes(), 6))});
  EXPECT_EQ(CountLines(Exported(*store), "a.test"), 1U);
  EXPECT_EQ(summary_.not_addressable, 1U);
}

TEST_F(CdxExportTest, ZipNumHoldsTheSameLinesInBlocks) {
  const auto store = Open(Path("idx"));
  IngestAll(*store, {Put("crawl.warc.gz", Archive())});
  const std::string text = Exported(*store);
  ZipNumOptions options;
  options.block_lines = 3;
  options.file_blocks = 2;
  ZipNumWriter writer(DiskFileSystem(), Path("zn/indexes"), options);
  for (const std::string& line : LinesOf(text)) ASSERT_TRUE(writer.Add(line + '\n'));
  ASSERT_TRUE(writer.Finish());
  EXPECT_EQ(writer.blocks(), 7U);
  EXPECT_EQ(writer.files(), 4U);

  std::string unpacked;
  std::uint64_t number = 0;
  const auto cluster = ReadFile(Path("zn/indexes/cluster.idx"), 1 << 20);
  ASSERT_TRUE(cluster);
  for (const std::string& line : LinesOf(*cluster)) {
    std::vector<std::string> fields;
    for (std::size_t at = 0; at <= line.size();) {
      const std::size_t tab = std::min(line.find('\t', at), line.size());
      fields.push_back(line.substr(at, tab - at));
      at = tab + 1;
    }
    ASSERT_EQ(fields.size(), 5U) << line;
    EXPECT_EQ(fields[4], std::to_string(++number));
    const auto shard = ReadFile(Path("zn/indexes/" + fields[1]), 1 << 20);
    ASSERT_TRUE(shard);
    std::string block;
    const auto decoded =
        Decode(Coding::kGzip,
               std::string_view(*shard).substr(std::stoul(fields[2]), std::stoul(fields[3])),
               1 << 20, block);
    ASSERT_TRUE(decoded && decoded->complete);
    EXPECT_TRUE(block.starts_with(fields[0] + " {")) << fields[0];
    unpacked += block;
  }
  EXPECT_EQ(unpacked, text);
  ZipNumWriter again(DiskFileSystem(), Path("zn/indexes"), options);
  ASSERT_TRUE(again.Add("a 20240101000000 {}\n"));
  const Status taken = again.Finish();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code(), ErrorCode::kConflict);
}

TEST(ZipNum, SizesAreThoseOfCommonCrawl) {
  EXPECT_EQ(ZipNumOptions().block_lines, 3000U);
  EXPECT_EQ(ZipNumOptions().file_blocks, limits::kZipNumBlocksMax);
}

}  // namespace
}  // namespace crawlcard::index
