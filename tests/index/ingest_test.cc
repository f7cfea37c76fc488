// Many files into one index: the same rows for any order, number of workers and repetition.
#include "index/ingest/ingest.h"

#include <algorithm>
#include <random>

#include "index/internal/store_impl.h"
#include "index/limits.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

using ::testing::HasSubstr;

class IngestTest : public IndexTest {
 protected:
  // Files with pages, robots.txt (some with shared bodies), annotations and damage.
  std::vector<IngestInput> PutFiles(int count) {
    std::vector<IngestInput> inputs;
    for (int file = 0; file < count; ++file) {
      WarcBuilder warc(file % 3 != 2);
      warc.Info(fmt::format("isPartOf: SET\r\nsoftware: test {}\r\n", file));
      for (int i = 0; i < 12; ++i) {
        const std::string host = fmt::format("http://www.h{}.example{}.org", i % 5, file % 2);
        const std::string date = fmt::format("2026-10-0{}T00:00:{:02}Z", 1 + i % 7, file);
        if (i % 4 == 0) {
          warc.Robots(host, date, fmt::format("User-agent: *\nDisallow: /{}\n", i % 3));
        }
        const std::string url = fmt::format("{}/page/{}", host, i);
        warc.Html(url, date, fmt::format("<title>{}</title><p>text", i));
        warc.Metadata(url, date, "charset-detected: UTF-8\r\n");
      }
      std::string bytes = warc.bytes();
      if (file == 1) bytes.resize(bytes.size() - 20);
      inputs.push_back(Put(fmt::format("f{}.warc", file), bytes));
    }
    return inputs;
  }
};

TEST_F(IngestTest, RowsLandInTheirFamilies) {
  WarcBuilder warc;
  warc.Html("http://example.org/", "2026-10-01T00:00:00Z", "<p>x");
  warc.Robots("http://example.org", "2026-10-01T00:00:00Z", "User-agent: *\nDisallow:\n");
  warc.Html("http://example.org:port/", "2026-10-01T00:00:00Z", "<p>no key");
  const auto store = Open(Path("idx"));
  const IngestSummary summary = IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
  EXPECT_EQ(summary.files_ingested, 1U);
  EXPECT_EQ(summary.counts.captures, 3U);
  const std::string dump = DumpOf(*store);
  EXPECT_EQ(CountLines(dump, R"({"family":"hosts")"), 1U);
  EXPECT_EQ(CountLines(dump, R"({"family":"pages")"), 2U);
  EXPECT_EQ(CountLines(dump, R"({"family":"blobs")"), 1U);
  EXPECT_EQ(CountLines(dump, R"({"family":"files")"), 1U);
  EXPECT_EQ(CountLines(dump, R"("surt":null)"), 1U);
  EXPECT_THAT(dump, HasSubstr(R"("key":"disallow")"));
}

TEST_F(IngestTest, SecondIngestChangesNothing) {
  const std::vector<IngestInput> inputs = PutFiles(4);
  const auto store = Open(Path("idx"));
  const IngestSummary first = IngestAll(*store, inputs);
  EXPECT_EQ(first.files_ingested, 4U);
  EXPECT_EQ(first.files_damaged, 1U);
  const std::string dump = DumpOf(*store);
  const IngestSummary second = IngestAll(*store, inputs);
  EXPECT_EQ(second.files_skipped, 4U);
  EXPECT_EQ(second.files_skipped_damaged, 1U);
  EXPECT_EQ(second.files_ingested, 0U);
  EXPECT_EQ(DumpOf(*store), dump);
}

TEST_F(IngestTest, OrderAndWorkersDoNotMatter) {
  std::vector<IngestInput> inputs = PutFiles(7);
  const auto reference = Open(Path("idx"));
  IngestAll(*reference, inputs);
  const std::string dump = DumpOf(*reference);
  EXPECT_GT(CountLines(dump, R"({"family":"pages")"), 70U);
  std::mt19937 random(1);
  for (const unsigned jobs : {1U, 2U, 8U}) {
    std::shuffle(inputs.begin(), inputs.end(), random);
    const auto store = Open(Path("idx" + std::to_string(jobs)));
    IngestOptions options;
    options.jobs = jobs;
    options.batch_bytes = 2000;
    options.queue_bytes_max = 5000;
    IngestAll(*store, inputs, options);
    EXPECT_EQ(DumpOf(*store), dump) << jobs;
  }
}

