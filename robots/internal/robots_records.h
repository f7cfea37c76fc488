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
#include "robots/path_match.h"

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

// What a look at the octets of a rule's value told, so that most patterns need no compiling.
inline constexpr std::uint8_t kShapeStar = 1;       // `*` before a final `$`
inline constexpr std::uint8_t kShapeAnchored = 2;   // ends with `$`
inline constexpr std::uint8_t kShapeIndexPage = 4;  // Google: an allowed index page of a folder

// 32 octets: a file of half a megabyte may have 100,000 of them.
struct Record {
  static constexpr std::uint32_t kAsWritten = 0xFFFFFFFF;

  const char* begin = nullptr;  // the line, trimmed, without comment
  std::uint32_t line = 0;
  std::uint32_t pattern = kAsWritten;           // index into RobotsRecords::patterns, for rules
  std::uint16_t raw_bytes = 0;                  // limits::kRobotsLineBytesMax fits
  std::uint16_t name_bytes = 0;                 // of the name at the start of the line
  std::uint16_t value_at = 0;                   // the value is the rest of the line from here
  std::uint16_t flags = 0;                      // RecordFlag
  RecordKind kind = RecordKind::kOther;         // by its exact name
  RecordKind google_kind = RecordKind::kOther;  // by Google's reading of the name
  std::uint8_t agent_in = 0;                    // dialects in which this is an agent line
  std::uint8_t rule_in = 0;                     // dialects in which this is a rule
  std::uint8_t closes_for = 0;
  std::uint8_t shape = 0;  // kShape bits of a rule

  std::string_view raw() const { return {begin, raw_bytes}; }
  std::string_view name() const { return {begin, name_bytes}; }
  std::string_view value() const {
    return {begin + value_at, static_cast<std::size_t>(raw_bytes - value_at)};
  }
  bool allows() const { return google_kind == RecordKind::kAllow; }
};
static_assert(sizeof(Record) == 32);

// Of rules whose octets must change before they are compared.
struct RulePattern {
  PathPattern rfc;
  PathPattern google;
};

struct RobotsRecords {
  std::vector<Record> records;
  std::vector<std::uint32_t> agent_lines;  // records that are agent lines in some dialect
  std::vector<RulePattern> patterns;
  std::uint16_t flags = 0;       // of all records and of the file
  bool maybe_ambiguous = false;  // a family's line stands between two agent lines
};

// The pattern of a rule as `google` or else RFC 9309 compares it.
inline PathPattern PatternOf(const RobotsRecords& read, const Record& rule, bool google) {
  if (rule.pattern != Record::kAsWritten) {
    return google ? read.patterns[rule.pattern].google : read.patterns[rule.pattern].rfc;
  }
  PathPattern pattern;
  pattern.text = rule.value();
  pattern.length = static_cast<std::uint32_t>(pattern.text.size());
  pattern.anchored = (rule.shape & kShapeAnchored) != 0;
  pattern.has_star = (rule.shape & kShapeStar) != 0;
  if (pattern.anchored) pattern.text.remove_suffix(1);
  return pattern;
}

// Google opens the folder of an allowed index page: how much of `pattern` is the folder, or 0.
std::uint32_t IndexPageBytes(const PathPattern& pattern);

// Octets behind a text that ReadRobotsRecords() may load, whatever they are.
inline constexpr std::size_t kReadPastBytes = 64;

// Reads `body`, which must live as long as the result, and behind which kReadPastBytes more can be
// read; `arena` holds patterns that had to change. Records past `records_max` are dropped
// (kFlagTruncated).
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
