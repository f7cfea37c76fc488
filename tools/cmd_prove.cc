// crawlcard prove: what an index holds of a URL or host, for someone who has only the card's root.

#include <optional>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "index/proof/consistency.h"
#include "index/proof/proof.h"
#include "index/proof/tree.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/index_tree.h"
#include "tools/judge_flags.h"
#include "tools/open_index.h"
#include "tools/stop.h"

namespace crawlcard::tools {
namespace {

constexpr std::string_view kConsistencySchema = "crawlcard.consistency.v1";

void WriteSide(std::string_view name, const index::LeafTree& tree, JsonWriter& json) {
  json.Key(name).BeginObject();
  json.Member("leaves", tree.size);
  json.Member("root", Base64(tree.root));
  json.EndObject();
}

// Rows added and removed since the index at --against, or since this one knew what it did at
// --since.
Result<int> Compare(const Context& context, const index::Store& store,
                    std::optional<UnixSeconds> known_by) {
  const Settings& settings = context.settings;
  index::TreeOptions options;
  options.jobs = JobsFrom(settings);
  options.stop = &StopRequested();
  std::unique_ptr<index::Store> other;
  index::Snapshot before{&store, known_by};
  if (!settings.Text("against").empty()) {
    CRAWLCARD_ASSIGN(other, OpenIndexAt(std::string(settings.Text("against")),
                                        index::OpenMode::kRead, {.shares_with = &store}));
    before.store = other.get();
  } else {
    CRAWLCARD_ASSIGN(before.known_by, InstantFrom("since", settings.Text("since"), "", Now()));
  }
  const index::Snapshot after{&store, known_by};
  options.known_by = before.known_by;
  CRAWLCARD_ASSIGN(const index::LeafTree old_tree, index::BuildTree(*before.store, options));
  options.known_by = after.known_by;
  CRAWLCARD_ASSIGN(const index::LeafTree new_tree, index::BuildTree(*after.store, options));

  const bool json_lines = context.json_lines();
  const auto print = [&](index::RowChange change, std::string_view leaf) -> Status {
    if (StopRequested().load()) return Fail(ErrorCode::kCancelled, "stopped");
    if (context.silent()) return {};
    if (!json_lines) {
      return context.out.Write(fmt::format("{} {}\n", index::RowChangeName(change), leaf));
    }
    std::string text;
    JsonWriter json(text);
    json.BeginObject();
    json.Member("schema", kConsistencySchema);
    json.Member("kind", index::RowChangeName(change));
    json.Member("leaf", leaf);
    json.EndObject();
    return context.out.Write(text + '\n');
  };
  CRAWLCARD_ASSIGN(const index::Consistency counts, index::CompareRows(before, after, print));
  std::string text;
  if (json_lines) {
    JsonWriter json(text);
    json.BeginObject();
    json.Member("schema", kConsistencySchema);
    json.Member("kind", "summary");
    WriteSide("before", old_tree, json);
    WriteSide("after", new_tree, json);
    json.Member("same", counts.same);
    json.Member("added", counts.added);
    json.Member("removed", counts.removed);
    json.Member("changed", counts.changed);
    json.EndObject();
    text += '\n';
  } else {
    text = fmt::format(
        "before: {} leaves, root {}\nafter:  {} leaves, root {}\n{} the same, {} added, {} "
        "removed, {} changed\n",
        old_tree.size, Base64(old_tree.root), new_tree.size, Base64(new_tree.root), counts.same,
        counts.added, counts.removed, counts.changed);
  }
  if (context.silent()) {
    context.log.Line(text);
  } else {
    CRAWLCARD_TRY(context.out.Write(text));
  }
  return counts.added + counts.removed + counts.changed == 0 ? kExitDone : kExitNo;
}

}  // namespace

Result<int> RunProve(const Context& context) {
  const Settings& settings = context.settings;
  const bool compares = !settings.Text("against").empty() || !settings.Text("since").empty();
  if (compares == !context.operands.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "prove takes a URL or host, or else --against INDEX or --since WHEN");
  }
  CRAWLCARD_ASSIGN(const std::optional<UnixSeconds> known_by, KnownByFrom(settings, Now()));
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(settings, index::OpenMode::kRead));
  if (compares) return Compare(context, *store, known_by);

  index::ProofOptions options;
  options.known_by = known_by;
  options.leaves_max = settings.Count("leaves-max");
  const std::string note(settings.Text("note"));
  if (!note.empty()) {
    CRAWLCARD_ASSIGN(options.note, ReadFile(note, index::limits::kProofBytesMax));
  }
  CRAWLCARD_ASSIGN(const index::LeafTree tree, KeptIndexTree(settings, *store, known_by));
  std::string proofs;
  for (const std::string& operand : context.operands) {
    if (StopRequested().load()) return Fail(ErrorCode::kCancelled, "stopped");
    CRAWLCARD_ASSIGN(const std::string proof, index::Prove(*store, tree, operand, options));
    proofs += proof;
  }
  if (context.silent()) return kExitDone;
  const std::vector<std::string>& files = settings.List("out");
  if (files.empty()) {
    CRAWLCARD_TRY(context.out.Write(proofs));
    return kExitDone;
  }
  if (files.size() > 1) {
    return Fail(ErrorCode::kInvalidArgument, "--out: all proofs go into one file, {} are named",
                files.size());
  }
  CRAWLCARD_TRY(WriteFileAtomically(files.front(), proofs));
  context.log.Line(fmt::format("{} proofs of {} leaves, root {}", context.operands.size(),
                               tree.size, Base64(tree.root)));
  return kExitDone;
}

}  // namespace crawlcard::tools
