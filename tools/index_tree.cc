#include "tools/index_tree.h"

#include <string>

#include "base/file.h"
#include "index/limits.h"
#include "tools/judge_flags.h"
#include "tools/stop.h"

namespace crawlcard::tools {

Result<index::LeafTree> BuildIndexTree(const Settings& settings, const index::Store& store,
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

Result<index::LeafTree> KeptIndexTree(const Settings& settings, const index::Store& store,
                                      std::optional<UnixSeconds> known_by) {
  const std::string path(settings.Text("tree"));
  if (!path.empty()) {
    const Result<std::string> text = ReadFile(path, index::limits::kTreeFileBytesMax);
    if (text) {
      Result<index::LeafTree> kept = index::ReadTree(*text, store, known_by);
      if (kept) return kept;
      if (kept.error().code() != ErrorCode::kConflict) {
        return tl::unexpected(std::move(kept).error().At(path));
      }
    } else if (text.error().code() != ErrorCode::kNotFound) {
      return tl::unexpected(text.error());
    }
  }
  return BuildIndexTree(settings, store, known_by);
}

}  // namespace crawlcard::tools
