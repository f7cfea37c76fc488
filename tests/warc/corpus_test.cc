// Real files: counts checked with an independent reader, offsets with the CDX lines beside them.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "tests/warc/reader_testing.h"
#include "warc/digest.h"

namespace crawlcard::warc {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

const fs::path kCorpora = fs::path(CRAWLCARD_SHARED) / "corpora";

std::string Contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class Corpus : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(kCorpora)) GTEST_SKIP() << "no corpora at " << kCorpora;
  }
};

// Every file is read without a crash, and the same from a file as from memory.
TEST_F(Corpus, EveryFileIsRead) {
  std::size_t files = 0;
  for (const char* folder : {"warc", "pages", "robots"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kCorpora / folder)) {
      if (!entry.is_regular_file()) continue;
      ++files;
      Result<std::unique_ptr<FileSource>> source = FileSource::Open(entry.path().string());
      ASSERT_TRUE(source);
      const ReadOutcome from_file = ReadAll(**source);
      const ReadOutcome from_memory = ReadAll(Contents(entry.path()));
      ASSERT_EQ(from_file.records.size(), from_memory.records.size()) << entry.path();
      ASSERT_EQ(from_file.errors.size(), from_memory.errors.size()) << entry.path();
      for (std::size_t i = 0; i < from_file.records.size(); ++i) {
        EXPECT_TRUE(from_file.records[i].SameContent(from_memory.records[i])) << entry.path();
        EXPECT_EQ(from_file.records[i].extent, from_memory.records[i].extent) << entry.path();
      }
    }
  }
  EXPECT_GE(files, 140U);
}

struct Expected {
  const char* file;
  std::size_t records;
  std::size_t errors;
};

// Counts by a Python reader (gzip, zlib, regular expressions) that shares no code with ours, but
// for the files it refuses: those were counted by hand.
constexpr Expected kExpected[] = {
    {"pages/pages-00000.warc.gz", 1423, 0},
    {"pages/pages-00001.warc.gz", 1423, 0},
    {"pages/pages-00002.warc.gz", 1420, 0},
    {"pages/pages-00003.warc.gz", 1420, 0},
    {"robots/robotstxt-a.warc.gz", 5908, 0},
    {"warc/allenai__dolma/sample-0000.warc.gz", 48, 0},
    {"warc/allenai__dolma/sample-0001.warc.gz", 34, 0},
    {"warc/apache__stormcrawler/test.warc.gz", 42, 0},
    {"warc/apache__stormcrawler/unparsable-date.warc.gz", 3, 0},
    {"warc/chatnoir-eu__chatnoir-resiliparse/block-sized-records.warc", 3, 0},
    {"warc/chatnoir-eu__chatnoir-resiliparse/block-sized-records.warc.gz", 3, 0},
    {"warc/chatnoir-eu__chatnoir-resiliparse/block-sized-records.warc.lz4", 0, 1},
    {"warc/chatnoir-eu__chatnoir-resiliparse/clipped.warc.gz", 0, 1},
    {"warc/chatnoir-eu__chatnoir-resiliparse/warcfile.warc.gz", 50, 0},
    {"warc/commoncrawl__ia-web-commons/IAH-20080430204825-00000-blackbook-truncated.arc", 9, 0},
    {"warc/commoncrawl__ia-web-commons/IAH-urls-wget.warc", 36, 0},
    {"warc/commoncrawl__ia-web-commons/IAH-urls-wget.warc.gz", 36, 0},
    {"warc/commoncrawl__whirlwind-python/whirlwind.warc.gz", 4, 0},
    {"warc/commoncrawl__whirlwind-python/whirlwind.warc", 4, 0},
    {"warc/commoncrawl__whirlwind-python/whirlwind.warc.wat.gz", 2, 0},
    {"warc/commoncrawl__whirlwind-python/whirlwind.warc.wet.gz", 2, 0},
    {"warc/derived/per-record.warc.zst", 16, 0},
    {"warc/derived/per-record-dict.warc.zst", 16, 0},
    {"warc/derived/per-record-zdict.warc.zst", 16, 0},
    {"warc/iipc__jwarc/cc.warc.gz", 1, 0},
    {"warc/iipc__jwarc/gzip_extra_sl.warc.gz", 1, 0},
    {"warc/internetarchive__gowarc/corrupted-mid-record.warc.gz.open", 12, 1},
    {"warc/internetarchive__gowarc/corrupted-trailing-bytes.warc.gz.open", 30, 1},
    {"warc/internetarchive__gowarc/empty.warc.gz.open", 0, 0},
    {"warc/internetarchive__gowarc/good.warc.gz.open", 50, 0},
    {"warc/internetarchive__gowarc/test.warc.gz", 3, 0},
    {"warc/lintool__warcbase/example.arc.gz", 300, 0},
    {"warc/openzim__warc2zim/bad-redirections.warc.gz", 91, 0},
    {"warc/openzim__warc2zim/example-utf8.warc", 8, 0},
    {"warc/openzim__warc2zim/main-entry-403.warc.gz", 27, 0},
    {"warc/toimik__WarcProtocol/incorrect_content_length.warc", 4, 1},
    {"warc/toimik__WarcProtocol/multiline_header_values.warc", 1, 0},
    {"warc/toimik__WarcProtocol/premature_w_trailing_newline.warc", 0, 1},
    {"warc/toimik__WarcProtocol/short_content_block.warc", 0, 1},
    {"warc/webrecorder__pywb/dupes.warc.gz", 25, 0},
    {"warc/webrecorder__pywb/example.warc", 6, 1},
    {"warc/webrecorder__pywb/iana.warc.gz", 343, 0},
    {"warc/webrecorder__pywb/missing-status-text.warc", 1, 0},
    {"warc/webrecorder__pywb/valid_example_1.wacz", 0, 1},
    {"warc/webrecorder__pywb/zipnum-sample.cdx.gz", 0, 1},
    {"warc/webrecorder__warcio/bad.arc", 4, 0},
    {"warc/webrecorder__warcio/example-bad-non-chunked.warc.gz", 6, 0},
    {"warc/webrecorder__warcio/example-trunc.warc", 4, 0},
    {"warc/webrecorder__warcio/example-wrong-chunks.warc.gz", 2, 0},
    {"warc/webrecorder__warcio/example.arc.gz", 2, 0},
    {"warc/webrecorder__warcio/example.warc.gz", 6, 0},
};

