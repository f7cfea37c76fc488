// tools/index_tree.h - the tree of an index, and the file of --tree that keeps it.
#pragma once

#include <optional>

#include "base/result.h"
#include "base/time.h"
#include "index/proof/tree.h"
#include "index/store.h"
#include "tools/settings.h"

namespace crawlcard::tools {

// Reads every row; with --tree FILE the tree is kept there for the next time, in place of another.
// A file that is no tree is refused.
[[nodiscard]] Result<index::LeafTree> BuildIndexTree(const Settings& settings,
                                                     const index::Store& store,
                                                     std::optional<UnixSeconds> known_by);

// The tree that --tree FILE keeps where the index holds the same files still, else as above. Rows
// that changed behind the ledger's back are not seen: for those who check each block they open.
[[nodiscard]] Result<index::LeafTree> KeptIndexTree(const Settings& settings,
                                                    const index::Store& store,
                                                    std::optional<UnixSeconds> known_by);

}  // namespace crawlcard::tools
