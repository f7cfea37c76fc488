// tools/history_text.h - the timeline of an origin's files for people.
//
// Thread rule: thread-safe.
#pragma once

#include <string>

#include "index/history.h"

namespace crawlcard::tools {

// Appends one run. The first of a file begins with a line that names it: `first_of_file`.
void AppendHistoryText(const index::HistoryRun& run, bool first_of_file, std::string& out);

}  // namespace crawlcard::tools
