// index/ingest/cdx_file.h - the lines of a CDX file, each with its place, as captures.
//
// Plain, gzip or zstd; ZipNum is gzip in members of 3,000 lines. The place of a line is that of the
// unit it stands in and, inside of that, its own. docs/formats/cdx.md.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <functional>
#include <string_view>

#include "base/byte_source.h"
#include "base/result.h"
#include "index/ingest/observe.h"

namespace crawlcard::index {

// Looks at the first bytes of `source`, which does not move. Errors: kIo.
[[nodiscard]] Result<bool> IsCdxFile(ByteSource& source);

// As ObserveFile(), for a CDX; a line that cannot be read is damaged. Errors: kIo, kCancelled, and
// what on_capture returned.
[[nodiscard]] Result<ObservedFile> ObserveCdxFile(ByteSource& source, std::string_view file_name,
                                                  const ObserveFileOptions& options,
                                                  const ObserveHandlers& handlers);

}  // namespace crawlcard::index
