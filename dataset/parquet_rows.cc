#include "dataset/parquet_rows.h"

#include <atomic>
#include <filesystem>
#include <system_error>

#include <unistd.h>

#include "base/text.h"
#include "dataset/internal/duckdb_connection.h"
#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

// Files of one process that are read side by side.
std::string ReadScratch() {
  static std::atomic<unsigned> number{0};
  std::error_code error;
  const std::filesystem::path directory = std::filesystem::temp_directory_path(error);
  return fmt::format("{}/crawlcard.{}.{}", error ? "/tmp" : directory.string(), ::getpid(),
                     number.fetch_add(1));
}

// A field as a column or a field of structs, as text; NULL where the rows have none.
Result<std::string> FieldSql(const FieldNames& fields, Field field) {
  const std::string_view name = fields.Of(field);
  if (name.empty()) return std::string("NULL");
  CRAWLCARD_ASSIGN(const std::vector<std::string> path, FieldPath(name));
  std::string sql = Quoted(path.front(), '"');
  for (std::size_t i = 1; i < path.size(); ++i) {
    sql = fmt::format("struct_extract({}, {})", sql, Quoted(path[i], '\''));
  }
  return fmt::format("CAST({} AS VARCHAR)", sql);
}

// Every byte of a name is taken as it stands: no pattern of DuckDB's.
std::string FileSql(const std::string& path, std::string_view options) {
  std::string name;
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[') {
      name += fmt::format("[{}]", c);
    } else {
      name += c;
    }
  }
  return fmt::format("read_parquet({}{})", Quoted(name, '\''), options);
}

class ParquetRows final : public RowSource {
 public:
  explicit ParquetRows(std::unique_ptr<DuckdbConnection> connection)
      : connection_(std::move(connection)) {}

  Status Start(const std::string& path, const FieldNames& fields) {
    std::string columns;
    for (std::size_t i = 0; i < kFieldCount; ++i) {
      const auto field = static_cast<Field>(i);
      CRAWLCARD_ASSIGN(std::string sql, FieldSql(fields, field));
      // Of the text only its size is asked for.
      if (field == Field::kText && sql != "NULL") sql = fmt::format("strlen({})", sql);
      columns += fmt::format("{}CAST({} AS VARCHAR)", i == 0 ? "" : ", ", sql);
    }
    Result<std::unique_ptr<DuckdbRows>> rows = DuckdbRows::Start(
        *connection_, fmt::format("SELECT {} FROM {}", columns, FileSql(path, "")));
    if (!rows) return Fail(ErrorCode::kInvalidArgument, "{}", rows.error().message());
    rows_ = std::move(*rows);
    return {};
  }

  Result<std::optional<RowBlock>> Next() override {
    RowBlock block;
    block.first_row = next_row_;
    while (block.cells.size() < limits::kBlockRowsMax / 2 && !at_end_) {
      const Result<std::size_t> rows = rows_->NextChunk();
      if (!rows) damage_ = rows.error();
      at_end_ = !rows || *rows == 0;
      for (std::size_t i = 0; !at_end_ && i < *rows; ++i) block.cells.push_back(RowAt(i));
    }
    if (block.cells.empty()) return std::optional<RowBlock>();
    next_row_ += block.cells.size();
    block.capacity = block.cells.size() * sizeof(CellRow);
    return std::optional(std::move(block));
  }

  const std::optional<Error>& damage() const override { return damage_; }

 private:
  CellRow RowAt(std::size_t row) const {
    const auto text = [&](Field field) -> std::optional<std::string> {
      const std::optional<std::string_view> cell =
          rows_->Cell(static_cast<std::size_t>(field), row);
      if (!cell) return std::nullopt;
      return std::string(*cell);
    };
    CellRow cells;
    cells.url = text(Field::kUrl);
    cells.date = text(Field::kDate);
    cells.tokens = text(Field::kTokens);
    cells.language = text(Field::kLanguage);
    if (const auto bytes = text(Field::kText)) cells.text_bytes = ParseUint(*bytes);
    return cells;
  }

  const std::unique_ptr<DuckdbConnection> connection_;
  std::unique_ptr<DuckdbRows> rows_;  // ends before its connection
  std::uint64_t next_row_ = 1;
  bool at_end_ = false;
  std::optional<Error> damage_;
};

class SplitByDuckdb final : public ParquetSplit {
 public:
  SplitByDuckdb(std::unique_ptr<DuckdbConnection> connection, std::string path)
      : connection_(std::move(connection)), path_(std::move(path)) {}
  ~SplitByDuckdb() override {
    if (appender_ != nullptr) connection_->api().appender_destroy(&appender_);
  }

  Status Start() {
    CRAWLCARD_TRY(connection_->Query("CREATE TABLE dropped (n BIGINT)"));
    CRAWLCARD_ASSIGN(appender_, connection_->NewAppender("dropped"));
    return {};
  }

  Status Drop(std::span<const std::uint64_t> rows) override {
    const DuckdbApi& api = connection_->api();
    for (const std::uint64_t row : rows) {
      // DuckDB counts rows from 0.
      if (api.append_int64(appender_, static_cast<std::int64_t>(row - 1)) != kDuckdbSuccess ||
          api.appender_end_row(appender_) != kDuckdbSuccess) {
        return Fail(ErrorCode::kIo, "DuckDB cannot take a row's number");
      }
    }
    return {};
  }

  Status Write(const std::string& kept, const std::string& dropped) override {
    if (connection_->api().appender_close(appender_) != kDuckdbSuccess) {
      return Fail(ErrorCode::kIo, "DuckDB cannot keep the numbers of rows");
    }
    CRAWLCARD_TRY(Copy("NOT IN", kept));
    return Copy("IN", dropped);
  }

 private:
  Status Copy(std::string_view which, const std::string& to) {
    return connection_->Query(
        fmt::format("COPY (SELECT * EXCLUDE (file_row_number) FROM {} WHERE file_row_number {} "
                    "(SELECT n FROM dropped)) TO {} (FORMAT parquet, COMPRESSION zstd)",
                    FileSql(path_, ", file_row_number = true"), which, Quoted(to, '\'')));
  }

  const std::unique_ptr<DuckdbConnection> connection_;
  const std::string path_;
  DuckdbHandle* appender_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<RowSource>> OpenParquetRows(const std::string& library,
                                                   const std::string& path,
                                                   const FieldNames& fields) {
  if (path == "-") {
    return Fail(ErrorCode::kInvalidArgument, "Parquet is no stream: give a file, not '-'");
  }
  CRAWLCARD_ASSIGN(std::unique_ptr<DuckdbConnection> connection,
                   DuckdbConnection::Open(library, ReadScratch()));
  auto rows = std::make_unique<ParquetRows>(std::move(connection));
  CRAWLCARD_TRY(rows->Start(path, fields));
  return std::unique_ptr<RowSource>(std::move(rows));
}

Result<std::unique_ptr<ParquetSplit>> ParquetSplit::Open(const std::string& library,
                                                         const std::string& path,
                                                         const std::string& scratch) {
  CRAWLCARD_ASSIGN(std::unique_ptr<DuckdbConnection> connection,
                   DuckdbConnection::Open(library, scratch));
  auto split = std::make_unique<SplitByDuckdb>(std::move(connection), path);
  CRAWLCARD_TRY(split->Start());
  return std::unique_ptr<ParquetSplit>(std::move(split));
}

}  // namespace crawlcard::dataset