TEST_F(Corpus, RecordCounts) {
  for (const Expected& expected : kExpected) {
    const ReadOutcome outcome = ReadAll(Contents(kCorpora / expected.file));
    EXPECT_EQ(outcome.records.size(), expected.records) << expected.file;
    EXPECT_EQ(outcome.errors.size(), expected.errors) << expected.file;
  }
}

TEST_F(Corpus, EveryExtentReadAloneGivesTheRecord) {
  for (const char* name :
       {"warc/commoncrawl__whirlwind-python/whirlwind.warc.gz",
        "warc/commoncrawl__whirlwind-python/whirlwind.warc", "pages/pages-00000.warc.gz",
        "warc/lintool__warcbase/example.arc.gz", "warc/webrecorder__warcio/example.arc"}) {
    const std::string file = Contents(kCorpora / name);
    const ReadOutcome outcome = ReadAll(file);
    ASSERT_FALSE(outcome.records.empty());
    std::uint64_t end = 0;
    for (const OwnedRecord& record : outcome.records) {
      EXPECT_EQ(record.extent.offset, end) << name;
      end += record.extent.length;
      const ReadOutcome alone =
          ReadAll(std::string_view(file).substr(record.extent.offset, record.extent.length));
      ASSERT_EQ(alone.records.size(), 1U);
      EXPECT_THAT(alone.errors, IsEmpty());
      EXPECT_TRUE(alone.records[0].SameContent(record));
    }
    EXPECT_EQ(end, file.size()) << name;
  }
}

