#include "warc/internal/header_parser.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/find.h"
#include "base/text.h"
#include "base/time.h"
#include "warc/internal/arc_line.h"
#include "warc/internal/line_feeds.h"
#include "warc/internal/record_start.h"
#include "warc/limits.h"

namespace crawlcard::warc::internal {
namespace {

constexpr std::pair<std::string_view, RecordType> kTypes[] = {
    {"response", RecordType::kResponse},     {"request", RecordType::kRequest},
    {"metadata", RecordType::kMetadata},     {"warcinfo", RecordType::kWarcinfo},
    {"resource", RecordType::kResource},     {"revisit", RecordType::kRevisit},
    {"conversion", RecordType::kConversion}, {"continuation", RecordType::kContinuation},
};

RecordType TypeOf(std::string_view value) {
  for (const auto& [name, type] : kTypes) {
    if (EqualsIgnoreCase(value, name)) return type;
  }
  return RecordType::kUnknown;
}

bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view ReadVersion(std::string_view line, NoteSet& notes) {
  const std::string_view version = TrimBlanks(line);
  if (version == "WARC/1.0") return "WARC/1.0";
  if (!version.starts_with("WARC/")) notes.Add(Note::kVersionLowerCase);
  if (EqualsIgnoreCase(version, "WARC/1.0")) return "WARC/1.0";
  if (EqualsIgnoreCase(version, "WARC/1.1")) return "WARC/1.1";
  notes.Add(Note::kVersionUnknown);
  return version;
}

// Gives the lines of a header, without their ends, and notes how they end.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text), feeds_(text) {}

  bool AtEnd() const { return begin_ >= text_.size(); }

  std::string_view Next(NoteSet& notes) {
    const std::size_t feed = feeds_.Next();
    const std::size_t end = std::min(feed, text_.size());
    std::string_view line = text_.substr(begin_, end - begin_);
    begin_ = end + 1;
    std::size_t returns = 0;
    for (; !line.empty() && line.back() == '\r'; ++returns) line.remove_suffix(1);
    if (returns == 0 && feed != std::string_view::npos) notes.Add(Note::kLineEndLf);
    if (returns > 1) notes.Add(Note::kLineEndDoubleCr);
    return line;
  }

 private:
  std::string_view text_;
  LineFeeds feeds_;
  std::size_t begin_ = 0;
};

bool IsHttp(std::string_view url) {
  return StartsWithIgnoreCase(url, "http://") || StartsWithIgnoreCase(url, "https://");
}

constexpr std::string_view kFiledesc = "filedesc://";

}  // namespace

HeaderEnd FindHeaderEnd(std::string_view text, std::size_t from) {
  std::size_t searched = from;
  for (LineFeeds feeds(text, from);;) {
    const std::size_t feed = feeds.Next();
    if (feed == std::string_view::npos) return {HeaderEnd::State::kNeedMore, searched};
    std::size_t next = feed + 1;
    while (next < text.size() && text[next] == '\r') ++next;
    // The last line is not there yet, or its first bytes are not: look at its start again.
    if (text.size() - next < 6 && text.find('\n', next) == std::string_view::npos) {
      return {HeaderEnd::State::kNeedMore, feed};
    }
    if (text[next] == '\n') return {HeaderEnd::State::kFound, next + 1};
    // A version line inside a header: the header was cut and another record follows. Ending the
    // search here also keeps damaged input from being searched again and again.
    const std::string_view line = text.substr(next);
    if (line.size() > 5 && line[4] == '/' && IsAsciiDigit(line[5]) && StartsWarc(line)) {
      return {HeaderEnd::State::kNextVersion, next};
    }
    searched = feed + 1;
  }
}

Result<HeaderFacts> HeaderParser::ParseWarc(std::string_view text) {
  fields_.clear();
  folded_.clear();
  HeaderFacts facts;
  Lines lines(text);
  facts.version = ReadVersion(lines.Next(facts.notes), facts.notes);
  while (!lines.AtEnd()) {
    const std::string_view line = lines.Next(facts.notes);
    if (line.empty()) break;
    CRAWLCARD_TRY(AddLine(line, text.size(), facts.notes));
  }
  ReadKnownFields(facts);
  return facts;
}

