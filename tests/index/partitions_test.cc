// An index reads the same whatever the number of its partitions.
#include <set>

#include "index/internal/merged_rows.h"
#include "index/internal/ranges.h"
#include "index/internal/store_impl.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

namespace fs = std::filesystem;

class PartitionsTest : public IndexTest {
 protected:
  // Sites with several hosts, pages, and a robots.txt that many of them serve alike.
  std::vector<IngestInput> PutFiles() const {
    std::vector<IngestInput> inputs;
    for (int file = 0; file < 3; ++file) {
      WarcBuilder warc;
      for (int i = 0; i < 40; ++i) {
        for (const char* label : {"www", "blog"}) {
          const std::string host = fmt::format("http://{}.site{}.example{}.co.uk", label, i, i % 7);
          warc.Robots(host, fmt::format("2026-10-0{}T00:00:00Z", file + 1),
                      fmt::format("User-agent: *\nDisallow: /{}\n", i % 3));
          warc.Html(fmt::format("{}/{}", host, file), "2026-10-05T00:00:01Z", "<p>text");
        }
      }
      warc.Html("http://[2001:db8::1]:8080/a", "2026-10-05T00:00:01Z", "<p>text");
      warc.Html("http://localhost/a", "2026-10-05T00:00:01Z", "<p>text");
      inputs.push_back(Put(fmt::format("f{}.warc.gz", file), warc.bytes()));
    }
    return inputs;
  }

  std::unique_ptr<Store> Build(const std::string& name, unsigned partitions,
                               const std::vector<IngestInput>& inputs, unsigned jobs = 1) const {
    auto store = Store::Open(Path(name), OpenMode::kCreate, {.partitions = partitions});
    EXPECT_TRUE(store) << store.error().ToString();
    IngestOptions options;
    options.jobs = jobs;
    options.batch_bytes = 4000;
    IngestAll(**store, inputs, options);
    return std::move(*store);
  }
};

TEST_F(PartitionsTest, DumpIsTheSameForAnyNumberAndAnyJobs) {
  const std::vector<IngestInput> inputs = PutFiles();
  const std::string dump = DumpOf(*Build("one", 1, inputs));
  EXPECT_GT(CountLines(dump, R"("family":"hosts")"), 200U);
  for (const unsigned partitions : {3U, 16U}) {
    for (const unsigned jobs : {1U, 2U, 8U}) {
      const auto store = Build(fmt::format("p{}j{}", partitions, jobs), partitions, inputs, jobs);
      EXPECT_EQ(store->partitions(), partitions);
      EXPECT_EQ(DumpOf(*store), dump) << partitions << " partitions, " << jobs << " jobs";
    }
  }
}

// All that is known of a site is in one partition, and no partition has everything.
TEST_F(PartitionsTest, SitesStayTogether) {
  const auto store = Build("idx", 3, PutFiles());
  const Store::Impl& impl = store->impl();
  std::set<std::size_t> used;
  for (std::size_t i = 0; i < impl.partition_count(); ++i) {
    for (const Family family : {Family::kPages, Family::kHosts}) {
      const auto rows = impl.partition(i).NewIterator(family, nullptr, false);
      for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
        EXPECT_EQ(impl.PartitionOfKey(ToView(rows->key())), i);
        used.insert(i);
        const std::string_view key = ToView(rows->key());
        const std::string_view group = GroupOfStored(key.substr(0, key.find('\0')));
        EXPECT_EQ(impl.PartitionOfGroup(DomainStart(group)), i);
      }
    }
  }
  EXPECT_EQ(used.size(), 3U);
}

TEST_F(PartitionsTest, LookupsAndScansFindWhatOnePartitionHas) {
  const std::vector<IngestInput> inputs = PutFiles();
  const auto one = Build("one", 1, inputs);
  const auto many = Build("many", 16, inputs);
  for (const char* url : {"http://www.site3.example3.co.uk/1", "http://blog.site39.example4.co.uk/",
                          "site5.example5.co.uk", "http://[2001:db8::1]:8080/a"}) {
    const auto expected = CheckUrl(*one, url, {});
    const auto got = CheckUrl(*many, url, {});
    ASSERT_TRUE(expected);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->verdict.decision, expected->verdict.decision) << url;
    EXPECT_EQ(got->capture.has_value(), expected->capture.has_value()) << url;
    std::size_t rows = 0;
    std::size_t rows_expected = 0;
    EXPECT_TRUE(ShowTimeline(*one, url, {}, [&](const CaptureView&) -> Status {
      ++rows_expected;
      return {};
    }));
    EXPECT_TRUE(ShowTimeline(*many, url, {}, [&](const CaptureView&) -> Status {
      ++rows;
      return {};
    }));
    EXPECT_EQ(rows, rows_expected) << url;
  }
}

