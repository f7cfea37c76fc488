// Lines of a URL, a host and a domain, looked up in the ZipNum of a mirror.
#include <thread>

#include "../index/index_fixture.h"
#include "base/file.h"
#include "base/file_system.h"
#include "crawler/snapshot/limits.h"
#include "crawler/snapshot/zipnum_lookup.h"
#include "fake_mirror.h"
#include "index/interchange/zipnum_writer.h"
#include "page/surt.h"

namespace crawlcard::crawler {
namespace {

using ::testing::HasSubstr;
using ::testing::Lt;

class ZipNumTest : public index::IndexTest {
 protected:
  // Sorted lines in blocks of two, so that cluster.idx is searched for real.
  void Build(std::size_t hosts) {
    for (std::size_t i = 0; i < hosts; ++i) {
      for (const std::string_view path : {"", "sub.", "port:8080"}) {
        const bool has_port = path == "port:8080";
        const std::string url = fmt::format("http://{}h{}.example.org{}/a", has_port ? "" : path, i,
                                            has_port ? ":8080" : "");
        for (int day = 1; day <= 3; ++day) {
          lines_.push_back(
              fmt::format("{} 2026100{}000000 {{\"url\": \"{}\", \"filename\": \"f\", "
                          "\"offset\": \"{}\", \"length\": \"5\"}}\n",
                          *page::SurtKey(url), day, url, i));
        }
      }
    }
    std::sort(lines_.begin(), lines_.end());
    index::ZipNumOptions options;
    options.block_lines = 2;
    options.file_blocks = 1000;
    index::ZipNumWriter writer(DiskFileSystem(), Path("m/" + directory_), options);
    for (const std::string& line : lines_) ASSERT_TRUE(writer.Add(line));
    ASSERT_TRUE(writer.Finish());
    for (const auto& entry : std::filesystem::directory_iterator(Path("m/" + directory_))) {
      files_[directory_ + "/" + entry.path().filename().string()] =
          *ReadFile(entry.path().string(), 1 << 30);
    }
  }

  std::string Wanted(const std::vector<CdxKeyRange>& ranges) const {
    std::string text;
    for (const CdxKeyRange& range : ranges) {
      for (const std::string& line : lines_) {
        if (line >= range.lower && line < range.upper) text += line;
      }
    }
    return text;
  }

  Result<ZipNumCounts> LookUp(SegmentFetcher* fetcher, const Mirror& mirror,
                              const std::vector<CdxKeyRange>& ranges, std::string& text) const {
    const std::atomic<bool> stop{false};
    return LookUpZipNum(
        fetcher, mirror, directory_, ranges,
        [&](std::string_view line) -> Status {
          text += line;
          return {};
        },
        stop);
  }

  Mirror Local() const { return *Mirror::Parse("file://" + Path("m")); }

