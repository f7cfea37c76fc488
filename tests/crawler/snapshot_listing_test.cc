#include <gtest/gtest.h>

#include "base/codec.h"
#include "crawler/snapshot/limits.h"
#include "crawler/snapshot/listing.h"
#include "crawler/snapshot/mirror.h"

namespace crawlcard::crawler {
namespace {

TEST(Listing, NamesOfSubsetsAndListings) {
  for (const char* name : {"robotstxt", "warc", "wat", "non200"}) {
    EXPECT_EQ(SubsetName(ParseSubset(name).value()), name);
  }
  EXPECT_FALSE(ParseSubset("wet"));
  EXPECT_EQ(ListingPath("CC-MAIN-2026-40", Subset::kRobotstxt),
            "crawl-data/CC-MAIN-2026-40/robotstxt.paths.gz");
  // specs/common_crawl.md section 2: listing and directory have different names.
  EXPECT_EQ(ListingPath("CC-MAIN-2026-40", Subset::kNon200),
            "crawl-data/CC-MAIN-2026-40/non200responses.paths.gz");
}

TEST(Listing, LinesInOrderWithoutRepeats) {
  const auto listing = ParseListing(GzipMember("a/b.gz\nc.gz\r\n\n a/b.gz\n", 6));
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->paths, (std::vector<std::string>{"a/b.gz", "c.gz"}));
  EXPECT_EQ(listing->refused, 0U);
  EXPECT_EQ(ParseListing("plain.gz")->paths.size(), 1U);
  EXPECT_TRUE(ParseListing("")->paths.empty());
}

TEST(Listing, PathsThatLeaveTheMirrorAreRefused) {
  const auto listing = ParseListing(
      "../etc/passwd\n/etc/passwd\na//b\na/./b\na/../b\nhttp://other/\na?b\na b\na%2e\nok/x.gz\n");
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->paths, std::vector<std::string>{"ok/x.gz"});
  EXPECT_EQ(listing->refused, 9U);
  EXPECT_TRUE(IsSafePath(std::string(limits::kListingPathBytesMax, 'a')));
  EXPECT_FALSE(IsSafePath(std::string(limits::kListingPathBytesMax + 1, 'a')));
}

TEST(Listing, CutOrEndlessListingsAreErrors) {
  std::string member = GzipMember("a/b.gz\n", 6);
  member.resize(member.size() - 4);
  EXPECT_EQ(ParseListing(member).error().code(), ErrorCode::kTruncated);
  // A bomb: limits::kListingTextBytesMax and one byte more, in half a megabyte.
  const std::string bomb = GzipMember(std::string(limits::kListingTextBytesMax + 1, '\n'), 1);
  EXPECT_LT(bomb.size(), limits::kListingBytesMax);
  EXPECT_EQ(ParseListing(bomb).error().code(), ErrorCode::kTooLarge);
}

TEST(Listing, NoMorePathsThanTheLimit) {
  std::string text;
  for (std::size_t i = 0; i <= limits::kListingPathsMax; ++i) {
    text += std::to_string(i) + "\n";
    if (i + 1 == limits::kListingPathsMax) {
      EXPECT_TRUE(ParseListing(text));
    }
  }
  EXPECT_EQ(ParseListing(text).error().code(), ErrorCode::kTooLarge);
}

TEST(Collinfo, IdsInOrderAndTheRestPassedOver) {
  const auto ids = ParseCollinfo(
      R"([{"id":"CC-MAIN-2026-40","name":"x"},{"id":"../x"},{"name":"y"},7,{"id":"CC-NEWS"}])");
  ASSERT_TRUE(ids);
  EXPECT_EQ(*ids, (std::vector<std::string>{"CC-MAIN-2026-40", "CC-NEWS"}));
  EXPECT_EQ(ParseCollinfo("{}").error().code(), ErrorCode::kCorrupt);
  EXPECT_EQ(ParseCollinfo(std::string(limits::kCollinfoBytesMax + 1, ' ')).error().code(),
            ErrorCode::kTooLarge);
}

TEST(Mirror, ServerOrDirectory) {
  const auto server = Mirror::Parse("http://127.0.0.1:8080/cc");
  ASSERT_TRUE(server);
  EXPECT_FALSE(server->is_local());
  EXPECT_EQ(server->At("a/b"), "http://127.0.0.1:8080/cc/a/b");
  EXPECT_EQ(server->Collinfo(), "http://127.0.0.1:8080/cc/collinfo.json");
  EXPECT_EQ(Mirror::Parse(kCommonCrawlMirror)->Collinfo(),
            "https://index.commoncrawl.org/collinfo.json");
  const auto local = Mirror::Parse("file:///data/cc/");
  ASSERT_TRUE(local);
  EXPECT_TRUE(local->is_local());
  EXPECT_EQ(local->At("a/b"), "/data/cc/a/b");
  for (const char* bad : {"", "ftp://a/", "file://host/x", "file:///a%20b", "http://a/?q",
                          "http://u:p@a/", "/data"}) {
    EXPECT_FALSE(Mirror::Parse(bad)) << bad;
  }
}

TEST(CrawlId, IsOpaqueButStaysInItsPlace) {
  EXPECT_TRUE(CheckCrawlId("CC-NEWS/2026/10"));
  for (const char* bad : {"", "..", "a/../b", "a b", "/a"}) EXPECT_FALSE(CheckCrawlId(bad)) << bad;
}

}  // namespace
}  // namespace crawlcard::crawler
