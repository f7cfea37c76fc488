// tools/config_file.h - a TOML file of flags.
//
// Keys are names of flags without dashes, at the top level. Values: a string, a whole number, true
// or false, or an array of strings.
#pragma once

#include <string>

#include "base/result.h"
#include "tools/settings.h"

namespace crawlcard::tools {

// Reads `path` into `settings`; the origin of each value is "PATH:LINE".
// Errors: kInvalidArgument, with the line.
[[nodiscard]] Status ReadConfigFile(const std::string& path, Settings& settings);

}  // namespace crawlcard::tools
