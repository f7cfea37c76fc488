#include "page/http.h"

#include <algorithm>
#include <new>

#include "base/find.h"
#include "base/text.h"
#include "page/internal/note_set.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

using internal::NoteSet;

bool IsBlank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && (IsBlank(text.front()) || text.front() == '\r')) text.remove_prefix(1);
  while (!text.empty() && (IsBlank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// Walks over the lines of a head.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) {}

  // Moves to the next line. False at the end of the text.
  bool Next() {
    if (position_ >= text_.size()) return false;
    const std::size_t end = FindByte(text_, '\n', position_);
    bare_lf_ = false;
    if (end == std::string_view::npos) {
      line_ = text_.substr(position_);
      position_ = text_.size();
    } else {
      line_ = text_.substr(position_, end - position_);
      position_ = end + 1;
      bare_lf_ = line_.empty() || line_.back() != '\r';
    }
    if (!line_.empty() && line_.back() == '\r') line_.remove_suffix(1);
    ++number_;
    return true;
  }

  std::string_view line() const { return line_; }
  bool bare_lf() const { return bare_lf_; }
  std::uint32_t number() const { return number_; }
  std::size_t position() const { return position_; }  // start of the following line
  bool NextIsFolded() const { return position_ < text_.size() && IsBlank(text_[position_]); }

 private:
  std::string_view text_;
  std::string_view line_;
  std::size_t position_ = 0;
  std::uint32_t number_ = 0;
  bool bare_lf_ = false;
};

bool LooksLikeStatusLine(std::string_view block) {
  // "ICY 200 OK" is what streaming servers of the Shoutcast family send.
  return StartsWithIgnoreCase(block, "HTTP/") || StartsWithIgnoreCase(block, "HTTP ") ||
         StartsWithIgnoreCase(block, "ICY ");
}

// RFC 9112 section 4: version SP 3DIGIT SP [reason], with any number of blanks and no reason at
// all.
void ReadStatusLine(std::string_view line, HttpHead& head, NoteSet& notes) {
  const std::size_t version_end = std::min(FindFirstOf(line, {' ', '\t', '\t'}), line.size());
  head.version = line.substr(0, version_end);
  const std::string_view rest = TrimBlanks(line.substr(version_end));
  const bool has_code = rest.size() >= 3 && IsAsciiDigit(rest[0]) && IsAsciiDigit(rest[1]) &&
                        IsAsciiDigit(rest[2]) && (rest.size() == 3 || !IsAsciiDigit(rest[3]));
  if (!has_code) {
    notes.Add("http.bad_status_line");
    return;
  }
  head.status =
      static_cast<std::uint16_t>((rest[0] - '0') * 100 + (rest[1] - '0') * 10 + (rest[2] - '0'));
  head.reason = TrimBlanks(rest.substr(3));
}

// Where the empty line after the head stands.
struct HeadEnd {
  std::size_t fields_end = 0;  // end of the last field line, with its line break
  std::size_t body_start = 0;
};

HeadEnd FindHeadEnd(std::string_view block, NoteSet& notes) {
  const std::string_view window = block.substr(0, limits::kHttpHeadBytesMax);
  std::size_t line_start = 0;
  while (line_start < window.size()) {
    const std::size_t lf = FindByte(window, '\n', line_start);
    if (lf == std::string_view::npos) break;
    const std::size_t length = lf - line_start;
    if (length == 0 || (length == 1 && window[line_start] == '\r')) return {line_start, lf + 1};
    line_start = lf + 1;
  }
  if (block.size() <= limits::kHttpHeadBytesMax) {
    notes.Add("http.no_head_end");
    return {block.size(), block.size()};
  }
  notes.Add("http.head_too_large");
  // The line that met the limit is dropped as a field, and no byte of it is taken for the body's.
  return {line_start, window.size()};
}

// RFC 9112 section 5.2: joins the lines of a folded value by one blank.
std::string_view JoinFolded(std::string_view first, LineReader& lines, Arena& arena) {
  const LineReader start = lines;
  std::size_t bytes = first.size();
  while (lines.NextIsFolded() && lines.Next()) bytes += 1 + TrimBlanks(lines.line()).size();
  char* const out = static_cast<char*>(arena.allocate(bytes, 1));
  char* end = std::copy(first.begin(), first.end(), out);
  for (LineReader again = start; again.NextIsFolded() && again.Next();) {
    const std::string_view more = TrimBlanks(again.line());
    if (more.empty()) continue;
    if (end != out) *end++ = ' ';
    end = std::copy(more.begin(), more.end(), end);
  }
  return {out, static_cast<std::size_t>(end - out)};
}

// Adds the field of the current line, if it is one. `fields` has room.
void ReadField(LineReader& lines, Arena& arena, HttpField* fields, std::size_t& count,
               NoteSet& notes) {
  const std::string_view line = lines.line();
  const std::uint32_t number = lines.number();
  const std::size_t colon = FindByte(line, ':');
  const std::string_view raw_name = line.substr(0, std::min(colon, line.size()));
  const std::string_view name = TrimBlanks(raw_name);
  // A folded line after the status line belongs to no field; it is read as a line of its own.
  if (colon == std::string_view::npos || name.empty()) {
    notes.Add("http.bad_header_line");
    while (lines.NextIsFolded() && lines.Next()) continue;
    return;
  }
  if (std::any_of(raw_name.begin(), raw_name.end(), IsBlank)) notes.Add("http.bad_header_name");
  std::string_view value = TrimBlanks(line.substr(colon + 1));
  if (lines.NextIsFolded()) {
    notes.Add("http.obs_fold");
    value = JoinFolded(value, lines, arena);
  }
  new (fields + count) HttpField{name, value, number};
  ++count;
}

std::span<const HttpField> ReadFields(LineReader& lines, std::size_t lines_max, Arena& arena,
                                      NoteSet& notes) {
  const std::size_t room = std::min(lines_max, limits::kHttpFieldsMax);
  if (room == 0) return {};
  auto* const fields =
      static_cast<HttpField*>(arena.allocate(room * sizeof(HttpField), alignof(HttpField)));
  std::size_t count = 0;
  while (lines.Next()) {
    if (lines.bare_lf()) notes.Add("http.bare_lf");
    if (count == room) {
      notes.Add("http.too_many_fields");
      break;
    }
    ReadField(lines, arena, fields, count, notes);
  }
  return {fields, count};
}

// Common Crawl's 2018-34 wrote one line break too many between head and body. A body may also start
// with one of its own, so the length that the server stated decides.
bool HasExtraLineBreak(const HttpHead& head, std::string_view body) {
  if (!body.starts_with("\r\n")) return false;
  return ParseUint(head.Field("Content-Length")) == body.size() - 2;
}

}  // namespace

