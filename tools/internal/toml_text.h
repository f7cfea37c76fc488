// tools/internal/toml_text.h - a TOML file as a table, without exceptions.
#pragma once

#include <string>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/result.h"

namespace crawlcard::tools {

// toml++ reports errors by exception in Debian's build; they end here.
// Errors: kInvalidArgument, "PATH:LINE: ...".
[[nodiscard]] inline Result<toml::table> ParseToml(const std::string& text,
                                                   const std::string& path) {
  try {
    return toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    return Fail(ErrorCode::kInvalidArgument, "{}:{}: {}", path, error.source().begin.line,
                error.description());
  }
}

}  // namespace crawlcard::tools
