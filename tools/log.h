// tools/log.h - messages for the operator, on standard error.
//
// Text: "crawlcard: warning: message (name key=value)". JSON: one object a line.
//
// Thread rule: thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "base/log_event.h"
#include "base/result.h"

namespace crawlcard::tools {

class Logger {
 public:
  enum class Format { kText, kJson };
  // Writes to the open descriptor `fd`, which stays the caller's.
  Logger(int fd, Format format) : fd_(fd), format_(format) {}

  void set_format(Format format) { format_ = format; }

  void Log(const LogEvent& event);
  // An error with its place; `name` is dotted, such as "extract.file_damaged".
  void LogError(LogLevel level, std::string_view name, const Error& error);
  // A line as it is: summaries, progress off a terminal.
  void Line(std::string_view line);

  // A progress line that stays at the bottom of a terminal; empty takes it away.
  void SetStatusLine(std::string line);

  // Passes events of the rooms on to this logger, which must outlive the sink.
  LogSink Sink();

 private:
  void WriteLocked(std::string_view text);

  const int fd_;
  Format format_;
  std::mutex mutex_;
  std::string status_line_;
};

}  // namespace crawlcard::tools
