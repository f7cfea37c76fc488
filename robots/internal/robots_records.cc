#include "robots/internal/robots_records.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "base/simd.h"
#include "robots/internal/robots_records_window.h"
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

// Eight octets with ASCII letters lowered. The only other octet that turns into `-` is CR, which no
// line holds.
std::uint64_t LoweredEight(const char* text) {
  std::uint64_t word = 0;
  std::memcpy(&word, text, sizeof(word));
  return word | 0x2020202020202020ULL;
}

// Lower case, letters and `-` alone; at least eight octets, of which the first and last are
// compared.
bool IsName(std::string_view name, std::string_view lower) {
  const std::size_t last = lower.size() - 8;
  return name.size() == lower.size() && LoweredEight(name.data()) == LoweredEight(lower.data()) &&
         LoweredEight(name.data() + last) == LoweredEight(lower.data() + last);
}

// Names that begin with none of Google's first letters are common: leave early.
bool MayBeGoogleName(char first) {
  const char lower = AsciiLower(first);
  return lower == 'a' || lower == 'd' || lower == 's' || lower == 'u';
}

void ReadOddName(std::string_view name, Record& record) {
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
  if (!MayBeGoogleName(name.front())) return;
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

void ReadName(std::string_view name, Record& record) {
  if (IsName(name, "disallow")) {
    record.kind = record.google_kind = RecordKind::kDisallow;
  } else if (IsName(name, "user-agent")) {
    record.kind = record.google_kind = RecordKind::kUserAgent;
  } else if (name.size() == 5 && EqualsIgnoreCase(name, "allow")) {
    record.kind = record.google_kind = RecordKind::kAllow;
  } else {
    ReadOddName(name, record);
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
    record.begin = text.data();
    record.raw_bytes = static_cast<std::uint16_t>(text.size());
    if (lost) record.flags |= kFlagTruncatedLine;
    if (!SplitNameAndValue(text, record)) return;
    ReadName(record.name(), record);
    const bool colon = (record.flags & kFlagMissingColon) == 0;
    if (!colon && record.google_kind == RecordKind::kOther) return;  // two words, no record
    if (!colon) record.kind = RecordKind::kOther;
    Add(record, google_only, IsRule(record) ? SpecialsOf(record.value()) : Specials{});
  }

  // The same for a line of at most 63 octets whose special ones `window` shows.
  void ShortLine(const char* line, std::size_t bytes, const LineWindow& window,
                 std::uint32_t number, bool google_only) {
    const std::uint64_t hash = window.hash & BitsBelow(bytes);
    if (hash != 0) bytes = static_cast<std::size_t>(std::countr_zero(hash));
    std::size_t begin = 0;
    while (begin < bytes && IsStripped(line[begin])) ++begin;
    if (begin == bytes) return;
    const std::uint64_t colons = window.colon & BitsBelow(bytes);
    if (colons == 0) return Line({line, bytes}, number, google_only);
    const auto colon = static_cast<std::size_t>(std::countr_zero(colons));
    std::size_t end = bytes;
    while (IsStripped(line[end - 1])) --end;
    std::size_t name_end = colon;
    while (name_end > begin && IsStripped(line[name_end - 1])) --name_end;
    if (name_end == begin) return;
    std::size_t value = colon + 1;
    while (value < end && IsStripped(line[value])) ++value;
    Record record;
    record.line = number;
    record.begin = line + begin;
    record.raw_bytes = static_cast<std::uint16_t>(end - begin);
    record.name_bytes = static_cast<std::uint16_t>(name_end - begin);
    record.value_at = static_cast<std::uint16_t>(value - begin);
    ReadName(record.name(), record);
    const std::uint64_t inside = BitsBelow(end) & ~BitsBelow(value);
    Add(record, google_only, {window.star & inside, window.odd & inside, end - 1});
  }

 private:
  // Which octets of a value may make it more than a prefix: bit `i` stands for one of them.
  struct Specials {
    std::uint64_t star = 0;
    std::uint64_t odd = 0;  // `$`, `%` and above 0x7F
    std::size_t last = 0;   // the bit of the last octet of the value
  };

  // The same, with one bit for all but the last octet.
  static Specials SpecialsOf(std::string_view value) {
    if (value.empty()) return {};
    // Without leaving early: such loops become vector instructions.
    bool star = false;
    bool odd = false;
    for (const char c : value.substr(0, value.size() - 1)) star |= c == '*';
    for (const char c : value.substr(0, value.size() - 1)) odd |= IsOdd(c);
    Specials found{star ? 1U : 0U, odd ? 1U : 0U, 1};
    if (value.back() == '*') found.star |= 2;
    if (IsOdd(value.back())) found.odd |= 2;
    return found;
  }
  static bool IsOdd(char c) {
    return c == '$' || c == '%' || (static_cast<unsigned char>(c) & 0x80) != 0;
  }

  static bool IsRule(const Record& record) {
    return record.google_kind == RecordKind::kAllow || record.google_kind == RecordKind::kDisallow;
  }

  // "name: value", or exactly two words without a colon, which Google takes (section 1.5).
  static bool SplitNameAndValue(std::string_view text, Record& record) {
    std::size_t separator = text.find(':');
    if (separator == std::string_view::npos) {
      if (!MayBeGoogleName(text.front())) return false;  // most such lines: prose
      const auto blank = [](char c) { return c == ' ' || c == '\t'; };
      const auto first = std::find_if(text.begin(), text.end(), blank);
      const auto value = std::find_if_not(first, text.end(), blank);
      if (value == text.end() || std::find_if(value, text.end(), blank) != text.end()) return false;
      separator = static_cast<std::size_t>(first - text.begin());
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

  // What `record` is in the dialects that would take its line, and its place among the others.
  void Add(Record& record, bool google_only, const Specials& specials) {
    if (out_.records.size() >= records_max_) {
      out_.flags |= kFlagTruncated;
      return;
    }
    if (google_only) record.kind = RecordKind::kOther;
    std::uint8_t dialects = google_only ? kInGoogle : kInGoogle | kInLenient;
    if (record.kind == record.google_kind) dialects |= kInRfc;
    switch (record.google_kind) {
      case RecordKind::kAllow:
      case RecordKind::kDisallow:
        AddRule(record, dialects, specials);
        break;
      case RecordKind::kUserAgent:
        record.agent_in = dialects;
        ReadAgentValue(record);
        out_.maybe_ambiguous = out_.maybe_ambiguous || family_line_open_;
        agent_open_ = true;
        out_.agent_lines.push_back(static_cast<std::uint32_t>(out_.records.size()));
        break;
      default:
        AddOther(record);
        break;
    }
    out_.flags |= record.flags;
    out_.records.push_back(record);
  }

  void AddRule(Record& record, std::uint8_t dialects, const Specials& specials) {
    if (record.kind == RecordKind::kAllowAiTraining ||
        record.kind == RecordKind::kDisallowAiTraining) {
      dialects = kInGoogle;
      record.closes_for = kClosesForAiTraining;
    }
    record.rule_in = dialects;
    agent_open_ = family_line_open_ = false;
    const std::string_view value = record.value();
    if (value.empty()) return;
    if (value.front() != '/' && value.front() != '*') record.flags |= kFlagBadPath;
    const std::uint64_t last = std::uint64_t{1} << specials.last;
    const bool anchored = (specials.odd & last) != 0 && value.back() == '$';
    if (anchored) record.shape |= kShapeAnchored;
    if (specials.star != 0) record.shape |= kShapeStar;
    if ((specials.odd & ~(anchored ? last : 0)) != 0) {
      record.pattern = static_cast<std::uint32_t>(out_.patterns.size());
      out_.patterns.push_back(
          {CompileRfcPattern(value, arena_), CompileGooglePattern(value, arena_)});
    }
    if (record.allows() && IndexPageBytes(PatternOf(out_, record, true)) != 0) {
      record.shape |= kShapeIndexPage;
    }
  }

  // Agent line, family's line, agent line, with no rule between: readers disagree.
  void AddOther(Record& record) {
    record.closes_for = ClosesFor(record.kind);
    if (record.closes_for != 0) family_line_open_ = agent_open_;
    if (record.google_kind != RecordKind::kOther) return;
    for (const std::string_view name : kUndefinedNames) {
      if (EqualsIgnoreCase(record.name(), name)) record.flags |= kFlagUndefinedSignal;
    }
  }

  std::size_t records_max_;
  Arena& arena_;
  RobotsRecords& out_;
  bool agent_open_ = false;
  bool family_line_open_ = false;
};

std::string_view AfterAsciiSpace(std::string_view text) {
  while (!text.empty() && IsAsciiSpace(text.front())) text.remove_prefix(1);
  return text;
}

// Some hosts put the header of their version control into an HTML comment above real rules: what
// follows the comments decides.
bool LooksLikeHtml(std::string_view body) {
  constexpr std::string_view kCommentEnd = "-->";
  body = AfterAsciiSpace(body);
  while (body.starts_with("<!--")) {
    const std::size_t end = body.find(kCommentEnd);
    if (end == std::string_view::npos) return true;
    body = AfterAsciiSpace(body.substr(end + kCommentEnd.size()));
  }
  if (body.empty() || body.front() != '<') return false;
  body.remove_prefix(1);
  constexpr std::array<std::string_view, 9> kStarts = {
      "!doctype", "html", "head", "body", "title", "meta", "?xml", "script", "link"};
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

// Lines of a file without octets that need a closer look: NUL, half a mark at the start.
template <bool kVector>
void ReadPlainLines(std::string_view body, bool google_only, RobotsRecords& out,
                    RecordReader& reader) {
  const char* line = body.data();
  const char* const end = line + body.size();
  for (std::uint32_t number = 1; line < end; ++number) {
    if ((out.flags & kFlagTruncated) != 0) return;
    LineWindow window = LookAtLine<kVector>(line);
    const auto left = static_cast<std::size_t>(end - line);
    if (left < LineWindow::kBytes) window.end |= std::uint64_t{1} << left;
    std::size_t bytes = 0;
    if (window.end != 0) {
      bytes = static_cast<std::size_t>(std::countr_zero(window.end));
      if (bytes != 0) reader.ShortLine(line, bytes, window, number, google_only);
    } else {
      bytes = LongLineBytes<kVector>(line, left);
      reader.Line({line, bytes}, number, google_only);
    }
    line += bytes;
    const bool crlf = end - line > 1 && line[0] == '\r' && line[1] == '\n';
    line += crlf ? 2 : 1;
  }
}

}  // namespace

std::uint32_t IndexPageBytes(const PathPattern& pattern) {
  const std::size_t slash = pattern.text.rfind('/');
  if (slash == std::string_view::npos) return 0;
  constexpr std::string_view kIndex = "/index.htm";
  if (pattern.text.substr(slash, kIndex.size()) != kIndex) return 0;
  return static_cast<std::uint32_t>(slash + 1);
}

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
  RecordReader reader(records_max, arena, out);
  if (!has_nul && !cut_bom) {
    const bool vector = SimdLevel() >= Simd::kSse2;
    const auto read = vector ? ReadPlainLines<true> : ReadPlainLines<false>;
    read(body, html, out, reader);
    return out;
  }
  LineCutter lines(body);
  std::string_view line;
  for (std::uint32_t number = 1; lines.Next(line); ++number) {
    if ((out.flags & kFlagTruncated) != 0) break;
    if (has_nul) line = line.substr(0, line.find('\0'));
    reader.Line(line, number, html || (cut_bom && number == 1));
  }
  return out;
}

std::string_view GoogleToken(std::string_view agent_value) {
  std::size_t end = 0;
  while (end < agent_value.size() && IsTokenChar(agent_value[end])) ++end;
  return agent_value.substr(0, end);
}

}  // namespace crawlcard::robots::internal
