#include "warc/internal/stored_head.h"

#include <fmt/format.h>

#include "base/text.h"

namespace crawlcard::warc {
namespace {

constexpr std::string_view kPrefix = "X-Crawler-";

// Takes the first line off `text`, with its line end.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t feed = text.find('\n');
  const std::string_view line = text.substr(0, feed == std::string_view::npos ? feed : feed + 1);
  text.remove_prefix(line.size());
  return line;
}

std::string_view FieldName(std::string_view line) {
  const std::size_t colon = line.find(':');
  return colon == std::string_view::npos ? std::string_view{} : TrimAscii(line.substr(0, colon));
}

// A status line of HTTP/2 has no minor version, and readers of archives know HTTP/1 alone.
void AppendStatusLine(std::string_view line, std::string& out) {
  const std::size_t blank = line.find(' ');
  if (blank != std::string_view::npos && line.size() > 5 && (line[5] == '2' || line[5] == '3')) {
    out += "HTTP/1.1";
    out += line.substr(blank);
    return;
  }
  out += line;
}

bool TellsTheTruth(std::string_view line, std::string_view name, const StoredHeadOptions& options) {
  if (EqualsIgnoreCase(name, "transfer-encoding")) return !options.transfer_decoded;
  if (EqualsIgnoreCase(name, "content-encoding")) return !options.content_decoded;
  if (EqualsIgnoreCase(name, "content-length")) {
    const std::string_view value = TrimAscii(line.substr(line.find(':') + 1));
    return ParseUint(value) == options.body_bytes;
  }
  return true;
}

}  // namespace

bool IsHttpHead(std::string_view head) {
  return head.substr(0, 5) == "HTTP/" && head.size() > 8;
}

std::size_t StoredHeadBytesMax(std::size_t head_bytes) {
  // Each line that gets the prefix has at least 15 bytes of its own.
  return head_bytes * 2 + 64;
}

void AppendStoredHead(std::string_view head, const StoredHeadOptions& options, std::string& out) {
  const bool decoded = options.transfer_decoded || options.content_decoded;
  AppendStatusLine(TakeLine(head), out);
  if (out.back() != '\n') out += "\r\n";
  bool has_length = false;
  bool renamed = false;
  while (!head.empty()) {
    const std::string_view line = TakeLine(head);
    if (TrimAscii(line).empty()) break;
    const std::string_view name = FieldName(line);
    const bool folded = line.front() == ' ' || line.front() == '\t';
    if (decoded && !folded && !name.empty()) {
      const bool truth = TellsTheTruth(line, name, options);
      if (!truth) out += kPrefix;
      renamed = renamed || !truth;
      has_length = has_length || (truth && EqualsIgnoreCase(name, "content-length"));
    }
    out += line;
    if (out.back() != '\n') out += "\r\n";
  }
  if (renamed && !has_length) out += fmt::format("Content-Length: {}\r\n", options.body_bytes);
  out += "\r\n";
}

}  // namespace crawlcard::warc
