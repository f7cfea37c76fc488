// tests/index/index_fixture.h - scratch directories, one-call ingest and dump for tests.
#pragma once

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "index/ingest/ingest.h"
#include "index/scan.h"
#include "index/store.h"
#include "warc_builder.h"

namespace crawlcard::index {

// A directory of its own for each test; kept when the test fails.
class IndexTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    scratch_ = std::filesystem::temp_directory_path() /
               (std::string("crawlcard_") + info->test_suite_name() + "_" + info->name() + "_" +
                std::to_string(::getpid()));
    std::filesystem::remove_all(scratch_);
    std::filesystem::create_directories(scratch_);
  }
  void TearDown() override {
    if (!HasFailure()) std::filesystem::remove_all(scratch_);
  }

  std::string Path(std::string_view name) const { return (scratch_ / name).string(); }

  // Writes a file and gives it as input under its own name.
  IngestInput Put(const std::string& name, std::string_view bytes) const {
    std::ofstream out(Path(name), std::ios::binary);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return {Path(name), name};
  }

  static std::unique_ptr<Store> Open(const std::string& directory,
                                     OpenMode mode = OpenMode::kCreate) {
    auto store = Store::Open(directory, mode);
    EXPECT_TRUE(store) << store.error().ToString();
    return store ? std::move(*store) : nullptr;
  }

  static Result<IngestSummary> TryIngest(Store& store, const std::vector<IngestInput>& inputs,
                                         const IngestOptions& options = {}) {
    IngestProgress progress;
    const std::atomic<bool> stop{false};
    return Ingest(store, inputs, options, {}, progress, stop);
  }

  static IngestSummary IngestAll(Store& store, const std::vector<IngestInput>& inputs,
                                 const IngestOptions& options = {}) {
    auto summary = TryIngest(store, inputs, options);
    EXPECT_TRUE(summary) << summary.error().ToString();
    return summary ? std::move(*summary) : IngestSummary();
  }

  static std::string DumpOf(const Store& store) {
    std::string text;
    const Status status = Dump(store, {}, [&text](std::string_view line) -> Status {
      text += line;
      text += '\n';
      return {};
    });
    EXPECT_TRUE(status) << status.error().ToString();
    return text;
  }

  std::filesystem::path scratch_;
};

// Lines of `text` that hold `part`.
inline std::size_t CountLines(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    if (text.substr(0, end + 1).find(part) != std::string_view::npos) ++count;
    text.remove_prefix(end + 1);
  }
  return count;
}

}  // namespace crawlcard::index
