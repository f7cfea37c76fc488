#include "tools/log.h"

#include <cerrno>
#include <chrono>

#include <fmt/format.h>
#include <unistd.h>

#include "base/json_writer.h"
#include "base/time.h"
#include "card/text.h"
#include "tools/limits.h"

namespace crawlcard::tools {
namespace {

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

std::string TextLine(const LogEvent& event) {
  std::string line = "crawlcard: ";
  if (event.level != LogLevel::kInfo) line += fmt::format("{}: ", LevelName(event.level));
  line += event.message.empty() ? event.name : event.message;
  if (!event.fields.empty()) {
    line += " (" + event.name;
    for (const auto& [key, value] : event.fields) {
      if (value != event.message) line += fmt::format(" {}={}", key, value);
    }
    line += ')';
  }
  // Names of files and hosts come from outside: nothing that is no text must reach the terminal.
  return card::VisibleText(line, limits::kLogLineBytesMax) + '\n';
}

std::string JsonLine(const LogEvent& event) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  std::string line;
  JsonWriter json(line);
  json.BeginObject();
  json.Member("time", FormatRfc3339(std::chrono::duration_cast<std::chrono::seconds>(now).count()));
  json.Member("level", LevelName(event.level));
  json.Member("event", event.name);
  json.Member("message", event.message);
  for (const auto& [key, value] : event.fields) json.Member(key, value);
  json.EndObject();
  return line + '\n';
}

}  // namespace

void Logger::Log(const LogEvent& event) {
  const std::lock_guard lock(mutex_);
  WriteLocked(format_ == Format::kJson ? JsonLine(event) : TextLine(event));
}

void Logger::LogError(LogLevel level, std::string_view name, const Error& error) {
  LogEvent event;
  event.level = level;
  event.name = name;
  if (format_ == Format::kText) {
    event.message = error.ToString();
  } else {
    event.message = error.message();
    event.fields.emplace_back("code", ErrorCodeName(error.code()));
    if (!error.file().empty()) event.fields.emplace_back("file", error.file());
    if (error.offset()) event.fields.emplace_back("offset", std::to_string(*error.offset()));
  }
  Log(event);
}

void Logger::Line(std::string_view line) {
  const std::lock_guard lock(mutex_);
  WriteLocked(std::string(line) + '\n');
}

void Logger::SetStatusLine(std::string line) {
  const std::lock_guard lock(mutex_);
  status_line_ = std::move(line);
  WriteLocked(status_line_.empty() ? "\r\x1b[K" : "");
}

LogSink Logger::Sink() {
  return [this](const LogEvent& event) { Log(event); };
}

void Logger::WriteLocked(std::string_view text) {
  std::string bytes;
  if (!status_line_.empty()) bytes += "\r\x1b[K";
  bytes += text;
  bytes += status_line_;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;  // nobody reads standard error: there is no one left to tell
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace crawlcard::tools
