#include "base/replaced_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

namespace crawlcard {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;

tl::unexpected<Error> Failed(const std::string& path) {
  return Fail(ErrorCode::kIo, "cannot write '{}': {}", path, std::strerror(errno));
}

constexpr std::string_view kEnding = ".tmp";

bool IsTemporaryOf(std::string_view file, std::string_view name) {
  if (!file.starts_with(name) || !file.ends_with(kEnding)) return false;
  file.remove_prefix(name.size());
  if (file.size() <= kEnding.size() || file.front() != '.') return false;
  return ParseUint(file.substr(1, file.size() - 1 - kEnding.size())).has_value();
}

}  // namespace

ReplacedFile::ReplacedFile(std::string path, std::string temporary, int fd)
    : path_(std::move(path)), temporary_(std::move(temporary)), fd_(fd) {}

Result<std::unique_ptr<ReplacedFile>> ReplacedFile::Create(std::string path) {
  if (IsSpecialFile(path)) {  // nothing to replace: it is written to as it is
    const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return Failed(path);
    return std::unique_ptr<ReplacedFile>(new ReplacedFile(std::move(path), "", fd));
  }
  std::string temporary = fmt::format("{}.{}.tmp", path, ::getpid());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return Failed(path);
  // Says that it is in use; where there are no locks nothing is swept either.
  static_cast<void>(::flock(fd, LOCK_EX | LOCK_NB));
  return std::unique_ptr<ReplacedFile>(new ReplacedFile(std::move(path), std::move(temporary), fd));
}

ReplacedFile::~ReplacedFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
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
  if (temporary_.empty()) {
    ::close(std::exchange(fd_, -1));
    return {};
  }
  if (::fsync(fd_) != 0 || ::rename(temporary_.c_str(), path_.c_str()) != 0) return Failed(path_);
  ::close(std::exchange(fd_, -1));
  return SyncDirectoryOf(path_);
}

void RemoveAbandoned(const std::string& path, std::span<const std::string_view> beside) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const std::string_view name = std::string_view(path).substr(slash + 1);
  DIR* const entries = ::opendir(directory.c_str());
  if (entries == nullptr) return;
  while (const dirent* entry = ::readdir(entries)) {
    if (!IsTemporaryOf(entry->d_name, name)) continue;
    // Whatever bears such a name, opening it neither follows nor waits.
    const int fd =
        ::openat(::dirfd(entries), entry->d_name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) continue;
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) {
      // The file with the lock goes last: it is what the others are found by.
      for (const std::string_view ending : beside) {
        std::error_code ignored;
        std::filesystem::remove_all(fmt::format("{}/{}{}", directory, entry->d_name, ending),
                                    ignored);
      }
      ::unlinkat(::dirfd(entries), entry->d_name, 0);
    }
    ::close(fd);
  }
  ::closedir(entries);
}

}  // namespace crawlcard
