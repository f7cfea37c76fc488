#include "index/proof/merkle.h"

#include <bit>
#include <string>

namespace crawlcard::index {
namespace {

constexpr char kLeafMark = 0x00;
constexpr char kNodeMark = 0x01;

std::string_view ToView(const MerkleHash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

}  // namespace

MerkleHash LeafHash(std::string_view data) {
  thread_local std::string bytes;
  bytes.assign(1, kLeafMark);
  bytes += data;
  return Sha256(bytes);
}

MerkleHash NodeHash(const MerkleHash& left, const MerkleHash& right) {
  std::array<char, 1 + 2 * sizeof(MerkleHash)> bytes{kNodeMark};
  ToView(left).copy(bytes.data() + 1, left.size());
  ToView(right).copy(bytes.data() + 1 + left.size(), right.size());
  return Sha256({bytes.data(), bytes.size()});
}

MerkleHash RootOf(std::span<const MerkleHash> hashes) {
  if (hashes.empty()) return Sha256({});
  if (hashes.size() == 1) return hashes.front();
  const std::size_t split = std::bit_floor(hashes.size() - 1);
  return NodeHash(RootOf(hashes.first(split)), RootOf(hashes.subspan(split)));
}

void AppendPath(std::span<const MerkleHash> hashes, std::size_t at, std::vector<MerkleHash>& path) {
  if (hashes.size() <= 1) return;
  const std::size_t split = std::bit_floor(hashes.size() - 1);
  if (at < split) {
    AppendPath(hashes.first(split), at, path);
    path.push_back(RootOf(hashes.subspan(split)));
  } else {
    AppendPath(hashes.subspan(split), at - split, path);
    path.push_back(RootOf(hashes.first(split)));
  }
}

std::optional<MerkleHash> RootFromPath(const MerkleHash& leaf, std::uint64_t index,
                                       std::uint64_t size, std::span<const MerkleHash> path) {
  if (index >= size) return std::nullopt;
  std::uint64_t at = index;
  std::uint64_t last = size - 1;
  MerkleHash hash = leaf;
  for (const MerkleHash& sibling : path) {
    if (last == 0) return std::nullopt;
    if ((at & 1) != 0 || at == last) {
      hash = NodeHash(sibling, hash);
      while ((at & 1) == 0 && at != 0) {
        at >>= 1;
        last >>= 1;
      }
    } else {
      hash = NodeHash(hash, sibling);
    }
    at >>= 1;
    last >>= 1;
  }
  if (last != 0) return std::nullopt;
  return hash;
}

}  // namespace crawlcard::index
