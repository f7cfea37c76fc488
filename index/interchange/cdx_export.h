// index/interchange/cdx_export.h - the captures of an index as sorted lines of a CDX.
//
// One line for each response, revisit and resource that has a date, a key and a place of its own in
// a file. Where several rows tell of one record (WARC, WAT, CDX), the nearest to the bytes speaks.
// Lines are sorted as LC_ALL=C does; the key order of the index is another one, since it keeps the
// hosts of a domain together. docs/formats/cdx.md.
//
// Thread rule: functions may run side by side on one Store.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "index/interchange/limits.h"
#include "index/store.h"

namespace crawlcard::index {

enum class CdxFormat : std::uint8_t { kCdxj, kCdx11 };

struct CdxExportOptions {
  CdxFormat format = CdxFormat::kCdxj;
  std::size_t sort_bytes = limits::kSortBytes;
  std::string directory;  // for what does not fit into memory
};

struct CdxExportSummary {
  std::uint64_t lines = 0;
  std::uint64_t merged = 0;           // rows of a record that another row told of
  std::uint64_t other_types = 0;      // conversions: text that was made of captures
  std::uint64_t without_key = 0;      // no URL or date that a line could be sorted by
  std::uint64_t not_addressable = 0;  // no place in a file, or one inside a larger unit
};

// Calls `on_line` with each line, its end included; for CDX-11 its head comes first.
// Errors: kIo, kCorrupt, and what `on_line` returned.
[[nodiscard]] Result<CdxExportSummary> ExportCdx(
    const Store& store, const CdxExportOptions& options,
    const std::function<Status(std::string_view line)>& on_line);

}  // namespace crawlcard::index
