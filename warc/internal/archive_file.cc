#include "warc/internal/archive_file.h"

#include <utility>

#include "base/assert.h"
#include "base/digest.h"
#include "warc/internal/repair.h"

namespace crawlcard::warc {
namespace {

std::string_view Extension(Compression compression) {
  switch (compression) {
    case Compression::kGzip:
      return ".warc.gz";
    case Compression::kZstd:
      return ".warc.zst";
    case Compression::kNone:
      break;
  }
  return ".warc";
}

}  // namespace

std::string ArchiveFile::PathOf(std::string_view suffix) const {
  return options_.directory + "/" + name_ + std::string(suffix);
}

Status ArchiveFile::Usable() const {
  if (!broken_) return {};
  return tl::unexpected<Error>(
      Error(ErrorCode::kIo, "an earlier write failed and could not be undone")
          .At(std::string_view(PathOf(kOpenSuffix))));
}

// The four bytes of the seed keep processes apart that start in the same second.
Status ArchiveFile::Create(UnixSeconds date) {
  CRAWLCARD_ASSERT(file_ == nullptr);
  CRAWLCARD_TRY(Usable());
  const std::string owner = Hex(options_.id_seed).substr(0, 8);
  for (;;) {
    name_ = fmt::format("{}-{}-{:05}-{}{}", options_.prefix, FormatTimestamp14(date), serial_++,
                        owner, Extension(options_.compression));
    if (files_.Exists(PathOf(""))) continue;
    Result<std::unique_ptr<OutputFile>> file = files_.Create(PathOf(kOpenSuffix));
    if (file) {
      file_ = std::move(*file);
      whole_bytes_ = 0;
      unsynced_bytes_ = 0;
      return {};
    }
    // Taken, or another process is just repairing it: the next name.
    const ErrorCode code = file.error().code();
    if (code != ErrorCode::kConflict && code != ErrorCode::kLocked &&
        code != ErrorCode::kNotFound) {
      return tl::unexpected<Error>(std::move(file).error());
    }
    if (code == ErrorCode::kNotFound && !files_.Exists(options_.directory)) {
      return tl::unexpected<Error>(
          Error(ErrorCode::kIo, "directory is gone").At(std::string_view(options_.directory)));
    }
  }
}

Status ArchiveFile::Append(std::string_view members) {
  CRAWLCARD_ASSERT(file_ != nullptr);
  CRAWLCARD_TRY(Usable());
  if (Status appended = file_->Append(members); !appended) {
    // A full disk may have taken a part: what follows must not stand behind half a member.
    if (!file_->Truncate(whole_bytes_)) broken_ = true;
    return appended;
  }
  whole_bytes_ += members.size();
  unsynced_bytes_ += members.size();
  if (unsynced_bytes_ >= options_.sync_bytes) return Sync();
  return {};
}

Status ArchiveFile::Sync() {
  CRAWLCARD_TRY(Usable());
  if (file_ == nullptr || unsynced_bytes_ == 0) return {};
  if (Status synced = file_->Sync(); !synced) {
    // After a failed fsync(2) nobody knows which bytes are on disk, and a second one may lie.
    broken_ = true;
    return synced;
  }
  unsynced_bytes_ = 0;
  return {};
}

Result<std::optional<std::string>> ArchiveFile::Seal() {
  CRAWLCARD_ASSERT(file_ != nullptr);
  CRAWLCARD_TRY(Usable());
  if (whole_bytes_ == 0) {
    // Its first append failed, and there was no other.
    CRAWLCARD_TRY(files_.Remove(PathOf(kOpenSuffix)));
    file_.reset();
    return std::optional<std::string>{};
  }
  CRAWLCARD_TRY(Sync());
  const std::string sealed = PathOf("");
  CRAWLCARD_TRY(files_.RenameDurably(PathOf(kOpenSuffix), sealed));
  file_.reset();
  return std::optional<std::string>(sealed);
}

}  // namespace crawlcard::warc
