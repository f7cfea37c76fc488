// tools/open_index.h - opens the index of --index, with messages that say what to do.
#pragma once

#include <memory>

#include "base/result.h"
#include "index/store.h"
#include "tools/settings.h"

namespace crawlcard::tools {

// Every failure comes back with a code that ends in exit 4.
[[nodiscard]] Result<std::unique_ptr<index::Store>> OpenIndex(const Settings& settings,
                                                              index::OpenMode mode);

}  // namespace crawlcard::tools
