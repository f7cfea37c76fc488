#include "dataset/row.h"

#include <string>

#include "base/text.h"

namespace crawlcard::dataset {
namespace {

// From here on a number counts milliseconds: as seconds it would be the year 5138.
constexpr std::uint64_t kMillisFrom = 100'000'000'000;
constexpr std::uint64_t kMillis = 1000;
constexpr std::size_t kTimestampDigits = 14;
constexpr std::size_t kDateDigits = 8;
constexpr std::size_t kDateBytesMax = 64;

}  // namespace

std::string_view RowFaultName(RowFault fault) {
  switch (fault) {
    case RowFault::kNone:
      return "";
    case RowFault::kEmpty:
      return "empty-row";
    case RowFault::kBadRow:
      return "bad-row";
    case RowFault::kTooLong:
      return "too-long";
    case RowFault::kCutRow:
      return "cut-row";
    case RowFault::kNoUrl:
      return "no-url";
  }
  return "";
}

std::optional<UnixSeconds> ParseRowDate(std::string_view text) {
  text = TrimAscii(text);
  if (text.empty() || text.size() > kDateBytesMax) return std::nullopt;
  const std::size_t point = text.find('.');
  const std::optional<std::uint64_t> number = ParseUint(text.substr(0, point));
  if (number && (text.size() == kTimestampDigits || text.size() == kDateDigits)) {
    return ParseTimestamp14(text);
  }
  if (number && text.size() > 4) {
    const std::uint64_t seconds = *number >= kMillisFrom ? *number / kMillis : *number;
    if (seconds >= kMillisFrom) return std::nullopt;
    return static_cast<UnixSeconds>(seconds);
  }
  if (const std::optional<UnixSeconds> time = ParseRfc3339(text)) return time;
  if (text.size() > 10 && text[10] == ' ') {
    std::string with_t(text);
    with_t[10] = 'T';
    if (const std::optional<UnixSeconds> time = ParseRfc3339(with_t)) return time;
    // "2019-04-25 12:57:54" has no zone: the archives' is UTC.
    if (const std::optional<UnixSeconds> time = ParseRfc3339(with_t + 'Z')) return time;
  }
  if (text.size() > 10 && text[10] == 'T') {
    if (const std::optional<UnixSeconds> time = ParseRfc3339(std::string(text) + 'Z')) return time;
  }
  return ParseHttpDate(text);
}

}  // namespace crawlcard::dataset
