// The plug is pulled after every batch; starting again gives what an undisturbed run gives.
#include <array>
#include <cstdlib>
#include <fstream>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "index/ingest/ingest.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

class CrashTest : public IndexTest {
 protected:
  std::vector<IngestInput> PutFiles() {
    std::vector<IngestInput> inputs;
    for (int file = 0; file < 3; ++file) {
      WarcBuilder warc;
      for (int i = 0; i < 4; ++i) {
        const std::string host = fmt::format("http://h{}.example.org", i);
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

  // Runs an ingest in a child that is killed after `batches` batches, with everything before on
  // disk or, when `flush` is off, only what the database chose to write. True when the child was
  // killed.
  //
  // The child is this program again (CrashChild below): a bare fork would inherit a database whose
  // background threads did not come along.
  bool IngestAndKill(const std::string& directory, const std::vector<IngestInput>& inputs,
                     std::uint64_t batches, bool flush) {
    std::string names;
    for (const IngestInput& input : inputs) names += input.path + "\n" + input.name + "\n";
    Put("child.txt", fmt::format("{}\n{}\n{}\n{}", directory, batches, flush ? 1 : 0, names));
    std::string variable = "CRAWLCARD_CRASH_CHILD=" + Path("child.txt");
    std::string program = "index_tests";
    std::string filter = "--gtest_filter=CrashChild.*";
    std::array<char*, 3> arguments{program.data(), filter.data(), nullptr};
    std::array<char*, 2> environment{variable.data(), nullptr};
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(STDOUT_FILENO);
      ::execve("/proc/self/exe", arguments.data(), environment.data());
      ::_exit(2);
    }
    int state = 0;
    EXPECT_EQ(::waitpid(child, &state, 0), child);
    EXPECT_TRUE(WIFSIGNALED(state) || WEXITSTATUS(state) == 0);
    return WIFSIGNALED(state);
  }
};

// The child's side of IngestAndKill(); nothing to do when nobody called it.
TEST(CrashChild, IngestsAndDies) {
  const char* plan = std::getenv("CRAWLCARD_CRASH_CHILD");
  if (plan == nullptr) return;
  std::ifstream in(plan);
  std::string directory;
  std::uint64_t batches = 0;
  bool flush = false;
  in >> directory >> batches >> flush;
  std::vector<IngestInput> inputs;
  for (IngestInput input; in >> input.path >> input.name;) inputs.push_back(input);

  auto store = Store::Open(directory, OpenMode::kCreate);
  ASSERT_TRUE(store);
  IngestOptions options;
  options.jobs = 2;
  options.batch_bytes = 400;
  options.on_batch = [&](std::uint64_t done) {
    if (done != batches) return;
    if (flush) Ignore((*store)->Flush(), "the test sees what is there");
    ::kill(::getpid(), SIGKILL);
  };
  IngestProgress progress;
  const std::atomic<bool> stop{false};
  EXPECT_TRUE(Ingest(**store, inputs, options, {}, progress, stop));
}

TEST_F(CrashTest, KillAfterAnyBatchThenStartAgain) {
  const std::vector<IngestInput> inputs = PutFiles();
  const auto reference = Open(Path("reference"));
  IngestAll(*reference, inputs);
  const std::string dump = DumpOf(*reference);

  int kills = 0;
  for (const bool flush : {true, false}) {
    for (std::uint64_t batches = 1;; ++batches) {
      const std::string directory = Path(fmt::format("idx{}{}", batches, flush));
      const bool killed = IngestAndKill(directory, inputs, batches, flush);
      kills += killed ? 1 : 0;
      const auto store = Open(directory);
      ASSERT_NE(store, nullptr);
      const std::size_t seen = CountLines(DumpOf(*store), R"("family":"files")");
      EXPECT_LE(seen, inputs.size());
      IngestAll(*store, inputs, SmallBatches());
      EXPECT_EQ(DumpOf(*store), dump) << batches;
      if (!killed) break;
    }
  }
  EXPECT_GT(kills, 10);
}

TEST_F(CrashTest, ChangedFileLeavesNoRowsOfTheReadingThatWasKilled) {
  std::vector<IngestInput> inputs = PutFiles();
  ASSERT_TRUE(IngestAndKill(Path("idx"), inputs, 4, true));
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