TEST_F(PartitionsTest, RemovedFileLeavesNothing) {
  const std::vector<IngestInput> inputs = PutFiles();
  const auto part = Build("part", 1, {inputs[0], inputs[2]});
  const auto many = Build("many", 16, inputs);
  ASSERT_TRUE(many->RemoveFile(inputs[1].name));
  EXPECT_EQ(DumpOf(*many), DumpOf(*part));
  const auto entry = many->FindFile(inputs[1].name);
  ASSERT_TRUE(entry);
  EXPECT_FALSE(*entry);
}

TEST_F(PartitionsTest, NumberIsFixedWhenTheIndexIsMade) {
  Build("idx", 3, {});
  const auto other = Store::Open(Path("idx"), OpenMode::kCreate, {.partitions = 4});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code(), ErrorCode::kSchema);
  EXPECT_THAT(other.error().message(), ::testing::HasSubstr("made with 3 partitions, not 4"));
  EXPECT_EQ(Open(Path("idx"))->partitions(), 3U);
  EXPECT_EQ(Open(Path("idx"), OpenMode::kRead)->partitions(), 3U);

  for (const unsigned partitions : {limits::kPartitionsMax - 1, limits::kPartitionsMax + 1}) {
    const auto store = Store::Open(Path(fmt::format("p{}", partitions)), OpenMode::kCreate,
                                   {.partitions = partitions});
    EXPECT_EQ(store.has_value(), partitions <= limits::kPartitionsMax);
  }
}

TEST_F(PartitionsTest, MissingPartitionIsNamed) {
  Build("idx", 3, {});
  fs::remove_all(Path("idx/p00001"));
  const auto store = Store::Open(Path("idx"), OpenMode::kRead);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code(), ErrorCode::kCorrupt);
  EXPECT_THAT(store.error().message(), ::testing::HasSubstr("p00001"));
}

// A crash may come between the seals of two partitions.
TEST_F(PartitionsTest, FileThatOnePartitionHasNotSealedIsPassedOver) {
  const std::vector<IngestInput> inputs = PutFiles();
  const auto store = Build("idx", 3, inputs);
  const std::string whole = DumpOf(*store);
  const std::string without = DumpOf(*Build("without", 1, {inputs[0], inputs[1]}));
  Store::Impl& impl = store->impl();
  std::string key;
  std::string value;
  EncodeFileKey(FileId(inputs[2].name), key);

  ASSERT_TRUE(impl.partition(1).Get(Family::kFiles, key, value));
  auto entry = DecodeFileEntry(value);
  ASSERT_TRUE(entry);
  entry->content_xxh3 = std::string(32, '0');  // sealed, but with other bytes
  for (const bool sealed : {false, true}) {
    entry->sealed = sealed;
    EncodeFileEntry(*entry, value);
    rocksdb::WriteBatch batch;
    batch.Put(impl.partition(1).family(Family::kFiles), key, value);
    ASSERT_TRUE(impl.partition(1).Write(batch));
    EXPECT_EQ(DumpOf(*store), without);
  }
  rocksdb::WriteBatch batch;
  batch.Delete(impl.partition(1).family(Family::kFiles), key);
  ASSERT_TRUE(impl.partition(1).Write(batch));
  EXPECT_EQ(DumpOf(*store), without);

  IngestAll(*store, inputs);
  EXPECT_EQ(DumpOf(*store), whole);
}

TEST_F(PartitionsTest, MergedRowsShowEqualKeysOnce) {
  const auto store = Build("idx", 3, PutFiles());
  std::set<std::string> digests;
  std::size_t in_all = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto rows = store->impl().partition(i).NewIterator(Family::kBlobs, nullptr, false);
    for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
      digests.insert(rows->key().ToString());
      ++in_all;
    }
  }
  EXPECT_EQ(digests.size(), 3U);
  EXPECT_EQ(in_all, 9U);
  std::vector<std::string> shown;
  const auto rows = store->impl().NewIterator(Family::kBlobs, nullptr);
  for (rows->SeekToFirst(); rows->Valid(); rows->Next()) shown.push_back(rows->key().ToString());
  EXPECT_EQ(shown, std::vector<std::string>(digests.begin(), digests.end()));
  rows->Seek(shown[1]);
  EXPECT_EQ(rows->key(), rocksdb::Slice(shown[1]));
}

}  // namespace
}  // namespace crawlcard::index
