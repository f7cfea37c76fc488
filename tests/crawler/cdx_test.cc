#include <thread>

#include "../index/index_fixture.h"
#include "base/codec.h"
#include "crawler/snapshot/cdx_job.h"
#include "crawler/snapshot/cdx_ranges.h"
#include "crawler/snapshot/limits.h"
#include "fake_mirror.h"
#include "warc/reader.h"

namespace crawlcard::crawler {
namespace {

std::string Line(const std::string& path, std::uint64_t offset, std::uint64_t length) {
  return fmt::format(
      R"(org,example)/ 20261001000000 {{"url":"http://example.org/","filename":"{}","offset":"{}","length":"{}"}})"
      "\n",
      path, offset, length);
}

TEST(CdxRanges, NeighboursAreMergedUpToTheGap) {
  const std::string text = Line("b.gz", 0, 10) + Line("a.gz", 100, 10) + Line("a.gz", 0, 50) +
                           Line("a.gz", 100, 10) + Line("a.gz", 161, 9) + Line("a.gz", 221, 1);
  const auto list = ParseCdx(text, 50);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->captures, 5U) << "the repeated line counts once";
  EXPECT_EQ(list->bad_lines, 0U);
  EXPECT_EQ(FormatRfc3339(list->latest), "2026-10-01T00:00:00Z");
  EXPECT_EQ(FormatTimestamp14(
                ParseCdx("{\"timestamp\":\"20260102030405\",\"filename\":\"a\",\"offset\":1,"
                         "\"length\":1}")
                    ->latest),
            "20260102030405");
  EXPECT_EQ(list->ranges, (std::vector<CdxRange>{{"a.gz", 0, 110, {{0, 50}, {100, 10}}},
                                                 {"a.gz", 161, 170, {{161, 9}}},
                                                 {"a.gz", 221, 222, {{221, 1}}},
                                                 {"b.gz", 0, 10, {{0, 10}}}}));
  EXPECT_EQ(ParseCdx(GzipMember(text, 6), 51)->ranges.size(), 2U)
      << "161 is 51 behind 110, 221 is 51 behind 170";
}

TEST(CdxRanges, RangesStayUnderTheirLimit) {
  std::string text;
  const std::uint64_t record = limits::kCdxRecordBytesMax;
  for (std::uint64_t i = 0; i < 5; ++i) text += Line("a.gz", i * record, record);
  const auto list = ParseCdx(text);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->ranges.size(), 3U);
  for (const CdxRange& range : list->ranges) {
    EXPECT_LE(range.end - range.first, limits::kCdxRangeBytesMax);
  }
}

TEST(CdxRanges, LinesThatNameNoPlaceAreCounted) {
  const auto list =
      ParseCdx("no json\n{\"filename\":\"a.gz\"}\n{broken\n[]\n" + Line("../a", 0, 1) +
               Line("a", 0, 0) + Line("a", 0, limits::kCdxRecordBytesMax + 1) +
               "x {\"filename\":\"a\",\"offset\":-1,\"length\":1}\n" +
               "x {\"filename\":\"a\",\"offset\":5,\"length\":1}\n" +
               std::string(limits::kCdxLineBytesMax, 'x') + Line("a", 9, 1) + "\n");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->captures, 1U);
  EXPECT_EQ(list->bad_lines, 9U);
}

TEST(CdxRanges, TextOverTheLimit) {
  const std::string bomb = GzipMember(std::string(limits::kCdxBytesMax + 1, '\n'), 1);
  EXPECT_EQ(ParseCdx(bomb).error().code(), ErrorCode::kTooLarge);
}

class CdxJobTest : public index::IndexTest {
 protected:
  void SetUp() override {
    IndexTest::SetUp();
    std::string bytes;
    for (int i = 0; i < 20; ++i) {
      index::WarcBuilder one;
      one.Html(fmt::format("http://h{}.example.org/", i), "2026-10-01T00:00:00Z",
               fmt::format("<p>page {}", i));
      places_.push_back({bytes.size(), one.bytes().size()});
      bytes += one.bytes();
    }
    file_ = "crawl-data/X/segments/1.0/warc/F.warc.gz";
    files_[file_] = bytes;
  }

