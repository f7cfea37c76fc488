// tools/completions.h - shell completions, made from the tables of flags and commands.
#pragma once

#include <string>
#include <string_view>

namespace crawlcard::tools {

// `shell` is bash, zsh or fish.
std::string Completions(std::string_view shell);

}  // namespace crawlcard::tools
