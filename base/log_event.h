// base/log_event.h - what a room has to say to the operator, without printing it.
//
// A room emits named events to the sink it was given; only tools/ turns them into lines on stderr.
// One event a file and error class, never one a record.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace crawlcard {

enum class LogLevel { kInfo, kWarning, kError };

struct LogEvent {
  LogLevel level = LogLevel::kInfo;
  std::string name;     // dotted, such as "ingest.file_damaged"
  std::string message;  // one line for people
  std::vector<std::pair<std::string, std::string>> fields;
};

// Must be thread-safe: workers call it side by side. An empty function drops events.
using LogSink = std::function<void(const LogEvent&)>;

}  // namespace crawlcard
