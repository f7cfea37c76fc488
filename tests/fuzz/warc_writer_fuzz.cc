// Any bytes as URI, head, body and metadata of a capture: what is written is read back as exactly
// the records of that capture, whatever stands in the values.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "warc/digest.h"
#include "warc/reader.h"
#include "warc/writer.h"

namespace {

using namespace std::string_view_literals;
namespace warc = crawlcard::warc;

// One file, in memory.
class MemoryDisk final : public crawlcard::FileSystem {
 public:
  using Status = crawlcard::Status;
  template <class T>
  using Result = crawlcard::Result<T>;

  Result<std::unique_ptr<crawlcard::OutputFile>> Create(const std::string& /*path*/) override {
    return std::unique_ptr<crawlcard::OutputFile>(std::make_unique<File>(bytes));
  }
  Result<std::unique_ptr<crawlcard::OutputFile>> Reopen(const std::string& /*path*/) override {
    return crawlcard::Fail(crawlcard::ErrorCode::kNotFound, "none");
  }
  Result<std::unique_ptr<crawlcard::ByteSource>> Read(const std::string& /*path*/) override {
    return crawlcard::Fail(crawlcard::ErrorCode::kNotFound, "none");
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

  std::string bytes;

 private:
  class File final : public crawlcard::OutputFile {
   public:
    explicit File(std::string& bytes) : bytes_(bytes) {}
    Status Append(std::string_view more) override {
      bytes_ += more;
      return {};
    }
    Status Truncate(std::uint64_t size) override {
      bytes_.resize(size);
      return {};
    }
    Status Sync() override { return {}; }
    std::uint64_t size() const override { return bytes_.size(); }

   private:
    std::string& bytes_;
  };
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input =
      std::string_view(reinterpret_cast<const char*>(data), size).substr(0, 1 << 14);
  // Five values, cut at the first bytes 0xFE, which is none of UTF-8 or HTTP.
  std::array<std::string_view, 5> parts{};
  std::string_view rest = input;
  for (std::string_view& part : parts) {
    part = rest.substr(0, rest.find('\xFE'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  }
  const std::string head = "HTTP/1.1 200 OK\r\n" + std::string(parts[1]);
  const std::vector<warc::WarcField> metadata{{"error", std::string(parts[3])},
                                              {std::string(parts[4]), "x"}};
  warc::CaptureView capture;
  capture.target_uri = parts[0];
  capture.request = "GET / HTTP/1.1\r\n\r\n"sv;
  capture.response_head = head;
  capture.response_body = parts[2];
  capture.transfer_decoded = input.size() % 2 == 0;
  capture.metadata = metadata;
  capture.ip_address = parts[4];

  MemoryDisk disk;
  warc::WriterOptions options;
  options.directory = "/";
  options.compression = warc::Compression::kNone;
  const auto writer = warc::Writer::Open(disk, options);
  const auto written = (*writer)->WriteCapture(capture);
  if (!written) {
    CRAWLCARD_ASSERT(disk.bytes.empty());
    return 0;
  }
  crawlcard::MemorySource source(disk.bytes);
  warc::Reader reader(source, {});
  int records = 0;
  for (;; ++records) {
    const auto next = reader.Next();
    CRAWLCARD_ASSERT(next.has_value());
    if (*next == nullptr) break;
    CRAWLCARD_ASSERT((*next)->notes.empty());
    CRAWLCARD_ASSERT(warc::CheckDigest((*next)->Field("WARC-Block-Digest"), (*next)->block) ==
                     warc::DigestCheck::kMatch);
    if ((*next)->type != warc::RecordType::kResponse) continue;
    CRAWLCARD_ASSERT((*next)->block.ends_with(parts[2]));
    CRAWLCARD_ASSERT((*next)->extent == written->response.extent);
  }
  CRAWLCARD_ASSERT(records == 4);
  return 0;
}
