// A bulk build gives the index that the ordinary way gives.
#include <algorithm>
#include <random>

#include "index/ingest/estimate.h"
#include "index/internal/bulk_writer.h"
#include "index/internal/sorted_runs.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

namespace fs = std::filesystem;

class BulkTest : public IndexTest {
 protected:
  std::vector<IngestInput> PutFiles(int files = 4) const {
    std::vector<IngestInput> inputs;
    for (int file = 0; file < files; ++file) {
      WarcBuilder warc;
      for (int i = 0; i < 60; ++i) {
        const std::string host = fmt::format("http://www.site{}.example", i * 7 % 60);
        warc.Robots(host, fmt::format("2026-10-0{}T00:00:00Z", file + 1),
                    fmt::format("User-agent: *\nDisallow: /{}\n", i % 5));
        warc.Html(fmt::format("{}/{}", host, file), "2026-10-05T00:00:01Z", "<p>text");
      }
      inputs.push_back(Put(fmt::format("f{}.warc.gz", file), warc.bytes()));
    }
    return inputs;
  }

  int made_ = 0;

  std::unique_ptr<Store> OpenWith(const std::string& name, unsigned partitions) const {
    auto store = Store::Open(Path(name), OpenMode::kCreate, {.partitions = partitions});
    EXPECT_TRUE(store) << store.error().ToString();
    return store ? std::move(*store) : nullptr;
  }

  static IngestOptions Bulk(unsigned jobs = 2) {
    IngestOptions options;
    options.jobs = jobs;
    options.bulk = BulkMode::kAlways;
    return options;
  }
};

TEST_F(BulkTest, DumpIsThatOfTheOrdinaryWay) {
  const std::vector<IngestInput> inputs = PutFiles();
  const auto reference = Open(Path("reference"));
  IngestAll(*reference, inputs);
  const std::string dump = DumpOf(*reference);
  ASSERT_GT(CountLines(dump, R"("family":"blobs")"), 4U);
  for (const unsigned partitions : {1U, 3U, 16U}) {
    for (const unsigned jobs : {1U, 2U, 8U}) {
      const std::string name = fmt::format("p{}j{}", partitions, jobs);
      const auto store = OpenWith(name, partitions);
      const IngestSummary summary = IngestAll(*store, inputs, Bulk(jobs));
      EXPECT_EQ(summary.files_ingested, inputs.size());
      EXPECT_EQ(DumpOf(*store), dump) << name;
      EXPECT_FALSE(fs::exists(Path(name + "/tmp")));
      const IngestSummary again = IngestAll(*store, inputs, Bulk(jobs));
      EXPECT_EQ(again.files_skipped, inputs.size());
      EXPECT_EQ(DumpOf(*store), dump) << name;
    }
  }
}

TEST_F(BulkTest, AddsToWhatIsThere) {
  const std::vector<IngestInput> inputs = PutFiles();
  const auto reference = Open(Path("reference"));
  IngestAll(*reference, inputs);
  const auto store = OpenWith("idx", 3);
  IngestAll(*store, {inputs[0]});
  IngestAll(*store, {inputs[1], inputs[0]}, Bulk());
  IngestAll(*store, {inputs[2]});
  IngestOptions portions = Bulk();
  portions.bulk_portion_bytes = 1;  // one file a portion
  IngestAll(*store, inputs, portions);
  EXPECT_EQ(DumpOf(*store), DumpOf(*reference));
  ASSERT_TRUE(store->RemoveFile(inputs[3].name));
  ASSERT_TRUE(reference->RemoveFile(inputs[3].name));
  EXPECT_EQ(DumpOf(*store), DumpOf(*reference));
}

TEST_F(BulkTest, SizeOfTheInputChoosesTheWay) {
  const std::vector<IngestInput> inputs = PutFiles(1);
  const auto uses_runs = [&](const IngestOptions& options) {
    bool seen = false;
    IngestOptions watched = options;
    const std::string directory = Path(fmt::format("idx{}", ++made_));
    watched.on_batch = [&](std::uint64_t) { seen = seen || fs::exists(directory + "/tmp"); };
    IngestAll(*Open(directory), inputs, watched);
    return seen;
  };
  IngestOptions options;
  EXPECT_FALSE(uses_runs(options));
  options.bulk = BulkMode::kAlways;
  EXPECT_TRUE(uses_runs(options));
  options.bulk = BulkMode::kNever;
  EXPECT_FALSE(uses_runs(options));
  EXPECT_GT(limits::kBulkPortionBytes, limits::kBulkBytes);
}

