// index/ingest/takedown_file.h - the requests of a takedown ledger, each with its place.
//
// Plain, gzip or zstd; a line a request. A line that cannot be read is damaged, and so is one whose
// id came before in the same file. docs/formats/takedown.md.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <functional>
#include <string_view>

#include "base/byte_source.h"
#include "base/result.h"
#include "index/ingest/observe.h"
#include "index/takedown.h"
#include "warc/record.h"

namespace crawlcard::index {

// The type under which the ledger counts requests.
inline constexpr std::string_view kTakedownType = "takedown";

// Looks at the first bytes of `source`, which does not move. Errors: kIo.
[[nodiscard]] Result<bool> IsTakedownFile(ByteSource& source);

// True for the entry of a file that holds requests: such files grow at their end.
bool IsTakedownLedger(const FileEntry& entry);

// As ObserveFile(), for a ledger: `on_request` takes the place of on_capture. Errors: kIo,
// kCancelled, and what on_request returned.
using OnTakedown = std::function<Status(const Takedown& request, const warc::Extent& place)>;
[[nodiscard]] Result<ObservedFile> ObserveTakedownFile(ByteSource& source,
                                                       std::string_view file_name,
                                                       const ObserveHandlers& handlers,
                                                       const OnTakedown& on_request);

}  // namespace crawlcard::index
