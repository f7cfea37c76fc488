// index/takedown_ledger.h - the file that requests are appended to, by whoever receives them.
//
// Thread rule: functions are thread-safe; the file is locked while a request is appended.
#pragma once

#include <functional>
#include <string>

#include "base/file_system.h"
#include "base/result.h"
#include "index/takedown.h"

namespace crawlcard::index {

// Appends one line to the ledger at `path`, made when it is missing, and makes it survive the
// machine. Errors: kInvalidArgument as CheckTakedown(), kConflict for an id that stands in the
// ledger, kCorrupt for a line in it that cannot be read (nothing is written), kUnsupported for a
// compressed ledger, kLocked while another process appends, kIo.
[[nodiscard]] Status AppendTakedown(FileSystem& files, const std::string& path,
                                    const Takedown& request);

// Calls `on_request` for each request of the ledger at `path`, plain or compressed, in its order.
// Errors: kNotFound, kCorrupt and kConflict with the place of a line that cannot be taken, kIo.
[[nodiscard]] Status ReadTakedowns(FileSystem& files, const std::string& path,
                                   const std::function<Status(const Takedown&)>& on_request);

}  // namespace crawlcard::index
