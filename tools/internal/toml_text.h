// tools/internal/toml_text.h - a TOML file as a table, without exceptions.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/result.h"
#include "base/text.h"
#include "tools/limits.h"

namespace crawlcard::tools {

// The line of the first key of more parts than limits::kTomlKeyPartsMax, or 0. Each part is a table
// in a table, and toml++ takes them apart by recursion. Text in quotes that looks like such a key
// counts as one: bare words with a dot between each two.
inline std::size_t LineOfLongKey(std::string_view text) {
  std::size_t line = 1;
  std::size_t parts = 1;
  bool joins = false;  // a dot stands before
  bool blank = false;  // a blank stands before, and no dot before it
  for (const char c : text) {
    const bool word =
        IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '_' || c == '-' || c == '"' || c == '\'';
    if (c == '.') {
      parts += joins ? 0 : 1;
      joins = true;
      blank = false;
      if (parts > limits::kTomlKeyPartsMax) return line;
    } else if (word) {
      if (blank) parts = 1;
      joins = blank = false;
    } else if (c == ' ' || c == '\t') {
      blank = !joins;
    } else {
      parts = 1;
      joins = blank = false;
      line += c == '\n' ? 1 : 0;
    }
  }
  return 0;
}

// toml++ reports errors by exception in Debian's build; they end here.
// Errors: kInvalidArgument, "PATH:LINE: ...".
[[nodiscard]] inline Result<toml::table> ParseToml(const std::string& text,
                                                   const std::string& path) {
  if (const std::size_t line = LineOfLongKey(text); line != 0) {
    return Fail(ErrorCode::kInvalidArgument, "{}:{}: a key of more than {} parts", path, line,
                limits::kTomlKeyPartsMax);
  }
  try {
    return toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    return Fail(ErrorCode::kInvalidArgument, "{}:{}: {}", path, error.source().begin.line,
                error.description());
  }
}

}  // namespace crawlcard::tools
