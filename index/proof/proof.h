// index/proof/proof.h - what an index holds of one URL or host, provable against its root.
//
// A proof shows every leaf of one key range, one after another, each with its audit path, and the
// leaf behind them: since a leaf names the key before it, the chain has no gap. An empty range is
// proved absent by the one leaf that spans it. docs/formats/proof.md has the file and the steps of
// a verifier.
//
// Thread rule: values; functions are thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "index/limits.h"
#include "index/proof/tree.h"
#include "index/store.h"

namespace crawlcard::index {

struct ProofOptions {
  std::uint64_t leaves_max = limits::kProofLeavesDefault;  // of each range
  std::optional<UnixSeconds> known_by;                     // as when the tree was built
  // What the proof is checked against: a note of the tree (tree_note.h), such as the one beside a
  // card; empty: an unsigned one is made.
  std::string note;
};

// A proof as JSON, for a URL or a host name. Errors: kInvalidArgument for what is neither,
// kConflict for a note of another tree or a tree of other rows, kCorrupt, kIo.
[[nodiscard]] Result<std::string> Prove(const Store& store, const LeafTree& tree,
                                        std::string_view url_or_host, const ProofOptions& options);

// What a proof shows.
struct ProofFindings {
  std::string asked;  // as it was asked
  bool is_host = false;
  bool present = false;            // some leaf is of the exact URL, or of the host
  bool complete = false;           // every leaf of the asked ranges is shown
  std::uint64_t leaves = 0;        // of the URL or host
  std::vector<std::string> lines;  // those leaves
  std::uint64_t tree_size = 0;
  std::string root;    // Base64
  std::string origin;  // first line of the note
  bool signature_checked = false;
};

struct VerifyProofOptions {
  // What the reader trusts; each is compared where it is given.
  std::string root;        // Base64, as a card prints it
  std::string public_key;  // of the note's signer
};

// Checks a proof without the index. Errors: kInvalidArgument for a key that is none; kCorrupt, with
// what is wrong, for a file that proves nothing.
[[nodiscard]] Result<ProofFindings> VerifyProof(std::string_view proof,
                                                const VerifyProofOptions& options);

}  // namespace crawlcard::index
