// robots/robots_flags.h - the flags of a robots.txt without its statements.
//
// For rows of an index, which keep the body and read the statements from it again.
// Thread rule: thread-safe.
#pragma once

#include <memory_resource>
#include <string_view>
#include <vector>

#include "base/arena.h"

namespace crawlcard::robots {

// Appends the flags that ObserveWellKnown() gives for `body`.
void ObserveRobotsFlags(std::string_view body, Arena& arena,
                        std::pmr::vector<std::string_view>& flags_out);

}  // namespace crawlcard::robots
