// dataset/internal/duckdb_connection.h - one DuckDB database with one connection.
//
// Bounded memory, one thread (which keeps rows in their order), and nothing fetched or loaded at
// run time. What does not fit into memory goes to files beside `scratch`, which go away with the
// object.
//
// Thread rule: thread-compatible.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "dataset/internal/duckdb_api.h"

namespace crawlcard::dataset {

// What may lie beside a scratch path: the tables that are written there, and DuckDB's own files.
inline constexpr std::array<std::string_view, 6> kScratchEndings = {
    ".kept", ".dropped", ".parquet", ".duckdb", ".duckdb.wal", ".spill"};

// `text` between two `quote`, those in it doubled.
std::string Quoted(std::string_view text, char quote);

class DuckdbConnection {
 public:
  // `scratch`: path of files that may be made and removed, without their endings.
  // Errors: kInvalidArgument where the library is missing, kIo.
  [[nodiscard]] static Result<std::unique_ptr<DuckdbConnection>> Open(const std::string& library,
                                                                      const std::string& scratch);
  ~DuckdbConnection();
  DuckdbConnection(const DuckdbConnection&) = delete;
  DuckdbConnection& operator=(const DuckdbConnection&) = delete;

  // Errors: kIo, with DuckDB's reason.
  [[nodiscard]] Status Query(const std::string& sql);

  // An appender to a table; the caller destroys it before the connection. Errors: kIo.
  [[nodiscard]] Result<DuckdbHandle*> NewAppender(const char* table);

  const DuckdbApi& api() const { return *api_; }
  const std::string& scratch() const { return scratch_; }

 private:
  friend class DuckdbRows;
  DuckdbConnection(std::unique_ptr<DuckdbApi> api, std::string scratch)
      : api_(std::move(api)), scratch_(std::move(scratch)) {}
  Status OpenDatabase();

  const std::unique_ptr<DuckdbApi> api_;
  const std::string scratch_;
  DuckdbHandle* database_ = nullptr;
  DuckdbHandle* connection_ = nullptr;
};

// The rows of one query whose columns are all VARCHAR, chunk by chunk as they are made.
class DuckdbRows {
 public:
  // Borrows `connection`, which does nothing else until the rows are gone. Errors: kIo.
  [[nodiscard]] static Result<std::unique_ptr<DuckdbRows>> Start(DuckdbConnection& connection,
                                                                 const std::string& sql);
  ~DuckdbRows();
  DuckdbRows(const DuckdbRows&) = delete;
  DuckdbRows& operator=(const DuckdbRows&) = delete;

  // Moves to the next chunk and gives its rows; 0 at the end. Errors: kCorrupt.
  [[nodiscard]] Result<std::size_t> NextChunk();

  // nullopt for NULL. The view is dead after the next chunk.
  std::optional<std::string_view> Cell(std::size_t column, std::size_t row) const;

 private:
  explicit DuckdbRows(DuckdbConnection& connection) : connection_(connection) {}

  DuckdbConnection& connection_;
  DuckdbHandle* statement_ = nullptr;
  DuckdbHandle* pending_ = nullptr;
  DuckdbHandle* chunk_ = nullptr;
  DuckdbResult result_{};
  bool has_result_ = false;
};

}  // namespace crawlcard::dataset
