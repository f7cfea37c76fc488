// dataset/internal/duckdb_api.h - the functions of DuckDB's C interface that are used.
//
// Declared here rather than taken from its header: the interface has been stable since 1.0, and
// the header is in no package either. Handles are opaque; types and order of arguments are those of
// duckdb.h 1.0 to 1.5.
//
// Thread rule: immutable after Load().
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace crawlcard::dataset {

struct DuckdbHandle;  // of a database, connection, appender, configuration, statement, chunk
struct DuckdbTimestamp {
  std::int64_t micros;
};
struct DuckdbResult {
  std::uint64_t deprecated_counts[3];
  void* deprecated_columns;
  char* deprecated_error;
  void* internal_data;
};
inline constexpr int kDuckdbSuccess = 0;

class DuckdbApi {
 public:
  // `library` may be a path; empty: libduckdb.so where the system looks.
  // Errors: kInvalidArgument, with what is missing and where it comes from.
  [[nodiscard]] static Result<std::unique_ptr<DuckdbApi>> Load(const std::string& library);
  ~DuckdbApi();
  DuckdbApi(const DuckdbApi&) = delete;
  DuckdbApi& operator=(const DuckdbApi&) = delete;

  int (*create_config)(DuckdbHandle** out) = nullptr;
  int (*set_config)(DuckdbHandle* config, const char* name, const char* value) = nullptr;
  void (*destroy_config)(DuckdbHandle** config) = nullptr;
  int (*open_ext)(const char* path, DuckdbHandle** out, DuckdbHandle* config,
                  char** error) = nullptr;
  void (*close)(DuckdbHandle** database) = nullptr;
  int (*connect)(DuckdbHandle* database, DuckdbHandle** out) = nullptr;
  void (*disconnect)(DuckdbHandle** connection) = nullptr;
  int (*query)(DuckdbHandle* connection, const char* sql, DuckdbResult* out) = nullptr;
  const char* (*result_error)(DuckdbResult* result) = nullptr;
  void (*destroy_result)(DuckdbResult* result) = nullptr;
  void (*free)(void* memory) = nullptr;
  int (*appender_create)(DuckdbHandle* connection, const char* schema, const char* table,
                         DuckdbHandle** out) = nullptr;
  const char* (*appender_error)(DuckdbHandle* appender) = nullptr;
  int (*appender_close)(DuckdbHandle* appender) = nullptr;
  int (*appender_destroy)(DuckdbHandle** appender) = nullptr;
  int (*appender_end_row)(DuckdbHandle* appender) = nullptr;
  int (*append_int64)(DuckdbHandle* appender, std::int64_t value) = nullptr;
  int (*append_timestamp)(DuckdbHandle* appender, DuckdbTimestamp value) = nullptr;
  int (*append_varchar_length)(DuckdbHandle* appender, const char* text,
                               std::uint64_t bytes) = nullptr;
  int (*append_null)(DuckdbHandle* appender) = nullptr;
  int (*prepare)(DuckdbHandle* connection, const char* sql, DuckdbHandle** out) = nullptr;
  const char* (*prepare_error)(DuckdbHandle* statement) = nullptr;
  void (*destroy_prepare)(DuckdbHandle** statement) = nullptr;
  int (*pending_prepared_streaming)(DuckdbHandle* statement, DuckdbHandle** out) = nullptr;
  const char* (*pending_error)(DuckdbHandle* pending) = nullptr;
  void (*destroy_pending)(DuckdbHandle** pending) = nullptr;
  int (*execute_pending)(DuckdbHandle* pending, DuckdbResult* out) = nullptr;
  DuckdbHandle* (*fetch_chunk)(DuckdbResult result) = nullptr;
  void (*destroy_data_chunk)(DuckdbHandle** chunk) = nullptr;
  std::uint64_t (*data_chunk_get_size)(DuckdbHandle* chunk) = nullptr;
  DuckdbHandle* (*data_chunk_get_vector)(DuckdbHandle* chunk, std::uint64_t column) = nullptr;
  void* (*vector_get_data)(DuckdbHandle* vector) = nullptr;
  std::uint64_t* (*vector_get_validity)(DuckdbHandle* vector) = nullptr;

 private:
  DuckdbApi() = default;
  void* library_ = nullptr;
};

}  // namespace crawlcard::dataset
