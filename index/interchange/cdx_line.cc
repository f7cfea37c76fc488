#include "index/interchange/cdx_line.h"

#include <algorithm>
#include <array>
#include <vector>

#include <simdjson.h>

#include "base/json_writer.h"
#include "base/text.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kElevenFields = "NbamskrMSVg";
constexpr std::string_view kNineFields = "NbamskrVg";
constexpr std::size_t kTimestampDigitsMin = 4;
constexpr std::size_t kTimestampDigitsMax = 17;
constexpr std::size_t kFieldsMax = 32;

bool IsTimestamp(std::string_view text) {
  return text.size() >= kTimestampDigitsMin && text.size() <= kTimestampDigitsMax &&
         std::all_of(text.begin(), text.end(), IsAsciiDigit);
}

// Up to the next blank, which is taken off too.
std::string_view TakeWord(std::string_view& rest) {
  const std::size_t blank = rest.find(' ');
  const std::string_view word = rest.substr(0, blank);
  rest.remove_prefix(blank == std::string_view::npos ? rest.size() : blank + 1);
  return word;
}

std::string_view WithoutDash(std::string_view field) {
  return field == "-" ? std::string_view() : field;
}

std::vector<std::string_view> Columns(std::string_view line) {
  std::vector<std::string_view> columns;
  while (!line.empty() && columns.size() <= kFieldsMax) columns.push_back(TakeWord(line));
  return columns;
}

void TakeColumn(char letter, std::string_view field, CdxLine& line_out) {
  switch (letter) {
    case 'N':
      line_out.surt = field;
      return;
    case 'b':
      line_out.timestamp = field;
      return;
    case 'a':
      line_out.url = field;
      return;
    case 'm':
      line_out.mime = field;
      return;
    case 's':
      line_out.status = field;
      return;
    case 'k':
      line_out.digest = field;
      return;
    case 'r':
      line_out.redirect = field;
      return;
    case 'S':
      line_out.length = ParseUint(field);
      return;
    case 'V':
      line_out.offset = ParseUint(field);
      return;
    case 'g':
      line_out.filename = field;
      return;
    default:
      return;
  }
}

}  // namespace

class CdxLineReader::Impl {
 public:
  Result<const CdxLine*> Read(std::string_view line) {
    line_ = {};
    if (line.starts_with(" CDX ")) return TakeHead(line.substr(5));
    line = TrimAscii(line);
    if (line.empty() || line.front() == '!' || line.front() == '#') return nullptr;
    // A SURT may hold braces, but no blanks.
    const std::size_t blank = line.find(" {");
    const std::size_t brace = line.front() == '{' ? 0 : blank + 1;
    const bool has_json =
        line.front() == '{' || (blank != std::string_view::npos && IsCdxjKey(line, brace));
    CRAWLCARD_TRY(has_json ? TakeJson(line, brace) : TakeColumns(line));
    if (line_.url.empty() || line_.filename.empty() || !line_.offset) {
      return Fail(ErrorCode::kCorrupt, "line names no URL or no place of a record");
    }
    if (!IsTimestamp(line_.timestamp)) {
      return Fail(ErrorCode::kCorrupt, "line has no timestamp");
    }
    return &line_;
  }

  // "SURT TIMESTAMP " before the brace.
  static bool IsCdxjKey(std::string_view line, std::size_t brace) {
    std::string_view key = line.substr(0, brace);
    const std::string_view surt = TakeWord(key);
    return !surt.empty() && IsTimestamp(TrimAscii(key));
  }

 private:
  Result<const CdxLine*> TakeHead(std::string_view letters) {
    head_.clear();
    for (const std::string_view field : Columns(TrimAscii(letters))) {
      if (field.size() != 1) return Fail(ErrorCode::kCorrupt, "head names no fields");
      head_.push_back(field.front());
    }
    return nullptr;
  }

  Status TakeColumns(std::string_view line) {
    const std::vector<std::string_view> columns = Columns(line);
    std::string_view letters = head_;
    if (letters.size() != columns.size()) {
      letters = columns.size() == kNineFields.size() ? kNineFields : kElevenFields;
    }
    if (letters.size() != columns.size()) {
      return Fail(ErrorCode::kCorrupt, "line of {} fields", columns.size());
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      TakeColumn(letters[i], WithoutDash(columns[i]), line_);
    }
    return {};
  }

  Status TakeJson(std::string_view line, std::size_t brace) {
    std::string_view key = line.substr(0, brace);
    if (!key.empty()) {
      line_.surt = TakeWord(key);
      line_.timestamp = TrimAscii(key);
    }
    padded_.assign(line.substr(brace));
    padded_.reserve(padded_.size() + simdjson::SIMDJSON_PADDING);
    simdjson::dom::object object;
    if (parser_.parse(padded_).get_object().get(object) != simdjson::SUCCESS) {
      return Fail(ErrorCode::kCorrupt, "line holds no JSON object");
    }
    // The first of two members of one name counts.
    for (const auto& [name, value] : object) TakeMember(name, value);
    return {};
  }

