// crawlcard merge: the union of indexes.

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "index/merge.h"
#include "tools/capture_text.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/judge_flags.h"
#include "tools/open_index.h"
#include "tools/stop.h"

namespace crawlcard::tools {
namespace {

using index::MergeSummary;
using index::Store;

std::string SummaryText(const MergeSummary& summary) {
  return fmt::format("{} indexes: {} files merged, {} known already, {} unsealed left out; {} rows",
                     summary.indexes, summary.files_merged, summary.files_known,
                     summary.files_unsealed, summary.rows);
}

std::string SummaryJson(const MergeSummary& summary) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", "crawlcard.merge.v1");
  json.Member("indexes", summary.indexes);
  json.Member("files_merged", summary.files_merged);
  json.Member("files_known", summary.files_known);
  json.Member("files_unsealed", summary.files_unsealed);
  json.Member("rows", summary.rows);
  json.Member("blobs", summary.blobs);
  json.Key("unsealed").BeginArray();
  for (const std::string& name : summary.unsealed) json.String(name);
  json.EndArray();
  json.EndObject();
  return text + '\n';
}

Result<std::vector<std::unique_ptr<Store>>> OpenSources(const Context& context,
                                                        const std::string& into) {
  std::vector<std::unique_ptr<Store>> sources;
  for (const std::string& directory : context.operands) {
    std::error_code error;
    if (std::filesystem::equivalent(directory, into, error)) {
      return Fail(ErrorCode::kInvalidArgument, "'{}' cannot be merged into itself", into);
    }
    index::StoreOptions options;
    options.memory_bytes = context.settings.Count("memory") << 20;
    options.shares_with = sources.empty() ? nullptr : sources.front().get();
    CRAWLCARD_ASSIGN(std::unique_ptr<Store> source,
                     OpenIndexAt(directory, index::OpenMode::kRead, options));
    sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace

Result<int> RunMerge(const Context& context) {
  const Settings& settings = context.settings;
  const std::string into_directory(settings.Text("into"));
  if (into_directory.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "'merge' needs --into DIR");
  }
  CRAWLCARD_ASSIGN(const std::vector<std::unique_ptr<Store>> sources,
                   OpenSources(context, into_directory));

  index::StoreOptions open;
  open.partitions = static_cast<unsigned>(settings.Count("partitions"));
  open.memory_bytes = settings.Count("memory") << 20;
  open.shares_with = sources.front().get();
  std::error_code error;
  if (open.partitions == 0 && !std::filesystem::exists(into_directory + "/p00000", error)) {
    // As many as the widest of the sources has.
    for (const auto& source : sources)
      open.partitions = std::max(open.partitions, source->partitions());
  }
  CRAWLCARD_ASSIGN(const std::unique_ptr<Store> into,
                   OpenIndexAt(into_directory, index::OpenMode::kCreate, open));

  index::MergeOptions options;
  options.jobs = JobsFrom(settings);
  Result<MergeSummary> summary = index::Merge(*into, sources, options, StopRequested());
  if (!summary) return tl::unexpected<Error>(std::move(summary.error()));
  for (const std::string& name : summary->unsealed) {
    context.log.Log({LogLevel::kWarning,
                     "merge.unsealed",
                     fmt::format("'{}' was never read to its end: left out", Printable(name)),
                     {{"file", name}}});
  }
  if (context.silent()) {
    context.log.Log({LogLevel::kInfo, "merge.done", SummaryText(*summary), {}});
  } else {
    CRAWLCARD_TRY(context.out.Write(context.json_lines() ? SummaryJson(*summary)
                                                         : SummaryText(*summary) + '\n'));
  }
  return summary->files_unsealed != 0 ? kExitDamaged : kExitDone;
}

}  // namespace crawlcard::tools
