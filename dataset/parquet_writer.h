// dataset/parquet_writer.h - a table as one Parquet file.
//
// Rows go into a database file of DuckDB beside the result, so that memory stays bounded, and from
// there into Parquet (zstd), in the order in which they came. The file takes its name when it is
// whole.
//
// Thread rule: thread-compatible.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/interchange/tables.h"

namespace crawlcard::dataset {

class ParquetWriter {
 public:
  // `library`: path of libduckdb.so, or empty. Errors: kInvalidArgument where it is missing, kIo.
  [[nodiscard]] static Result<std::unique_ptr<ParquetWriter>> Open(
      const std::string& library, const std::string& path, std::vector<index::Column> columns);
  ~ParquetWriter();
  ParquetWriter(const ParquetWriter&) = delete;
  ParquetWriter& operator=(const ParquetWriter&) = delete;

  // One cell a column. Text that is no UTF-8 is repaired as in JSON. Errors: kIo.
  [[nodiscard]] Status Add(std::span<const index::Cell> cells);

  // Writes the file. Errors: kIo.
  [[nodiscard]] Status Finish();

 private:
  class Impl;
  explicit ParquetWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace crawlcard::dataset
