// dataset/limits.h - what writing one table may cost.
#pragma once

#include <cstddef>

namespace crawlcard::dataset::limits {

// What DuckDB may take, as it spells it; what does not fit goes to its file beside the result.
inline constexpr const char* kDuckdbMemory = "512MiB";

// A column for each agent of a table of hosts.
inline constexpr std::size_t kColumnsMax = 1000;

}  // namespace crawlcard::dataset::limits
