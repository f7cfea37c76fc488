#include "tools/output.h"

#include <cerrno>
#include <cstring>

#include <unistd.h>

namespace crawlcard::tools {
namespace {
constexpr std::size_t kBufferBytes = 64 * 1024;
}  // namespace

Status Output::Write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() < kBufferBytes) return {};
  return Flush();
}

Status Output::Flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (errno == EINTR) continue;
    const int error = errno;
    buffer_.clear();
    if (error == EPIPE) {
      pipe_closed_ = true;
      return Fail(ErrorCode::kCancelled, "standard output was closed");
    }
    return Fail(ErrorCode::kIo, "cannot write to standard output: {}", std::strerror(error));
  }
  buffer_.clear();
  return {};
}

bool Output::is_terminal() const {
  return ::isatty(fd_) == 1;
}

}  // namespace crawlcard::tools
