// tools/card_note.h - the signed note beside a card: which bytes were written, over which rows.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "index/proof/tree.h"

namespace crawlcard::tools {

struct NotedCard {
  std::string path;
  std::string sha256;  // 64 hexadecimal digits
};

// Writes card.note into the directory of the cards, signed with the private key in `key_file`, and
// gives its path. Errors: kInvalidArgument for cards of several directories and for a file that
// holds no key; kNotFound, kIo.
[[nodiscard]] Result<std::string> WriteCardNote(const std::string& key_file,
                                                const index::LeafTree& tree,
                                                const std::vector<NotedCard>& cards);

}  // namespace crawlcard::tools
