#include "dataset/row_cutter.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/assert.h"
#include "base/find.h"

namespace crawlcard::dataset {
namespace {

std::string_view WithoutLineEnd(std::string_view row) {
  if (row.ends_with('\n')) row.remove_suffix(1);
  if (row.ends_with('\r')) row.remove_suffix(1);
  return row;
}

}  // namespace

std::string_view RowFormatName(RowFormat format) {
  switch (format) {
    case RowFormat::kJsonl:
      return "jsonl";
    case RowFormat::kCsv:
      return "csv";
    case RowFormat::kTsv:
      return "tsv";
    case RowFormat::kText:
      return "text";
    case RowFormat::kParquet:
      return "parquet";
  }
  return "";
}

std::size_t RowCutter::Cut(std::string_view bytes, std::size_t from, std::size_t ends_max,
                           std::vector<std::uint32_t>& ends_out) {
  if (is_csv_) return CutCsv(bytes, from, ends_max, ends_out);
  std::size_t at = from;
  while (ends_out.size() < ends_max && at < bytes.size()) {
    const void* found = std::memchr(bytes.data() + at, '\n', bytes.size() - at);
    if (found == nullptr) return bytes.size();
    at = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()) + 1;
    ends_out.push_back(static_cast<std::uint32_t>(at));
  }
  return at;
}

std::size_t RowCutter::CutCsv(std::string_view bytes, std::size_t from, std::size_t ends_max,
                              std::vector<std::uint32_t>& ends_out) {
  std::size_t at = from;
  while (ends_out.size() < ends_max && at < bytes.size()) {
    if (place_ == Place::kQuoted) {
      at = FindByte(bytes, '"', at);
      if (at == std::string_view::npos) return bytes.size();
      place_ = Place::kQuoteSeen;
      ++at;
      continue;
    }
    const char c = bytes[at];
    if (c == '"' && place_ != Place::kBare) {
      place_ = Place::kQuoted;  // opens a field, or is the second of two
      ++at;
      continue;
    }
    at = FindFirstOf(bytes, {delimiter_, '\n', '\n'}, at);
    if (at == std::string_view::npos) {
      place_ = Place::kBare;
      return bytes.size();
    }
    place_ = Place::kFieldStart;
    if (bytes[at++] == '\n') ends_out.push_back(static_cast<std::uint32_t>(at));
  }
  return at;
}

void SplitCsvRow(std::string_view row, char delimiter, std::size_t cells_max,
                 std::vector<std::string_view>& cells_out, std::string& storage_out) {
  const std::string_view text = WithoutLineEnd(row);
  CRAWLCARD_ASSERT(storage_out.capacity() - storage_out.size() >= text.size());
  std::size_t at = 0;
  while (cells_out.size() < cells_max) {
    if (at >= text.size() || text[at] != '"') {
      const std::size_t end = std::min(FindByte(text, delimiter, at), text.size());
      cells_out.push_back(text.substr(std::min(at, text.size()), end - std::min(at, end)));
      if (end >= text.size()) return;
      at = end + 1;
      continue;
    }
    const std::size_t start = storage_out.size();
    ++at;
    for (;;) {
      const std::size_t quote = std::min(FindByte(text, '"', at), text.size());
      storage_out.append(text.substr(at, quote - at));
      at = std::min(quote + 1, text.size());
      if (at >= text.size() || text[at] != '"') break;
      storage_out += '"';
      ++at;
    }
    // What stands between a closing quote and the next comma belongs to the cell, as written.
    const std::size_t end = std::min(FindByte(text, delimiter, at), text.size());
    storage_out.append(text.substr(at, end - at));
    cells_out.push_back(std::string_view(storage_out).substr(start));
    if (end >= text.size()) return;
    at = end + 1;
  }
}

}  // namespace crawlcard::dataset