std::string_view HttpHead::Field(std::string_view name) const {
  for (const HttpField& field : fields) {
    if (EqualsIgnoreCase(field.name, name)) return field.value;
  }
  return {};
}

HttpHead ParseHttpHead(std::string_view block, Arena& arena) {
  HttpHead head;
  NoteSet notes;
  if (!LooksLikeStatusLine(block)) {
    if (!block.empty()) notes.Add("http.no_status_line");
    head.notes = notes.Finish(arena);
    return head;
  }
  const HeadEnd end = FindHeadEnd(block, notes);
  const std::string_view text = block.substr(0, end.fields_end);
  head.head_bytes = end.body_start;

  LineReader lines(text);
  lines.Next();
  if (lines.bare_lf()) notes.Add("http.bare_lf");
  ReadStatusLine(lines.line(), head, notes);
  const std::string_view field_text = text.substr(std::min(lines.position(), text.size()));
  const std::size_t breaks = CountByte(field_text, '\n');
  const std::size_t lines_max = breaks + (field_text.empty() || field_text.back() == '\n' ? 0 : 1);
  head.fields = ReadFields(lines, lines_max, arena, notes);

  if (HasExtraLineBreak(head, block.substr(head.head_bytes))) {
    notes.Add("http.extra_crlf");
    head.head_bytes += 2;
  }
  head.notes = notes.Finish(arena);
  return head;
}

namespace {

constexpr std::string_view kCharset = "charset";

bool EndsEssence(char c) {
  return c == ';' || c == ',' || IsBlank(c);
}

}  // namespace

ContentType ParseContentType(std::string_view value, Arena& arena) {
  ContentType result;
  const std::string_view trimmed = TrimBlanks(value);
  // A blank ends the type too: "text/html charset=x" is a common slip.
  const std::string_view essence = trimmed.substr(
      0, static_cast<std::size_t>(std::find_if(trimmed.begin(), trimmed.end(), EndsEssence) -
                                  trimmed.begin()));
  const std::size_t slash = essence.find('/');
  const bool readable =
      slash != std::string_view::npos && slash > 0 && slash + 1 < essence.size() &&
      essence.size() <= limits::kContentTypeEssenceBytesMax &&
      std::all_of(essence.begin(), essence.end(),
                  [](char c) { return c > ' ' && c < 0x7F && c != '"' && c != '<' && c != '>'; });
  if (readable) {
    char* const out = static_cast<char*>(arena.allocate(essence.size(), 1));
    std::transform(essence.begin(), essence.end(), out, AsciiLower);
    result.essence = {out, essence.size()};
  }
  // Most values have no room for it behind the type.
  const bool has_room = trimmed.size() > essence.size() + kCharset.size();
  if (!has_room && !StartsWithIgnoreCase(essence, kCharset)) return result;
  // The parameter is searched without splitting first: values with stray quotes, commas instead of
  // semicolons and a missing type are all in use, and all mean what they seem to.
  for (std::size_t at = FindIgnoreCase(value, kCharset); at != std::string_view::npos;
       at = FindIgnoreCase(value, kCharset, at + kCharset.size())) {
    if (at > 0 && !IsBlank(value[at - 1]) && value[at - 1] != ';' && value[at - 1] != ',') continue;
    std::string_view rest = TrimBlanks(value.substr(at + kCharset.size()));
    if (rest.empty() || rest.front() != '=') continue;
    rest = TrimBlanks(rest.substr(1));
    const bool quoted = !rest.empty() && (rest.front() == '"' || rest.front() == '\'');
    const std::string_view stop = quoted ? rest.substr(0, 1) : std::string_view(" \t;,\"'");
    if (quoted) {
      const char quote = rest.front();
      rest = rest.substr(1, rest.find(quote, 1) - 1);
    } else {
      rest = rest.substr(0, rest.find_first_of(stop));
    }
    rest = TrimBlanks(rest);
    if (rest.empty()) continue;
    result.charset = rest;
    break;
  }
  return result;
}

}  // namespace crawlcard::page
