// Disk full at every operation that writes: the command fails cleanly, and started again with
// space it makes the index of an undisturbed run.
#include "tests/sim/full_disk.h"

#include <set>
#include <sstream>

#include "base/digest.h"
#include "index/internal/database_env.h"
#include "index/merge.h"
#include "tests/index/index_fixture.h"

namespace crawlcard::sim {
namespace {

using index::IngestInput;
using index::IngestOptions;
using index::IngestSummary;
using index::OpenMode;
using index::Store;
using index::WarcBuilder;

class FullDiskTest : public index::IndexTest {
 protected:
  // In memory where there is some: these tests sync thousands of times.
  void SetUp() override {
    IndexTest::SetUp();
    if (::access("/dev/shm", W_OK) != 0) return;
    std::filesystem::remove_all(scratch_);
    scratch_ = std::filesystem::path("/dev/shm") / scratch_.filename();
    std::filesystem::create_directories(scratch_);
  }

  std::vector<IngestInput> PutFiles() {
    std::vector<IngestInput> inputs;
    for (int file = 0; file < 4; ++file) {
      WarcBuilder warc;
      for (int i = 0; i < 3; ++i) {
        const std::string host = fmt::format("http://h{}.example.org", i);
        warc.Robots(host, "2026-10-01T00:00:00Z", fmt::format("User-agent: *\nDisallow: /{}\n", i));
        warc.Html(fmt::format("{}/{}", host, file), "2026-10-01T00:00:01Z", "<p>text");
      }
      inputs.push_back(Put(fmt::format("f{}.warc.gz", file), warc.bytes()));
    }
    return inputs;
  }

  static std::set<std::string> Lines(const std::string& text) {
    std::set<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.insert(line);
    return lines;
  }

  std::string Reference(const std::vector<IngestInput>& inputs) {
    const auto store = Open(Path("reference"));
    IngestAll(*store, inputs);
    return DumpOf(*store);
  }

  // What one run with a full disk came to, everything closed again.
  struct Run {
    bool succeeded = false;
    std::uint64_t operations = 0;
    std::uint64_t faults = 0;
  };
  Run RunOn(FullDisk::Fault fault, bool syncs, std::uint64_t at,
            const std::function<bool()>& command) {
    const auto disk = std::make_shared<FullDisk>(at, fault, syncs);
    const std::unique_ptr<rocksdb::Env> env = NewEnv(disk);
    const index::ScopedDatabaseEnv scope(env.get());
    Run run;
    run.succeeded = command();
    run.operations = disk->operations();
    run.faults = disk->faults();
    return run;
  }

  // Ingests in small batches, with one on disk now and then, as a large file would.
  static bool Ingested(const std::string& directory, const std::vector<IngestInput>& inputs,
                       unsigned partitions, index::BulkMode bulk) {
    auto store = Store::Open(directory, OpenMode::kCreate, {.partitions = partitions});
    if (!store) {
      EXPECT_TRUE(IsEnvironment(store.error())) << store.error().ToString();
      return false;
    }
    IngestOptions options;
    options.jobs = 2;
    options.batch_bytes = 400;
    options.bulk = bulk;
    options.bulk_portion_bytes = 1;  // one file each
    options.on_batch = [&](std::uint64_t batches) {
      if (batches % 8 == 0) Ignore((*store)->Flush(), "the end of the ingest tells");
    };
    const Result<IngestSummary> summary = TryIngest(**store, inputs, options);
    if (!summary) {
      EXPECT_TRUE(IsEnvironment(summary.error())) << summary.error().ToString();
    }
    return summary.has_value();
  }

  // A full disk is the machine's fault: exit 70, not a corrupt index, not a bad input.
  static bool IsEnvironment(const Error& error) {
    return error.code() == ErrorCode::kIo && error.message().find("No space") != std::string::npos;
  }

  // Merges indexes that stand on a good disk.
  static bool Merged(const std::string& directory, const std::vector<std::string>& from,
                     unsigned partitions) {
    auto into = Store::Open(directory, OpenMode::kCreate, {.partitions = partitions});
    if (!into) {
      EXPECT_TRUE(IsEnvironment(into.error())) << into.error().ToString();
      return false;
    }
    std::vector<std::unique_ptr<Store>> sources;
    for (const std::string& path : from) sources.push_back(Open(path, OpenMode::kRead));
    const std::atomic<bool> stop{false};
    const auto merged = index::Merge(**into, sources, {}, stop);
    if (!merged) {
      EXPECT_TRUE(IsEnvironment(merged.error())) << merged.error().ToString();
    }
    return merged.has_value();
  }
  void MergeWithEveryFault(FullDisk::Fault fault, unsigned partitions);

  void IngestWithEveryFault(FullDisk::Fault fault, unsigned partitions, index::BulkMode bulk);

  void CompactWithEveryFault(FullDisk::Fault fault);

