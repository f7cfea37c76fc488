#include "dataset/parquet_writer.h"

#include <cstdio>
#include <utility>

#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "dataset/internal/duckdb_api.h"
#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

using index::Cell;
using index::Column;
using index::ColumnKind;

std::string Quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

std::string_view TypeOf(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::kText:
      return "VARCHAR";
    case ColumnKind::kInt16:
      return "SMALLINT";
    case ColumnKind::kInt32:
      return "INTEGER";
    case ColumnKind::kInt64:
      return "BIGINT";
    case ColumnKind::kTime:
      return "TIMESTAMP";
  }
  return "";
}

}  // namespace

class ParquetWriter::Impl {
 public:
  Impl(std::unique_ptr<DuckdbApi> api, std::string path, std::vector<Column> columns)
      : api_(std::move(api)),
        path_(std::move(path)),
        scratch_(fmt::format("{}.{}.tmp", path_, ::getpid())),
        columns_(std::move(columns)) {}

  ~Impl() {
    if (appender_ != nullptr) api_->appender_destroy(&appender_);
    if (connection_ != nullptr) api_->disconnect(&connection_);
    if (database_ != nullptr) api_->close(&database_);
    for (const char* ending : {".duckdb", ".duckdb.wal", ".parquet"}) {
      ::unlink((scratch_ + ending).c_str());
    }
    ::rmdir((scratch_ + ".spill").c_str());
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Status Open() {
    CRAWLCARD_TRY(OpenDatabase());
    std::string table = "CREATE TABLE t (";
    for (const Column& column : columns_) {
      table += fmt::format("{} {},", Quoted(column.name, '"'), TypeOf(column.kind));
    }
    table.back() = ')';
    CRAWLCARD_TRY(Query(table));
    if (api_->appender_create(connection_, nullptr, "t", &appender_) == kDuckdbSuccess) return {};
    return Fail(ErrorCode::kIo, "DuckDB makes no appender");
  }

  Status Add(std::span<const Cell> cells) {
    int state = kDuckdbSuccess;
    for (std::size_t i = 0; i < cells.size() && state == kDuckdbSuccess; ++i) {
      if (const auto* text = std::get_if<std::string_view>(&cells[i])) {
        state = AppendText(*text);
      } else if (const auto* number = std::get_if<std::int64_t>(&cells[i])) {
        state = AppendNumber(columns_[i].kind, *number);
      } else {
        state = api_->append_null(appender_);
      }
    }
    if (state == kDuckdbSuccess) state = api_->appender_end_row(appender_);
    return state == kDuckdbSuccess ? Status() : AppenderFailed();
  }

  Status Finish() {
    if (api_->appender_close(appender_) != kDuckdbSuccess) return AppenderFailed();
    const std::string whole = scratch_ + ".parquet";
    CRAWLCARD_TRY(
        Query(fmt::format("COPY t TO {} (FORMAT parquet, COMPRESSION zstd)", Quoted(whole, '\''))));
    if (::rename(whole.c_str(), path_.c_str()) != 0) {
      return Fail(ErrorCode::kIo, "cannot write '{}'", path_);
    }
    return SyncDirectoryOf(path_);
  }

 private:
  // Nothing may be fetched or loaded at run time; parquet is built in. One thread keeps the rows in
  // their order and the file the same.
  Status OpenDatabase() {
    DuckdbHandle* config = nullptr;
    bool is_set = api_->create_config(&config) == kDuckdbSuccess;
    const std::string directory = scratch_ + ".spill";
    const std::pair<const char*, const char*> settings[] = {
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"allow_community_extensions", "false"},
        {"memory_limit", limits::kDuckdbMemory},
        {"threads", "1"},
        {"temp_directory", directory.c_str()},
    };
    for (const auto& [name, value] : settings) {
      is_set = is_set && api_->set_config(config, name, value) == kDuckdbSuccess;
    }
    char* error = nullptr;
    const std::string file = scratch_ + ".duckdb";
    const bool is_open =
        is_set && api_->open_ext(file.c_str(), &database_, config, &error) == kDuckdbSuccess;
    api_->destroy_config(&config);
    const std::string why = error == nullptr ? "a setting was refused" : error;
    if (error != nullptr) api_->free(error);
    if (!is_open) return Fail(ErrorCode::kIo, "DuckDB cannot open '{}': {}", file, why);
    if (api_->connect(database_, &connection_) == kDuckdbSuccess) return {};
    return Fail(ErrorCode::kIo, "DuckDB makes no connection");
  }

  Status Query(const std::string& sql) {
    DuckdbResult result{};
    const bool done = api_->query(connection_, sql.c_str(), &result) == kDuckdbSuccess;
    const char* error = api_->result_error(&result);
    const std::string why = error == nullptr ? "" : error;
    api_->destroy_result(&result);
    return done ? Status() : Fail(ErrorCode::kIo, "DuckDB cannot write '{}': {}", path_, why);
  }

  int AppendText(std::string_view text) {
    if (!IsUtf8(text)) {
      repaired_.clear();
      AppendValidUtf8(text, repaired_);
      text = repaired_;
    }
    return api_->append_varchar_length(appender_, text.data(), text.size());
  }

  int AppendNumber(ColumnKind kind, std::int64_t number) {
    constexpr std::int64_t kMicros = 1'000'000;
    if (kind != ColumnKind::kTime) return api_->append_int64(appender_, number);
    // Years that a timestamp cannot hold are no times.
    if (number > INT64_MAX / kMicros || number < INT64_MIN / kMicros) {
      return api_->append_null(appender_);
    }
    return api_->append_timestamp(appender_, {number * kMicros});
  }

  tl::unexpected<Error> AppenderFailed() {
    const char* error = api_->appender_error(appender_);
    return Fail(ErrorCode::kIo, "DuckDB cannot take a row for '{}': {}", path_,
                error == nullptr ? "no reason given" : error);
  }

  const std::unique_ptr<DuckdbApi> api_;
  const std::string path_;
  const std::string scratch_;
  const std::vector<Column> columns_;
  DuckdbHandle* database_ = nullptr;
  DuckdbHandle* connection_ = nullptr;
  DuckdbHandle* appender_ = nullptr;
  std::string repaired_;
};

ParquetWriter::ParquetWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ParquetWriter::~ParquetWriter() = default;

Result<std::unique_ptr<ParquetWriter>> ParquetWriter::Open(const std::string& library,
                                                           const std::string& path,
                                                           std::vector<Column> columns) {
  if (columns.size() > limits::kColumnsMax) {
    return Fail(ErrorCode::kInvalidArgument, "{} columns, limit {}", columns.size(),
                limits::kColumnsMax);
  }
  CRAWLCARD_ASSIGN(std::unique_ptr<DuckdbApi> api, DuckdbApi::Load(library));
  auto impl = std::make_unique<Impl>(std::move(api), path, std::move(columns));
  CRAWLCARD_TRY(impl->Open());
  return std::unique_ptr<ParquetWriter>(new ParquetWriter(std::move(impl)));
}

Status ParquetWriter::Add(std::span<const Cell> cells) {
  return impl_->Add(cells);
}

Status ParquetWriter::Finish() {
  return impl_->Finish();
}

}  // namespace crawlcard::dataset
