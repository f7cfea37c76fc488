// tools/man.h - the man page, made from the tables of flags and commands.
#pragma once

#include <string>

namespace crawlcard::tools {

// crawlcard.1 in the man(7) macros. Carries no date, so that the same version gives the same bytes.
std::string ManPage();

}  // namespace crawlcard::tools