TEST_F(IngestTest, DamagedFileMayBeCompleted) {
  WarcBuilder warc;
  warc.Html("http://example.org/1", "2026-10-01T00:00:00Z", "<p>1");
  warc.Html("http://example.org/2", "2026-10-01T00:00:00Z", "<p>2");
  const auto store = Open(Path("idx"));
  const std::string cut = warc.bytes().substr(0, warc.bytes().size() - 5);
  IngestSummary summary = IngestAll(*store, {Put("a.warc.gz", cut)});
  EXPECT_EQ(summary.files_damaged, 1U);
  ASSERT_EQ(summary.first_errors.size(), 1U);
  EXPECT_EQ(summary.first_errors[0].file(), "a.warc.gz");
  EXPECT_FALSE((*store->FindFile("a.warc.gz"))->whole);

  summary = IngestAll(*store, {Put("a.warc.gz", warc.bytes())});
  EXPECT_EQ(summary.files_ingested, 1U);
  EXPECT_TRUE((*store->FindFile("a.warc.gz"))->whole);
  const auto fresh = Open(Path("fresh"));
  IngestAll(*fresh, {Put("a.warc.gz", warc.bytes())});
  EXPECT_EQ(DumpOf(*store), DumpOf(*fresh));
}

TEST_F(IngestTest, AnotherFileUnderAWholeNameIsRefusedOrReplaces) {
  WarcBuilder one;
  one.Html("http://example.org/1", "2026-10-01T00:00:00Z", "<p>1");
  one.Robots("http://example.org", "2026-10-01T00:00:00Z", "User-agent: *\nDisallow: /old\n");
  WarcBuilder two;
  two.Html("http://example.org/2", "2026-10-01T00:00:00Z", "<p>2");
  const auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc.gz", one.bytes())});
  const std::string before = DumpOf(*store);

  const IngestInput other = Put("a.warc.gz", two.bytes());
  IngestSummary summary = IngestAll(*store, {other});
  EXPECT_EQ(summary.files_failed, 1U);
  ASSERT_EQ(summary.first_errors.size(), 1U);
  EXPECT_EQ(summary.first_errors[0].code(), ErrorCode::kConflict);
  EXPECT_THAT(summary.first_errors[0].message(), HasSubstr("--replace"));
  EXPECT_EQ(DumpOf(*store), before);

  IngestOptions options;
  options.replace = true;
  summary = IngestAll(*store, {other}, options);
  EXPECT_EQ(summary.files_ingested, 1U);
  const auto fresh = Open(Path("fresh"));
  IngestAll(*fresh, {other});
  EXPECT_EQ(DumpOf(*store), DumpOf(*fresh));
}

// Same size, other bytes: the digest tells them apart.
TEST_F(IngestTest, SameSizeIsNotTheSameFile) {
  WarcBuilder one(false);
  one.Html("http://example.org/1", "2026-10-01T00:00:00Z", "<p>1");
  WarcBuilder two(false);
  two.Html("http://example.org/2", "2026-10-01T00:00:00Z", "<p>2");
  ASSERT_EQ(one.bytes().size(), two.bytes().size());
  const auto store = Open(Path("idx"));
  IngestAll(*store, {Put("a.warc", one.bytes())});
  EXPECT_EQ(IngestAll(*store, {Put("a.warc", two.bytes())}).files_failed, 1U);
}

TEST_F(IngestTest, WhatIsNoArchiveFailsAndLeavesNoRow) {
  const auto store = Open(Path("idx"));
  const std::string text = "This is a plain text file about nothing.\nIt has lines.\n";
  const std::vector<IngestInput> inputs{
      Put("notes.txt", text), {Path("missing"), "missing"}, Put("empty.warc", "")};
  const IngestSummary summary = IngestAll(*store, inputs);
  EXPECT_EQ(summary.files_failed + summary.files_damaged, 3U);
  EXPECT_EQ(summary.first_errors.size(), 3U);
  const std::string dump = DumpOf(*store);
  EXPECT_EQ(CountLines(dump, "missing"), 0U);
  IngestAll(*store, inputs);
  EXPECT_EQ(DumpOf(*store), dump);
}

TEST_F(IngestTest, OneBadFileDoesNotStopTheOthers) {
  std::vector<IngestInput> inputs = PutFiles(2);
  inputs.insert(inputs.begin(), {Path("missing"), "missing"});
  const auto store = Open(Path("idx"));
  const IngestSummary summary = IngestAll(*store, inputs);
  EXPECT_EQ(summary.files_failed, 1U);
  EXPECT_EQ(summary.files_ingested, 2U);
}