TEST_F(BulkTest, EstimateKnowsKindsOfFilesAndPortions) {
  Put("a.warc.gz", "");
  std::filesystem::resize_file(Path("a.warc.gz"), limits::kBulkBytes);  // a hole
  const std::string path = Path("a.warc.gz");
  IngestOptions options;
  const IngestEstimate warc = EstimateIngest({{path, "x/warc/a.warc.gz"}}, options);
  const IngestEstimate wat = EstimateIngest({{path, "x/wat/a.warc.wat.gz"}}, options);
  const IngestEstimate robots = EstimateIngest({{path, "x/robotstxt/a.warc.gz"}}, options);
  EXPECT_EQ(warc.bytes_in, limits::kBulkBytes);
  EXPECT_TRUE(warc.is_bulk);
  EXPECT_LT(warc.index_bytes, wat.index_bytes);
  EXPECT_LT(wat.index_bytes, robots.index_bytes);
  EXPECT_GT(warc.temporary_bytes, warc.index_bytes);
  options.bulk_portion_bytes = limits::kBulkBytes / 2;
  options.jobs = 2;
  const IngestEstimate halves = EstimateIngest({{path, "a.warc.gz"}}, options);
  EXPECT_EQ(halves.temporary_bytes, warc.temporary_bytes / 2);
  EXPECT_LT(halves.seconds, warc.seconds);
  EXPECT_EQ(KnownBytes({"-", "stdin"}), 0U);
  options.bulk = BulkMode::kNever;
  EXPECT_EQ(EstimateIngest({{path, "a.warc.gz"}}, options).temporary_bytes, 0U);
  std::filesystem::resize_file(path, limits::kBulkBytes - 1);
  options.bulk = BulkMode::kAuto;
  EXPECT_FALSE(IsBulk({{path, "a.warc.gz"}}, options));
}

