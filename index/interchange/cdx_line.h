// index/interchange/cdx_line.h - one line of a CDX, read and written.
//
// CDXJ ("SURT TIMESTAMP {json}"), the JSON lines of a CDX server, and CDX with fields in columns:
// those that a " CDX N b a ..." line names, else the eleven or nine usual ones. Written are CDXJ as
// Common Crawl publishes it and CDX-11. docs/formats/cdx.md.
//
// Thread rule: CdxLineReader is thread-compatible, functions are thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crawlcard::index {

// What one line says; empty where it says nothing.
struct CdxLine {
  std::string_view surt;
  std::string_view timestamp;  // digits, 14 of them as a rule
  std::string_view url;
  std::string_view mime;  // "warc/revisit" of a revisit
  std::string_view mime_detected;
  std::string_view status;
  std::string_view digest;
  std::optional<std::uint64_t> length;
  std::optional<std::uint64_t> offset;
  std::string_view filename;
  std::string_view charset;
  std::string_view languages;  // "eng,fra"
  std::string_view truncated;
  std::string_view redirect;
};

inline constexpr std::string_view kRevisitMime = "warc/revisit";

class CdxLineReader {
 public:
  CdxLineReader();
  ~CdxLineReader();

  // Null for lines that tell of no capture: empty ones, heads, comments. The result points into
  // `line` and the reader and is dead at the next call. Errors: kCorrupt.
  [[nodiscard]] Result<const CdxLine*> Read(std::string_view line);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Whether text that starts like this is a CDX of any kind; `text` may end inside a line.
bool LooksLikeCdx(std::string_view text);

// Append "SURT TIMESTAMP " and, without them and without the end of the line, what follows.
void AppendCdxKey(const CdxLine& line, std::string& out);
void AppendCdxjRest(const CdxLine& line, std::string& out);
void AppendCdx11Rest(const CdxLine& line, std::string& out);

// First line of a CDX-11, without its end.
inline constexpr std::string_view kCdx11Head = " CDX N b a m s k r M S V g";

}  // namespace crawlcard::index
