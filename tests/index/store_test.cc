// Opening: modes, locks, schema versions.
#include "index/store.h"

#include <sys/wait.h>

#include "index/internal/store_impl.h"
#include "index/limits.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

using StoreTest = IndexTest;

TEST_F(StoreTest, ReadingNoIndexIsNotFound) {
  const auto store = Store::Open(Path("none"), OpenMode::kRead);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code(), ErrorCode::kNotFound);
  const auto writer = Store::Open(Path("none"), OpenMode::kWrite);
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code(), ErrorCode::kNotFound);
}

TEST_F(StoreTest, CreatedIndexIsEmptyAndCanBeReadAndWritten) {
  Open(Path("idx"));
  const auto store = Open(Path("idx"), OpenMode::kRead);
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(DumpOf(*store), "");
  EXPECT_TRUE(store->Files()->empty());
  EXPECT_NE(Open(Path("idx"), OpenMode::kWrite), nullptr);
}

TEST_F(StoreTest, DirectoryOfOtherThingsIsRefused) {
  Put("precious.txt", "x");
  const auto store = Store::Open(scratch_.string(), OpenMode::kCreate);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "p00000"));
}

TEST_F(StoreTest, RunsAreKeptAndAreNoFacts) {
  {
    const auto store = Open(Path("idx"));
    ASSERT_TRUE(store->PutRun("publishers.1", "robots: obey"));
  }
  const auto store = Open(Path("idx"), OpenMode::kRead);
  const auto meta = store->Meta();
  ASSERT_TRUE(meta);
  EXPECT_THAT(*meta, ::testing::Contains(::testing::Pair("run.publishers.1", "robots: obey")));
  EXPECT_EQ(DumpOf(*store), "");
}

TEST_F(StoreTest, SecondWriterIsToldWhoHoldsTheLock) {
  const auto first = Open(Path("idx"));
  const auto second = Store::Open(Path("idx"), OpenMode::kWrite);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), ErrorCode::kLocked);
  EXPECT_THAT(second.error().message(),
              ::testing::HasSubstr("locked by process " + std::to_string(::getpid())));
}

TEST_F(StoreTest, ReaderDoesNotDisturbAWriter) {
  const auto writer = Open(Path("idx"));
  const auto reader = Open(Path("idx"), OpenMode::kRead);
  ASSERT_NE(reader, nullptr);
  WarcBuilder warc;
  warc.Html("http://example.org/", "2026-10-01T00:00:00Z", "<p>x");
  EXPECT_EQ(IngestAll(*writer, {Put("a.warc.gz", warc.bytes())}).files_ingested, 1U);
  EXPECT_EQ(DumpOf(*reader), "");
  EXPECT_NE(DumpOf(*Open(Path("idx"), OpenMode::kRead)), "");
}

TEST_F(StoreTest, LaterSchemaIsRefusedWithAHint) {
  {
    const auto store = Open(Path("idx"));
    rocksdb::WriteBatch batch;
    batch.Put(store->impl().partition(0).family(Family::kMeta), "schema",
              std::to_string(kSchemaVersion + 1));
    ASSERT_TRUE(store->impl().partition(0).Write(batch));
  }
  for (const OpenMode mode : {OpenMode::kRead, OpenMode::kWrite, OpenMode::kCreate}) {
    const auto store = Store::Open(Path("idx"), mode);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code(), ErrorCode::kSchema);
    EXPECT_THAT(store.error().message(),
                ::testing::HasSubstr(fmt::format("written by schema {}", kSchemaVersion + 1)));
  }
}

// Layouts that were never released have no reader.
TEST_F(StoreTest, EarlierSchemaIsRefused) {
  {
    const auto store = Open(Path("idx"));
    rocksdb::WriteBatch batch;
    batch.Put(store->impl().partition(0).family(Family::kMeta), "schema",
              std::to_string(kSchemaVersion - 1));
    ASSERT_TRUE(store->impl().partition(0).Write(batch));
  }
  const auto store = Store::Open(Path("idx"), OpenMode::kRead);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code(), ErrorCode::kSchema);
}

TEST_F(StoreTest, SizesNameEveryFamily) {
  const auto store = Open(Path("idx"));
  const auto sizes = store->Sizes();
  ASSERT_TRUE(sizes);
  EXPECT_EQ(sizes->size(), kFamilyNames.size());
}

// A quarter of the memory is left for what the workers read and make.
TEST_F(StoreTest, DatabaseKeepsItsShareOfTheMemory) {
  for (const std::uint64_t memory :
       {limits::kMemoryBytesMin - 1, limits::kMemoryBytesMin, limits::kMemoryBytesDefault,
        limits::kMemoryBytesMax, limits::kMemoryBytesMax + 1}) {
    const MemoryPlan plan = PlanMemory(memory);
    EXPECT_GE(plan.block_cache, limits::kMemoryBytesMin / 8);
    EXPECT_LE(plan.block_cache, limits::kMemoryBytesMax / 8);
    EXPECT_LE(plan.block_cache + plan.write_buffers + plan.queues + plan.runs + plan.stretches,
              std::max(memory, limits::kMemoryBytesMin) * 3 / 4);
  }
  EXPECT_LE(limits::kParsedFileCacheBytesMax, limits::kMemoryBytesDefault / 16);
  const auto store = Store::Open(Path("idx"), OpenMode::kCreate, {.memory_bytes = 256 << 20});
  ASSERT_TRUE(store);
  const DbResources& resources = (*store)->impl().resources();
  EXPECT_EQ(resources.cache->GetCapacity(), std::size_t{32} << 20);
  EXPECT_EQ(resources.write_buffers->buffer_size(), std::size_t{32} << 20);
}

TEST_F(StoreTest, ReadOnlyStoreRefusesIngest) {
  Open(Path("idx"));
  const auto store = Open(Path("idx"), OpenMode::kRead);
  const auto summary = TryIngest(*store, {});
  ASSERT_FALSE(summary);
  EXPECT_EQ(summary.error().code(), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace crawlcard::index
