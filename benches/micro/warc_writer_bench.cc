// What it costs to write a capture: request, response and metadata records of a small answer, per
// form of file. Bytes a second are those before compression.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "warc/writer.h"

namespace crawlcard::warc {
namespace {

// A disk that swallows everything.
class NoDisk final : public FileSystem {
 public:
  Result<std::unique_ptr<OutputFile>> Create(const std::string& /*path*/) override {
    return std::unique_ptr<OutputFile>(std::make_unique<NoFile>());
  }
  Result<std::unique_ptr<OutputFile>> Reopen(const std::string& /*path*/) override {
    return Fail(ErrorCode::kNotFound, "nothing here");
  }
  Result<std::unique_ptr<ByteSource>> Read(const std::string& /*path*/) override {
    return Fail(ErrorCode::kNotFound, "nothing here");
  }
  Status RenameDurably(const std::string& /*from*/, const std::string& /*to*/) override {
    return {};
  }
  Status Remove(const std::string& /*path*/) override { return {}; }
  bool Exists(const std::string& /*path*/) override { return false; }
  Status MakeDirectories(const std::string& /*path*/) override { return {}; }
  Result<std::vector<std::string>> List(const std::string& /*directory*/) override {
    return std::vector<std::string>{};
  }

 private:
  class NoFile final : public OutputFile {
   public:
    Status Append(std::string_view bytes) override {
      size_ += bytes.size();
      return {};
    }
    Status Truncate(std::uint64_t bytes) override {
      size_ = bytes;
      return {};
    }
    Status Sync() override { return {}; }
    std::uint64_t size() const override { return size_; }

   private:
    std::uint64_t size_ = 0;
  };
};

void WriteCaptures(benchmark::State& state, Compression compression) {
  NoDisk disk;
  WriterOptions options;
  options.directory = "/";
  options.compression = compression;
  if (compression == Compression::kZstd) options.level = 3;
  const auto writer = Writer::Open(disk, options);
  std::string body;
  for (int i = 0; body.size() < static_cast<std::size_t>(state.range(0)); ++i) {
    body += "User-agent: agent" + std::to_string(i * 7919 % 1000) + "\nDisallow: /\n";
  }
  const std::vector<WarcField> metadata{{"fetchTimeMs", "12"}};
  CaptureView capture;
  capture.target_uri = "https://www.example.org/robots.txt";
  capture.date = 1'790'000'000;
  capture.ip_address = "127.0.0.1";
  capture.request = "GET /robots.txt HTTP/1.1\r\nHost: www.example.org\r\nAccept: */*\r\n\r\n";
  capture.response_head =
      "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/plain\r\nETag: \"abc\"\r\n\r\n";
  capture.response_body = body;
  capture.transfer_decoded = true;
  capture.metadata = metadata;
  for (auto _ : state) benchmark::DoNotOptimize((*writer)->WriteCapture(capture));
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(static_cast<std::int64_t>((*writer)->counts().record_bytes));
}

BENCHMARK_CAPTURE(WriteCaptures, plain, Compression::kNone)->Arg(2000)->Arg(100'000);
BENCHMARK_CAPTURE(WriteCaptures, gzip, Compression::kGzip)->Arg(2000)->Arg(100'000);
BENCHMARK_CAPTURE(WriteCaptures, zstd, Compression::kZstd)->Arg(2000)->Arg(100'000);

}  // namespace
}  // namespace crawlcard::warc
