#include <algorithm>
#include <set>

#include <simdjson.h>

#include "base/base64.h"
#include "base/signed_note.h"
#include "index/internal/proof_ranges.h"
#include "index/internal/rows.h"
#include "index/proof/leaves.h"
#include "index/proof/proof.h"
#include "index/proof/tree_note.h"

namespace crawlcard::index {
namespace {

namespace dom = simdjson::dom;

constexpr std::string_view kTwice = "a key that stands twice in one object";

tl::unexpected<Error> Wrong(std::string_view what) {
  return Fail(ErrorCode::kCorrupt, "{}", what);
}

Result<std::string_view> TextOf(const dom::element& object, std::string_view key) {
  std::string_view text;
  if (object[key].get(text) != simdjson::SUCCESS) {
    return Fail(ErrorCode::kCorrupt, "no text '{}' where a proof has one", key);
  }
  return text;
}

// Readers differ in which of two members with one name they take: so there may be no two.
bool HasEachKeyOnce(const dom::element& element) {
  if (dom::array array; element.get(array) == simdjson::SUCCESS) {
    return std::all_of(array.begin(), array.end(), HasEachKeyOnce);
  }
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS) return true;
  std::set<std::string_view> keys;
  return std::all_of(object.begin(), object.end(), [&](const dom::key_value_pair& member) {
    return keys.insert(member.key).second && HasEachKeyOnce(member.value);
  });
}

Result<std::string> HexOf(const dom::element& object, std::string_view key) {
  CRAWLCARD_ASSIGN(const std::string_view text, TextOf(object, key));
  std::optional<std::string> bytes = ParseHex(text);
  if (!bytes) return Fail(ErrorCode::kCorrupt, "'{}' is no lower-case hexadecimal", key);
  return std::move(*bytes);
}

std::optional<MerkleHash> HashOf(std::string_view base64) {
  const std::optional<std::string> bytes = DecodeBase64(base64);
  MerkleHash hash{};
  if (!bytes || bytes->size() != hash.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return hash;
}

class Verifier {
 public:
  Verifier(const TreeNote& tree, const Target& target) : note_(tree), target_(target) {}

  // One range, which must be `expected`.
  Status CheckRange(const dom::element& range, const LeafRange& expected, ProofFindings& findings) {
    CRAWLCARD_ASSIGN(std::string lower, HexOf(range, "lower"));
    CRAWLCARD_ASSIGN(std::string upper, HexOf(range, "upper"));
    if (LeafRange{std::move(lower), std::move(upper)} != expected) {
      return Wrong("a range is not that of the URL or host");
    }
    bool complete = false;
    dom::array leaves;
    if (range["complete"].get(complete) != simdjson::SUCCESS ||
        range["leaves"].get(leaves) != simdjson::SUCCESS) {
      return Wrong("a range without leaves");
    }
    std::optional<Seen> last;
    bool closed = note_.size == 0;
    for (const dom::element leaf : leaves) {
      if (closed) return Wrong("leaves behind the end of a range");
      CRAWLCARD_ASSIGN(Seen seen, CheckLeaf(leaf));
      if (last && (seen.index != last->index + 1 || seen.previous != last->key)) {
        return Wrong("leaves that do not follow each other");
      }
      // Nothing of the range may lie before the first; a last leaf before the range closes it.
      const bool before = seen.key < expected.lower;
      if (!last && !before && seen.previous >= expected.lower) {
        return Wrong("the first leaf of a range is not the first");
      }
      const bool is_end = seen.index + 1 == note_.size;
      if (before && !is_end) return Wrong("a leaf before its range");
      const bool inside = !before && seen.key < expected.upper;
      if (inside) Take(seen, findings);
      closed = !inside || is_end;
      last = std::move(seen);
    }
    if (complete && !closed) return Wrong("a range that is called complete and is not");
    findings.complete = findings.complete && closed;
    return {};
  }

 private:
  struct Seen {
    std::uint64_t index = 0;
    std::string key;
    std::string previous;
    std::string url;
    std::string host;
    std::string line;
  };

  // A leaf that the root contains.
  Result<Seen> CheckLeaf(const dom::element& leaf) {
    Seen seen;
    CRAWLCARD_ASSIGN(seen.line, TextOf(leaf, "leaf"));
    dom::array steps;
    if (leaf["index"].get(seen.index) != simdjson::SUCCESS ||
        leaf["path"].get(steps) != simdjson::SUCCESS) {
      return Wrong("a leaf without place or path");
    }
    std::vector<MerkleHash> path;
    for (const dom::element step : steps) {
      std::string_view text;
      const std::optional<MerkleHash> hash =
          step.get(text) == simdjson::SUCCESS ? HashOf(text) : std::nullopt;
      if (!hash) return Wrong("a path with something else than hashes");
      path.push_back(*hash);
    }
    if (RootFromPath(LeafHash(seen.line), seen.index, note_.size, path) != note_.root) {
      return Wrong("a leaf that does not lead to the root");
    }
    dom::element row;
    dom::element facts;
    if (leaf_parser_.parse(seen.line).get(row) != simdjson::SUCCESS ||
        row["facts"].get(facts) != simdjson::SUCCESS) {
      return Wrong("a leaf that is no JSON object");
    }
    if (!HasEachKeyOnce(row)) return Wrong(kTwice);
    CRAWLCARD_ASSIGN(seen.key, HexOf(row, "key"));
    CRAWLCARD_ASSIGN(seen.previous, HexOf(row, "previous"));
    CRAWLCARD_ASSIGN(seen.url, TextOf(facts, "url"));
    CRAWLCARD_ASSIGN(seen.host, TextOf(facts, "host"));
    if (seen.previous >= seen.key) return Wrong("a leaf that is not behind the one before it");
    if (seen.previous.empty() != (seen.index == 0))
      return Wrong("a leaf that calls itself the first");
    return seen;
  }

  void Take(const Seen& seen, ProofFindings& findings) const {
    if (!target_.is_host && !SameUrl(seen.url, target_.url)) return;
    findings.present = true;
    ++findings.leaves;
    findings.lines.push_back(seen.line);
  }

  const TreeNote& note_;
  const Target& target_;
  dom::parser leaf_parser_;
};

}  // namespace

Result<ProofFindings> VerifyProof(std::string_view proof, const VerifyProofOptions& options) {
  if (proof.size() > limits::kProofBytesMax) {
    return Fail(ErrorCode::kCorrupt, "proof of {} bytes, limit {}", proof.size(),
                limits::kProofBytesMax);
  }
  dom::parser parser;
  dom::element root;
  if (parser.parse(proof).get(root) != simdjson::SUCCESS || !root.is_object()) {
    return Wrong("no JSON object");
  }
  if (!HasEachKeyOnce(root)) return Wrong(kTwice);
  CRAWLCARD_ASSIGN(const std::string_view schema, TextOf(root, "schema"));
  if (schema != kProofSchema) return Wrong("no proof that this build reads");
  CRAWLCARD_ASSIGN(const std::string_view kind, TextOf(root, "kind"));
  CRAWLCARD_ASSIGN(const std::string_view asked, TextOf(root, "asked"));
  CRAWLCARD_ASSIGN(const std::string_view surt, TextOf(root, "surt"));
  CRAWLCARD_ASSIGN(const std::string_view note, TextOf(root, "note"));
  CRAWLCARD_ASSIGN(const TreeNote tree, ReadTreeNote(note));

  ProofFindings findings;
  const std::string root_text = Base64(tree.root);
  if (!options.root.empty() && options.root != root_text) {
    return Wrong("the root of the proof is not the one that was given");
  }
  if (!options.public_key.empty()) {
    CRAWLCARD_ASSIGN(const NoteVerifier verifier, NoteVerifier::Parse(options.public_key));
    if (!verifier.Accepts(note))
      return Wrong("the note has no signature of the key that was given");
    findings.signature_checked = true;
  }

  const Result<Target> target = ParseTarget(asked);
  if (!target || target->surt != surt || target->is_host != (kind == "host") ||
      (kind != "host" && kind != "url")) {
    return Wrong("the SURT key is not that of the URL or host");
  }
  const std::vector<LeafRange> expected = RangesOf(*target);
  dom::array ranges;
  if (root["ranges"].get(ranges) != simdjson::SUCCESS || ranges.size() != expected.size()) {
    return Wrong("not the ranges that belong to the question");
  }
  findings.asked = asked;
  findings.is_host = target->is_host;
  findings.complete = true;
  findings.tree_size = tree.size;
  findings.root = root_text;
  findings.origin = tree.origin;
  Verifier verifier(tree, *target);
  std::size_t i = 0;
  for (const dom::element range : ranges) {
    CRAWLCARD_TRY(verifier.CheckRange(range, expected[i++], findings));
  }
  if (tree.size == 0 && tree.root != RootOf({})) return Wrong("no root of an empty tree");
  return findings;
}

}  // namespace crawlcard::index
