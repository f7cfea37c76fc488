#include <algorithm>

#include "base/base64.h"
#include "base/json_writer.h"
#include "index/internal/proof_ranges.h"
#include "index/proof/leaves.h"
#include "index/proof/proof.h"
#include "index/proof/tree_note.h"
#include "index/schema.h"
#include "page/url.h"
#include "robots/observe.h"

namespace crawlcard::index {
namespace {

// What ParseTarget() puts in front of a host.
constexpr std::string_view kHttp = "http://";

// The leaves of one block, and their hashes.
struct OpenBlock {
  std::size_t number = 0;
  std::vector<std::string> keys;
  std::vector<std::string> lines;
  std::vector<MerkleHash> hashes;
};

class Prover {
 public:
  Prover(const Store& store, const LeafTree& tree, const ProofOptions& options)
      : store_(store), tree_(tree), options_(options) {
    for (const LeafTree::Block& block : tree.blocks) block_hashes_.push_back(block.hash);
  }

  Status WriteRange(const LeafRange& range, JsonWriter& json) {
    json.BeginObject();
    json.Member("lower", Hex(range.lower));
    json.Member("upper", Hex(range.upper));
    json.Key("leaves").BeginArray();
    // The first leaf at or behind the range, and on until one lies behind it.
    std::uint64_t shown = 0;
    bool complete = false;
    std::size_t number = BlockOf(range.lower);
    for (; number < tree_.blocks.size() && !complete; ++number) {
      CRAWLCARD_TRY(Open(number));
      const auto from = std::lower_bound(open_.keys.begin(), open_.keys.end(), range.lower);
      auto i = static_cast<std::size_t>(from - open_.keys.begin());
      for (; i < open_.keys.size() && !complete; ++i) {
        const bool behind = open_.keys[i] >= range.upper;
        if (!behind && shown == options_.leaves_max) break;
        WriteLeaf(i, json);
        if (!behind) ++shown;
        complete = behind;
      }
      if (i < open_.keys.size() && !complete) break;  // more than are to be shown
    }
    const bool at_end = !complete && number == tree_.blocks.size();
    if (at_end && shown == 0 && tree_.size > 0) {
      // Nothing at or behind it: the last leaf of all says so.
      CRAWLCARD_TRY(Open(tree_.blocks.size() - 1));
      WriteLeaf(open_.keys.size() - 1, json);
    }
    json.EndArray();
    json.Member("complete", complete || at_end);
    json.EndObject();
    return {};
  }

 private:
  std::size_t BlockOf(std::string_view key) const {
    const auto found =
        std::partition_point(tree_.blocks.begin(), tree_.blocks.end(),
                             [&](const LeafTree::Block& block) { return block.last_key < key; });
    return static_cast<std::size_t>(found - tree_.blocks.begin());
  }

  Status Open(std::size_t number) {
    if (!open_.keys.empty() && open_.number == number) return {};
    open_ = {};
    open_.number = number;
    const std::string_view after =
        number == 0 ? std::string_view() : tree_.blocks[number - 1].last_key;
    const std::uint64_t first = std::uint64_t{number} * kTreeBlockLeaves;
    const std::uint64_t count = std::min<std::uint64_t>(kTreeBlockLeaves, tree_.size - first);
    CRAWLCARD_TRY(
        ReadLeaves(store_, options_.known_by, after, [&](const LeafView& leaf) -> Result<bool> {
          open_.keys.emplace_back(leaf.key);
          open_.lines.emplace_back(leaf.line);
          open_.hashes.push_back(LeafHash(leaf.line));
          return open_.keys.size() < count;
        }));
    if (RootOf(open_.hashes) != tree_.blocks[number].hash) {
      return Fail(ErrorCode::kConflict, "the rows of the index are not those of the tree");
    }
    return {};
  }

  void WriteLeaf(std::size_t i, JsonWriter& json) const {
    std::vector<MerkleHash> path;
    AppendPath(open_.hashes, i, path);
    AppendPath(block_hashes_, open_.number, path);
    json.BeginObject();
    json.Member("index", std::uint64_t{open_.number} * kTreeBlockLeaves + i);
    json.Member("leaf", open_.lines[i]);
    json.Key("path").BeginArray();
    for (const MerkleHash& hash : path) json.String(Base64(hash));
    json.EndArray();
    json.EndObject();
  }

  const Store& store_;
  const LeafTree& tree_;
  const ProofOptions& options_;
  std::vector<MerkleHash> block_hashes_;
  OpenBlock open_;
};

// The note that a proof carries. Errors: kConflict, kCorrupt.
Result<std::string> NoteFor(const LeafTree& tree, const std::string& given) {
  if (given.empty()) return FormatTreeNote(MakeTreeNote(tree.size, tree.root));
  CRAWLCARD_ASSIGN(const TreeNote note, ReadTreeNote(given));
  if (note.size != tree.size || note.root != tree.root) {
    return Fail(ErrorCode::kConflict, "the note commits to another tree than that of this index");
  }
  return given;
}

}  // namespace

std::vector<LeafRange> RangesOf(const Target& target) {
  // Behind a stored SURT or a group comes a byte that tells what follows it (index/schema.h).
  constexpr char kEnd = '\0';
  if (!target.is_host) {
    std::vector<LeafRange> ranges;
    const robots::WellKnownMatch match =
        robots::WellKnownFromPath(page::PathAndQueryOf(target.url));
    std::string file(1, kHostLeaf);
    if (match.found && AppendOriginPrefix(target.url, target.surt, file)) {
      AppendHostSeek(match.file, 0, file);
      file.resize(file.size() - kKeyTimeBytes);  // the origin and the kind of file
      std::string upper = file;
      ++upper.back();
      ranges.push_back({std::move(file), std::move(upper)});
    }
    const std::string pages = kPageLeaf + target.stored;
    ranges.push_back({pages + kEnd, pages + '\x01'});
    return ranges;
  }
  const std::string hosts = kHostLeaf + target.group;
  const std::string pages = kPageLeaf + target.group;
  return {{hosts + kEnd, hosts + '\x01'}, {pages + kEnd, pages + kStoredLabelMark}};
}

Result<std::string> Prove(const Store& store, const LeafTree& tree, std::string_view url_or_host,
                          const ProofOptions& options) {
  if (options.leaves_max > limits::kProofLeavesMax) {
    return Fail(ErrorCode::kInvalidArgument, "a proof of {} leaves, limit {}", options.leaves_max,
                limits::kProofLeavesMax);
  }
  CRAWLCARD_ASSIGN(const Target target, ParseTarget(url_or_host));
  CRAWLCARD_ASSIGN(const std::string note, NoteFor(tree, options.note));
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", kProofSchema);
  json.Member("kind", target.is_host ? "host" : "url");
  // A host as it was typed, with brackets and port: a verifier works its SURT key out again.
  json.Member("asked", std::string_view(target.url).substr(target.is_host ? kHttp.size() : 0));
  json.Member("surt", target.surt);
  json.Key("ranges").BeginArray();
  Prover prover(store, tree, options);
  for (const LeafRange& range : RangesOf(target)) CRAWLCARD_TRY(prover.WriteRange(range, json));
  json.EndArray();
  json.Member("note", note);
  json.EndObject();
  return text + '\n';
}

}  // namespace crawlcard::index