  // What readers see after a fault: whole files, or no index at all.
  void ExpectWholeFiles(const std::string& directory, const std::set<std::string>& reference) {
    const auto store = Store::Open(directory, OpenMode::kRead);
    if (!store) {
      EXPECT_EQ(store.error().code(), ErrorCode::kNotFound) << store.error().ToString();
      return;
    }
    for (const std::string& line : Lines(DumpOf(**store))) {
      EXPECT_TRUE(reference.contains(line)) << line;
    }
  }
};

// Fails operation 1, 2, 3 ... of an ingest into an index of `partitions`, until none is left.
void FullDiskTest::IngestWithEveryFault(FullDisk::Fault fault, unsigned partitions,
                                        index::BulkMode bulk) {
  const std::vector<IngestInput> inputs = PutFiles();
  const std::string reference = Reference(inputs);
  const std::string sha256 = Hex(Sha256(reference));
  const std::set<std::string> lines = Lines(reference);
  int failures = 0;
  for (std::uint64_t at = 1;; ++at) {
    SCOPED_TRACE(at);
    const std::string directory = Path(fmt::format("idx{}", at));
    const Run run =
        RunOn(fault, true, at, [&] { return Ingested(directory, inputs, partitions, bulk); });
    failures += run.succeeded ? 0 : 1;
    ExpectWholeFiles(directory, lines);
    {
      auto store = Store::Open(directory, OpenMode::kCreate, {.partitions = partitions});
      ASSERT_TRUE(store) << store.error().ToString();
      // Success is only said when everything is on disk.
      if (run.succeeded) {
        EXPECT_EQ(DumpOf(**store), reference);
      }
      IngestAll(**store, inputs);
      EXPECT_EQ(Hex(Sha256(DumpOf(**store))), sha256);
    }
    std::filesystem::remove_all(directory);
    if (run.faults == 0) break;
    ASSERT_LT(at, 5000U);
  }
  EXPECT_GT(failures, 20);
}

// The same of a merge of two indexes that share a file.
void FullDiskTest::MergeWithEveryFault(FullDisk::Fault fault, unsigned partitions) {
  const std::vector<IngestInput> inputs = PutFiles();
  const std::string reference = Reference(inputs);
  const std::set<std::string> lines = Lines(reference);
  const std::vector<std::string> from{Path("one"), Path("two")};
  IngestAll(*Open(from[0]), {inputs[0], inputs[1]});
  IngestAll(*Open(from[1]), {inputs[1], inputs[2], inputs[3]});
  int failures = 0;
  for (std::uint64_t at = 1;; ++at) {
    SCOPED_TRACE(at);
    const std::string directory = Path(fmt::format("idx{}", at));
    const Run run = RunOn(fault, true, at, [&] { return Merged(directory, from, partitions); });
    failures += run.succeeded ? 0 : 1;
    ExpectWholeFiles(directory, lines);
    if (run.succeeded) {
      EXPECT_EQ(DumpOf(*Open(directory, OpenMode::kRead)), reference);
    }
    ASSERT_TRUE(Merged(directory, from, partitions));
    EXPECT_EQ(DumpOf(*Open(directory, OpenMode::kRead)), reference);
    std::filesystem::remove_all(directory);
    if (run.faults == 0) break;
    ASSERT_LT(at, 5000U);
  }
  EXPECT_GT(failures, 20);
}

// Compacts what several ingests left, in a copy for each fault.
void FullDiskTest::CompactWithEveryFault(FullDisk::Fault fault) {
  const std::vector<IngestInput> inputs = PutFiles();
  for (const IngestInput& one : inputs) IngestAll(*Open(Path("loose")), {one});
  const std::string reference = DumpOf(*Open(Path("loose"), OpenMode::kRead));
  int failures = 0;
  for (std::uint64_t at = 1;; ++at) {
    SCOPED_TRACE(at);
    const std::string directory = Path(fmt::format("idx{}", at));
    std::filesystem::copy(Path("loose"), directory, std::filesystem::copy_options::recursive);
    const Run run = RunOn(fault, true, at, [&] {
      const auto store = Store::Open(directory, OpenMode::kWrite);
      return store && (*store)->Compact(1).has_value();
    });
    failures += run.succeeded ? 0 : 1;
    EXPECT_EQ(DumpOf(*Open(directory, OpenMode::kRead)), reference);
    {
      const auto store = Open(directory, OpenMode::kWrite);
      EXPECT_TRUE(store->Compact(1));
      EXPECT_EQ(DumpOf(*store), reference);
    }
    std::filesystem::remove_all(directory);
    if (run.faults == 0) break;
    ASSERT_LT(at, 5000U);
  }
  EXPECT_GT(failures, 5);
}

TEST_F(FullDiskTest, MergeAtEveryOperation) {
  MergeWithEveryFault(FullDisk::Fault::kOnce, 1);
}

TEST_F(FullDiskTest, MergeOntoADiskThatStaysFull) {
  MergeWithEveryFault(FullDisk::Fault::kFromThenOn, 3);
}

TEST_F(FullDiskTest, IngestAtEveryOperation) {
  IngestWithEveryFault(FullDisk::Fault::kOnce, 1, index::BulkMode::kNever);
}

TEST_F(FullDiskTest, IngestOntoADiskThatStaysFull) {
  IngestWithEveryFault(FullDisk::Fault::kFromThenOn, 1, index::BulkMode::kNever);
}

TEST_F(FullDiskTest, BulkIngestAtEveryOperation) {
  IngestWithEveryFault(FullDisk::Fault::kOnce, 1, index::BulkMode::kAlways);
}

TEST_F(FullDiskTest, BulkIngestOntoADiskThatStaysFull) {
  IngestWithEveryFault(FullDisk::Fault::kFromThenOn, 2, index::BulkMode::kAlways);
}

TEST_F(FullDiskTest, CompactAtEveryOperation) {
  CompactWithEveryFault(FullDisk::Fault::kOnce);
}

TEST_F(FullDiskTest, CompactOntoADiskThatStaysFull) {
  CompactWithEveryFault(FullDisk::Fault::kFromThenOn);
}

TEST_F(FullDiskTest, IngestIntoPartitions) {
  IngestWithEveryFault(FullDisk::Fault::kOnce, 3, index::BulkMode::kNever);
}

}  // namespace
}  // namespace crawlcard::sim
