#include "robots/internal/robots_records.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "robots/limits.h"

namespace crawlcard::robots::internal {
namespace {

struct KnownName {
  std::string_view name;
  RecordKind kind;
};

// Compared without case and exactly, before any of Google's rules: a name such as
// DisallowAITraining would else act as Disallow.
constexpr std::array kExactNames = {
    KnownName{"disallow", RecordKind::kDisallow},
    KnownName{"user-agent", RecordKind::kUserAgent},
    KnownName{"allow", RecordKind::kAllow},
    KnownName{"sitemap", RecordKind::kSitemap},
    KnownName{"crawl-delay", RecordKind::kCrawlDelay},
    KnownName{"content-signal", RecordKind::kContentSignal},
    KnownName{"content-signals", RecordKind::kContentSignal},
    KnownName{"content-usage", RecordKind::kContentUsage},
    KnownName{"license", RecordKind::kLicense},
    KnownName{"disallowaitraining", RecordKind::kDisallowAiTraining},
    KnownName{"allowaitraining", RecordKind::kAllowAiTraining},
};

// Google's library compares names by prefix, and knows these misspellings.
constexpr std::array kGoogleNames = {
    KnownName{"user-agent", RecordKind::kUserAgent},
    KnownName{"allow", RecordKind::kAllow},
    KnownName{"disallow", RecordKind::kDisallow},
    KnownName{"sitemap", RecordKind::kSitemap},
};
constexpr std::array kGoogleTypos = {
    KnownName{"useragent", RecordKind::kUserAgent}, KnownName{"user agent", RecordKind::kUserAgent},
    KnownName{"dissallow", RecordKind::kDisallow},  KnownName{"dissalow", RecordKind::kDisallow},
    KnownName{"disalow", RecordKind::kDisallow},    KnownName{"diasllow", RecordKind::kDisallow},
    KnownName{"disallaw", RecordKind::kDisallow},   KnownName{"site-map", RecordKind::kSitemap},
};

// Not defined anywhere as lines of this file (docs/formats/signals.md 1.6).
constexpr std::array<std::string_view, 3> kUndefinedNames = {"tdm-reservation", "tdm-policy", "ai"};

// The white space that Google's library strips: the ASCII one with vertical tab.
bool IsStripped(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view Strip(std::string_view text) {
  while (!text.empty() && IsStripped(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsStripped(text.back())) text.remove_suffix(1);
  return text;
}

bool IsTokenChar(char c) {
  return IsAsciiAlpha(c) || c == '_' || c == '-';
}

void ReadName(std::string_view name, Record& record) {
  for (const KnownName& known : kExactNames) {
    if (known.name.size() == name.size() && EqualsIgnoreCase(name, known.name)) {
      record.kind = known.kind;
      break;
    }
  }
  if (record.kind >= RecordKind::kUserAgent && record.kind <= RecordKind::kSitemap) {
    record.google_kind = record.kind;
    return;
  }
  // Names that begin with none of Google's first letters are common: leave early.
  const char first = AsciiLower(name.front());
  if (first != 'a' && first != 'd' && first != 's' && first != 'u') return;
  for (const KnownName& known : kGoogleNames) {
    if (!StartsWithIgnoreCase(name, known.name)) continue;
    record.google_kind = known.kind;
    record.flags |= kFlagPrefixKey;
    return;
  }
  for (const KnownName& known : kGoogleTypos) {
    if (!StartsWithIgnoreCase(name, known.name)) continue;
    record.google_kind = known.kind;
    record.flags |= kFlagTypo;
    return;
  }
}

// Marks how an agent value departs from `*` or a token (RFC 9309 section 2.2.1).
void ReadAgentValue(Record& record) {
  const std::string_view value = record.value();
  if (value == "*" || value.empty()) return;
  const std::size_t token_bytes = GoogleToken(value).size();
  if (token_bytes == value.size()) return;
  if (value.find(',') != std::string_view::npos) {
    record.flags |= kFlagCommaAgents;
    return;
  }
  const char next = value[token_bytes];
  const bool digit_or_dot = IsAsciiDigit(next) || next == '.';
  record.flags |= digit_or_dot ? kFlagNongrammarToken : kFlagTruncatedAgent;
}

std::uint8_t ClosesFor(RecordKind kind) {
  switch (kind) {
    case RecordKind::kContentSignal:
      return kClosesForContentSignal;
    case RecordKind::kContentUsage:
      return kClosesForAipref;
    case RecordKind::kLicense:
      return kClosesForRsl;
    case RecordKind::kAllowAiTraining:
    case RecordKind::kDisallowAiTraining:
      return kClosesForAiTraining;
    default:
      return 0;
  }
}

// Google opens the folder of an allowed index page: how much of `pattern` is the folder.
std::uint32_t IndexPageBytes(const PathPattern& pattern) {
  const std::size_t slash = pattern.text.rfind('/');
  if (slash == std::string_view::npos) return 0;
  constexpr std::string_view kIndex = "/index.htm";
  if (pattern.text.substr(slash, kIndex.size()) != kIndex) return 0;
  return static_cast<std::uint32_t>(slash + 1);
}

class RecordReader {
 public:
  RecordReader(std::size_t records_max, Arena& arena, RobotsRecords& out)
      : records_max_(records_max), arena_(arena), out_(out) {}

  // One line without its end. `google_only`: junk that the other dialects would not skip precedes.
  void Line(std::string_view text, std::uint32_t line, bool google_only) {
    // Google's buffer holds one octet less than its size: the last is the end of the C string.
    const bool cut = text.size() > limits::kRobotsLineBytesMax - 1;
    text = text.substr(0, limits::kRobotsLineBytesMax - 1);
    const std::size_t comment = text.find('#');
    // What a comment loses is no loss.
    const bool lost = cut && comment == std::string_view::npos;
    if (lost) out_.flags |= kFlagTruncatedLine;
    text = Strip(text.substr(0, comment));
    if (text.empty()) return;
    Record record;
    record.line = line;
    record.raw = text;
    if (lost) record.flags |= kFlagTruncatedLine;
    if (!SplitNameAndValue(text, record)) return;
    ReadName(record.name(), record);
    const bool colon = (record.flags & kFlagMissingColon) == 0;
    if (!colon && record.google_kind == RecordKind::kOther) return;  // two words, no record
    if (!colon || google_only) record.kind = RecordKind::kOther;
    if (out_.records.size() >= records_max_) {
      out_.flags |= kFlagTruncated;
      return;
    }
    Classify(record, google_only);
    out_.flags |= record.flags;
    out_.records.push_back(record);
  }

 private:
  // "name: value", or exactly two words without a colon, which Google takes (section 1.5).
  static bool SplitNameAndValue(std::string_view text, Record& record) {
    std::size_t separator = text.find(':');
    if (separator == std::string_view::npos) {
      separator = text.find_first_of(" \t");
      if (separator == std::string_view::npos) return false;
      const std::size_t value = text.find_first_not_of(" \t", separator);
      if (text.find_first_of(" \t", value) != std::string_view::npos) return false;
      record.flags |= kFlagMissingColon;
    }
    const std::string_view name = Strip(text.substr(0, separator));
    if (name.empty()) return false;
    const std::string_view value = Strip(text.substr(separator + 1));
    record.name_bytes = static_cast<std::uint16_t>(name.size());
    record.value_at = static_cast<std::uint16_t>(
        value.empty() ? text.size() : static_cast<std::size_t>(value.data() - text.data()));
    return true;
  }

  void Classify(Record& record, bool google_only) {
    std::uint8_t dialects = google_only ? kInGoogle : kInGoogle | kInLenient;
    if (record.kind == RecordKind::kAllowAiTraining ||
        record.kind == RecordKind::kDisallowAiTraining) {
      dialects = kInGoogle;
    }
    if (record.kind == record.google_kind) dialects |= kInRfc;
    record.closes_for = ClosesFor(record.kind);
    if (record.google_kind == RecordKind::kUserAgent) {
      record.agent_in = dialects;
      ReadAgentValue(record);
    } else if (record.google_kind == RecordKind::kAllow ||
               record.google_kind == RecordKind::kDisallow) {
      record.rule_in = dialects;
      AddPattern(record);
    } else if (record.google_kind == RecordKind::kOther) {
      for (const std::string_view name : kUndefinedNames) {
        if (EqualsIgnoreCase(record.name(), name)) record.flags |= kFlagUndefinedSignal;
      }
    }
    NoteAmbiguity(record);
  }

  void AddPattern(Record& record) {
    const std::string_view value = record.value();
    RulePattern pattern;
    pattern.google = CompileGooglePattern(value, arena_);
    pattern.rfc = CompileRfcPattern(value, arena_);
    if (record.allows()) pattern.index_page_bytes = IndexPageBytes(pattern.google);
    if (!value.empty() && value.front() != '/' && value.front() != '*') {
      record.flags |= kFlagBadPath;
    }
    record.pattern = static_cast<std::uint32_t>(out_.patterns.size());
    out_.patterns.push_back(pattern);
  }

  // Agent line, family's line, agent line, with no rule between: readers disagree.
  void NoteAmbiguity(const Record& record) {
    if (record.agent_in != 0) {
      out_.maybe_ambiguous = out_.maybe_ambiguous || family_line_open_;
      agent_open_ = true;
    } else if (record.rule_in != 0) {
      agent_open_ = family_line_open_ = false;
    } else if (record.closes_for != 0) {
      family_line_open_ = agent_open_;
    }
  }

  std::size_t records_max_;
  Arena& arena_;
  RobotsRecords& out_;
  bool agent_open_ = false;
  bool family_line_open_ = false;
};

bool LooksLikeHtml(std::string_view body) {
  while (!body.empty() && IsAsciiSpace(body.front())) body.remove_prefix(1);
  if (body.empty() || body.front() != '<') return false;
  body.remove_prefix(1);
  constexpr std::array<std::string_view, 10> kStarts = {
      "!doctype", "html", "head", "body", "title", "meta", "script", "!--", "?xml", "link"};
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [&](std::string_view start) { return StartsWithIgnoreCase(body, start); });
}

// Hands out lines: CR, LF and CRLF each end one.
class LineCutter {
 public:
  explicit LineCutter(std::string_view body)
      : body_(body), has_cr_(body.find('\r') != std::string_view::npos) {}

  // False after the last line, which needs no end.
  bool Next(std::string_view& line_out) {
    if (done_) return false;
    // The next LF is kept: a file of CR alone must not be searched to its end for each line.
    if (next_lf_ < begin_ || !lf_known_) {
      const std::size_t lf = body_.find('\n', begin_);
      next_lf_ = lf == std::string_view::npos ? body_.size() : lf;
      lf_known_ = true;
    }
    std::size_t end = next_lf_;
    if (has_cr_) {
      const std::string_view before = body_.substr(begin_, end - begin_);
      const std::size_t cr = before.find('\r');
      if (cr != std::string_view::npos) end = begin_ + cr;
    }
    line_out = body_.substr(begin_, end - begin_);
    done_ = end >= body_.size();
    const bool crlf = end + 1 < body_.size() && body_[end] == '\r' && body_[end + 1] == '\n';
    begin_ = end + (crlf ? 2 : 1);
    return true;
  }

 private:
  std::string_view body_;
  bool has_cr_;
  bool lf_known_ = false;
  bool done_ = false;
  std::size_t begin_ = 0;
  std::size_t next_lf_ = 0;
};

}  // namespace

RobotsRecords ReadRobotsRecords(std::string_view body, std::size_t records_max, Arena& arena) {
  RobotsRecords out;
  constexpr std::string_view kBom = "\xEF\xBB\xBF";
  std::size_t bom_bytes = 0;
  while (bom_bytes < kBom.size() && bom_bytes < body.size() && body[bom_bytes] == kBom[bom_bytes]) {
    ++bom_bytes;
  }
  // A mark that is cut short is skipped by Google alone (docs/formats/signals.md 1.5).
  const bool cut_bom = bom_bytes > 0 && bom_bytes < kBom.size();
  if (bom_bytes > 0) out.flags |= kFlagBom;
  body.remove_prefix(bom_bytes);

  // RFC 9309 section 2.2 asks for UTF-8: a file in UTF-16 has no directive that anybody reads.
  if (body.starts_with("\xFF\xFE") || body.starts_with("\xFE\xFF")) out.flags |= kFlagUtf16;

  const bool html = LooksLikeHtml(body);
  if (html) out.flags |= kFlagHtmlBody;
  // Google's library reads lines as C strings.
  const bool has_nul = body.find('\0') != std::string_view::npos;

  out.records.reserve(body.size() / 24 + 1);
  out.patterns.reserve(body.size() / 28 + 1);
  RecordReader reader(records_max, arena, out);
  LineCutter lines(body);
  std::string_view line;
  for (std::uint32_t number = 1; lines.Next(line); ++number) {
    if ((out.flags & kFlagTruncated) != 0) break;
    if (has_nul) line = line.substr(0, line.find('\0'));
    reader.Line(line, number, html || (cut_bom && number == 1));
  }
  return out;
}

std::string_view RecordFlagName(RecordFlag flag) {
  switch (flag) {
    case kFlagTypo:
      return "robots.typo";
    case kFlagPrefixKey:
      return "robots.prefix_key";
    case kFlagMissingColon:
      return "robots.missing_colon";
    case kFlagBadPath:
      return "robots.bad_path";
    case kFlagCommaAgents:
      return "robots.comma_agents";
    case kFlagTruncatedAgent:
      return "robots.truncated_agent";
    case kFlagNongrammarToken:
      return "robots.nongrammar_token";
    case kFlagBom:
      return "robots.bom";
    case kFlagTruncated:
      return "robots.truncated";
    case kFlagHtmlBody:
      return "robots.html_body";
    case kFlagUndefinedSignal:
      return "robots.undefined_signal";
    case kFlagTruncatedLine:
      return "robots.truncated_line";
    case kFlagUtf16:
      return "robots.utf16";
  }
  return {};
}

void AppendFlagNames(std::uint16_t flags, std::vector<std::string_view>& names_out) {
  for (unsigned bit = 0; bit < 16; ++bit) {
    const unsigned flag = 1U << bit;
    if ((flags & flag) == 0) continue;
    const std::string_view name = RecordFlagName(static_cast<RecordFlag>(flag));
    const bool known = std::find(names_out.begin(), names_out.end(), name) != names_out.end();
    if (!known) names_out.push_back(name);
  }
}

std::string_view GoogleToken(std::string_view agent_value) {
  std::size_t end = 0;
  while (end < agent_value.size() && IsTokenChar(agent_value[end])) ++end;
  return agent_value.substr(0, end);
}

}  // namespace crawlcard::robots::internal
