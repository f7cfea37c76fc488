#include "tools/stop.h"

#include <csignal>

#include "tools/exit_code.h"

namespace crawlcard::tools {
namespace {

// Process-wide because signals are. Lock-free, hence usable in a handler.
std::atomic<bool> stop_requested{false};
std::atomic<int> stop_signal{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void OnSignal(int signal) {
  stop_signal.store(signal);
  stop_requested.store(true);
}

}  // namespace

void InstallStopSignals() {
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  // SA_RESETHAND: the second signal has its default effect and ends the process at once.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1}) sigaction(signal, &action, nullptr);

  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
}

const std::atomic<bool>& StopRequested() {
  return stop_requested;
}

int StopExitCode() {
  return stop_signal.load() == SIGINT ? kExitInterrupted : kExitStopped;
}

}  // namespace crawlcard::tools
