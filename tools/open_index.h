// tools/open_index.h - opens indexes, with messages that say what to do.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "index/store.h"
#include "tools/settings.h"

namespace crawlcard::tools {

// The index at `directory`. Every failure comes back with a code that ends in exit 4.
[[nodiscard]] Result<std::unique_ptr<index::Store>> OpenIndexAt(const std::string& directory,
                                                                index::OpenMode mode,
                                                                const index::StoreOptions& options);

// The index of --index, with --partitions and --memory. Every failure comes back with a code that
// ends in exit 4.
[[nodiscard]] Result<std::unique_ptr<index::Store>> OpenIndex(const Settings& settings,
                                                              index::OpenMode mode);

}  // namespace crawlcard::tools
