#include "tools/output.h"

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/codec.h"
#include "tools/inputs.h"
#include "tools/limits.h"
#include "tools/log.h"
#include "tools/ordered_output.h"
#include "tools/progress.h"

namespace crawlcard::tools {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A file whose contents can be read back.
class Capture {
 public:
  Capture() : file_(std::tmpfile()) {}
  ~Capture() { std::fclose(file_); }
  int fd() const { return ::fileno(file_); }
  std::string Text() const {
    std::string text(static_cast<std::size_t>(::lseek(fd(), 0, SEEK_END)), '\0');
    EXPECT_EQ(::pread(fd(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    return text;
  }

 private:
  std::FILE* file_;
};

TEST(Output, AClosedPipeIsCancelledAndRemembered) {
  std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ::close(ends[0]);
  Output out(ends[1]);
  ASSERT_TRUE(out.Write("x"));
  const Status flushed = out.Flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code(), ErrorCode::kCancelled);
  EXPECT_TRUE(out.pipe_closed());
  ::close(ends[1]);
}

TEST(Output, AFullDiskIsAnError) {
  const int fd = ::open("/dev/full", O_WRONLY);
  if (fd < 0) GTEST_SKIP() << "no /dev/full";
  Output out(fd);
  ASSERT_TRUE(out.Write("x"));
  const Status flushed = out.Flush();
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code(), ErrorCode::kIo);
  EXPECT_FALSE(out.pipe_closed());
  ::close(fd);
}

TEST(OrderedOutput, PrintsSlotsInOrderWhateverTheOrderOfWrites) {
  const Capture capture;
  Output out(capture.fd());
  OrderedOutput ordered(out, 3);
  ASSERT_TRUE(ordered.Write(2, "c"));
  ASSERT_TRUE(ordered.Close(2));
  ASSERT_TRUE(ordered.Write(1, "b"));
  ASSERT_TRUE(ordered.Write(0, "a"));
  ASSERT_TRUE(ordered.Close(0));
  ASSERT_TRUE(ordered.Write(1, "B"));
  ASSERT_TRUE(ordered.Close(1));
  ASSERT_TRUE(out.Flush());
  EXPECT_EQ(capture.Text(), "abBc");
}

// limits::kPendingBytesMax: a slot that is not served gathers up to the limit, then waits.
TEST(OrderedOutput, ASlotWaitsForItsTurnBeyondTheLimit) {
  const Capture capture;
  Output out(capture.fd());
  OrderedOutput ordered(out, 2);
  ASSERT_TRUE(ordered.Write(1, std::string(limits::kPendingBytesMax, 'b')));
  std::atomic<bool> done{false};
  std::jthread writer([&] {
    EXPECT_TRUE(ordered.Write(1, "B"));
    done.store(true);
  });
  EXPECT_FALSE(done.load());
  ASSERT_TRUE(ordered.Write(0, "a"));
  ASSERT_TRUE(ordered.Close(0));
  writer.join();
  EXPECT_TRUE(done.load());
  ASSERT_TRUE(ordered.Close(1));
  ASSERT_TRUE(out.Flush());
  const std::string text = capture.Text();
  EXPECT_EQ(text.size(), limits::kPendingBytesMax + 2);
  EXPECT_EQ(text.front(), 'a');
  EXPECT_EQ(text.back(), 'B');
}

TEST(Logger, TextAndJsonCarryThePlace) {
  const Capture capture;
  Logger log(capture.fd(), Logger::Format::kText);
  log.LogError(LogLevel::kError, "x.y", Error(ErrorCode::kCorrupt, "bad\x1b[2J").At("f").At(7));
  log.set_format(Logger::Format::kJson);
  log.LogError(LogLevel::kWarning, "x.y", Error(ErrorCode::kCorrupt, "bad").At("f").At(7));
  const std::string text = capture.Text();
  EXPECT_THAT(text, HasSubstr("crawlcard: error: f: offset 7: bad\\u{001B}[2J\n"));
  EXPECT_THAT(text, HasSubstr(R"("level":"warning","event":"x.y","message":"bad")"));
  EXPECT_THAT(text, HasSubstr(R"("code":"corrupt","file":"f","offset":"7")"));
}

TEST(Logger, TextLinesAreTextAndBounded) {
  const Capture capture;
  Logger log(capture.fd(), Logger::Format::kText);
  log.Log(
      {LogLevel::kInfo, "x.y", "seed", {{"a", "\xFF"}, {"b", "\xC2\x9B"}, {"c", "\xE2\x80\xAE"}}});
  log.Log({LogLevel::kInfo, "x.y", std::string(2 * limits::kLogLineBytesMax, 'm'), {}});
  const std::string text = capture.Text();
  EXPECT_THAT(text, HasSubstr("crawlcard: seed (x.y a=\xEF\xBF\xBD b=\\u{009B} c=\\u{202E})\n"));
  EXPECT_LT(text.size(), limits::kLogLineBytesMax + 200);
}

TEST(Progress, LinesSayRatesAndSurviveTheStart) {
  index::IngestProgress progress;
  progress.files_total = 4;
  progress.records = 50;
  progress.bytes_in = 2'000'000;
  EXPECT_EQ(ProgressText(progress, 2.0),
            "0/4 files, 50 records (25/s), 2.0 MB in (1.0 MB/s), 0 damaged");
  EXPECT_THAT(ProgressText(progress, 0.0), HasSubstr("(0/s)"));
  EXPECT_THAT(ProgressJson(progress, 2.0), HasSubstr(R"("records":50)"));
  EXPECT_THAT(ProgressJson(progress, 2.0), HasSubstr(R"("files_left":4)"));
  progress.files_done = 3;
  EXPECT_THAT(ProgressJson(progress, 2.0), HasSubstr(R"("files_left":1)"));
}

class InputsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // Tests run side by side.
    root_ = fs::path(::testing::TempDir()) / ("crawlcard_inputs_" + std::to_string(::getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_ / "d/crawl-data/ID");
    for (const std::string name : {"d/b.warc.gz", "d/a.warc", "d/notes.txt", "d/.warc",
                                   "d/crawl-data/ID/c.wat.gz", "d/e.arc.zst"}) {
      std::ofstream(root_ / name) << "x";
    }
  }
  void TearDown() override { fs::remove_all(root_); }

