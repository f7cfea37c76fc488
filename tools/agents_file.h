// tools/agents_file.h - the agent registry that a run uses: the one built in, or --agents-file.
#pragma once

#include <string>

#include "base/result.h"
#include "tools/settings.h"

namespace crawlcard::tools {

// Reads the file of --agents-file, if one is given, and makes it the registry of the process.
// To be called before there is a second thread. Errors: kInvalidArgument, with file and line.
[[nodiscard]] Status InstallAgents(const Settings& settings);

// "2026-11-22.1 (187 tokens)": for people, without a path.
std::string AgentsVersionText();

}  // namespace crawlcard::tools
