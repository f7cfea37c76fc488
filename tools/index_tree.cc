#include "tools/index_tree.h"

#include <optional>
#include <string>
#include <utility>

#include "base/file.h"
#include "index/limits.h"
#include "tools/judge_flags.h"
#include "tools/stop.h"

namespace crawlcard::tools {
namespace {

// What the file keeps; none where there is no file, or the index has changed since. Errors: those
// of reading, and a file that is no tree: it is not for us to replace.
Result<std::optional<index::LeafTree>> ReadKept(const std::string& path, const index::Store& store,
                                                std::optional<UnixSeconds> known_by) {
  const Result<std::string> text = ReadFile(path, index::limits::kTreeFileBytesMax);
  if (!text) {
    if (text.error().code() == ErrorCode::kNotFound) return std::nullopt;
    return tl::unexpected(text.error());
  }
  Result<index::LeafTree> kept = index::ReadTree(*text, store, known_by);
  if (kept) return std::optional(std::move(*kept));
  if (kept.error().code() == ErrorCode::kConflict) return std::nullopt;
  return tl::unexpected(std::move(kept).error().At(path));
}

Result<index::LeafTree> BuildTree(const Settings& settings, const index::Store& store,
                                  std::optional<UnixSeconds> known_by) {
  index::TreeOptions options;
  options.jobs = JobsFrom(settings);
  options.known_by = known_by;
  options.stop = &StopRequested();
  CRAWLCARD_ASSIGN(index::LeafTree tree, index::BuildTree(store, options));
  const std::string path(settings.Text("tree"));
  if (!path.empty()) {
    CRAWLCARD_ASSIGN(const std::string text, index::WriteTree(tree, store, known_by));
    CRAWLCARD_TRY(WriteFileAtomically(path, text));
  }
  return tree;
}

}  // namespace

Result<index::LeafTree> BuildIndexTree(const Settings& settings, const index::Store& store,
                                       std::optional<UnixSeconds> known_by) {
  const std::string path(settings.Text("tree"));
  if (!path.empty()) {
    const auto kept = ReadKept(path, store, known_by);
    if (!kept) return tl::unexpected(kept.error());
  }
  return BuildTree(settings, store, known_by);
}

Result<index::LeafTree> KeptIndexTree(const Settings& settings, const index::Store& store,
                                      std::optional<UnixSeconds> known_by) {
  const std::string path(settings.Text("tree"));
  if (!path.empty()) {
    CRAWLCARD_ASSIGN(std::optional<index::LeafTree> kept, ReadKept(path, store, known_by));
    if (kept) return std::move(*kept);
  }
  return BuildTree(settings, store, known_by);
}

}  // namespace crawlcard::tools