  CdxJobSummary Fetch(const std::string& cdx, FakeMirror::Fault fault, const index::Store& store) {
    EventLoop loop;
    FakeMirror server(loop, files_, std::move(fault));
    const SystemClock clock;
    SegmentFetcherOptions transfer;
    transfer.mirror = *Mirror::Parse("http://127.0.0.1:1/");
    transfer.gate.rate = {10'000, 100};
    transfer.gate.base_ms = 2;
    transfer.tries.broken_max = 4;
    SegmentFetcher fetcher(loop, server, clock, transfer, nullptr);
    auto hold = std::make_unique<EventLoop::Hold>(loop);
    std::thread network([&] { loop.Run(); });
    CdxJobOptions options;
    options.directory = Path("warc");
    options.mirror = transfer.mirror;
    const std::atomic<bool> stop{false};
    const auto summary = FetchCdx(store, &fetcher, cdx, options, stop);
    EXPECT_TRUE(summary) << (summary ? "" : summary.error().ToString());
    hold.reset();
    loop.Stop();
    network.join();
    log_ = server.log();
    return summary ? *summary : CdxJobSummary{};
  }

  std::string file_;
  std::map<std::string, std::string> files_;
  std::vector<CdxPlace> places_;
  std::vector<MirrorRequest> log_;
};

TEST_F(CdxJobTest, RecordsAreCopiedWithOneRequestAndIngestedOnce) {
  const auto store = Open(Path("idx"));
  const std::string cdx = Line(file_, places_[3].offset, places_[3].length) +
                          Line(file_, places_[7].offset, places_[7].length);
  const CdxJobSummary summary = Fetch(cdx, {}, *store);
  EXPECT_EQ(summary.captures, 2U);
  EXPECT_EQ(summary.captures_failed, 0U) << summary.first_error;
  ASSERT_EQ(log_.size(), 1U) << "neighbours are merged";
  EXPECT_EQ(log_[0].range, fmt::format("bytes={}-{}", places_[3].offset,
                                       places_[7].offset + places_[7].length - 1));
  const std::string bytes = ReadFile(summary.warc_file, 1 << 20).value();
  for (const int n : {3, 7}) {
    const std::string record = files_[file_].substr(places_[static_cast<std::size_t>(n)].offset,
                                                    places_[static_cast<std::size_t>(n)].length);
    EXPECT_NE(bytes.find(record), std::string::npos);
  }
  const std::string name = index::ArchiveName(summary.warc_file, Path("warc"));
  EXPECT_EQ(IngestAll(*store, {{summary.warc_file, name}}).counts.captures, 2U);
  EXPECT_TRUE(Fetch(cdx, {}, *store).known);
  EXPECT_TRUE(log_.empty()) << "known: nothing is asked for";
}

TEST_F(CdxJobTest, SameFileWhateverTheServerDoes) {
  const auto store = Open(Path("idx"));
  std::string cdx;
  for (const CdxPlace& place : places_) cdx += Line(file_, place.offset, place.length);
  const std::string path = Fetch(cdx, {}, *store).warc_file;
  const std::string bytes = ReadFile(path, 1 << 20).value();
  for (const MirrorFault fault : {MirrorFault::kBusy, MirrorFault::kReset, MirrorFault::kNoRange,
                                  MirrorFault::kOtherRange, MirrorFault::kResetAtOnce}) {
    const CdxJobSummary summary = Fetch(
        cdx, [&](const MirrorRequest&, int n) { return n == 1 ? fault : MirrorFault::kNone; },
        *store);
    EXPECT_EQ(summary.warc_file, path);
    EXPECT_EQ(ReadFile(path, 1 << 20).value(), bytes) << static_cast<int>(fault);
  }
}

TEST_F(CdxJobTest, WrongPlacesAndMissingFilesAreCounted) {
  const auto store = Open(Path("idx"));
  const std::string cdx = Line(file_, places_[3].offset + 1, places_[3].length) +
                          Line(file_, places_[5].offset, places_[5].length) +
                          Line("crawl-data/X/none.warc.gz", 0, 10);
  const CdxJobSummary summary = Fetch(cdx, {}, *store);
  EXPECT_EQ(summary.captures, 3U);
  EXPECT_EQ(summary.captures_failed, 2U);
  EXPECT_FALSE(summary.first_error.empty());
  EXPECT_FALSE(summary.warc_file.empty());
}

TEST_F(CdxJobTest, TransfersThatFailLeaveNoFileThatLooksWhole) {
  const auto store = Open(Path("idx"));
  const std::string cdx = Line(file_, places_[3].offset, places_[3].length);
  const CdxJobSummary summary = Fetch(
      cdx, [](const MirrorRequest&, int) { return MirrorFault::kResetAtOnce; }, *store);
  EXPECT_EQ(summary.ranges_failed, 1U);
  EXPECT_EQ(summary.warc_file, "");
  EXPECT_TRUE(std::filesystem::is_empty(Path("warc")));
}

}  // namespace
}  // namespace crawlcard::crawler
