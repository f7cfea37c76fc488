#include "warc/internal/record_start.h"

#include <algorithm>

#include "base/text.h"
#include "warc/internal/arc_line.h"
#include "warc/limits.h"

namespace crawlcard::warc::internal {
namespace {

constexpr std::string_view kWarc = "WARC/";
constexpr std::string_view kLz4Magic("\x04\x22\x4d\x18", 4);
constexpr std::string_view kZipMagic("PK\x03\x04", 4);

// RFC 8878 section 3.1.2: 0x184D2A50 to 0x184D2A5F, little-endian.
bool StartsSkippable(std::string_view bytes) {
  return bytes.size() >= 4 && (static_cast<unsigned char>(bytes[0]) & 0xF0U) == 0x50 &&
         bytes.substr(1, 3) == kDictionaryMagic.substr(1);
}

bool StartsArc(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, limits::kArcLineBytesMax);
  const std::size_t end = line.find('\n');
  return end != std::string_view::npos && ParseArcLine(line.substr(0, end)).has_value();
}

bool IsFieldNameByte(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '-' || c == '_' || c == '.';
}

// "WARC/1.0", its line end, and the name of a field with its colon.
bool StartsWarcHeader(std::string_view text) {
  if (!StartsWarc(text) || text.size() < 8 || !IsAsciiDigit(text[5])) return false;
  std::size_t at = text.find('\n');
  // No version line is longer than this, and text that is none must not be walked.
  if (at == std::string_view::npos || at > 32) return false;
  const std::size_t name = ++at;
  while (at < text.size() && IsFieldNameByte(text[at])) ++at;
  return at > name && at < text.size() && text[at] == ':';
}

}  // namespace

bool StartsWarc(std::string_view bytes) {
  return bytes.starts_with(kWarc) || StartsWithIgnoreCase(bytes, kWarc);
}

bool IsCutWarc(std::string_view bytes) {
  return bytes.size() < kWarc.size() && EqualsIgnoreCase(bytes, kWarc.substr(0, bytes.size()));
}

bool StartsRecord(std::string_view bytes) {
  return StartsWarc(bytes) || StartsArc(bytes);
}

UnitKind SniffUnit(std::string_view bytes) {
  if (bytes.starts_with(kGzipMagic)) return UnitKind::kGzip;
  if (bytes.starts_with(kZstdMagic)) return UnitKind::kZstd;
  if (StartsSkippable(bytes)) return UnitKind::kSkippable;
  if (StartsWarc(bytes) || bytes.front() == '\r' || bytes.front() == '\n') return UnitKind::kPlain;
  if (bytes.starts_with(kLz4Magic)) return UnitKind::kLz4;
  if (bytes.starts_with(kZipMagic)) return UnitKind::kZip;
  if (bytes.front() == '\0') return UnitKind::kZeros;
  if (kGzipMagic.starts_with(bytes) || kZstdMagic.starts_with(bytes) || IsCutWarc(bytes)) {
    return UnitKind::kCut;
  }
  return StartsArc(bytes) || bytes.starts_with("filedesc://") ? UnitKind::kPlain
                                                              : UnitKind::kUnknown;
}

std::size_t FindRecordStart(std::string_view text, std::size_t from, bool is_arc) {
  std::size_t line_end = from - 1;
  for (;;) {
    line_end = text.find('\n', line_end);
    if (line_end == std::string_view::npos) return line_end;
    ++line_end;  // now the start of a line
    const std::string_view rest = text.substr(line_end);
    if (rest.empty()) return std::string_view::npos;
    if (AsciiLower(rest.front()) == 'w' && StartsWarcHeader(rest)) return line_end;
    if (is_arc && IsAsciiAlpha(rest.front()) && StartsArc(rest)) return line_end;
  }
}

}  // namespace crawlcard::warc::internal
