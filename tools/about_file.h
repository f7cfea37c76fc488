// tools/about_file.h - reads what people say of a dataset from a TOML file (docs/formats/about.md).
#pragma once

#include <string>

#include "base/result.h"
#include "card/about.h"

namespace crawlcard::tools {

// Errors: kInvalidArgument, "PATH:LINE: reason" where a line is to blame.
[[nodiscard]] Result<card::About> ReadAboutFile(const std::string& path);

}  // namespace crawlcard::tools
