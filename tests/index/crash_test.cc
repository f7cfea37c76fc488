// The plug is pulled after every batch and every step; starting again gives what an undisturbed run
// gives.
#include <csignal>
#include <cstdlib>

#include "index/ingest/ingest.h"
#include "index/merge.h"
#include "index_child.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

// --- the other process --------------------------------------------------------------------------

void RunStep(const ChildPlan& plan, Store& store, std::uint64_t step) {
  if (plan.flush) Ignore(store.Flush(), "the test sees what is there");
  char byte = 'x';
  if (plan.tell_fd >= 0) {
    EXPECT_EQ(::write(plan.tell_fd, &byte, 1), 1);
    EXPECT_EQ(::read(plan.ask_fd, &byte, 1), 1);
  }
  if (step == plan.kill_at) ::kill(::getpid(), SIGKILL);
}

void RunIngest(const ChildPlan& plan, Store& store) {
  IngestOptions options;
  options.jobs = 2;
  options.batch_bytes = plan.mode == "bulk" ? 4000 : 400;
  options.bulk = plan.mode == "bulk" ? BulkMode::kAlways : BulkMode::kNever;
  options.on_batch = [&](std::uint64_t step) { RunStep(plan, store, step); };
  IngestProgress progress;
  const std::atomic<bool> stop{false};
  EXPECT_TRUE(Ingest(store, plan.inputs, options, {}, progress, stop));
}

void RunMerge(const ChildPlan& plan, Store& store) {
  std::vector<std::unique_ptr<Store>> sources;
  for (const IngestInput& input : plan.inputs) {
    auto source = Store::Open(input.path, OpenMode::kRead);
    ASSERT_TRUE(source);
    sources.push_back(std::move(*source));
  }
  MergeOptions options;
  options.on_step = [&](std::uint64_t step) { RunStep(plan, store, step); };
  const std::atomic<bool> stop{false};
  EXPECT_TRUE(Merge(store, sources, options, stop));
}

// The child's side; nothing to do when nobody called it.
TEST(IndexChild, Runs) {
  const char* path = std::getenv("CRAWLCARD_INDEX_CHILD");
  if (path == nullptr) return;
  const ChildPlan plan = ReadPlan(path);
  auto store = Store::Open(plan.directory, OpenMode::kCreate, {.partitions = plan.partitions});
  ASSERT_TRUE(store);
  if (plan.mode == "merge") {
    RunMerge(plan, **store);
  } else {
    RunIngest(plan, **store);
  }
}

// --- this one -----------------------------------------------------------------------------------

class CrashTest : public IndexTest {
 protected:
  std::vector<IngestInput> PutFiles() {
    std::vector<IngestInput> inputs;
    for (int file = 0; file < 3; ++file) {
      WarcBuilder warc;
      for (int i = 0; i < 4; ++i) {
        const std::string host = fmt::format("http://h.site{}.example", i);
        warc.Robots(host, "2026-10-01T00:00:00Z", fmt::format("User-agent: *\nDisallow: /{}\n", i));
        warc.Html(fmt::format("{}/{}", host, file), "2026-10-01T00:00:01Z", "<p>text");
      }
      inputs.push_back(Put(fmt::format("f{}.warc.gz", file), warc.bytes()));
    }
    return inputs;
  }

  static IngestOptions SmallBatches() {
    IngestOptions options;
    options.jobs = 2;
    options.batch_bytes = 400;
    return options;
  }

  // True when the child was killed.
  bool RunAndKill(const ChildPlan& plan) {
    return WaitForChild(StartChild(plan, Path("child.txt")));
  }
};

TEST_F(CrashTest, KillAfterAnyBatchThenStartAgain) {
  const std::vector<IngestInput> inputs = PutFiles();
  const auto reference = Open(Path("reference"));
  IngestAll(*reference, inputs);
  const std::string dump = DumpOf(*reference);

  int kills = 0;
  for (const unsigned partitions : {1U, 2U}) {
    for (const bool flush : {true, false}) {
      for (std::uint64_t batches = 1;; ++batches) {
        ChildPlan plan;
        plan.directory = Path(fmt::format("idx{}{}{}", partitions, batches, flush));
        plan.partitions = partitions;
        plan.kill_at = batches;
        plan.flush = flush;
        plan.inputs = inputs;
        const bool killed = RunAndKill(plan);
        kills += killed ? 1 : 0;
        const auto store = Open(plan.directory);
        ASSERT_NE(store, nullptr);
        const std::size_t seen = CountLines(DumpOf(*store), R"("family":"files")");
        EXPECT_LE(seen, inputs.size());
        IngestAll(*store, inputs, SmallBatches());
        EXPECT_EQ(DumpOf(*store), dump) << partitions << " partitions, batch " << batches;
        if (!killed) break;
      }
    }
  }
  EXPECT_GT(kills, 20);
}

