// The ordered scan: what is handed to a fold, for any number of workers.
#include "index/scan.h"

#include <algorithm>
#include <set>
#include <string>

#include "index/internal/ranges.h"
#include "index/internal/store_impl.h"
#include "index/limits.h"
#include "index_fixture.h"
#include "robots/verdict.h"

namespace crawlcard::index {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Writes down everything it is handed, a line each.
class Notebook final : public Fold {
 public:
  Status OnPage(const ScannedPage& page) override {
    domains.emplace(page.capture->domain);
    text += fmt::format("page {}{}\n", page.capture->url,
                        page.verdict == nullptr
                            ? ""
                            : " " + std::string(robots::DecisionName(page.verdict->decision)));
    signals += page.capture->signals.size();
    return {};
  }
  Status OnHostRow(const ScannedHostRow& row) override {
    text += fmt::format("row {}{} {} bytes {} signals\n", row.capture->url,
                        row.first_of_origin ? " origin" : "", row.body.size(),
                        row.capture->signals.size());
    return {};
  }
  std::string text;
  std::set<std::string> domains;
  std::size_t signals = 0;
};

JudgeOptions Options() {
  JudgeOptions options;
  options.policy = *robots::BuiltInPolicy("eu-tdm");
  return options;
}

class ScanTest : public IndexTest {
 protected:
  static std::string ScanAll(const Store& store, unsigned jobs, bool judge = true,
                             std::size_t* ranges = nullptr) {
    ScanOptions options;
    options.judge = judge;
    options.judge_options = Options();
    options.jobs = jobs;
    auto folds = Scan(store, options, [] { return std::make_unique<Notebook>(); });
    EXPECT_TRUE(folds) << folds.error().ToString();
    if (!folds) return "";
    if (ranges != nullptr) *ranges = folds->size();
    std::string text;
    std::set<std::string> domains;
    for (const auto& fold : *folds) {
      const auto& notes = static_cast<const Notebook&>(*fold);
      text += notes.text;
      for (const std::string& domain : notes.domains) {
        EXPECT_TRUE(domains.insert(domain).second) << domain << " in two ranges";
      }
    }
    return text;
  }
  std::unique_ptr<Store> IndexOf(const WarcBuilder& warc) {
    auto store = Open(Path("idx"));
    IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
    return store;
  }
};

TEST_F(ScanTest, HostByHost) {
  WarcBuilder warc;
  const std::string date = "2026-10-01T00:00:00Z";
  warc.Html("http://sub.example.org/", date, "x");
  warc.Html("http://www.example.org/b", date, "x");
  warc.Html("http://example.org/a", date, "x");
  warc.Html("http://example.org:8080/c", date, "x");
  warc.Html("http://example.com/", date, "x");
  warc.Robots("http://example.org", date, "User-agent: *\nDisallow: /a\n");
  warc.Robots("http://norobots.org", date, "", "404 Not Found");
  const auto store = IndexOf(warc);
  EXPECT_EQ(ScanAll(*store, 1),
            "page http://example.com/ indeterminate\n"
            "row http://example.org/robots.txt origin 27 bytes 1 signals\n"
            "page http://example.org/a deny\n"
            "page http://www.example.org/b indeterminate\n"
            "page http://example.org:8080/c indeterminate\n"
            "page http://sub.example.org/ indeterminate\n"
            "row http://norobots.org/robots.txt origin 0 bytes 0 signals\n");
}

TEST_F(ScanTest, WorkersDoNotMatterAndDomainsAreNeverSplit) {
  WarcBuilder warc;
  for (int i = 0; i < 300; ++i) {
    const std::string host = fmt::format("http://h{}.d{}.co.uk", i % 7, i % 23);
    warc.Html(fmt::format("{}/{}", host, i), "2026-10-01T00:00:02Z", "x");
    if (i % 5 == 0) {
      warc.Robots(host, "2026-10-01T00:00:01Z",
                  i % 2 == 0 ? "User-agent: *\nDisallow: /\n" : "User-agent: *\nAllow: /\n");
    }
  }
  const auto store = IndexOf(warc);
  const std::string one = ScanAll(*store, 1);
  for (const unsigned jobs : {2U, 8U}) {
    std::size_t ranges = 0;
    EXPECT_EQ(ScanAll(*store, jobs, true, &ranges), one);
    EXPECT_GT(ranges, 4U);
    EXPECT_LE(ranges, jobs * limits::kRangesPerJob);
  }
  EXPECT_GT(CountLines(one, " deny"), 10U);
  EXPECT_EQ(CountLines(ScanAll(*store, 1, false), " deny"), 0U);
}

// Large indexes are cut by the sizes that RocksDB tells, here one that is small.
TEST_F(ScanTest, RangesOfLargeIndexesAreAboutAsLarge) {
  WarcBuilder warc;
  constexpr int kHosts = 12'000;  // of some 370 rows a block, which is what RocksDB tells apart
  for (int i = 0; i < kHosts; ++i) {
    // Most of them close together: borders have to be found inside of one letter.
    const std::string host = i % 10 == 0 ? fmt::format("{}.net", i) : fmt::format("a{}.com", i);
    warc.Html(fmt::format("http://{}/{}", host, i * 7919), "2026-10-01T00:00:02Z",
              fmt::format("<title>{}</title>", i * 104729));
  }
  const auto store = IndexOf(warc);
  constexpr std::size_t kRanges = 5;
  const auto keys = SplitKeys(store->impl(), nullptr, kRanges, 0);
  ASSERT_TRUE(keys) << keys.error().ToString();
  ASSERT_EQ(keys->size(), kRanges - 1);
  std::vector<int> rows(kRanges);
  const auto pages = store->impl().NewIterator(Family::kPages, nullptr);
  for (pages->SeekToFirst(); pages->Valid(); pages->Next()) {
    const auto range = std::upper_bound(keys->begin(), keys->end(), pages->key().ToString());
    ++rows[static_cast<std::size_t>(range - keys->begin())];
  }
  for (const int count : rows) {
    EXPECT_GT(count, kHosts / 7) << ::testing::PrintToString(rows);
    EXPECT_LT(count, kHosts / 4) << ::testing::PrintToString(rows);
  }
}

TEST_F(ScanTest, MoreWorkersThanTheLimitAreNotStarted) {
  WarcBuilder warc;
  for (int i = 0; i < 50; ++i) {
    warc.Html(fmt::format("http://d{}.org/", i), "2026-10-01T00:00:02Z", "x");
  }
  const auto store = IndexOf(warc);
  const std::string one = ScanAll(*store, 1);
  for (const unsigned jobs : {limits::kJobsMax, limits::kJobsMax + 1, 1'000'000U}) {
    EXPECT_EQ(ScanAll(*store, jobs), one);
  }
}

TEST_F(ScanTest, DomainStartsAtItsRegistrableDomain) {
  EXPECT_EQ(DomainStart("uk\3co\3d1\3h2"), "uk\3co\3d1");
  EXPECT_EQ(DomainStart("org\3example"), "org\3example");
  EXPECT_EQ(DomainStart("2600:1f18::150a"), "2600:1f18::150a");
}

// WARC and WET of one capture are one page; two captures in one second are two.
TEST_F(ScanTest, OneCaptureReadTwiceIsOnePage) {
  WarcBuilder warc;
  const std::string date = "2026-10-01T00:00:00Z";
  warc.Html("http://example.org/a", date, "x");
  warc.Html("http://example.org/a", date, "y");
  warc.Record("conversion", "http://example.org/a", date, {{"Content-Type", "text/plain"}}, "x");
  warc.Record("conversion", "http://example.org/b", date, {{"Content-Type", "text/plain"}}, "x");
  const std::string text = ScanAll(*IndexOf(warc), 1);
  EXPECT_EQ(CountLines(text, "page http://example.org/a"), 2U);
  EXPECT_EQ(CountLines(text, "page http://example.org/b"), 1U);
}

TEST_F(ScanTest, RevisitStandsForTheCaptureBeforeIt) {
  WarcBuilder warc;
  warc.Html("http://example.org/a", "2026-10-01T00:00:00Z",
            "<meta name=tdm-reservation content=1>");
  warc.Response("http://example.org/a", "2026-10-03T00:00:00Z", "304 Not Modified", {}, "");
  warc.Robots("http://example.org", "2026-09-01T00:00:00Z", "User-agent: *\nAllow: /\n");
  const auto store = IndexOf(warc);
  EXPECT_THAT(ScanAll(*store, 1), HasSubstr("page http://example.org/a deny\n"
                                            "page http://example.org/a deny\n"));
}

TEST_F(ScanTest, FoldsErrorEndsTheScan) {
  class Broken final : public Fold {
   public:
    Status OnPage(const ScannedPage& /*page*/) override { return Fail(ErrorCode::kIo, "full"); }
    Status OnHostRow(const ScannedHostRow& /*row*/) override { return {}; }
  };
  WarcBuilder warc;
  warc.Html("http://example.org/a", "2026-10-01T00:00:00Z", "x");
  const auto store = IndexOf(warc);
  const auto folds = Scan(*store, {}, [] { return std::make_unique<Broken>(); });
  ASSERT_FALSE(folds);
  EXPECT_EQ(folds.error().message(), "full");
}

}  // namespace
}  // namespace crawlcard::index
