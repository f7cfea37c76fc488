// tools/exit_code.h - what the command's exit codes mean (docs/command.md).
#pragma once

#include <string_view>

#include "base/result.h"

namespace crawlcard::tools {

inline constexpr int kExitDone = 0;
inline constexpr int kExitNo = 1;  // done, and the answer is no
inline constexpr int kExitUsage = 2;
inline constexpr int kExitDamaged = 3;  // finished, some input was damaged or failed
inline constexpr int kExitIndex = 4;    // the index cannot be used
inline constexpr int kExitInternal = 70;
inline constexpr int kExitStopped = 75;  // SIGTERM or SIGUSR1 with work left: start again
inline constexpr int kExitInterrupted = 130;

// One line for help: "done", "the answer is no", ...
std::string_view ExitMeaning(int code);

// The exit code for an error that ended a command. kCancelled depends on the signal (tools/stop.h).
int ExitFor(const Error& error);

}  // namespace crawlcard::tools
