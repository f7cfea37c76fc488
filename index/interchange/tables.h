// index/interchange/tables.h - an index as tables for others: pages, hosts, signals.
//
// Columns that Common Crawl's columnar index and host index have are called as there, so that joins
// need no renaming; docs/formats/parquet.md lists all of them. Rows come in key order: the same
// index gives the same rows.
//
// Thread rule: functions may run side by side on one Store.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "index/scan.h"
#include "index/store.h"

namespace crawlcard::index {

enum class TableKind : std::uint8_t { kPages, kHosts, kSignals };
std::string_view TableName(TableKind kind);  // "pages", ...
std::optional<TableKind> TableFromName(std::string_view name);

enum class ColumnKind : std::uint8_t { kText, kInt16, kInt32, kInt64, kTime };

struct Column {
  std::string name;
  ColumnKind kind = ColumnKind::kText;
};

// Null, text, a number, or seconds since 1970 in a column of times. Text is dead when the row is.
using Cell = std::variant<std::monostate, std::string_view, std::int64_t>;

struct TableOptions {
  // Of hosts: one column a token, with what its files say to it. The tokens of `judge` are void.
  std::vector<std::string> agents{"*"};
  JudgeOptions judge;
};

std::vector<Column> ColumnsOf(TableKind kind, const TableOptions& options);

// Errors: kIo, kCorrupt, and what `on_row` returned.
[[nodiscard]] Status ForEachTableRow(const Store& store, TableKind kind,
                                     const TableOptions& options,
                                     const std::function<Status(std::span<const Cell>)>& on_row);

// Appends one line of JSON with all columns, empty cells as null.
void AppendRowJson(TableKind kind, std::span<const Column> columns, std::span<const Cell> cells,
                   std::string& out);

}  // namespace crawlcard::index
