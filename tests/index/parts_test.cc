#include "index/parts.h"

#include "../warc/writer_testing.h"
#include "index/internal/store_impl.h"
#include "index_fixture.h"

namespace crawlcard::index {
namespace {

using ::testing::HasSubstr;
using warc::FaultyFileSystem;

class PartsTest : public IndexTest {
 protected:
  // In memory where there is some: these tests sync thousands of times.
  void SetUp() override {
    IndexTest::SetUp();
    if (::access("/dev/shm", W_OK) != 0) return;
    std::filesystem::remove_all(scratch_);
    scratch_ = std::filesystem::path("/dev/shm") / scratch_.filename();
    std::filesystem::create_directories(scratch_);
  }

  static PartsPlan Plan() {
    PartsPlan plan;
    plan.parts = 2;
    plan.inputs = 3;
    plan.inputs_xxh3 = "00112233445566778899aabbccddeeff";
    plan.language = "sample";
    return plan;
  }

  // An index of one file, closed.
  std::string BuildIndex(const std::string& name) {
    WarcBuilder warc;
    warc.Robots("http://h.example.org", "2026-10-01T00:00:00Z", "User-agent: *\nDisallow: /\n");
    warc.Html("http://h.example.org/a", "2026-10-01T00:00:01Z", "<p>text");
    const auto store = Open(Path(name));
    IngestAll(*store, {Put("f.warc.gz", warc.bytes())});
    dump_ = DumpOf(*store);
    return Path(name);
  }

  std::vector<std::string> NamesIn(const std::string& directory) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(Path(directory))) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  std::string DumpAt(const std::string& directory) const {
    const auto store = Open(directory, OpenMode::kRead);
    return store ? DumpOf(*store) : "no index";
  }

  std::string dump_;
  std::atomic<bool> stop_{false};
};

TEST_F(PartsTest, APublishedPartIsTheIndex) {
  const std::string index = BuildIndex("idx");
  auto parts = PartsDirectory::Open(DiskFileSystem(), Path("parts"), Plan());
  ASSERT_TRUE(parts) << parts.error().ToString();
  EXPECT_EQ(parts->CountMissing().value(), 2U);
  EXPECT_FALSE(parts->Has(1));
  const auto published = parts->Publish(index, 1, stop_);
  ASSERT_TRUE(published) << published.error().ToString();
  EXPECT_TRUE(*published);
  EXPECT_TRUE(parts->Has(1));
  EXPECT_EQ(parts->CountMissing().value(), 1U);
  EXPECT_EQ(NamesIn("parts"), (std::vector<std::string>{"part-00001-of-00002", "parts.json"}));
  EXPECT_EQ(DumpAt(parts->PathOf(1)), dump_);
  EXPECT_EQ(DumpAt(index), dump_);
}

TEST_F(PartsTest, TheSecondPublisherLosesNothing) {
  auto parts = PartsDirectory::Open(DiskFileSystem(), Path("parts"), Plan());
  ASSERT_TRUE(parts);
  EXPECT_TRUE(parts->Publish(BuildIndex("one"), 0, stop_).value());
  EXPECT_FALSE(parts->Publish(BuildIndex("two"), 0, stop_).value());
  EXPECT_EQ(NamesIn("parts").size(), 2U);
  EXPECT_EQ(DumpAt(parts->PathOf(0)), dump_);
}

// The other worker's rename comes while this one copies.
TEST_F(PartsTest, ARaceForTheNameIsLostWithoutAnError) {
  auto first = PartsDirectory::Open(DiskFileSystem(), Path("parts"), Plan());
  const std::string one = BuildIndex("one");
  const std::string two = BuildIndex("two");
  std::uint64_t operations = 0;
  {
    FaultyFileSystem count([](std::uint64_t) { return FaultyFileSystem::Fate::kPass; });
    auto parts = PartsDirectory::Open(count, Path("elsewhere"), Plan());
    operations = count.operations();
    ASSERT_TRUE(parts->Publish(two, 0, stop_).value());
    operations = count.operations() - operations;
  }
  ASSERT_GT(operations, 10U);
  for (std::uint64_t at = 1; at <= operations; ++at) {
    std::filesystem::remove_all(first->PathOf(0));
    FaultyFileSystem files([&](std::uint64_t operation) {
      if (operation == at) {
        EXPECT_TRUE(first->Publish(one, 0, stop_).value());
      }
      return FaultyFileSystem::Fate::kPass;
    });
    auto second = PartsDirectory::Open(files, Path("parts"), Plan());
    const auto published = second->Publish(two, 0, stop_);
    ASSERT_TRUE(published) << at << " " << published.error().ToString();
    EXPECT_FALSE(*published) << at;
    EXPECT_EQ(NamesIn("parts").size(), 2U) << at;
  }
}

TEST_F(PartsTest, AFaultAtAnyOperationPublishesAllOrNothing) {
  const std::string index = BuildIndex("idx");
  for (const auto fate : {FaultyFileSystem::Fate::kFail, FaultyFileSystem::Fate::kHalfDone,
                          FaultyFileSystem::Fate::kDoneButFails}) {
    int failures = 0;
    for (std::uint64_t at = 1;; ++at) {
      std::filesystem::remove_all(Path("parts"));
      FaultyFileSystem files([&](std::uint64_t operation) {
        return operation == at ? fate : FaultyFileSystem::Fate::kPass;
      });
      auto parts = PartsDirectory::Open(files, Path("parts"), Plan());
      const bool opened = parts.has_value();
      const bool done = opened && parts->Publish(index, 0, stop_).has_value();
      failures += done ? 0 : 1;
      auto again = PartsDirectory::Open(DiskFileSystem(), Path("parts"), Plan());
      ASSERT_TRUE(again) << at << " " << again.error().ToString();
      if (again->Has(0)) {
        EXPECT_EQ(DumpAt(again->PathOf(0)), dump_) << at;
      }
      EXPECT_TRUE(again->Publish(index, 0, stop_)) << at;
      EXPECT_EQ(DumpAt(again->PathOf(0)), dump_) << at;
      if (files.operations() < at) break;
    }
    EXPECT_GT(failures, 10);
  }
}

TEST_F(PartsTest, PartsOfAnotherBuildAreRefused) {
  ASSERT_TRUE(PartsDirectory::Open(DiskFileSystem(), Path("parts"), Plan()));
  ASSERT_TRUE(PartsDirectory::Open(DiskFileSystem(), Path("parts"), Plan()));
  std::vector<PartsPlan> others(5, Plan());
  others[0].parts = 3;
  others[1].inputs = 4;
  others[2].inputs_xxh3 = "ff112233445566778899aabbccddeeff";
  others[3].language = "off";
  others[4].verify_digests = true;
  for (const PartsPlan& other : others) {
    const auto opened = PartsDirectory::Open(DiskFileSystem(), Path("parts"), other);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), ErrorCode::kConflict);
    EXPECT_THAT(opened.error().message(), HasSubstr(R"("parts":2,"inputs":3)"));
  }
}

