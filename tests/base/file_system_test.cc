#include "base/file_system.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file.h"

namespace crawlcard {
namespace {

class DiskFileSystemTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() /
                 ("crawlcard_fs_" + std::to_string(::getpid()) + "_" +
                  testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(directory_);
    ASSERT_TRUE(disk_.MakeDirectories(directory_.string()));
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
  std::string Path(const std::string& name) const { return (directory_ / name).string(); }

  FileSystem& disk_ = DiskFileSystem();
  std::filesystem::path directory_;
};

TEST_F(DiskFileSystemTest, FilesGrowAreCutAndReadBack) {
  {
    const auto file = disk_.Create(Path("a"));
    ASSERT_TRUE(file);
    ASSERT_TRUE((*file)->Append("hello world"));
    ASSERT_TRUE((*file)->Truncate(5));
    ASSERT_TRUE((*file)->Append("!"));
    ASSERT_TRUE((*file)->Sync());
    EXPECT_EQ((*file)->size(), 6U);
  }
  const auto again = disk_.Reopen(Path("a"));
  ASSERT_TRUE(again);
  EXPECT_EQ((*again)->size(), 6U);
  ASSERT_TRUE((*again)->Append("?"));
  EXPECT_EQ(*ReadFile(Path("a"), 100), "hello!?");
}

TEST_F(DiskFileSystemTest, OneOwnerAtATime) {
  auto owner = disk_.Create(Path("a"));
  ASSERT_TRUE(owner);
  EXPECT_EQ(disk_.Reopen(Path("a")).error().code(), ErrorCode::kLocked);
  EXPECT_EQ(disk_.Create(Path("a")).error().code(), ErrorCode::kConflict);
  owner->reset();
  EXPECT_TRUE(disk_.Reopen(Path("a")));
  EXPECT_EQ(disk_.Reopen(Path("none")).error().code(), ErrorCode::kNotFound);
}

TEST_F(DiskFileSystemTest, RenamesNeverReplace) {
  ASSERT_TRUE(WriteFileAtomically(Path("a"), "a"));
  ASSERT_TRUE(WriteFileAtomically(Path("b"), "b"));
  EXPECT_EQ(disk_.RenameDurably(Path("a"), Path("b")).error().code(), ErrorCode::kConflict);
  EXPECT_EQ(*ReadFile(Path("b"), 100), "b");
  ASSERT_TRUE(disk_.RenameDurably(Path("a"), Path("c")));
  EXPECT_EQ(*disk_.List(directory_.string()), (std::vector<std::string>{"b", "c"}));
  EXPECT_FALSE(disk_.RenameDurably(Path("a"), Path("d")));
  ASSERT_TRUE(disk_.Remove(Path("b")));
  EXPECT_EQ(disk_.Remove(Path("b")).error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(disk_.List(Path("none")).error().code(), ErrorCode::kNotFound);
}

// Brings three pieces, then an error or the end.
class PiecesFeed final : public ByteFeed {
 public:
  explicit PiecesFeed(bool fails) : fails_(fails) {}
  Result<std::size_t> Read(char* to, std::size_t bytes) override {
    if (++piece_ > 3) {
      if (fails_) return Fail(ErrorCode::kCancelled, "gone");
      return std::size_t{0};
    }
    const std::size_t taken = std::min<std::size_t>(bytes, 2);
    std::fill_n(to, taken, static_cast<char>('a' + piece_ - 1));
    return taken;
  }

 private:
  bool fails_;
  int piece_ = 0;
};

TEST(FileSourceOver, ReadsAFeedLikeAPipe) {
  const auto source = FileSource::Over(std::make_unique<PiecesFeed>(false), "feed");
  EXPECT_FALSE(source->size());
  source->HashContents();
  EXPECT_EQ(source->Peek(3)->substr(0, 3), "aab");
  source->Consume(3);
  EXPECT_EQ(*source->Peek(100), "bcc");
  const auto contents = source->FinishHash();
  ASSERT_TRUE(contents);
  EXPECT_EQ(contents->bytes, 6U);
  EXPECT_EQ(contents->digest, Xxh3("aabbcc"));
}

TEST(FileSourceOver, ErrorsOfTheFeedComeAfterItsBytes) {
  const auto source = FileSource::Over(std::make_unique<PiecesFeed>(true), "feed");
  EXPECT_EQ(source->Peek(6)->size(), 6U);
  const auto more = source->Peek(7);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code(), ErrorCode::kCancelled);
}

}  // namespace
}  // namespace crawlcard
