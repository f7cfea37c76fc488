// index/proof/tree_note.h - the few lines that commit to a tree and to the files made of it.
//
//   ORIGIN
//   leaves, in decimal
//   root, in Base64
//   sha256:HEX NAME            a line a file, such as a card; any number
//
// The first three lines are those of a C2SP tlog-checkpoint; as a signed note (base/signed_note.h)
// it is what lies beside a card. A sorted tree is a snapshot and no log that grows: the origin is
// unique to it, and the note is nothing for a witness of logs.
//
// Thread rule: values; functions are thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/proof/merkle.h"

namespace crawlcard::index {

struct TreeNote {
  struct File {
    std::string sha256;  // 64 hexadecimal digits
    std::string name;    // without directory
  };

  std::string origin;
  std::uint64_t size = 0;
  MerkleHash root{};
  std::vector<File> files;
};

// The note of a tree and the files made of it; its origin follows from both.
TreeNote MakeTreeNote(std::uint64_t size, const MerkleHash& root,
                      std::vector<TreeNote::File> files = {});

std::string FormatTreeNote(const TreeNote& note);

// Of the text of a note, signed or not. Errors: kCorrupt.
[[nodiscard]] Result<TreeNote> ReadTreeNote(std::string_view note);

}  // namespace crawlcard::index