TEST_F(PartsTest, APlanIsBounded) {
  std::filesystem::create_directories(Path("parts"));
  Put("parts/parts.json", std::string(limits::kPartsPlanBytesMax, ' '));
  EXPECT_EQ(PartsDirectory::Open(DiskFileSystem(), Path("parts"), Plan()).error().code(),
            ErrorCode::kConflict);
  Put("parts/parts.json", std::string(limits::kPartsPlanBytesMax + 1, ' '));
  EXPECT_EQ(PartsDirectory::Open(DiskFileSystem(), Path("parts"), Plan()).error().code(),
            ErrorCode::kTooLarge);
}

TEST_F(PartsTest, AnIndexInUseIsNotCopied) {
  auto parts = PartsDirectory::Open(DiskFileSystem(), Path("parts"), Plan());
  const std::string index = BuildIndex("idx");
  const auto user = Open(index, OpenMode::kWrite);
  EXPECT_EQ(parts->Publish(index, 0, stop_).error().code(), ErrorCode::kLocked);
  EXPECT_FALSE(parts->Has(0));
}

TEST_F(PartsTest, AStopLeavesNothingBehind) {
  auto parts = PartsDirectory::Open(DiskFileSystem(), Path("parts"), Plan());
  const std::string index = BuildIndex("idx");
  stop_ = true;
  EXPECT_EQ(parts->Publish(index, 0, stop_).error().code(), ErrorCode::kCancelled);
  EXPECT_EQ(NamesIn("parts"), std::vector<std::string>{"parts.json"});
}

TEST_F(PartsTest, HalfCopiesOfWorkersThatDiedAreTakenAway) {
  auto parts = PartsDirectory::Open(DiskFileSystem(), Path("parts"), Plan());
  std::filesystem::create_directories(Path("parts/.part-00000-of-00002.dead/p00000"));
  std::filesystem::create_directories(Path("parts/.part-00001-of-00002.other"));
  Put("parts/.parts.json.dead", "{");
  EXPECT_FALSE(parts->Has(0));
  EXPECT_EQ(parts->CountMissing().value(), 2U);
  EXPECT_TRUE(parts->Publish(BuildIndex("idx"), 0, stop_).value());
  EXPECT_EQ(NamesIn("parts"), (std::vector<std::string>{".part-00001-of-00002.other",
                                                        "part-00000-of-00002", "parts.json"}));
}

}  // namespace
}  // namespace crawlcard::index
