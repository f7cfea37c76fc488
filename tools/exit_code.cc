#include "tools/exit_code.h"

#include "tools/stop.h"

namespace crawlcard::tools {

std::string_view ExitMeaning(int code) {
  switch (code) {
    case kExitDone:
      return "done";
    case kExitNo:
      return "done, and the answer is no";
    case kExitUsage:
      return "the command line or the configuration is wrong";
    case kExitDamaged:
      return "finished, but some input was damaged or failed: standard error says which";
    case kExitIndex:
      return "the index cannot be used: locked, of another schema, missing or corrupt";
    case kExitInternal:
      return "a bug in this program, or the machine failed";
    case kExitStopped:
      return "stopped by SIGTERM or SIGUSR1 with work left: start it again";
    case kExitInterrupted:
      return "interrupted: start it again to go on";
    default:
      return "";
  }
}

int ExitFor(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kNotFound:
    case ErrorCode::kConflict:
      return kExitUsage;
    case ErrorCode::kTruncated:
    case ErrorCode::kCorrupt:
    case ErrorCode::kTooLarge:
    case ErrorCode::kUnsupported:
      return kExitDamaged;
    case ErrorCode::kLocked:
    case ErrorCode::kSchema:
      return kExitIndex;
    case ErrorCode::kCancelled:
      return StopExitCode();
    case ErrorCode::kIo:
    case ErrorCode::kInternal:
      return kExitInternal;
  }
  return kExitInternal;
}

}  // namespace crawlcard::tools