  void TakeMember(std::string_view name, const simdjson::dom::element& value) {
    std::string_view text;
    std::uint64_t number = 0;
    const bool is_text = value.get_string().get(text) == simdjson::SUCCESS;
    const bool is_number = !is_text && value.get_uint64().get(number) == simdjson::SUCCESS;
    if (name == "length" || name == "offset") {
      std::optional<std::uint64_t>& place = name == "length" ? line_.length : line_.offset;
      if (place) return;
      place = is_number ? std::optional(number) : ParseUint(text);
      return;
    }
    if (name == "status" && is_number) {
      status_ = std::to_string(number);
      text = status_;
    }
    for (const auto& [known, field] : kMembers) {
      if (name == known && (line_.*field).empty()) line_.*field = WithoutDash(text);
    }
  }

  // Servers have key and time in the JSON; the columnar index calls truncated warc-truncated.
  static constexpr std::array<std::pair<std::string_view, std::string_view CdxLine::*>, 13>
      kMembers{{{"urlkey", &CdxLine::surt},
                {"timestamp", &CdxLine::timestamp},
                {"url", &CdxLine::url},
                {"mime", &CdxLine::mime},
                {"mime-detected", &CdxLine::mime_detected},
                {"status", &CdxLine::status},
                {"digest", &CdxLine::digest},
                {"filename", &CdxLine::filename},
                {"charset", &CdxLine::charset},
                {"languages", &CdxLine::languages},
                {"truncated", &CdxLine::truncated},
                {"warc-truncated", &CdxLine::truncated},
                {"redirect", &CdxLine::redirect}}};

  std::string head_;  // letters of the fields, by the last head
  CdxLine line_;
  std::string padded_;
  std::string status_;
  simdjson::dom::parser parser_;
};

CdxLineReader::CdxLineReader() : impl_(std::make_unique<Impl>()) {}
CdxLineReader::~CdxLineReader() = default;

Result<const CdxLine*> CdxLineReader::Read(std::string_view line) {
  return impl_->Read(line);
}

bool LooksLikeCdx(std::string_view text) {
  if (text.starts_with(" CDX ") || text.starts_with("!OpenWayback-CDXJ")) return true;
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.starts_with('{')) {
    return line.find("\"filename\"") != std::string_view::npos &&
           line.find("\"offset\"") != std::string_view::npos;
  }
  std::string_view rest = line;
  const std::string_view surt = TakeWord(rest);
  const std::string_view time = TakeWord(rest);
  constexpr std::size_t kDigits = 14;
  if (surt.empty() || time.size() != kDigits || !IsTimestamp(time)) return false;
  // An ARC record has its URL first and, third, a date; here the third is JSON or a URL.
  return rest.starts_with('{') || rest.find("://") != std::string_view::npos ||
         rest.find(' ') != std::string_view::npos;
}

// --- writing ------------------------------------------------------------------------------------

void AppendCdxKey(const CdxLine& line, std::string& out) {
  out += line.surt;
  out += ' ';
  out += line.timestamp;
  out += ' ';
}

void AppendCdxjRest(const CdxLine& line, std::string& out) {
  const auto member = [&out](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += out.back() == '{' ? "\"" : ", \"";
    out += name;
    out += "\": ";
    AppendJsonString(value, out);
  };
  const auto number = [&](std::string_view name, const std::optional<std::uint64_t>& value) {
    if (value) member(name, std::to_string(*value));
  };
  out += '{';
  member("url", line.url);
  member("mime", line.mime.empty() ? "unk" : line.mime);
  member("mime-detected", line.mime_detected);
  member("status", line.status);
  member("digest", line.digest);
  number("length", line.length);
  number("offset", line.offset);
  member("filename", line.filename);
  member("charset", line.charset);
  member("languages", line.languages);
  member("truncated", line.truncated);
  member("redirect", line.redirect);
  out += '}';
}

void AppendCdx11Rest(const CdxLine& line, std::string& out) {
  const auto column = [&out](std::string_view field) {
    if (field.empty()) out += '-';
    for (const char c : field) {
      // What would end the field or the line.
      if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') {
        fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
      } else {
        out += c;
      }
    }
    out += ' ';
  };
  const auto number = [&](const std::optional<std::uint64_t>& value) {
    column(value ? std::to_string(*value) : std::string());
  };
  column(line.url);
  column(line.mime.empty() ? "unk" : line.mime);
  column(line.status);
  column(line.digest);
  column(line.redirect);
  column({});
  number(line.length);
  number(line.offset);
  column(line.filename);
  out.pop_back();
}

}  // namespace crawlcard::index
