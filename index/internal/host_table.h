// index/internal/host_table.h - one row a host: what was fetched of it, and what its files say.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "index/interchange/tables.h"

namespace crawlcard::index {

std::vector<Column> HostColumns(const TableOptions& options);

[[nodiscard]] Status ForEachHostRow(const Store& store, const TableOptions& options,
                                    const std::function<Status(std::span<const Cell>)>& on_row);

}  // namespace crawlcard::index
