#include "index/proof/merkle.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace crawlcard::index {
namespace {

// The leaves and roots that Certificate Transparency's own tests use.
constexpr std::array<std::string_view, 8> kLeaves{"",
                                                  "00",
                                                  "10",
                                                  "2021",
                                                  "3031",
                                                  "40414243",
                                                  "5051525354555657",
                                                  "606162636465666768696a6b6c6d6e6f"};
constexpr std::array<std::string_view, 8> kRoots{
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

std::vector<MerkleHash> LeafHashes(std::size_t count) {
  std::vector<MerkleHash> hashes;
  for (std::size_t i = 0; i < count; ++i) {
    hashes.push_back(LeafHash(i < kLeaves.size() ? *ParseHex(kLeaves[i]) : std::to_string(i)));
  }
  return hashes;
}

TEST(Merkle, GivesTheRootsOfItsSource) {
  EXPECT_EQ(Hex(RootOf({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::size_t size = 1; size <= kLeaves.size(); ++size) {
    EXPECT_EQ(Hex(RootOf(LeafHashes(size))), kRoots[size - 1]);
  }
}

TEST(Merkle, EveryPathLeadsToTheRoot) {
  for (std::size_t size = 1; size <= 70; ++size) {
    const std::vector<MerkleHash> hashes = LeafHashes(size);
    const MerkleHash root = RootOf(hashes);
    for (std::size_t i = 0; i < size; ++i) {
      std::vector<MerkleHash> path;
      AppendPath(hashes, i, path);
      EXPECT_EQ(RootFromPath(hashes[i], i, size, path), root);
      // Another place, another size, a step more or less lead elsewhere.
      EXPECT_NE(RootFromPath(hashes[i], i + 1, size, path), root);
      EXPECT_EQ(RootFromPath(hashes[i], size, size, path), std::nullopt);
      std::vector<MerkleHash> longer = path;
      longer.push_back(root);
      EXPECT_NE(RootFromPath(hashes[i], i, size, longer), root);
      if (path.empty()) continue;
      path.pop_back();
      EXPECT_NE(RootFromPath(hashes[i], i, size, path), root);
    }
  }
}

TEST(Merkle, BlocksHaveTheShapeOfTheWhole) {
  for (std::size_t size = 1; size <= 70; ++size) {
    const std::vector<MerkleHash> hashes = LeafHashes(size);
    std::vector<MerkleHash> blocks;
    for (std::size_t at = 0; at < size; at += 8) {
      blocks.push_back(RootOf(std::span(hashes).subspan(at, std::min<std::size_t>(8, size - at))));
    }
    EXPECT_EQ(RootOf(blocks), RootOf(hashes)) << size;
  }
}

}  // namespace
}  // namespace crawlcard::index