  const std::string directory_ = ZipNumDirectory("X");
  std::vector<std::string> lines_;
  std::map<std::string, std::string> files_;
};

TEST(CdxKeyRanges, OfWhatMayBeAskedFor) {
  using Ranges = std::vector<CdxKeyRange>;
  EXPECT_EQ(*CdxKeyRangesOf("https://www.example.org/A?b"),
            (Ranges{{"org,example)/a?b ", "org,example)/a?b!"}}));
  EXPECT_EQ(*CdxKeyRangesOf("www.Example.org"),
            (Ranges{{"org,example)", "org,example*"}, {"org,example:", "org,example;"}}));
  EXPECT_EQ(*CdxKeyRangesOf("*.example.org"), (Ranges{{"org,example)", "org,example*"},
                                                      {"org,example,", "org,example-"},
                                                      {"org,example:", "org,example;"}}));
  for (const std::string_view pattern : {"", "a/b", "*.", "://", "http://a:b/"}) {
    EXPECT_FALSE(CdxKeyRangesOf(pattern)) << pattern;
  }
}

TEST_F(ZipNumTest, EveryLineIsFoundAndNoOther) {
  Build(1500);
  ASSERT_GT(files_[directory_ + "/cluster.idx"].size(), 256U * 1024);
  for (const std::string_view pattern :
       {"http://h0.example.org/a", "http://h1499.example.org/a", "http://h777.example.org:8080/a",
        "h42.example.org", "*.h42.example.org", "sub.h9.example.org", "aaa.org", "zzz.zz",
        "http://h42.example.org/nothing"}) {
    const std::vector<CdxKeyRange> ranges = *CdxKeyRangesOf(pattern);
    std::string text;
    const auto counts = LookUp(nullptr, Local(), ranges, text);
    ASSERT_TRUE(counts) << counts.error().ToString();
    EXPECT_EQ(text, Wanted(ranges)) << pattern;
    EXPECT_THAT(counts->reads, Lt(25U * ranges.size())) << pattern;
  }
}

TEST_F(ZipNumTest, OverANetworkThatRefusesAndBreaks) {
  Build(700);
  EventLoop loop;
  FakeMirror server(loop, files_, [](const MirrorRequest&, int number) {
    return number % 5 == 2   ? MirrorFault::kBusy
           : number % 7 == 3 ? MirrorFault::kReset
                             : MirrorFault::kNone;
  });
  const SystemClock clock;
  SegmentFetcherOptions transfer;
  transfer.mirror = *Mirror::Parse("http://127.0.0.1:1/");
  transfer.gate.rate = {10'000, 100};
  transfer.gate.base_ms = 2;
  SegmentFetcher fetcher(loop, server, clock, transfer, nullptr);
  auto hold = std::make_unique<EventLoop::Hold>(loop);
  std::thread network([&] { loop.Run(); });
  for (const std::string_view pattern : {"http://h350.example.org/a", "*.h699.example.org"}) {
    const std::vector<CdxKeyRange> ranges = *CdxKeyRangesOf(pattern);
    std::string text;
    const auto counts = LookUp(&fetcher, transfer.mirror, ranges, text);
    EXPECT_TRUE(counts) << counts.error().ToString();
    EXPECT_EQ(text, Wanted(ranges)) << pattern;
  }
  hold.reset();
  loop.Stop();
  network.join();
}

TEST_F(ZipNumTest, WhatIsNotThereAndWhatIsDamaged) {
  std::string text;
  const std::vector<CdxKeyRange> ranges = *CdxKeyRangesOf("h1.example.org");
  const auto none = LookUp(nullptr, Local(), ranges, text);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), ErrorCode::kNotFound);
  Build(20);
  const std::string cluster = Path("m/" + directory_ + "/cluster.idx");
  const auto lookup_with = [&](std::string_view bytes) {
    EXPECT_TRUE(WriteFileAtomically(cluster, bytes));
    const auto counts = LookUp(nullptr, Local(), ranges, text);
    return counts ? std::string("found") : counts.error().message();
  };
  EXPECT_THAT(lookup_with("no block\n"), HasSubstr("no block in a line"));
  EXPECT_THAT(lookup_with("a 1\t../../x\t0\t5\t1\n"), HasSubstr("no block in a line"));
  EXPECT_THAT(
      lookup_with(fmt::format("a 1\tcdx-00000.gz\t0\t{}\t1\n", limits::kZipNumBlockBytesMax + 1)),
      HasSubstr("no block in a line"));
  EXPECT_THAT(lookup_with(std::string(100'000, 'x')), HasSubstr("has a line of over"));
  EXPECT_THAT(lookup_with("a 1\tcdx-00000.gz\t999999\t5\t1\n"), HasSubstr("ends inside the block"));
  EXPECT_NE(lookup_with("a 1\tcdx-00000.gz\t1\t50\t1\n"), "found");
  std::string many;
  for (std::size_t i = 0; i <= limits::kZipNumLookupBlocksMax; ++i) {
    many += "org,example,h1)/ 1\tcdx-00000.gz\t0\t5\t1\n";
  }
  EXPECT_THAT(lookup_with(many), HasSubstr("ask for less"));
  EXPECT_EQ(lookup_with(""), "found");
  // A block that unpacks to too much.
  const std::string bomb = GzipMember(std::string(limits::kZipNumTextBytesMax + 1, 'x'), 6);
  EXPECT_TRUE(WriteFileAtomically(Path("m/" + directory_ + "/cdx-00000.gz"), bomb));
  EXPECT_NE(lookup_with(fmt::format("a 1\tcdx-00000.gz\t0\t{}\t1\n", bomb.size())), "found");
}

}  // namespace
}  // namespace crawlcard::crawler
