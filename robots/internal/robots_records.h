// robots/internal/robots_records.h - the records of one robots.txt file, read once for all
// dialects.
//
// Each line with a directive becomes one Record. What a dialect makes of it is a bit: a dialect is
// a way of walking the records, so that files are never parsed twice. Names of extensions are
// compared first and exactly; Google's prefix and typo rules mark records for the dialects that
// follow them (docs/formats/signals.md 1.5).
//
// Thread rule: functions are thread-safe; the result is immutable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/text.h"
#include "robots/internal/path_match.h"

namespace crawlcard::robots::internal {

// What a name means when it is spelled right. kOther: not known here.
enum class RecordKind : std::uint8_t {
  kOther,
  kUserAgent,
  kAllow,
  kDisallow,
  kSitemap,
  kCrawlDelay,
  kContentSignal,
  kContentUsage,
  kLicense,
  kAllowAiTraining,
  kDisallowAiTraining,
};

// Dialects as bits of Record::agent_in and Record::rule_in.
inline constexpr std::uint8_t kInRfc = 1;
inline constexpr std::uint8_t kInGoogle = 2;
inline constexpr std::uint8_t kInLenient = 4;
inline constexpr std::uint8_t kInAll = kInRfc | kInGoogle | kInLenient;

// Families whose own lines end a list of agent lines (docs/formats/signals.md 1.6).
inline constexpr std::uint8_t kClosesForContentSignal = 1;
inline constexpr std::uint8_t kClosesForAipref = 2;
inline constexpr std::uint8_t kClosesForRsl = 4;
inline constexpr std::uint8_t kClosesForAiTraining = 8;
inline constexpr std::uint8_t kClosesForAll = 15;

// Deviations of a record or of the whole file.
enum RecordFlag : std::uint16_t {
  kFlagTypo = 1 << 0,
  kFlagPrefixKey = 1 << 1,
  kFlagMissingColon = 1 << 2,
  kFlagBadPath = 1 << 3,
  kFlagCommaAgents = 1 << 4,
  kFlagTruncatedAgent = 1 << 5,
  kFlagNongrammarToken = 1 << 6,
  kFlagBom = 1 << 7,
  kFlagTruncated = 1 << 8,
  kFlagHtmlBody = 1 << 9,
  kFlagUndefinedSignal = 1 << 10,
  kFlagTruncatedLine = 1 << 11,
  kFlagUtf16 = 1 << 12,
};

struct Record {
  std::uint32_t line = 0;
  std::uint32_t pattern = 0;                    // index into RobotsRecords::patterns, for rules
  std::string_view raw;                         // the line, trimmed, without comment
  std::uint16_t name_bytes = 0;                 // of the name at the start of raw
  std::uint16_t value_at = 0;                   // the value is the rest of raw from here
  std::uint16_t flags = 0;                      // RecordFlag
  RecordKind kind = RecordKind::kOther;         // by its exact name
  RecordKind google_kind = RecordKind::kOther;  // by Google's reading of the name
  std::uint8_t agent_in = 0;                    // dialects in which this is an agent line
  std::uint8_t rule_in = 0;                     // dialects in which this is a rule
  std::uint8_t closes_for = 0;

  std::string_view name() const { return raw.substr(0, name_bytes); }
  std::string_view value() const { return raw.substr(value_at); }
  bool allows() const { return google_kind == RecordKind::kAllow; }
};

struct RulePattern {
  PathPattern rfc;
  PathPattern google;
  std::uint32_t index_page_bytes = 0;  // Google: bytes up to the slash before "index.htm", or 0
};

struct RobotsRecords {
  std::vector<Record> records;
  std::vector<RulePattern> patterns;
  std::uint16_t flags = 0;       // of all records and of the file
  bool maybe_ambiguous = false;  // a family's line stands between two agent lines
};

// Reads `body`, which must live as long as the result; `arena` holds patterns that had to change.
// Records past `records_max` are dropped (kFlagTruncated).
RobotsRecords ReadRobotsRecords(std::string_view body, std::size_t records_max, Arena& arena);

// The name of one flag, such as "robots.typo".
std::string_view RecordFlagName(RecordFlag flag);
// Appends the names of all flags in `flags`.
void AppendFlagNames(std::uint16_t flags, std::vector<std::string_view>& names_out);

// The run of letters, `_` and `-` at the start: all that Google's library uses of an agent value.
std::string_view GoogleToken(std::string_view agent_value);

// Calls `visit` for each part of a comma list, trimmed, empty ones left out; true stops and is
// returned.
template <class Visit>
bool AnyCommaPart(std::string_view value, Visit visit) {
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    const std::string_view part = TrimAscii(value.substr(0, comma));
    if (!part.empty() && visit(part)) return true;
    if (comma == std::string_view::npos) return false;
    value.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace crawlcard::robots::internal
