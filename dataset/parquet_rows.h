// dataset/parquet_rows.h - rows of a Parquet file, read and split through DuckDB.
//
// A pointer such as /metadata/url names a field of a struct. The number of a row is its place in
// the file, from 1.
//
// Thread rule: functions are thread-safe, objects thread-compatible.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "dataset/fields.h"
#include "dataset/row_reader.h"

namespace crawlcard::dataset {

// Errors: kInvalidArgument where the library or a column is missing, kIo, kCorrupt.
[[nodiscard]] Result<std::unique_ptr<RowSource>> OpenParquetRows(const std::string& library,
                                                                 const std::string& path,
                                                                 const FieldNames& fields);

// Writes the rows of a Parquet file as two: what is kept and what is not, in their order.
class ParquetSplit {
 public:
  // `scratch`: path of files that may be made and removed. Errors: kInvalidArgument, kIo.
  [[nodiscard]] static Result<std::unique_ptr<ParquetSplit>> Open(const std::string& library,
                                                                  const std::string& path,
                                                                  const std::string& scratch);
  virtual ~ParquetSplit() = default;

  // Numbers of rows that are dropped. Errors: kIo.
  [[nodiscard]] virtual Status Drop(std::span<const std::uint64_t> rows) = 0;

  // Writes both files under these names. Errors: kIo, kCorrupt.
  [[nodiscard]] virtual Status Write(const std::string& kept, const std::string& dropped) = 0;
};

}  // namespace crawlcard::dataset
