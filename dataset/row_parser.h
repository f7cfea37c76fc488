// dataset/row_parser.h - the fields of the rows of a block.
//
// JSON is read by simdjson On-Demand as far as the wanted fields go: what stands behind the last of
// them is checked for its quotes and encoding alone. Of equal names the first counts.
//
// Thread rule: thread-compatible; one a worker.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dataset/fields.h"
#include "dataset/row.h"
#include "dataset/row_reader.h"

namespace crawlcard::dataset {

// Where the fields stand in a CSV file: the number of their columns.
struct Columns {
  static constexpr std::size_t kNone = SIZE_MAX;
  std::array<std::size_t, kFieldCount> of{kNone, kNone, kNone, kNone, kNone};
  std::size_t end = 0;  // behind the last one

  // Errors: kInvalidArgument for a field that is no column.
  [[nodiscard]] static Result<Columns> Find(std::string_view header, RowFormat format,
                                            const FieldNames& names);
};

class RowParser {
 public:
  // Tokens where a row gives none: bytes of the text field by this many.
  static constexpr std::uint64_t kBytesPerToken = 4;

  explicit RowParser(FieldTree fields);
  ~RowParser();
  RowParser(const RowParser&) = delete;
  RowParser& operator=(const RowParser&) = delete;

  // Reads all rows of `block` into `rows_out`; their views are dead after the next call.
  void Parse(const RowBlock& block, RowFormat format, const Columns& columns,
             std::vector<Row>& rows_out);

 private:
  class Json;

  void ParseText(std::string_view raw, Row& row);
  void ParseCsv(std::string_view raw, RowFormat format, const Columns& columns, Row& row);
  void TakeCells(const CellRow& cells, Row& row);

  FieldTree fields_;
  std::unique_ptr<Json> json_;
  std::vector<std::string_view> cells_;
  std::string storage_;
};

}  // namespace crawlcard::dataset
