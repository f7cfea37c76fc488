// index/proof/merkle.h - Merkle tree hashing and audit paths.
//
// SHA-256; leaf = H(0x00 data), node = H(0x01 left right), the empty tree = H(). Sources: RFC 6962
// section 2.1, RFC 9162 section 2.1.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/digest.h"

namespace crawlcard::index {

using MerkleHash = Sha256Digest;

MerkleHash LeafHash(std::string_view data);
MerkleHash NodeHash(const MerkleHash& left, const MerkleHash& right);

// Root over hashes of leaves, or of perfect subtrees of one height of which the last alone may be
// smaller: the shape is the same (RFC 9162 section 2.1.1 splits at powers of two).
MerkleHash RootOf(std::span<const MerkleHash> hashes);

// Appends the audit path of `hashes[at]`, lowest first (RFC 9162 section 2.1.3.1).
void AppendPath(std::span<const MerkleHash> hashes, std::size_t at, std::vector<MerkleHash>& path);

// The root that a path leads to (RFC 9162 section 2.1.3.2); nullopt where it has not the length
// that belongs to `index` of `size` leaves.
std::optional<MerkleHash> RootFromPath(const MerkleHash& leaf, std::uint64_t index,
                                       std::uint64_t size, std::span<const MerkleHash> path);

}  // namespace crawlcard::index
