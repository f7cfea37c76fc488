// index/internal/lookup.h - one question about one URL or host, answered in full.
//
// Thread rule: thread-safe.
#pragma once

#include "base/result.h"
#include "index/internal/file_table.h"
#include "index/internal/store_impl.h"
#include "index/internal/target.h"
#include "index/scan.h"

namespace crawlcard::index {

// `pages` false: by the signals of the host alone, as if the URL had never been captured. Gives the
// URL of a bare host to `target`. `host_known_out`: whether a file of its origin was ever observed.
[[nodiscard]] Result<UrlVerdict> CheckTarget(const Store::Impl& store, const FileTable& files,
                                             Target& target, const JudgeOptions& options,
                                             bool pages, bool& host_known_out);

}  // namespace crawlcard::index