TEST_F(IngestTest, SameNameTwiceIsReadOnce) {
  std::vector<IngestInput> inputs = PutFiles(1);
  inputs.push_back(inputs[0]);
  const auto store = Open(Path("idx"));
  IngestOptions options;
  options.jobs = 4;
  const IngestSummary summary = IngestAll(*store, inputs, options);
  EXPECT_EQ(summary.files_ingested, 1U);
  EXPECT_EQ(summary.files_skipped, 1U);
}

TEST_F(IngestTest, RemovedFileLeavesNoTrace) {
  const std::vector<IngestInput> inputs = PutFiles(4);
  const auto without = Open(Path("without"));
  IngestAll(*without, {inputs[0], inputs[2], inputs[3]});
  const auto store = Open(Path("idx"));
  IngestAll(*store, inputs);
  EXPECT_NE(DumpOf(*store), DumpOf(*without));
  ASSERT_TRUE(store->RemoveFile(inputs[1].name));
  EXPECT_EQ(DumpOf(*store), DumpOf(*without));
  const Status again = store->RemoveFile(inputs[1].name);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), ErrorCode::kNotFound);
  for (const IngestInput& input : {inputs[0], inputs[2], inputs[3]}) {
    ASSERT_TRUE(store->RemoveFile(input.name));
  }
  EXPECT_EQ(DumpOf(*store), "");
}

TEST_F(IngestTest, StopLeavesWorkThatCanBeResumed) {
  const std::vector<IngestInput> inputs = PutFiles(5);
  const auto reference = Open(Path("ref"));
  IngestAll(*reference, inputs);
  const auto store = Open(Path("idx"));
  IngestOptions options;
  options.batch_bytes = 500;
  std::atomic<bool> stop{false};
  options.on_batch = [&stop](std::uint64_t batches) {
    if (batches == 6) stop = true;
  };
  IngestProgress progress;
  const auto stopped = Ingest(*store, inputs, options, {}, progress, stop);
  if (!stopped) {
    EXPECT_EQ(stopped.error().code(), ErrorCode::kCancelled);
  }
  IngestAll(*store, inputs);
  EXPECT_EQ(DumpOf(*store), DumpOf(*reference));
}

TEST_F(IngestTest, OptionsThatChangeFactsHoldForTheWholeIndex) {
  const auto store = Open(Path("idx"));
  IngestAll(*store, {});
  IngestOptions options;
  options.observe.language = LanguageMode::kOff;
  const auto summary = TryIngest(*store, {}, options);
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code(), ErrorCode::kSchema);
}

TEST_F(IngestTest, FileReadByOtherFactCodeIsRefused) {
  const auto store = Open(Path("idx"));
  FileEntry entry;
  entry.name = "a";
  entry.sealed = true;
  entry.fact_version = kFactVersion + 1;
  std::string key;
  std::string value;
  EncodeFileKey(FileId("a"), key);
  EncodeFileEntry(entry, value);
  rocksdb::WriteBatch batch;
  batch.Put(store->impl().partition(0).family(Family::kFiles), key, value);
  ASSERT_TRUE(store->impl().partition(0).Write(batch));
  const auto summary = TryIngest(*store, {});
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code(), ErrorCode::kSchema);
  EXPECT_THAT(summary.error().message(), HasSubstr("build a new index"));
}

TEST_F(IngestTest, SummaryKeepsABoundedNumberOfErrors) {
  std::vector<IngestInput> inputs;
  for (std::size_t i = 0; i < limits::kSummaryErrorsMax + 1; ++i) {
    inputs.push_back({Path("missing"), fmt::format("m{}", i)});
  }
  const auto store = Open(Path("idx"));
  const IngestSummary summary = IngestAll(*store, inputs);
  EXPECT_EQ(summary.files_failed, limits::kSummaryErrorsMax + 1);
  EXPECT_EQ(summary.first_errors.size(), limits::kSummaryErrorsMax);
}

TEST_F(IngestTest, RowsOfUnsealedFilesAreNotSeen) {
  const std::vector<IngestInput> inputs = PutFiles(2);
  const auto store = Open(Path("idx"));
  IngestAll(*store, {inputs[0]});
  const std::string dump = DumpOf(*store);
  IngestAll(*store, {inputs[1]});
  auto entry = **store->FindFile(inputs[1].name);
  entry.sealed = false;
  std::string key;
  std::string value;
  EncodeFileKey(FileId(entry.name), key);
  EncodeFileEntry(entry, value);
  rocksdb::WriteBatch batch;
  batch.Put(store->impl().partition(0).family(Family::kFiles), key, value);
  ASSERT_TRUE(store->impl().partition(0).Write(batch));
  EXPECT_EQ(DumpOf(*store), dump);
}

}  // namespace
}  // namespace crawlcard::index
