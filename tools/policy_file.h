// tools/policy_file.h - policies by name, or from a TOML file of the user's own.
//
// docs/formats/policy.md lists the keys. Every key is checked: what is misspelt, of the wrong type
// or contradictory is refused with its line, so that no page becomes usable by a slip.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "robots/policy.h"

namespace crawlcard::tools {

// `value` of --policy: a file when it contains '/' or ends in ".toml", else a built-in name.
// Errors: kInvalidArgument, with file and line.
[[nodiscard]] Result<robots::Policy> LoadPolicy(std::string_view value);

// The text of one file; `path` stands in errors.
[[nodiscard]] Result<robots::Policy> ParsePolicy(const std::string& text, const std::string& path);

}  // namespace crawlcard::tools
