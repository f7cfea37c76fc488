#include "base/file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/replaced_file.h"

namespace crawlcard {
namespace {

constexpr std::size_t kReadBytes = 1 << 20;  // one read(2): large enough to hide its cost

tl::unexpected<Error> FailErrno(ErrorCode code, const char* what, const std::string& path) {
  const int error = errno;
  return tl::unexpected<Error>(
      Error(code, fmt::format("{}: {}", what, std::strerror(error))).At(std::string_view(path)));
}

}  // namespace

Status SyncDirectoryOf(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return FailErrno(ErrorCode::kIo, "cannot open directory", directory);
  const int failed = ::fsync(fd);
  ::close(fd);
  if (failed != 0) return FailErrno(ErrorCode::kIo, "cannot sync directory", directory);
  return {};
}

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<std::unique_ptr<FileSource>> FileSource::Open(const std::string& path) {
  if (path == "-") {
    return std::unique_ptr<FileSource>(new FileSource(::dup(STDIN_FILENO), path, std::nullopt));
  }
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo;
    return FailErrno(code, "cannot open", path);
  }
  struct stat info {};
  if (::fstat(fd, &info) != 0 || S_ISDIR(info.st_mode)) {
    ::close(fd);
    return tl::unexpected<Error>(
        Error(ErrorCode::kIo, "is a directory or cannot be examined").At(std::string_view(path)));
  }
  std::optional<std::uint64_t> size;
  if (S_ISREG(info.st_mode)) size = static_cast<std::uint64_t>(info.st_size);
  return std::unique_ptr<FileSource>(new FileSource(fd, path, size));
}

FileSource::FileSource(int fd, std::string path, std::optional<std::uint64_t> size)
    : fd_(fd), path_(std::move(path)), size_(size) {}

// Regular files are read with pread(2), so sources that share an open file do not disturb each
// other; and a file renamed or replaced meanwhile stays the one that was opened.
Result<std::unique_ptr<FileSource>> FileSource::At(std::uint64_t offset) const {
  CRAWLCARD_ASSERT(size_.has_value());
  const int fd = ::fcntl(fd_, F_DUPFD_CLOEXEC, 0);
  if (fd < 0) return FailErrno(ErrorCode::kIo, "cannot share", path_);
  std::unique_ptr<FileSource> source(new FileSource(fd, path_, size_));
  source->position_ = offset;
  source->read_offset_ = offset;
  return source;
}

std::unique_ptr<FileSource> FileSource::Over(std::unique_ptr<ByteFeed> feed, std::string name) {
  std::unique_ptr<FileSource> source(new FileSource(-1, std::move(name), std::nullopt));
  source->feed_ = std::move(feed);
  return source;
}

Result<std::size_t> FileSource::ReadSome(char* to, std::size_t bytes) {
  if (feed_ != nullptr) return feed_->Read(to, bytes);
  for (;;) {
    const ssize_t got =
        size_ ? ::pread(fd_, to, bytes, static_cast<off_t>(read_offset_)) : ::read(fd_, to, bytes);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FailErrno(ErrorCode::kIo, "cannot read", path_);
    read_offset_ += static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
  }
}

FileSource::~FileSource() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::string_view> FileSource::Peek(std::size_t want) {
  if (end_ - begin_ < want && !at_end_) CRAWLCARD_TRY(Fill(want));
  return std::string_view(buffer_.data() + begin_, end_ - begin_);
}

void FileSource::Consume(std::size_t bytes) {
  CRAWLCARD_ASSERT(bytes <= end_ - begin_);
  begin_ += bytes;
  position_ += bytes;
}

// Reads until the window holds `want` bytes or the input ends. Bytes not yet consumed move to the
// front first, so the buffer never exceeds the largest window asked for plus one read.
Status FileSource::Fill(std::size_t want) {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  const std::size_t wanted_bytes = want + kReadBytes;
  if (buffer_.size() < wanted_bytes) buffer_.resize(wanted_bytes);
  while (end_ < want) {
    CRAWLCARD_ASSIGN(const std::size_t bytes,
                     ReadSome(buffer_.data() + end_, buffer_.size() - end_));
    if (bytes == 0) {
      at_end_ = true;
      break;
    }
    if (hash_contents_) {
      hasher_.Update({buffer_.data() + end_, bytes});
      hashed_bytes_ += bytes;
    }
    end_ += bytes;
  }
  return {};
}

Result<FileSource::Contents> FileSource::FinishHash() {
  CRAWLCARD_ASSERT(hash_contents_);
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, Peek(1));
    if (window.empty()) break;
    Consume(window.size());
  }
  return Contents{hashed_bytes_, hasher_.Digest()};
}

Result<std::string> ReadFile(const std::string& path, std::uint64_t bytes_max) {
  CRAWLCARD_ASSIGN(const std::unique_ptr<FileSource> source, FileSource::Open(path));
  std::string contents;
  for (;;) {
    CRAWLCARD_ASSIGN(const std::string_view window, source->Peek(1));
    if (window.empty()) return contents;
    if (contents.size() + window.size() > bytes_max) {
      return tl::unexpected<Error>(
          Error(ErrorCode::kTooLarge, fmt::format("file too large: limit {} bytes", bytes_max))
              .At(std::string_view(path)));
    }
    contents += window;
    source->Consume(window.size());
  }
}

bool IsSpecialFile(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode);
}

namespace {

Status WriteThrough(const std::string& path, std::string_view contents) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return FailErrno(ErrorCode::kIo, "cannot open", path);
  const bool written = WriteAll(fd, contents);
  const int error = errno;
  ::close(fd);
  errno = error;
  return written ? Status() : FailErrno(ErrorCode::kIo, "cannot write", path);
}

}  // namespace

Status WriteFileAtomically(const std::string& path, std::string_view contents) {
  if (IsSpecialFile(path)) return WriteThrough(path, contents);
  const std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return FailErrno(ErrorCode::kIo, "cannot create", temporary);
  const bool written = WriteAll(fd, contents) && ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  if (!written || ::rename(temporary.c_str(), path.c_str()) != 0) {
    if (!written) errno = error;
    auto failure = FailErrno(ErrorCode::kIo, "cannot write", path);
    ::unlink(temporary.c_str());
    return failure;
  }
  return SyncDirectoryOf(path);
}

Status WriteNewSecret(const std::string& path, std::string_view contents) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    return FailErrno(errno == EEXIST ? ErrorCode::kConflict : ErrorCode::kIo, "cannot create",
                     path);
  }
  const bool written = WriteAll(fd, contents) && ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  if (!written) {
    errno = error;
    auto failure = FailErrno(ErrorCode::kIo, "cannot write", path);
    ::unlink(path.c_str());
    return failure;
  }
  return SyncDirectoryOf(path);
}

}  // namespace crawlcard
