#include <cerrno>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "index/verify/verify.h"

namespace crawlcard::index {
namespace {

// Opening takes milliseconds; a child that hangs is not waited for.
constexpr unsigned kTrialSeconds = 60;

[[noreturn]] void OpenAndExit(const std::string& directory) {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (null >= 0) dup2(null, STDERR_FILENO);  // the parent says what happened
  alarm(kTrialSeconds);
  const bool opened = Store::Open(directory, OpenMode::kRead).has_value();
  _exit(opened ? 0 : 1);
}

}  // namespace

Status TryOpening(const std::string& directory) {
  const pid_t child = fork();
  if (child < 0) return Fail(ErrorCode::kIo, "cannot start a process: error {}", errno);
  if (child == 0) OpenAndExit(directory);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFSIGNALED(status)) return {};
  return Fail(ErrorCode::kCorrupt,
              "a file of index '{}' is damaged so that opening it ends with signal {}: build the "
              "index again from the archive",
              directory, WTERMSIG(status));
}

}  // namespace crawlcard::index
