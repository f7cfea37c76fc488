// tools/app.h - the command from words to exit code, free of process-wide state but for stop.h.
#pragma once

#include <string>
#include <vector>

#include "tools/log.h"
#include "tools/output.h"

namespace crawlcard::tools {

// Runs what `words` (without the program's name) ask for. Results go to `out`, messages to `log`.
int RunApp(const std::vector<std::string>& words, Output& out, Logger& log);

}  // namespace crawlcard::tools