// A half-done bulk build leaves the index as it was before.
TEST_F(CrashTest, KillAtAnyStepOfABulkBuild) {
  const std::vector<IngestInput> inputs = PutFiles();
  const auto reference = Open(Path("reference"));
  IngestAll(*reference, {inputs[0]});
  const std::string before = DumpOf(*reference);
  IngestAll(*reference, inputs);
  const std::string after = DumpOf(*reference);

  int as_before = 0;
  bool killed = true;
  for (std::uint64_t step = 1; killed; ++step) {
    ChildPlan plan;
    plan.mode = "bulk";
    plan.directory = Path(fmt::format("idx{}", step));
    plan.partitions = 3;
    plan.kill_at = step;
    plan.inputs = inputs;
    {
      auto store = Store::Open(plan.directory, OpenMode::kCreate, {.partitions = 3});
      ASSERT_TRUE(store);
      IngestAll(**store, {inputs[0]});
    }
    killed = RunAndKill(plan);
    const std::string seen = DumpOf(*Open(plan.directory, OpenMode::kRead));
    EXPECT_TRUE(seen == before || seen == after) << step;
    if (killed && seen == before) ++as_before;
    const auto store = Open(plan.directory, OpenMode::kWrite);
    EXPECT_FALSE(std::filesystem::exists(plan.directory + "/tmp"));
    IngestOptions options = SmallBatches();
    options.bulk = step % 2 == 0 ? BulkMode::kAlways : BulkMode::kNever;
    IngestAll(*store, inputs, options);
    EXPECT_EQ(DumpOf(*store), after) << step;
  }
  EXPECT_GT(as_before, 5);
}

TEST_F(CrashTest, KillAtAnyStepOfAMerge) {
  const std::vector<IngestInput> inputs = PutFiles();
  const auto reference = Open(Path("reference"));
  IngestAll(*reference, {inputs[0]});
  const std::string before = DumpOf(*reference);
  IngestAll(*reference, inputs);
  const std::string after = DumpOf(*reference);
  IngestAll(*Open(Path("a")), {inputs[0], inputs[1]});
  IngestAll(*Open(Path("b")), {inputs[2], inputs[1]});

  int as_before = 0;
  bool killed = true;
  for (std::uint64_t step = 1; killed; ++step) {
    ChildPlan plan;
    plan.mode = "merge";
    plan.directory = Path(fmt::format("idx{}", step));
    plan.partitions = 3;
    plan.kill_at = step;
    plan.inputs = {{Path("a"), "a"}, {Path("b"), "b"}};
    {
      auto store = Store::Open(plan.directory, OpenMode::kCreate, {.partitions = 3});
      ASSERT_TRUE(store);
      IngestAll(**store, {inputs[0]});
    }
    killed = RunAndKill(plan);
    const std::string seen = DumpOf(*Open(plan.directory, OpenMode::kRead));
    EXPECT_TRUE(seen == before || seen == after) << step;
    if (killed && seen == before) ++as_before;
    plan.kill_at = 0;
    EXPECT_FALSE(RunAndKill(plan));
    EXPECT_EQ(DumpOf(*Open(plan.directory)), after) << step;
  }
  EXPECT_GT(as_before, 5);
}

TEST_F(CrashTest, ChangedFileLeavesNoRowsOfTheReadingThatWasKilled) {
  std::vector<IngestInput> inputs = PutFiles();
  ChildPlan plan;
  plan.directory = Path("idx");
  plan.kill_at = 4;
  plan.inputs = inputs;
  ASSERT_TRUE(RunAndKill(plan));
  WarcBuilder other;
  other.Html("http://other.example.org/", "2026-10-01T00:00:01Z", "<p>other");
  for (IngestInput& input : inputs) input = Put(input.name, other.bytes());
  const auto reference = Open(Path("reference"));
  IngestAll(*reference, inputs);
  const auto store = Open(Path("idx"));
  IngestOptions options;
  options.replace = true;
  IngestAll(*store, inputs, options);
  EXPECT_EQ(DumpOf(*store), DumpOf(*reference));
}

}  // namespace
}  // namespace crawlcard::index
