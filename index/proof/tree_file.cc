// A tree kept as text: "crawlcard.tree.v1 SIZE ROOT LEDGER" LF, then "HASH LASTKEY" LF a block, all
// in hexadecimal.
#include <charconv>

#include "base/text.h"
#include "index/proof/tree.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kMark = "crawlcard.tree.v1";

// What the leaves were made of: the sealed files by name, size and digest.
Result<std::string> LedgerDigest(const Store& store, std::optional<UnixSeconds> known_by) {
  CRAWLCARD_ASSIGN(const std::vector<FileEntry> files, store.Files());
  std::string text;
  for (const FileEntry& file : files) {
    if (!file.sealed || (known_by && file.sealed_at > *known_by)) continue;
    text +=
        fmt::format("{}\n{} {} {}\n", file.name, file.bytes, file.content_xxh3, file.fact_version);
  }
  return Hex(Sha256(text));
}

std::string_view TakeUntil(std::string_view& rest, char end) {
  const std::string_view word = rest.substr(0, rest.find(end));
  rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  return word;
}

}  // namespace

Result<std::string> WriteTree(const LeafTree& tree, const Store& store,
                              std::optional<UnixSeconds> known_by) {
  CRAWLCARD_ASSIGN(const std::string ledger, LedgerDigest(store, known_by));
  std::string text = fmt::format("{} {} {} {}\n", kMark, tree.size, Hex(tree.root), ledger);
  for (const LeafTree::Block& block : tree.blocks) {
    text += fmt::format("{} {}\n", Hex(block.hash), Hex(block.last_key));
  }
  return text;
}

Result<LeafTree> ReadTree(std::string_view text, const Store& store,
                          std::optional<UnixSeconds> known_by) {
  std::string_view rest = text;
  std::string_view head = TakeUntil(rest, '\n');
  const auto corrupt = [&] {
    return Fail(ErrorCode::kCorrupt, "no tree of an index, or a damaged one: delete it");
  };
  if (TakeUntil(head, ' ') != kMark) return corrupt();
  LeafTree tree;
  const std::optional<std::uint64_t> size = ParseUint(TakeUntil(head, ' '));
  const std::string_view root = TakeUntil(head, ' ');
  if (!size) return corrupt();
  tree.size = *size;
  std::vector<MerkleHash> hashes;
  while (!rest.empty()) {
    std::string_view line = TakeUntil(rest, '\n');
    const std::optional<std::string> hash = ParseHex(TakeUntil(line, ' '));
    const std::optional<std::string> key = ParseHex(line);
    if (!hash || !key || hash->size() != sizeof(MerkleHash)) return corrupt();
    LeafTree::Block& block = tree.blocks.emplace_back();
    std::copy(hash->begin(), hash->end(), block.hash.begin());
    block.last_key = *key;
    hashes.push_back(block.hash);
  }
  tree.root = RootOf(hashes);
  const std::uint64_t blocks = (tree.size + kTreeBlockLeaves - 1) / kTreeBlockLeaves;
  if (blocks != tree.blocks.size() || Hex(tree.root) != root) return corrupt();
  CRAWLCARD_ASSIGN(const std::string ledger, LedgerDigest(store, known_by));
  if (ledger != head) {
    return Fail(ErrorCode::kConflict, "the index holds other files than when this tree was made");
  }
  return tree;
}

}  // namespace crawlcard::index