  std::string At(const std::string& name) const { return (root_ / name).string(); }
  static std::vector<std::string> Names(const std::vector<index::IngestInput>& inputs) {
    std::vector<std::string> names;
    for (const index::IngestInput& input : inputs) names.push_back(input.name);
    return names;
  }

  fs::path root_;
};

TEST_F(InputsTest, ADirectoryIsWalkedInOrderAndIsItsOwnBase) {
  const auto inputs = ExpandInputs({At("d")}, "");
  ASSERT_TRUE(inputs) << inputs.error().message();
  EXPECT_THAT(Names(*inputs),
              ElementsAre("a.warc", "b.warc.gz", "crawl-data/ID/c.wat.gz", "e.arc.zst"));
}

TEST_F(InputsTest, AListingNamesPathsALinePlainOrGzip) {
  const std::string text = At("d/a.warc") + "\r\n\n" + At("d/b.warc.gz") + "\n";
  std::ofstream(At("plain")) << text;
  std::ofstream(At("packed.gz")) << GzipMember(text, 6);
  for (const std::string name : {"plain", "packed.gz"}) {
    const auto inputs = ExpandInputs({"@" + At(name)}, At("d"));
    ASSERT_TRUE(inputs) << inputs.error().message();
    EXPECT_THAT(Names(*inputs), ElementsAre("a.warc", "b.warc.gz"));
  }
  std::ofstream(At("relative")) << "b.warc.gz\n";
  const auto inputs = ExpandInputs({"@" + At("relative")}, At("d"));
  ASSERT_TRUE(inputs);
  EXPECT_EQ((*inputs)[0].path, At("d/b.warc.gz"));
  std::ofstream(At("cut.gz")) << GzipMember(text, 6).substr(0, 20);
  EXPECT_EQ(ExpandInputs({"@" + At("cut.gz")}, "").error().code(), ErrorCode::kTruncated);
  EXPECT_EQ(ExpandInputs({"@" + At("none")}, "").error().code(), ErrorCode::kNotFound);
}

// limits::kListingBytesMax, one past it: a sparse file costs nothing to make.
TEST_F(InputsTest, AListingIsBounded) {
  std::ofstream(At("huge")) << "x";
  fs::resize_file(At("huge"), limits::kListingBytesMax + 1);
  EXPECT_EQ(ExpandInputs({"@" + At("huge")}, "").error().code(), ErrorCode::kTooLarge);
}

TEST_F(InputsTest, TheSamePathTwiceIsReadOnceAndTwoFilesOfOneNameAreRefused) {
  fs::create_directories(root_ / "other");
  std::ofstream(At("other/a.warc")) << "y";
  EXPECT_EQ(ExpandInputs({At("d/a.warc"), At("d/a.warc")}, "")->size(), 1U);
  const auto inputs = ExpandInputs({At("d/a.warc"), At("other/a.warc")}, "");
  ASSERT_FALSE(inputs);
  EXPECT_EQ(inputs.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_THAT(inputs.error().message(), HasSubstr("--base"));
}

TEST_F(InputsTest, UrlsAreRefusedAndADashIsStandardInput) {
  EXPECT_THAT(ExpandInputs({"HTTPS://example.org/a.warc.gz"}, "").error().message(),
              HasSubstr("is a URL"));
  EXPECT_EQ((*ExpandInputs({"-"}, ""))[0].path, "-");
}

}  // namespace
}  // namespace crawlcard::tools
