// tools/index_tree.h - the tree of an index: from the file of --tree where it is there, else built.
#pragma once

#include <optional>

#include "base/result.h"
#include "base/time.h"
#include "index/proof/tree.h"
#include "index/store.h"
#include "tools/settings.h"

namespace crawlcard::tools {

// With --tree FILE a built tree is kept there for the next time, and one of an index that has
// changed since is built anew.
[[nodiscard]] Result<index::LeafTree> IndexTree(const Settings& settings, const index::Store& store,
                                                std::optional<UnixSeconds> known_by);

}  // namespace crawlcard::tools
