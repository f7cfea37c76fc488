// A merge is a union: in any order, of any partitions, once or twice.
#include "index/merge.h"

#include <algorithm>

#include "index/internal/store_impl.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

class MergeTest : public IndexTest {
 protected:
  void SetUp() override {
    IndexTest::SetUp();
    for (int file = 0; file < 4; ++file) {
      WarcBuilder warc;
      for (int i = 0; i < 30; ++i) {
        const std::string host = fmt::format("http://www.site{}.example", i);
        warc.Robots(host, fmt::format("2026-10-0{}T00:00:00Z", file + 1),
                    fmt::format("User-agent: *\nDisallow: /{}\n", (i + file) % 9));
        warc.Html(fmt::format("{}/{}", host, file), "2026-10-05T00:00:01Z", "<p>text");
      }
      inputs_.push_back(Put(fmt::format("f{}.warc.gz", file), warc.bytes()));
    }
  }

  std::string Build(const std::string& name, unsigned partitions,
                    const std::vector<IngestInput>& inputs, UnixSeconds now = 100) const {
    auto store = Store::Open(Path(name), OpenMode::kCreate, {.partitions = partitions});
    EXPECT_TRUE(store);
    IngestOptions options;
    options.now = now;
    IngestAll(**store, inputs, options);
    return Path(name);
  }

  static Result<MergeSummary> TryMerge(Store& into, const std::vector<std::string>& directories,
                                       unsigned jobs = 2) {
    std::vector<std::unique_ptr<Store>> sources;
    for (const std::string& directory : directories) {
      auto source = Store::Open(directory, OpenMode::kRead, {.shares_with = &into});
      if (!source) return tl::unexpected(std::move(source.error()));
      sources.push_back(std::move(*source));
    }
    MergeOptions options;
    options.jobs = jobs;
    const std::atomic<bool> stop{false};
    return Merge(into, sources, options, stop);
  }

  std::unique_ptr<Store> Target(const std::string& name, unsigned partitions) const {
    auto store = Store::Open(Path(name), OpenMode::kCreate, {.partitions = partitions});
    EXPECT_TRUE(store);
    return std::move(*store);
  }

  std::vector<IngestInput> inputs_;
};

TEST_F(MergeTest, UnionInAnyOrderOfAnyPartitions) {
  const std::string dump = DumpOf(*Open(Build("reference", 1, inputs_)));
  std::vector<std::string> sources{Build("a", 1, {inputs_[0], inputs_[1]}),
                                   Build("b", 3, {inputs_[1], inputs_[2]}),
                                   Build("c", 16, {inputs_[3]}), Build("d", 1, {})};
  for (const unsigned partitions : {1U, 3U, 16U}) {
    for (const bool reversed : {false, true}) {
      const std::string name = fmt::format("p{}r{}", partitions, reversed);
      if (reversed) std::reverse(sources.begin(), sources.end());
      const auto into = Target(name, partitions);
      const auto summary = TryMerge(*into, sources);
      ASSERT_TRUE(summary) << summary.error().ToString();
      EXPECT_EQ(summary->files_merged, 4U);
      EXPECT_EQ(summary->rows, 4U * 60U);
      EXPECT_EQ(DumpOf(*into), dump) << name;
      EXPECT_FALSE(std::filesystem::exists(Path(name + "/tmp")));

      const auto again = TryMerge(*into, sources);
      ASSERT_TRUE(again);
      EXPECT_EQ(again->files_merged, 0U);
      EXPECT_EQ(again->files_known, 4U);
      EXPECT_EQ(again->rows, 0U);
      EXPECT_EQ(DumpOf(*into), dump) << name;
    }
  }
}

// Bodies end up beside every row that names them, so that a removal takes none too many.
TEST_F(MergeTest, EqualSplitsAndRemovalAfterwards) {
  const std::vector<std::string> sources{Build("a", 3, {inputs_[0], inputs_[1]}),
                                         Build("b", 3, {inputs_[2], inputs_[3]})};
  for (const unsigned partitions : {3U, 5U}) {
    const auto into = Target(fmt::format("into{}", partitions), partitions);
    ASSERT_TRUE(TryMerge(*into, sources));
    ASSERT_TRUE(into->RemoveFile(inputs_[1].name));
    ASSERT_TRUE(into->RemoveFile(inputs_[2].name));
    const auto reference =
        Open(Build(fmt::format("ref{}", partitions), 1, {inputs_[0], inputs_[3]}));
    EXPECT_EQ(DumpOf(*into), DumpOf(*reference));
  }
}

