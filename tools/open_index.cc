#include "tools/open_index.h"

namespace crawlcard::tools {

Result<std::unique_ptr<index::Store>> OpenIndexAt(const std::string& directory,
                                                  index::OpenMode mode,
                                                  const index::StoreOptions& options) {
  if (options.partitions > index::limits::kPartitionsMax) {
    return Fail(ErrorCode::kInvalidArgument, "too many --partitions: {}, limit {}",
                options.partitions, index::limits::kPartitionsMax);
  }
  Result<std::unique_ptr<index::Store>> store = index::Store::Open(directory, mode, options);
  if (store) return store;
  const Error& error = store.error();
  if (error.code() == ErrorCode::kLocked || error.code() == ErrorCode::kSchema) return store;
  if (error.code() == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kSchema, "there is no index at '{}'; 'crawlcard ingest' makes one",
                directory);
  }
  return Fail(ErrorCode::kSchema, "cannot open index '{}': {}", directory, error.ToString());
}

Result<std::unique_ptr<index::Store>> OpenIndex(const Settings& settings, index::OpenMode mode) {
  index::StoreOptions options;
  options.partitions = static_cast<unsigned>(settings.Count("partitions"));
  options.memory_bytes = settings.Count("memory") << 20;
  return OpenIndexAt(std::string(settings.Text("index")), mode, options);
}

}  // namespace crawlcard::tools
