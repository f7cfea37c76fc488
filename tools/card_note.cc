#include "tools/card_note.h"

#include <filesystem>

#include "base/file.h"
#include "base/signed_note.h"
#include "index/limits.h"
#include "index/proof/tree_note.h"

namespace crawlcard::tools {

Result<std::string> WriteCardNote(const std::string& key_file, const index::LeafTree& tree,
                                  const std::vector<NotedCard>& cards) {
  namespace fs = std::filesystem;
  const fs::path directory = fs::path(cards.front().path).parent_path();
  std::vector<index::TreeNote::File> files;
  for (const NotedCard& card : cards) {
    if (fs::path(card.path).parent_path() != directory) {
      return Fail(ErrorCode::kInvalidArgument, "--key: cards of one note go into one directory");
    }
    files.push_back({card.sha256, fs::path(card.path).filename().string()});
  }
  CRAWLCARD_ASSIGN(const std::string key, ReadFile(key_file, index::limits::kProofBytesMax));
  CRAWLCARD_ASSIGN(const NoteSigner signer, NoteSigner::Parse(key));
  const index::TreeNote note = index::MakeTreeNote(tree.size, tree.root, std::move(files));
  CRAWLCARD_ASSIGN(const std::string text, signer.Sign(index::FormatTreeNote(note)));
  const std::string path = (directory / "card.note").string();
  CRAWLCARD_TRY(WriteFileAtomically(path, text));
  return path;
}

}  // namespace crawlcard::tools