TEST_F(BulkTest, FileThatFailsLeavesNoRows) {
  std::vector<IngestInput> inputs = PutFiles();
  const auto reference = Open(Path("reference"));
  IngestAll(*reference, {inputs[0], inputs[1], inputs[2]});
  // The transfer of the last one breaks off after its first records were read.
  struct Broken final : ByteFeed {
    explicit Broken(std::string text) : bytes(std::move(text)) {}
    Result<std::size_t> Read(char* to, std::size_t room) override {
      if (at == bytes.size()) return Fail(ErrorCode::kIo, "connection reset");
      const std::size_t count = std::min(room, bytes.size() - at);
      std::copy_n(bytes.data() + at, count, to);
      at += count;
      return count;
    }
    std::string bytes;
    std::size_t at = 0;
  };
  std::ifstream in(inputs[3].path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  inputs[3].open = [&]() -> Result<std::unique_ptr<FileSource>> {
    return FileSource::Over(std::make_unique<Broken>(bytes.substr(0, bytes.size() / 2)), "broken");
  };
  const auto store = OpenWith("idx", 3);
  const IngestSummary summary = IngestAll(*store, inputs, Bulk(1));
  EXPECT_EQ(summary.files_failed, 1U);
  EXPECT_EQ(DumpOf(*store), DumpOf(*reference));
}

TEST_F(BulkTest, ReplacedFileAndTwiceTheSameName) {
  const std::vector<IngestInput> inputs = PutFiles(2);
  const IngestInput renamed{inputs[1].path, inputs[0].name};
  const auto reference = Open(Path("reference"));
  IngestAll(*reference, {renamed});
  const auto store = OpenWith("idx", 3);
  IngestOptions options = Bulk();
  options.replace = true;
  IngestAll(*store, {inputs[0], renamed}, options);
  EXPECT_EQ(DumpOf(*store), DumpOf(*reference));
}

// --- the sort -----------------------------------------------------------------------------------

struct SortedCase {
  const char* name;
  std::size_t memory;
  bool spills;
};

TEST_F(BulkTest, SortedRunsGiveAllRowsInOrder) {
  std::mt19937 random(7);
  std::vector<std::tuple<std::size_t, int, std::string, std::uint64_t, std::string>> rows;
  for (int i = 0; i < 20'000; ++i) {
    // Short alphabets and lengths: keys that are the beginning of others, and equal ones.
    std::string key;
    for (std::size_t n = random() % 6; n > 0; --n) key.push_back("\x00\x01\xFFz"[random() % 4]);
    rows.emplace_back(random() % 3, static_cast<int>(random() % 3), key,
                      random() % 2 == 0 ? random() : ~std::uint64_t{0}, std::to_string(i % 50));
  }
  auto sorted = rows;
  std::sort(sorted.begin(), sorted.end());
  for (const SortedCase& use :
       {SortedCase{"in memory", 64 << 20, false}, SortedCase{"spilled", 64 << 10, true},
        SortedCase{"merged runs", 4 << 10, true}}) {
    SortedRuns runs(Path(use.name), use.memory, 2, 3);
    for (std::size_t at = 0; at < rows.size(); at += 10) {
      ASSERT_TRUE(runs.Add([&](SortedRuns::Buffer& buffer) {
        for (std::size_t i = at; i < at + 10; ++i) {
          const auto& [partition, family, key, file, value] = rows[i];
          buffer.Put(partition, {static_cast<Family>(family), key, file, value});
        }
      }));
    }
    EXPECT_EQ(runs.spills() > 0, use.spills) << use.name;
    ASSERT_TRUE(runs.Seal());
    EXPECT_EQ(runs.rows(), rows.size());
    decltype(rows) got;
    for (std::size_t partition = 0; partition < 3; ++partition) {
      ASSERT_TRUE(runs.ForEach(partition, [&](const SortedRuns::Row& row) -> Status {
        got.emplace_back(partition, static_cast<int>(row.family), row.key, row.file_id, row.value);
        return {};
      }));
    }
    EXPECT_TRUE(std::is_sorted(got.begin(), got.end(), [](const auto& a, const auto& b) {
      return std::tie(std::get<0>(a), std::get<1>(a), std::get<2>(a), std::get<3>(a)) <
             std::tie(std::get<0>(b), std::get<1>(b), std::get<2>(b), std::get<3>(b));
    })) << use.name;
    std::sort(got.begin(), got.end());  // values of equal rows come in any order
    EXPECT_TRUE(got == sorted) << use.name;
    const std::size_t files =
        use.spills
            ? static_cast<std::size_t>(std::distance(fs::directory_iterator(Path(use.name)), {}))
            : 0;
    EXPECT_LT(files, 130U) << use.name;  // two levels of 64 at most
  }
}

TEST_F(BulkTest, RowsBeyondTheMemoryAreSpilled) {
  const std::vector<IngestInput> inputs = PutFiles();
  const auto reference = Open(Path("reference"));
  IngestAll(*reference, inputs);
  const auto store = OpenWith("idx", 3);
  Store::Impl& impl = store->impl();
  // What the first ingest wrote, once more through a writer with very little memory.
  BulkWriter writer(impl, 2, 8 << 10, {});
  const Store::Impl& from = reference->impl();
  ASSERT_TRUE(from.ForEachFile([&](std::uint64_t id, FileEntry&& entry) -> Status {
    for (std::size_t partition = 0; partition < 3; ++partition) {
      for (const Family family : {Family::kPages, Family::kHosts, Family::kBlobs}) {
        const auto rows = from.NewIterator(family, nullptr);
        for (rows->SeekToFirst(); rows->Valid(); rows->Next()) {
          PageKeyView page;
          HostKeyView host;
          const std::string_view key = ToView(rows->key());
          if (family == Family::kPages && (!DecodePageKey(key, page) || page.place.file_id != id)) {
            continue;
          }
          if (family == Family::kHosts && (!DecodeHostKey(key, host) || host.place.file_id != id)) {
            continue;
          }
          if (family != Family::kBlobs && impl.PartitionOfKey(key) != partition) continue;
          auto batch = writer.NewBatch();
          batch->Put(impl.partition(partition).family(family), rows->key(), rows->value());
          EXPECT_TRUE(writer.Push(partition, id, std::move(batch)));
        }
      }
      std::string key;
      std::string value;
      EncodeFileKey(id, key);
      EncodeFileEntry(entry, value);
      auto batch = writer.NewBatch();
      batch->Put(impl.partition(partition).family(Family::kFiles), key, value);
      EXPECT_TRUE(writer.Push(partition, id, std::move(batch)));
    }
    return {};
  }));
  EXPECT_GT(writer.spills(), 3U);
  ASSERT_TRUE(writer.Finish());
  EXPECT_EQ(DumpOf(*store), DumpOf(*reference));
}

}  // namespace
}  // namespace crawlcard::index