TEST_F(MergeTest, EarliestSealIsKept) {
  const std::vector<std::string> sources{Build("a", 1, {inputs_[0]}, 300),
                                         Build("b", 3, {inputs_[0]}, 200)};
  const auto into = Open(Build("into", 1, {inputs_[0]}, 400));
  ASSERT_TRUE(TryMerge(*into, sources));
  const auto entry = into->FindFile(inputs_[0].name);
  ASSERT_TRUE(entry && *entry);
  EXPECT_EQ((*entry)->sealed_at, 200);
  const auto fresh = Target("fresh", 3);
  ASSERT_TRUE(TryMerge(*fresh, sources));
  EXPECT_EQ((*fresh->FindFile(inputs_[0].name))->sealed_at, 200);
}

TEST_F(MergeTest, DifferentFilesOfOneNameAreRefusedWithBothNamed) {
  WarcBuilder other;
  other.Html("http://other.example/", "2026-10-01T00:00:00Z", "<p>other");
  const std::string a = Build("a", 1, {inputs_[0]});
  const IngestInput changed = Put("changed", other.bytes());
  const std::string b = Build("b", 1, {{changed.path, inputs_[0].name}, inputs_[1]});
  const auto into = Target("into", 1);
  const auto merged = TryMerge(*into, {a, b});
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error().code(), ErrorCode::kConflict);
  for (const std::string& part : {a, b, inputs_[0].name, std::string("index remove")}) {
    EXPECT_THAT(merged.error().message(), ::testing::HasSubstr(part));
  }
  EXPECT_EQ(DumpOf(*into), "");
}

TEST_F(MergeTest, OtherOptionsAreRefused) {
  const std::string a = Build("a", 1, {inputs_[0]});
  {
    IngestOptions options;
    options.observe.language = LanguageMode::kOff;
    IngestAll(*Open(Path("b")), {inputs_[1]}, options);
  }
  const auto into = Target("into", 1);
  const auto merged = TryMerge(*into, {a, Path("b")});
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error().code(), ErrorCode::kSchema);
  EXPECT_THAT(merged.error().message(), ::testing::HasSubstr("option.language"));
  // A target that is filled already counts, too.
  ASSERT_TRUE(TryMerge(*into, {a}));
  EXPECT_FALSE(TryMerge(*into, {Path("b")}));
}

TEST_F(MergeTest, UnsealedFilesAreLeftOutAndCounted) {
  const std::string a = Build("a", 3, {inputs_[0], inputs_[1]});
  const auto unseal = [&](Store& store, const std::string& name) {
    std::string key;
    std::string value;
    EncodeFileKey(FileId(name), key);
    Partition& partition = store.impl().partition(0);
    ASSERT_TRUE(partition.Get(Family::kFiles, key, value));
    auto entry = DecodeFileEntry(value);
    entry->sealed = false;
    EncodeFileEntry(*entry, value);
    rocksdb::WriteBatch batch;
    batch.Put(partition.family(Family::kFiles), key, value);
    ASSERT_TRUE(partition.Write(batch));
  };
  unseal(*Open(a, OpenMode::kWrite), inputs_[1].name);
  const auto into = Target("into", 1);
  const auto merged = TryMerge(*into, {a});
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->files_unsealed, 1U);
  EXPECT_THAT(merged->unsealed, ::testing::ElementsAre(inputs_[1].name));
  EXPECT_EQ(DumpOf(*into), DumpOf(*Open(Build("one", 1, {inputs_[0]}))));

  // Another index has all of it; and what the target itself holds half is put right.
  unseal(*into, inputs_[0].name);
  const auto whole = TryMerge(*into, {a, Build("b", 1, {inputs_[1], inputs_[0]})});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->files_unsealed, 0U);
  EXPECT_EQ(DumpOf(*into), DumpOf(*Open(Build("two", 1, {inputs_[0], inputs_[1]}))));
}

TEST_F(MergeTest, ManifestsOfRunsAreUnited) {
  Build("a", 1, {});
  Build("b", 1, {});
  ASSERT_TRUE(Open(Path("a"))->PutRun("x", "1"));
  ASSERT_TRUE(Open(Path("b"))->PutRun("y", "2"));
  const auto into = Target("into", 1);
  ASSERT_TRUE(TryMerge(*into, {Path("a"), Path("b")}));
  const auto meta = into->Meta();
  ASSERT_TRUE(meta);
  EXPECT_THAT(*meta, ::testing::IsSupersetOf({std::pair<std::string, std::string>("run.x", "1"),
                                              std::pair<std::string, std::string>("run.y", "2")}));
}

TEST_F(MergeTest, StopsOnRequest) {
  const std::string a = Build("a", 1, {inputs_[0]});
  const auto into = Target("into", 1);
  std::vector<std::unique_ptr<Store>> sources;
  sources.push_back(Open(a, OpenMode::kRead));
  const std::atomic<bool> stop{true};
  const auto merged = Merge(*into, sources, {}, stop);
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error().code(), ErrorCode::kCancelled);
  EXPECT_EQ(DumpOf(*into), "");
  ASSERT_TRUE(TryMerge(*into, {a}));
}

}  // namespace
}  // namespace crawlcard::index
