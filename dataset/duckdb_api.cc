#include "dataset/internal/duckdb_api.h"

#include <dlfcn.h>

namespace crawlcard::dataset {
namespace {

constexpr const char* kLibrary = "libduckdb.so";
constexpr std::string_view kWhereFrom =
    "Parquet is read and written by DuckDB's C library (1.0 or later): unpack libduckdb.so from a "
    "DuckDB "
    "release or from npm's @duckdb/node-bindings-linux-x64 and name it with --duckdb or "
    "CRAWLCARD_DUCKDB";

// The loader's last words: it has none when all is well.
std::string LoaderError() {
  const char* error = ::dlerror();
  return error == nullptr ? "no reason given" : error;
}

}  // namespace

// The library stays loaded: threads of its own may still be ending.
DuckdbApi::~DuckdbApi() = default;

Result<std::unique_ptr<DuckdbApi>> DuckdbApi::Load(const std::string& library) {
  std::unique_ptr<DuckdbApi> api(new DuckdbApi);
  const char* name = library.empty() ? kLibrary : library.c_str();
  api->library_ = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (api->library_ == nullptr) {
    return Fail(ErrorCode::kInvalidArgument, "{}; cannot load it: {}", kWhereFrom, LoaderError());
  }
  std::string missing;
  const auto find = [&](const char* symbol, auto& function) {
    void* found = ::dlsym(api->library_, symbol);
    if (found == nullptr) missing = symbol;
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(found);
  };
  find("duckdb_create_config", api->create_config);
  find("duckdb_set_config", api->set_config);
  find("duckdb_destroy_config", api->destroy_config);
  find("duckdb_open_ext", api->open_ext);
  find("duckdb_close", api->close);
  find("duckdb_connect", api->connect);
  find("duckdb_disconnect", api->disconnect);
  find("duckdb_query", api->query);
  find("duckdb_result_error", api->result_error);
  find("duckdb_destroy_result", api->destroy_result);
  find("duckdb_free", api->free);
  find("duckdb_appender_create", api->appender_create);
  find("duckdb_appender_error", api->appender_error);
  find("duckdb_appender_close", api->appender_close);
  find("duckdb_appender_destroy", api->appender_destroy);
  find("duckdb_appender_end_row", api->appender_end_row);
  find("duckdb_append_int64", api->append_int64);
  find("duckdb_append_timestamp", api->append_timestamp);
  find("duckdb_append_varchar_length", api->append_varchar_length);
  find("duckdb_append_null", api->append_null);
  find("duckdb_prepare", api->prepare);
  find("duckdb_prepare_error", api->prepare_error);
  find("duckdb_destroy_prepare", api->destroy_prepare);
  find("duckdb_pending_prepared_streaming", api->pending_prepared_streaming);
  find("duckdb_pending_error", api->pending_error);
  find("duckdb_destroy_pending", api->destroy_pending);
  find("duckdb_execute_pending", api->execute_pending);
  find("duckdb_fetch_chunk", api->fetch_chunk);
  find("duckdb_destroy_data_chunk", api->destroy_data_chunk);
  find("duckdb_data_chunk_get_size", api->data_chunk_get_size);
  find("duckdb_data_chunk_get_vector", api->data_chunk_get_vector);
  find("duckdb_vector_get_data", api->vector_get_data);
  find("duckdb_vector_get_validity", api->vector_get_validity);
  if (!missing.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "{}; '{}' has no function {}", kWhereFrom, name,
                missing);
  }
  return api;
}

}  // namespace crawlcard::dataset