// Offset and length of the members of Common Crawl's sample; the plain file holds the same records.
TEST_F(Corpus, WhirlwindExtents) {
  const fs::path folder = kCorpora / "warc/commoncrawl__whirlwind-python";
  const ReadOutcome outcome = ReadAll(Contents(folder / "whirlwind.warc.gz"));
  ASSERT_EQ(outcome.records.size(), 4U);
  const Extent wanted[] = {{0, 516, 0}, {516, 507, 0}, {1023, 17351, 0}, {18374, 483, 0}};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(outcome.records[i].extent, wanted[i]);
  const OwnedRecord& response = outcome.records[2];
  EXPECT_EQ(response.type, RecordType::kResponse);
  EXPECT_EQ(response.Field("WARC-Target-URI"), "https://an.wikipedia.org/wiki/Escopete");
  EXPECT_EQ(CheckDigest(response.Field("WARC-Block-Digest"), response.block), DigestCheck::kMatch);
  const std::size_t body = response.block.find("\r\n\r\n") + 4;
  EXPECT_EQ(CheckDigest(response.Field("WARC-Payload-Digest"),
                        std::string_view(response.block).substr(body)),
            DigestCheck::kMatch);
}

// CDX lines made by other software: " CDX N b a m s k r M S V g", S the length and V the offset.
TEST_F(Corpus, OffsetsAgreeWithCdxFiles) {
  const fs::path folder = kCorpora / "warc/webrecorder__pywb";
  std::size_t lines = 0;
  for (const char* name : {"iana", "example", "dupes"}) {
    std::map<std::uint64_t, std::uint64_t> lengths;
    for (const OwnedRecord& record :
         ReadAll(Contents(folder / (std::string(name) + ".warc.gz"))).records) {
      lengths[record.extent.offset] = record.extent.length;
    }
    std::istringstream cdx(Contents(folder / (std::string(name) + ".cdx")));
    std::string line;
    std::getline(cdx, line);
    while (std::getline(cdx, line)) {
      std::istringstream words(line);
      std::vector<std::string> fields{std::istream_iterator<std::string>(words), {}};
      if (fields.size() != 11 || fields[10] != std::string(name) + ".warc.gz") continue;
      EXPECT_EQ(lengths[std::stoull(fields[9])], std::stoull(fields[8])) << line;
      ++lines;
    }
  }
  EXPECT_GT(lines, 150U);
}

TEST_F(Corpus, ClaimedDigestsOfThePagesMatch) {
  std::size_t checked = 0;
  for (const char* name : {"pages/pages-00000.warc.gz", "robots/robotstxt-a.warc.gz"}) {
    for (const OwnedRecord& record : ReadAll(Contents(kCorpora / name)).records) {
      const std::string claim = record.Field("WARC-Block-Digest");
      if (claim.empty()) continue;
      EXPECT_EQ(CheckDigest(claim, record.block), DigestCheck::kMatch);
      ++checked;
    }
  }
  EXPECT_GT(checked, 5000U);
}

TEST_F(Corpus, ZstdFormsHoldTheSameRecords) {
  const fs::path folder = kCorpora / "warc/derived";
  const ReadOutcome plain = ReadAll(Contents(folder / "per-record.warc.zst"));
  for (const char* name : {"per-record-dict.warc.zst", "per-record-zdict.warc.zst"}) {
    const ReadOutcome other = ReadAll(Contents(folder / name));
    ASSERT_EQ(other.records.size(), plain.records.size());
    for (std::size_t i = 0; i < plain.records.size(); ++i) {
      EXPECT_TRUE(other.records[i].SameContent(plain.records[i])) << name << " " << i;
    }
  }
}

// A frame made with a dictionary means nothing without the head of its file, and says so.
TEST_F(Corpus, ZstdFrameWithoutItsDictionary) {
  const std::string file = Contents(kCorpora / "warc/derived/per-record-zdict.warc.zst");
  const Extent extent = ReadAll(file).records[1].extent;
  const ReadOutcome alone = ReadAll(std::string_view(file).substr(extent.offset, extent.length));
  EXPECT_TRUE(alone.records.empty());
  ASSERT_EQ(alone.errors.size(), 1U);
  EXPECT_EQ(alone.errors[0].code(), ErrorCode::kUnsupported);
  EXPECT_THAT(alone.errors[0].message(), testing::HasSubstr("dictionary"));
}

}  // namespace
}  // namespace crawlcard::warc
