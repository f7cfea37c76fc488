// tools/version.h - which build this is.
#pragma once

#include <string>
#include <string_view>

namespace crawlcard::tools {

std::string_view Version();  // "0.1.0"
std::string VersionText();   // for --version: version, build type, compiler, suffix list

}  // namespace crawlcard::tools
