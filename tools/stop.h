// tools/stop.h - signals asked politely to stop: the first is noted, the second kills.
//
// SIGINT, SIGTERM and SIGUSR1 set a flag that long work looks at; what was finished stays finished.
// SIGPIPE is ignored, so that a closed pipe is an error of write(2).
//
// Thread rule: thread-safe after InstallStopSignals(), which main calls once.
#pragma once

#include <atomic>

namespace crawlcard::tools {

void InstallStopSignals();

// Set once a stop was asked for.
const std::atomic<bool>& StopRequested();

// 130 after SIGINT, 75 after SIGTERM or SIGUSR1 (and when nothing asked).
int StopExitCode();

}  // namespace crawlcard::tools
