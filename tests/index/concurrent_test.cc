// Another process writes; readers that open the index meanwhile see whole files or nothing of them.
#include <array>
#include <map>
#include <set>

#include "index_child.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

class ConcurrentTest : public IndexTest {
 protected:
  void SetUp() override {
    IndexTest::SetUp();
    for (int file = 0; file < 3; ++file) {
      WarcBuilder warc;
      for (int i = 0; i < 6; ++i) {
        const std::string host = fmt::format("http://h.site{}.example", i);
        warc.Robots(host, "2026-10-01T00:00:00Z",
                    fmt::format("User-agent: *\nDisallow: /{}/{}\n", i, file));
        warc.Html(fmt::format("{}/{}", host, file), "2026-10-01T00:00:01Z", "<p>text");
      }
      inputs_.push_back(Put(fmt::format("f{}.warc.gz", file), warc.bytes()));
    }
  }

  // What a reader may see of the files that it sees: an index of these alone.
  const std::string& DumpOfFiles(const std::set<std::string>& names) {
    std::string key;
    for (const std::string& name : names) key += name + ' ';
    const auto found = dumps_.find(key);
    if (found != dumps_.end()) return found->second;
    std::vector<IngestInput> inputs;
    for (const IngestInput& input : inputs_) {
      if (names.contains(input.name)) inputs.push_back(input);
    }
    const auto store = Open(Path(fmt::format("only{}", dumps_.size())));
    IngestAll(*store, inputs);
    return dumps_.emplace(key, DumpOf(*store)).first->second;
  }

  void Look(const std::string& directory) {
    const auto store = Open(directory, OpenMode::kRead);
    ASSERT_NE(store, nullptr);
    std::set<std::string> sealed;
    const auto files = store->Files();
    ASSERT_TRUE(files);
    for (const FileEntry& file : *files) {
      if (file.sealed) sealed.insert(file.name);
    }
    EXPECT_EQ(DumpOf(*store), DumpOfFiles(sealed));
    states_.insert(sealed);
    ++looks_;
    // A reader that stays open does not move.
    if (!kept_) kept_ = Open(directory, OpenMode::kRead);
    if (looks_ == 1) kept_dump_ = DumpOf(*kept_);
    EXPECT_EQ(DumpOf(*kept_), kept_dump_);
  }

  // Runs the child and looks after each of its steps.
  void Watch(ChildPlan plan) {
    std::array<int, 2> tell{};
    std::array<int, 2> ask{};
    ASSERT_EQ(::pipe(tell.data()), 0);
    ASSERT_EQ(::pipe(ask.data()), 0);
    plan.tell_fd = tell[1];
    plan.ask_fd = ask[0];
    const pid_t child = StartChild(plan, Path("child.txt"));
    ::close(tell[1]);
    ::close(ask[0]);
    char byte = 0;
    while (::read(tell[0], &byte, 1) == 1) {
      Look(plan.directory);
      ASSERT_EQ(::write(ask[1], &byte, 1), 1);
    }
    ::close(tell[0]);
    ::close(ask[1]);
    EXPECT_FALSE(WaitForChild(child));
    Look(plan.directory);
    std::set<std::string> all;
    for (const IngestInput& input : inputs_) all.insert(input.name);
    EXPECT_TRUE(states_.contains(all));
  }

  std::vector<IngestInput> inputs_;
  std::map<std::string, std::string> dumps_;
  std::set<std::set<std::string>> states_;
  std::unique_ptr<Store> kept_;
  std::string kept_dump_;
  int looks_ = 0;
};

TEST_F(ConcurrentTest, ReadersSeeWholeFilesDuringAnIngest) {
  ChildPlan plan;
  plan.directory = Path("idx");
  plan.partitions = 3;
  plan.inputs = inputs_;
  Watch(plan);
  EXPECT_GE(looks_, 8);
  EXPECT_GE(states_.size(), 3U);  // nothing, some, all
}

TEST_F(ConcurrentTest, ReadersSeeWholeFilesDuringABulkBuild) {
  ChildPlan plan;
  plan.mode = "bulk";
  plan.directory = Path("idx");
  plan.partitions = 3;
  plan.inputs = inputs_;
  Watch(plan);
  EXPECT_GE(looks_, 8);
  EXPECT_EQ(states_.size(), 2U);  // nothing, all
}

TEST_F(ConcurrentTest, ReadersSeeWholeFilesDuringAMerge) {
  IngestAll(*Open(Path("a")), {inputs_[0], inputs_[1]});
  IngestAll(*Open(Path("b")), {inputs_[2]});
  ChildPlan plan;
  plan.mode = "merge";
  plan.directory = Path("idx");
  plan.partitions = 3;
  plan.inputs = {{Path("a"), "a"}, {Path("b"), "b"}};
  Watch(plan);
  EXPECT_GE(looks_, 8);
  EXPECT_EQ(states_.size(), 2U);
}

}  // namespace
}  // namespace crawlcard::index
