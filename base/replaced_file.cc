#include "base/replaced_file.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/file.h"

namespace crawlcard {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;

tl::unexpected<Error> Failed(const std::string& path) {
  return Fail(ErrorCode::kIo, "cannot write '{}': {}", path, std::strerror(errno));
}

}  // namespace

ReplacedFile::ReplacedFile(std::string path, std::string temporary, int fd)
    : path_(std::move(path)), temporary_(std::move(temporary)), fd_(fd) {}

Result<std::unique_ptr<ReplacedFile>> ReplacedFile::Create(std::string path) {
  std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return Failed(path);
  return std::unique_ptr<ReplacedFile>(new ReplacedFile(std::move(path), std::move(temporary), fd));
}

ReplacedFile::~ReplacedFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(temporary_.c_str());
}

Status ReplacedFile::Flush() {
  if (!WriteAll(fd_, buffer_)) return Failed(path_);
  buffer_.clear();
  return {};
}

Status ReplacedFile::Write(std::string_view text) {
  buffer_ += text;
  return buffer_.size() < kBufferBytes ? Status() : Flush();
}

Status ReplacedFile::Commit() {
  CRAWLCARD_TRY(Flush());
  if (::fsync(fd_) != 0 || ::rename(temporary_.c_str(), path_.c_str()) != 0) return Failed(path_);
  ::close(std::exchange(fd_, -1));
  return SyncDirectoryOf(path_);
}

}  // namespace crawlcard
