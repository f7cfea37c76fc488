#include "crawler/snapshot/kept_part.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "crawler/limits.h"
#include "warc/reader.h"

namespace crawlcard::crawler {
namespace {

constexpr std::string_view kPart = ".part";
constexpr std::string_view kHead = ".head";

}  // namespace

Result<std::unique_ptr<KeptPart>> KeptPart::Open(FileSystem& files, const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash != std::string::npos) CRAWLCARD_TRY(files.MakeDirectories(path.substr(0, slash)));
  std::unique_ptr<KeptPart> kept(new KeptPart(files, path));
  const std::string part = path + std::string(kPart);
  Result<std::unique_ptr<OutputFile>> file = files.Reopen(part);
  if (!file && file.error().code() == ErrorCode::kNotFound) file = files.Create(part);
  if (!file) return tl::unexpected<Error>(std::move(file.error()));
  kept->part_ = std::move(*file);
  CRAWLCARD_TRY(kept->FindWholeRecords());
  return kept;
}

Status KeptPart::FindWholeRecords() {
  const Result<std::string> head = ReadFile(path_ + std::string(kHead), limits::kValidatorBytesMax);
  if (head && part_->size() > 0) {
    CRAWLCARD_ASSIGN(const std::unique_ptr<ByteSource> source,
                     files_.Read(path_ + std::string(kPart)));
    warc::Reader reader(*source, {});
    for (;;) {
      const Result<const warc::RecordView*> next = reader.Next();
      if (!next && next.error().code() == ErrorCode::kIo) {
        return tl::unexpected<Error>(next.error());
      }
      if (!next || *next == nullptr) break;
      const warc::Extent& extent = (*next)->extent;
      bytes_ = std::max(bytes_, extent.offset + extent.length);
    }
    validator_ = TrimAscii(*head);
  }
  if (validator_.empty()) bytes_ = 0;
  CRAWLCARD_TRY(part_->Truncate(bytes_));
  if (bytes_ > 0) {
    CRAWLCARD_ASSIGN(source_, files_.Read(path_ + std::string(kPart)));
  }
  return {};
}

// The file grows behind the bytes that were there at the start: no further than these.
Result<std::size_t> KeptPart::Read(char* to, std::size_t bytes) {
  if (source_ == nullptr || source_->position() >= bytes_) return std::size_t{0};
  CRAWLCARD_ASSIGN(const std::string_view window, source_->Peek(1));
  const std::uint64_t left = bytes_ - source_->position();
  const auto taken =
      static_cast<std::size_t>(std::min<std::uint64_t>({bytes, window.size(), left}));
  if (taken == 0) return Fail(ErrorCode::kIo, "'{}' became shorter", path_);
  std::memcpy(to, window.data(), taken);
  source_->Consume(taken);
  return taken;
}

Status KeptPart::Append(std::string_view bytes, std::string_view validator) {
  if (validator != validator_ || part_->size() == 0) {
    CRAWLCARD_TRY(WriteFileAtomically(path_ + std::string(kHead), validator));
    validator_ = validator;
  }
  return part_->Append(bytes);
}

Status KeptPart::Finish() {
  CRAWLCARD_TRY(part_->Sync());
  CRAWLCARD_TRY(files_.RenameDurably(path_ + std::string(kPart), path_));
  part_.reset();
  const std::string head = path_ + std::string(kHead);
  if (files_.Exists(head)) CRAWLCARD_TRY(files_.Remove(head));
  return {};
}

Status KeptPart::Discard() {
  bytes_ = 0;
  validator_.clear();
  return part_->Truncate(0);
}

}  // namespace crawlcard::crawler
