#include "dataset/internal/duckdb_connection.h"

#include <cstring>
#include <utility>

#include <unistd.h>

#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

// duckdb_string_t: short texts stand in place, long ones behind a pointer.
struct DuckdbText {
  static constexpr std::uint32_t kInlinedMax = 12;
  std::uint32_t length;
  char prefix[4];
  const char* pointer;
};
static_assert(sizeof(DuckdbText) == 16);

constexpr std::size_t kValidityBits = 64;

std::string OrUnknown(const char* error) {
  return error == nullptr ? "no reason given" : error;
}

}  // namespace

std::string Quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

Result<std::unique_ptr<DuckdbConnection>> DuckdbConnection::Open(const std::string& library,
                                                                 const std::string& scratch) {
  CRAWLCARD_ASSIGN(std::unique_ptr<DuckdbApi> api, DuckdbApi::Load(library));
  std::unique_ptr<DuckdbConnection> made(new DuckdbConnection(std::move(api), scratch));
  CRAWLCARD_TRY(made->OpenDatabase());
  return made;
}

DuckdbConnection::~DuckdbConnection() {
  if (connection_ != nullptr) api_->disconnect(&connection_);
  if (database_ != nullptr) api_->close(&database_);
  for (const char* ending : {".duckdb", ".duckdb.wal"}) ::unlink((scratch_ + ending).c_str());
  ::rmdir((scratch_ + ".spill").c_str());
}

Status DuckdbConnection::OpenDatabase() {
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

Status DuckdbConnection::Query(const std::string& sql) {
  DuckdbResult result{};
  const bool done = api_->query(connection_, sql.c_str(), &result) == kDuckdbSuccess;
  const std::string why = OrUnknown(api_->result_error(&result));
  api_->destroy_result(&result);
  return done ? Status() : Fail(ErrorCode::kIo, "DuckDB: {}", why);
}

Result<DuckdbHandle*> DuckdbConnection::NewAppender(const char* table) {
  DuckdbHandle* appender = nullptr;
  if (api_->appender_create(connection_, nullptr, table, &appender) == kDuckdbSuccess) {
    return appender;
  }
  return Fail(ErrorCode::kIo, "DuckDB makes no appender");
}

Result<std::unique_ptr<DuckdbRows>> DuckdbRows::Start(DuckdbConnection& connection,
                                                      const std::string& sql) {
  std::unique_ptr<DuckdbRows> rows(new DuckdbRows(connection));
  const DuckdbApi& api = connection.api();
  if (api.prepare(connection.connection_, sql.c_str(), &rows->statement_) != kDuckdbSuccess) {
    return Fail(ErrorCode::kIo, "DuckDB: {}", OrUnknown(api.prepare_error(rows->statement_)));
  }
  if (api.pending_prepared_streaming(rows->statement_, &rows->pending_) != kDuckdbSuccess) {
    return Fail(ErrorCode::kIo, "DuckDB: {}", OrUnknown(api.pending_error(rows->pending_)));
  }
  rows->has_result_ = true;
  if (api.execute_pending(rows->pending_, &rows->result_) == kDuckdbSuccess) return rows;
  return Fail(ErrorCode::kIo, "DuckDB: {}", OrUnknown(api.result_error(&rows->result_)));
}

DuckdbRows::~DuckdbRows() {
  const DuckdbApi& api = connection_.api();
  if (chunk_ != nullptr) api.destroy_data_chunk(&chunk_);
  if (has_result_) api.destroy_result(&result_);
  if (pending_ != nullptr) api.destroy_pending(&pending_);
  if (statement_ != nullptr) api.destroy_prepare(&statement_);
}

Result<std::size_t> DuckdbRows::NextChunk() {
  const DuckdbApi& api = connection_.api();
  if (chunk_ != nullptr) api.destroy_data_chunk(&chunk_);
  chunk_ = api.fetch_chunk(result_);
  if (chunk_ != nullptr) return static_cast<std::size_t>(api.data_chunk_get_size(chunk_));
  // The end, or an error on the way: only the result tells them apart.
  const char* error = api.result_error(&result_);
  if (error == nullptr || *error == '\0') return 0;
  return Fail(ErrorCode::kCorrupt, "DuckDB: {}", error);
}

std::optional<std::string_view> DuckdbRows::Cell(std::size_t column, std::size_t row) const {
  const DuckdbApi& api = connection_.api();
  DuckdbHandle* vector = api.data_chunk_get_vector(chunk_, column);
  const std::uint64_t* validity = api.vector_get_validity(vector);
  if (validity != nullptr && (validity[row / kValidityBits] >> (row % kValidityBits) & 1U) == 0) {
    return std::nullopt;
  }
  const auto* texts = static_cast<const DuckdbText*>(api.vector_get_data(vector));
  const DuckdbText& text = texts[row];
  if (text.length > DuckdbText::kInlinedMax) return std::string_view(text.pointer, text.length);
  return std::string_view(text.prefix, text.length);
}

}  // namespace crawlcard::dataset
