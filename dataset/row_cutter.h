// dataset/row_cutter.h - where rows end: at line ends, in CSV at those outside quotes.
//
// Keeps its place in the grammar from one piece of the input to the next, so that a row may be cut
// anywhere. CSV is RFC 4180; a quote opens a field only at its start, as spreadsheets read it.
//
// Thread rule: thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace crawlcard::dataset {

enum class RowFormat : std::uint8_t { kJsonl, kCsv, kTsv, kText, kParquet };

std::string_view RowFormatName(RowFormat format);

class RowCutter {
 public:
  explicit RowCutter(RowFormat format)
      : is_csv_(format == RowFormat::kCsv || format == RowFormat::kTsv),
        delimiter_(format == RowFormat::kTsv ? '\t' : ',') {}

  // Goes on at bytes[from] and appends to `ends_out` the offset behind each row that ends, until
  // it holds `ends_max`. Gives the offset up to which it looked.
  std::size_t Cut(std::string_view bytes, std::size_t from, std::size_t ends_max,
                  std::vector<std::uint32_t>& ends_out);

  // Whether the place is inside quotes: an input that ends there ends inside a row.
  bool is_quoted() const { return place_ == Place::kQuoted; }

 private:
  enum class Place : std::uint8_t { kFieldStart, kBare, kQuoted, kQuoteSeen };

  std::size_t CutCsv(std::string_view bytes, std::size_t from, std::size_t ends_max,
                     std::vector<std::uint32_t>& ends_out);

  bool is_csv_;
  char delimiter_;
  Place place_ = Place::kFieldStart;
};

// The cells of one CSV row, without its line end, as far as `cells_max`. Quotes are undone: a cell
// that needs it is written to `storage_out`, whose room must suffice from the start.
void SplitCsvRow(std::string_view row, char delimiter, std::size_t cells_max,
                 std::vector<std::string_view>& cells_out, std::string& storage_out);

}  // namespace crawlcard::dataset
