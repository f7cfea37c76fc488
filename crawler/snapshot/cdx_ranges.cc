#include "crawler/snapshot/cdx_ranges.h"

#include <algorithm>
#include <map>
#include <optional>

#include <simdjson.h>

#include "base/text.h"
#include "crawler/snapshot/limits.h"
#include "crawler/snapshot/listing.h"

namespace crawlcard::crawler {
namespace {

using Places = std::map<std::string, std::vector<CdxPlace>, std::less<>>;

// CDXJ writes numbers as strings, other servers as numbers.
std::optional<std::uint64_t> Number(const simdjson::dom::element& line, const char* name) {
  std::string_view text;
  if (line[name].get_string().get(text) == simdjson::SUCCESS) return ParseUint(text);
  std::uint64_t number = 0;
  if (line[name].get_uint64().get(number) == simdjson::SUCCESS) return number;
  return std::nullopt;
}

// CDXJ has the time before the JSON, servers in it.
UnixSeconds TimeOf(std::string_view before_json, const simdjson::dom::element& json) {
  std::string_view text = TrimAscii(before_json);
  text = text.substr(text.find_last_of(' ') + 1);
  if (text.empty() && json["timestamp"].get_string().get(text) != simdjson::SUCCESS) return 0;
  return ParseTimestamp14(text).value_or(0);
}

bool TakeLine(std::string_view line, simdjson::dom::parser& parser, Places& places,
              UnixSeconds& latest) {
  // A SURT may hold braces, but no blanks.
  const std::size_t blank = line.find(" {");
  const std::size_t brace = line.starts_with('{') ? 0 : blank + 1;
  if (brace == 0 && !line.starts_with('{')) return false;
  if (line.size() > limits::kCdxLineBytesMax) return false;
  simdjson::dom::element json;
  if (parser.parse(simdjson::padded_string(line.substr(brace))).get(json) != simdjson::SUCCESS) {
    return false;
  }
  std::string_view path;
  if (!json.is_object() || json["filename"].get_string().get(path) != simdjson::SUCCESS) {
    return false;
  }
  const std::optional<std::uint64_t> offset = Number(json, "offset");
  const std::optional<std::uint64_t> length = Number(json, "length");
  if (!IsSafePath(path) || !offset || !length || *length == 0) return false;
  if (*length > limits::kCdxRecordBytesMax || *offset > (std::uint64_t{1} << 62)) return false;
  places[std::string(path)].push_back({*offset, *length});
  latest = std::max(latest, TimeOf(line.substr(0, brace), json));
  return true;
}

void Merge(const std::string& path, std::vector<CdxPlace>& places, std::uint64_t gap_bytes,
           CdxRanges& out) {
  std::sort(places.begin(), places.end(), [](const CdxPlace& a, const CdxPlace& b) {
    return std::pair(a.offset, a.length) < std::pair(b.offset, b.length);
  });
  places.erase(std::unique(places.begin(), places.end()), places.end());
  out.captures += places.size();
  for (const CdxPlace& place : places) {
    const std::uint64_t end = place.offset + place.length;
    CdxRange* last = out.ranges.empty() ? nullptr : &out.ranges.back();
    const bool near = last != nullptr && last->path == path &&
                      place.offset <= last->end + gap_bytes &&
                      std::max(end, last->end) - last->first <= limits::kCdxRangeBytesMax;
    if (!near) {
      out.ranges.push_back({path, place.offset, end, {place}});
      continue;
    }
    last->end = std::max(last->end, end);
    last->places.push_back(place);
  }
}

}  // namespace

Result<CdxRanges> ParseCdx(std::string_view bytes, std::uint64_t gap_bytes) {
  CRAWLCARD_ASSIGN(const std::string text, UnpackedText(bytes, limits::kCdxBytesMax));
  Places places;
  CdxRanges out;
  simdjson::dom::parser parser;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t feed = rest.find('\n');
    const std::string_view line = TrimAscii(rest.substr(0, feed));
    rest.remove_prefix(feed == std::string_view::npos ? rest.size() : feed + 1);
    if (line.empty()) continue;
    if (!TakeLine(line, parser, places, out.latest)) ++out.bad_lines;
  }
  for (auto& [path, of_path] : places) Merge(path, of_path, gap_bytes, out);
  return out;
}

}  // namespace crawlcard::crawler