Status HeaderParser::AddLine(std::string_view line, std::size_t text_bytes, NoteSet& notes) {
  if (IsBlank(line.front()) && !fields_.empty()) {
    notes.Add(Note::kContinuationLine);
    Fold(TrimBlanks(line), text_bytes);
    return {};
  }
  const std::size_t colon = FindByte(line, ':');
  const std::string_view name = TrimBlanks(line.substr(0, colon));
  if (colon == std::string_view::npos || name.empty()) {
    notes.Add(Note::kHeaderWithoutColon);
    return {};
  }
  if (fields_.size() == limits::kHeaderFieldsMax) {
    return Fail(ErrorCode::kTooLarge, "record header has more than {} fields",
                limits::kHeaderFieldsMax);
  }
  if (name.front() >= 'a' && name.front() <= 'z') notes.Add(Note::kFieldNameLowerCase);
  fields_.push_back({name, TrimBlanks(line.substr(colon + 1))});
  return {};
}

// Appends one blank and `piece` to the value of the last field.
void HeaderParser::Fold(std::string_view piece, std::size_t text_bytes) {
  std::string_view& value = fields_.back().value;
  if (piece.empty()) return;
  if (value.empty()) {
    value = piece;
    return;
  }
  // A joined value is no longer than the lines it came from, so the scratch never moves once it
  // has the size of the header.
  if (folded_.empty()) folded_.reserve(text_bytes);
  const bool is_last_folded =
      !folded_.empty() && value.data() + value.size() == folded_.data() + folded_.size();
  std::size_t start = folded_.size() - (is_last_folded ? value.size() : 0);
  if (!is_last_folded) folded_ += value;
  folded_ += ' ';
  folded_ += piece;
  CRAWLCARD_ASSERT(folded_.size() <= text_bytes);
  value = std::string_view(folded_).substr(start);
}

void HeaderParser::ReadKnownFields(HeaderFacts& facts) const {
  bool has_type = false;
  bool has_length = false;
  bool has_date = false;
  for (const HeaderField& field : fields_) {
    // The names differ in length from nearly all others: no text is compared for those.
    if (field.name.size() == 14 && !has_length && EqualsIgnoreCase(field.name, "Content-Length")) {
      has_length = true;
      facts.content_length = ParseUint(field.value);
      if (!facts.content_length) facts.notes.Add(Note::kContentLengthInvalid);
    } else if (field.name.size() == 9) {
      if (!has_type && EqualsIgnoreCase(field.name, "WARC-Type")) {
        has_type = true;
        facts.type = TypeOf(field.value);
      } else if (!has_date && EqualsIgnoreCase(field.name, "WARC-Date")) {
        has_date = true;
        if (!ParseRfc3339(field.value)) facts.notes.Add(Note::kDateUnparsable);
      }
    }
  }
  if (!has_type) facts.notes.Add(Note::kTypeMissing);
  if (!has_length) facts.notes.Add(Note::kContentLengthMissing);
}

Result<HeaderFacts> HeaderParser::ParseArc(std::string_view line) {
  fields_.clear();
  line = line.substr(0, line.find('\n'));
  const std::optional<ArcLine> arc = ParseArcLine(line);
  if (!arc) return Fail(ErrorCode::kCorrupt, "not an arc header line");
  HeaderFacts facts;
  facts.version = "ARC/1";
  if (arc->url.find(' ') != std::string_view::npos) facts.notes.Add(Note::kArcUrlWithBlank);
  std::string_view type = arc->type;
  if (arc->url.starts_with(kFiledesc)) {
    facts.type = RecordType::kWarcinfo;
    fields_.push_back({"WARC-Type", "warcinfo"});
    fields_.push_back({"WARC-Filename", arc->url.substr(kFiledesc.size())});
  } else {
    const bool is_http = IsHttp(arc->url);
    facts.type = is_http ? RecordType::kResponse : RecordType::kResource;
    if (is_http) type = "application/http; msgtype=response";
    fields_.push_back({"WARC-Type", is_http ? "response" : "resource"});
    fields_.push_back({"WARC-Target-URI", arc->url});
  }
  std::string_view date = arc->date;
  if (date.size() >= 14) {
    constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";
    std::size_t digit = 0;
    for (std::size_t i = 0; i < kShape.size(); ++i) {
      arc_date_[i] = kShape[i] == 'd' ? date[digit++] : kShape[i];
    }
    date = {arc_date_.data(), arc_date_.size()};
  }
  if (!ParseRfc3339(date)) facts.notes.Add(Note::kDateUnparsable);
  fields_.push_back({"WARC-Date", date});
  fields_.push_back({"WARC-IP-Address", arc->ip});
  fields_.push_back({"Content-Type", type});
  fields_.push_back({"Content-Length", arc->length});
  facts.content_length = ParseUint(arc->length);
  if (!facts.content_length) facts.notes.Add(Note::kContentLengthInvalid);
  return facts;
}

}  // namespace crawlcard::warc::internal
