#include "dataset/parquet_writer.h"

#include <cstdio>
#include <utility>

#include <unistd.h>

#include "base/file.h"
#include "base/replaced_file.h"
#include "base/text.h"
#include "dataset/internal/duckdb_connection.h"
#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

using index::Cell;
using index::Column;
using index::ColumnKind;

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
  Impl(std::unique_ptr<ReplacedFile> lock, std::unique_ptr<DuckdbConnection> connection,
       std::string path, std::vector<Column> columns)
      : lock_(std::move(lock)),
        connection_(std::move(connection)),
        api_(connection_->api()),
        path_(std::move(path)),
        columns_(std::move(columns)) {}

  ~Impl() {
    if (appender_ != nullptr) api_.appender_destroy(&appender_);
    ::unlink(WholeFile().c_str());
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Status Open() {
    std::string table = "CREATE TABLE t (";
    for (const Column& column : columns_) {
      table += fmt::format("{} {},", Quoted(column.name, '"'), TypeOf(column.kind));
    }
    table.back() = ')';
    CRAWLCARD_TRY(connection_->Query(table));
    CRAWLCARD_ASSIGN(appender_, connection_->NewAppender("t"));
    return {};
  }

  Status Add(std::span<const Cell> cells) {
    int state = kDuckdbSuccess;
    for (std::size_t i = 0; i < cells.size() && state == kDuckdbSuccess; ++i) {
      if (const auto* text = std::get_if<std::string_view>(&cells[i])) {
        state = AppendText(*text);
      } else if (const auto* number = std::get_if<std::int64_t>(&cells[i])) {
        state = AppendNumber(columns_[i].kind, *number);
      } else {
        state = api_.append_null(appender_);
      }
    }
    if (state == kDuckdbSuccess) state = api_.appender_end_row(appender_);
    return state == kDuckdbSuccess ? Status() : AppenderFailed();
  }

  Status Finish() {
    if (api_.appender_close(appender_) != kDuckdbSuccess) return AppenderFailed();
    const std::string whole = WholeFile();
    CRAWLCARD_TRY(connection_->Query(
        fmt::format("COPY t TO {} (FORMAT parquet, COMPRESSION zstd)", Quoted(whole, '\''))));
    if (::rename(whole.c_str(), path_.c_str()) != 0) {
      return Fail(ErrorCode::kIo, "cannot write '{}'", path_);
    }
    return SyncDirectoryOf(path_);
  }

 private:
  std::string WholeFile() const { return connection_->scratch() + ".parquet"; }

  int AppendText(std::string_view text) {
    if (!IsUtf8(text)) {
      repaired_.clear();
      AppendValidUtf8(text, repaired_);
      text = repaired_;
    }
    return api_.append_varchar_length(appender_, text.data(), text.size());
  }

  int AppendNumber(ColumnKind kind, std::int64_t number) {
    constexpr std::int64_t kMicros = 1'000'000;
    if (kind != ColumnKind::kTime) return api_.append_int64(appender_, number);
    // Years that a timestamp cannot hold are no times.
    if (number > INT64_MAX / kMicros || number < INT64_MIN / kMicros) {
      return api_.append_null(appender_);
    }
    return api_.append_timestamp(appender_, {number * kMicros});
  }

  tl::unexpected<Error> AppenderFailed() {
    const char* error = api_.appender_error(appender_);
    return Fail(ErrorCode::kIo, "DuckDB cannot take a row for '{}': {}", path_,
                error == nullptr ? "no reason given" : error);
  }

  // Stays empty, beside what DuckDB writes; outlives it.
  const std::unique_ptr<ReplacedFile> lock_;
  const std::unique_ptr<DuckdbConnection> connection_;
  const DuckdbApi& api_;
  const std::string path_;
  const std::vector<Column> columns_;
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
  RemoveAbandoned(path, kScratchEndings);
  CRAWLCARD_ASSIGN(std::unique_ptr<ReplacedFile> lock, ReplacedFile::Create(path));
  CRAWLCARD_ASSIGN(std::unique_ptr<DuckdbConnection> connection,
                   DuckdbConnection::Open(library, fmt::format("{}.{}.tmp", path, ::getpid())));
  auto impl =
      std::make_unique<Impl>(std::move(lock), std::move(connection), path, std::move(columns));
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
