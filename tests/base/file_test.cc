#include "base/file.h"

#include <array>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/replaced_file.h"

namespace crawlcard {
namespace {

class FileTest : public testing::Test {
 protected:
  FileTest()
      : directory_(std::filesystem::temp_directory_path() /
                   ("crawlcard_file_test." + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
  }
  ~FileTest() override { std::filesystem::remove_all(directory_); }

  std::string Write(const std::string& name, const std::string& contents) {
    const std::string path = directory_ / name;
    std::ofstream(path, std::ios::binary) << contents;
    return path;
  }

  std::filesystem::path directory_;
};

TEST_F(FileTest, WindowGrowsOverReadBoundaries) {
  std::string contents(3'000'000, 'a');
  for (std::size_t i = 0; i < contents.size(); ++i) contents[i] = static_cast<char>(i * 7 % 251);
  auto source = FileSource::Open(Write("big", contents)).value();
  source->HashContents();
  EXPECT_EQ(source->size(), contents.size());
  std::string read;
  while (true) {
    const std::string_view window = source->Peek(777).value();
    if (window.empty()) break;
    const std::size_t take = std::min<std::size_t>(window.size(), 12345);
    read += window.substr(0, take);
    source->Consume(take);
  }
  EXPECT_TRUE(read == contents);
  EXPECT_EQ(source->position(), contents.size());
  const auto hashed = source->FinishHash().value();
  EXPECT_EQ(hashed.bytes, contents.size());
  EXPECT_EQ(hashed.digest, Xxh3(contents));
}

TEST_F(FileTest, HashCoversWhatWasNotRead) {
  const std::string contents(2'500'000, 'z');
  auto source = FileSource::Open(Write("tail", contents)).value();
  source->HashContents();
  source->Consume(source->Peek(10).value().substr(0, 10).size());
  EXPECT_EQ(source->FinishHash().value().digest, Xxh3(contents));
}

TEST_F(FileTest, OpeningWhatIsNoFileFails) {
  EXPECT_EQ(FileSource::Open(directory_ / "absent").error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(FileSource::Open(directory_.string()).error().code(), ErrorCode::kIo);
}

TEST_F(FileTest, ReadFileStopsAtItsLimit) {
  const std::string path = Write("small", "12345");
  EXPECT_EQ(ReadFile(path, 5).value(), "12345");
  EXPECT_EQ(ReadFile(path, 4).error().code(), ErrorCode::kTooLarge);
}

TEST_F(FileTest, AtomicWriteReplacesAndLeavesNothingBeside) {
  const std::string path = Write("out", "old");
  ASSERT_TRUE(WriteFileAtomically(path, "new"));
  EXPECT_EQ(ReadFile(path, 100).value(), "new");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory_), {}), 1);
  EXPECT_EQ(WriteFileAtomically(directory_ / "no" / "such", "x").error().code(), ErrorCode::kIo);
}

TEST_F(FileTest, DevicesAndPipesAreWrittenToAndNotReplaced) {
  const std::string pipe = directory_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  ASSERT_TRUE(WriteFileAtomically(pipe, "one "));
  const Result<std::unique_ptr<ReplacedFile>> file = ReplacedFile::Create(pipe);
  ASSERT_TRUE(file);
  ASSERT_TRUE((*file)->Write("two"));
  ASSERT_TRUE((*file)->Commit());
  std::array<char, 16> seen{};
  EXPECT_EQ(::read(reader, seen.data(), seen.size()), 7);
  EXPECT_STREQ(seen.data(), "one two");
  ::close(reader);
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
  EXPECT_TRUE(IsSpecialFile(pipe));
  EXPECT_FALSE(IsSpecialFile(directory_.string()));
  EXPECT_FALSE(IsSpecialFile(directory_ / "absent"));
}

}  // namespace
}  // namespace crawlcard
