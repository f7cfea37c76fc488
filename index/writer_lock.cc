// One writer a directory: an advisory lock on DIR/writer.lock, which also says who holds it.
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/text.h"
#include "index/internal/store_impl.h"

namespace crawlcard::index {

Result<std::unique_ptr<WriterLock>> WriterLock::Take(const std::string& directory) {
  const std::string path = directory + "/writer.lock";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    return Fail(ErrorCode::kIo, "cannot open '{}': {}", path, std::strerror(errno));
  }
  std::unique_ptr<WriterLock> lock(new WriterLock(fd));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    std::array<char, 32> holder{};
    const ssize_t bytes = ::pread(fd, holder.data(), holder.size(), 0);
    const std::string_view pid =
        TrimAscii({holder.data(), bytes > 0 ? static_cast<std::size_t>(bytes) : 0});
    if (pid.empty()) {
      return Fail(ErrorCode::kLocked, "index '{}' is locked by another process", directory);
    }
    return Fail(ErrorCode::kLocked, "index '{}' is locked by process {}", directory, pid);
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, pid.data(), pid.size(), 0) < 0) {
    return Fail(ErrorCode::kIo, "cannot write '{}': {}", path, std::strerror(errno));
  }
  return lock;
}

WriterLock::~WriterLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace crawlcard::index
