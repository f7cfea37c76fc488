// tests/warc/writer_testing.h - a file system that fails, and captures to write.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_system.h"
#include "reader_testing.h"
#include "warc/writer.h"

namespace crawlcard::warc {

// A directory that goes with the test.
class ScratchDirectory {
 public:
  ScratchDirectory()
      : path_(Root() / fmt::format("crawlcard-writer-{}-{}", ::getpid(), counter_++)) {
    std::filesystem::remove_all(path_);
  }
  ~ScratchDirectory() { std::filesystem::remove_all(path_); }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  std::string path() const { return path_.string(); }
  std::vector<std::string> Names() const {
    return DiskFileSystem().List(path()).value_or(std::vector<std::string>{});
  }
  std::string Bytes(const std::string& name) const {
    return ReadFile((path_ / name).string(), 1ULL << 30).value_or("");
  }

 private:
  // Memory where there is some: these tests sync thousands of times.
  static std::filesystem::path Root() {
    const std::filesystem::path memory = "/dev/shm";
    return ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
  }

  static inline int counter_ = 0;
  std::filesystem::path path_;
};

// Counts what changes the disk, and asks before each such operation what shall become of it.
class FaultyFileSystem final : public FileSystem {
 public:
  enum class Fate {
    kPass,
    kFail,      // nothing is done, kIo
    kHalfDone,  // of an append, half is written; then kIo
    kDoneButFails,
  };
  using Judge = std::function<Fate(std::uint64_t operation)>;

  explicit FaultyFileSystem(Judge judge) : judge_(std::move(judge)) {}

  std::uint64_t operations() const { return operations_; }

  Result<std::unique_ptr<OutputFile>> Create(const std::string& path) override {
    CRAWLCARD_TRY(Run([] { return Status{}; }));
    return Wrap(DiskFileSystem().Create(path));
  }
  Result<std::unique_ptr<OutputFile>> Reopen(const std::string& path) override {
    return Wrap(DiskFileSystem().Reopen(path));
  }
  Result<std::unique_ptr<ByteSource>> Read(const std::string& path) override {
    return DiskFileSystem().Read(path);
  }
  Status RenameDurably(const std::string& from, const std::string& to) override {
    return Run([&] { return DiskFileSystem().RenameDurably(from, to); });
  }
  Status Remove(const std::string& path) override {
    return Run([&] { return DiskFileSystem().Remove(path); });
  }
  bool Exists(const std::string& path) override { return DiskFileSystem().Exists(path); }
  Status MakeDirectories(const std::string& path) override {
    return DiskFileSystem().MakeDirectories(path);
  }
  Result<std::vector<std::string>> List(const std::string& directory) override {
    return DiskFileSystem().List(directory);
  }

 private:
  class File final : public OutputFile {
   public:
    File(FaultyFileSystem& files, std::unique_ptr<OutputFile> file)
        : files_(files), file_(std::move(file)) {}
    Status Append(std::string_view bytes) override {
      return files_.Run([&] { return file_->Append(bytes); },
                        [&] { return file_->Append(bytes.substr(0, bytes.size() / 2)); });
    }
    Status Truncate(std::uint64_t bytes) override {
      return files_.Run([&] { return file_->Truncate(bytes); });
    }
    Status Sync() override {
      return files_.Run([&] { return file_->Sync(); });
    }
    std::uint64_t size() const override { return file_->size(); }

   private:
    FaultyFileSystem& files_;
    std::unique_ptr<OutputFile> file_;
  };

  Result<std::unique_ptr<OutputFile>> Wrap(Result<std::unique_ptr<OutputFile>> file) {
    if (!file) return file;
    return std::unique_ptr<OutputFile>(std::make_unique<File>(*this, std::move(*file)));
  }

  Status Run(const std::function<Status()>& whole, const std::function<Status()>& half = {}) {
    const Fate fate = judge_(++operations_);
    if (fate == Fate::kPass) return whole();
    if (fate == Fate::kHalfDone && half) Ignore(half(), "the fault follows");
    if (fate == Fate::kDoneButFails) Ignore(whole(), "the fault follows");
    return Fail(ErrorCode::kIo, "fault at operation {}", operations_);
  }

  Judge judge_;
  std::uint64_t operations_ = 0;
};

// The n-th capture of a small crawl; borrows its own strings.
struct SampleCapture {
  explicit SampleCapture(int n)
      : uri(fmt::format("https://site{}.example/page?n={}", n % 3, n)),
        request(fmt::format("GET /page?n={} HTTP/1.1\r\nHost: site{}.example\r\n\r\n", n, n % 3)),
        head("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
        body("<p>page " + std::to_string(n) + std::string(static_cast<std::size_t>(n % 50), 'x')),
        fields{{"fetchTimeMs", std::to_string(n)}} {}

  CaptureView view() const {
    CaptureView view;
    view.target_uri = uri;
    view.date = 1'790'000'000;
    view.ip_address = "127.0.0.1";
    view.request = request;
    view.response_head = head;
    view.response_body = body;
    view.metadata = fields;
    return view;
  }

  std::string uri;
  std::string request;
  std::string head;
  std::string body;
  std::vector<WarcField> fields;
};

}  // namespace crawlcard::warc
