// robots/internal/rsl_parse.h - RSL elements found inside other documents.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>

#include "base/arena.h"
#include "robots/internal/xml.h"
#include "robots/rsl.h"

namespace crawlcard::robots::internal {

// The document whose `rsl` or lone `content` element is `tree.elements()[root]`.
RslDocument ParseRslElement(const XmlTree& tree, std::uint32_t root, Arena& arena);

}  // namespace crawlcard::robots::internal
