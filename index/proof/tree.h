// index/proof/tree.h - the sorted Merkle tree over the leaves of an index.
//
// Blocks of kTreeBlockLeaves leaves are hashed side by side and kept, with their last key, so that
// a proof reads two blocks and not the index again. Root and blocks are the same for any number of
// jobs and partitions.
//
// Thread rule: values; functions are thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "index/proof/merkle.h"
#include "index/store.h"

namespace crawlcard::index {

inline constexpr std::size_t kTreeBlockLeaves = 1024;  // a power of two

struct LeafTree {
  struct Block {
    std::string last_key;
    MerkleHash hash{};
  };

  std::uint64_t size = 0;  // leaves
  MerkleHash root{};
  std::vector<Block> blocks;  // all full but the last
};

struct TreeOptions {
  unsigned jobs = 1;
  std::optional<UnixSeconds> known_by;
  const std::atomic<bool>* stop = nullptr;
};

// Reads every row. Errors: kCorrupt, kIo, kCancelled.
[[nodiscard]] Result<LeafTree> BuildTree(const Store& store, const TreeOptions& options);

// A tree as a text file, with a digest of the ledger that it was made of: JSON lines, first the
// head, then a block each. Reading checks the root. Errors of reading: kCorrupt; kConflict when the
// index holds other files by now.
[[nodiscard]] Result<std::string> WriteTree(const LeafTree& tree, const Store& store,
                                            std::optional<UnixSeconds> known_by);
[[nodiscard]] Result<LeafTree> ReadTree(std::string_view text, const Store& store,
                                        std::optional<UnixSeconds> known_by);

}  // namespace crawlcard::index
