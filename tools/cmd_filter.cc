// crawlcard filter: the rows of a data set that a policy keeps, and beside them the others.

#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/json_writer.h"
#include "dataset/filter_file.h"
#include "dataset/tally_json.h"
#include "tools/dataset_command.h"
#include "tools/exit_code.h"

namespace crawlcard::tools {
namespace {

enum class FileState { kFiltered, kSkipped, kFailed };

// One input with what becomes of it.
struct Filtered {
  std::string input;
  dataset::FilterPaths paths;
  dataset::Manifest wanted;
  FileState state = FileState::kFiltered;
  bool is_damaged = false;
  std::string reasons;  // as it was written
  dataset::Tally tally;
};

// Device and number of a file that is there.
std::optional<std::pair<dev_t, ino_t>> IdentityOf(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return std::nullopt;
  return std::pair(about.st_dev, about.st_ino);
}

void NoteInput(const std::string& path, dataset::Manifest& wanted) {
  constexpr std::int64_t kNanos = 1'000'000'000;
  wanted.input = path;
  struct stat about {};
  if (path == "-" || ::stat(path.c_str(), &about) != 0) return;
  wanted.input_bytes = static_cast<std::uint64_t>(about.st_size);
  wanted.input_mtime_ns = about.st_mtim.tv_sec * kNanos + about.st_mtim.tv_nsec;
}

// The kept rows of each file: --out itself, or a file of the same name below it.
Result<std::vector<std::string>> OutputsOf(const Settings& settings,
                                           const std::vector<std::string>& files) {
  const std::vector<std::string>& out = settings.List("out");
  if (out.size() != 1) {
    return Fail(ErrorCode::kInvalidArgument,
                "--out: 'filter' needs one file, or one directory for many");
  }
  const bool is_directory =
      files.size() > 1 || out.front().ends_with('/') || std::filesystem::is_directory(out.front());
  if (!is_directory) return std::vector<std::string>{out.front()};
  std::error_code error;
  std::filesystem::create_directories(out.front(), error);
  if (error) {
    return Fail(ErrorCode::kIo, "cannot make '{}': {}", out.front(), error.message());
  }
  std::vector<std::string> outputs;
  for (const std::string& file : files) {
    if (file == "-") {
      return Fail(ErrorCode::kInvalidArgument, "--out: standard input has no name in a directory");
    }
    const std::filesystem::path directory(out.front());
    outputs.push_back((directory / std::filesystem::path(file).filename()).string());
  }
  return outputs;
}

// No output may be an input, nor stand for two of them.
Status CheckOutputs(const std::vector<Filtered>& all) {
  std::set<std::pair<dev_t, ino_t>> inputs;
  for (const Filtered& each : all) {
    if (const auto identity = IdentityOf(each.input)) inputs.insert(*identity);
  }
  std::set<std::string> names;
  for (const Filtered& each : all) {
    for (const std::string& path :
         {each.paths.kept, each.paths.dropped, each.paths.reasons, each.paths.manifest}) {
      if (!names.insert(path).second) {
        return Fail(ErrorCode::kInvalidArgument, "--out: two files would become '{}'", path);
      }
      const auto identity = IdentityOf(path);
      if (identity && inputs.contains(*identity)) {
        return Fail(ErrorCode::kInvalidArgument, "--out: '{}' is one of the inputs", path);
      }
    }
  }
  return {};
}

Result<std::vector<Filtered>> PlanOf(const Settings& settings, const DatasetCommand& command) {
  CRAWLCARD_ASSIGN(const std::vector<std::string> outputs, OutputsOf(settings, command.files));
  CRAWLCARD_ASSIGN(const std::string asked, command.Digest(settings));
  std::vector<Filtered> all;
  for (std::size_t i = 0; i < command.files.size(); ++i) {
    Filtered& one = all.emplace_back();
    one.input = command.files[i];
    one.paths = dataset::FilterPaths::Beside(outputs[i]);
    one.wanted.asked = asked;
    NoteInput(one.input, one.wanted);
  }
  CRAWLCARD_TRY(CheckOutputs(all));
  for (Filtered& one : all) {
    // --unknown-hosts and what is measured beside the policies need the rows of every file.
    if (one.input == "-" || !settings.Text("unknown-hosts").empty() || command.plan.measures()) {
      continue;
    }
    std::optional<dataset::Manifest> found = dataset::FinishedBefore(one.paths, one.wanted);
    if (!found || found->tally.questions.size() != command.policies.size()) continue;
    one.state = FileState::kSkipped;
    one.reasons = found->reasons;
    one.tally = std::move(found->tally);
    one.is_damaged = !found->damage.empty() || one.tally.damaged_rows() != 0;
  }
  return all;
}

std::string_view StateName(FileState state) {
  switch (state) {
    case FileState::kFiltered:
      return "filtered";
    case FileState::kSkipped:
      return "skipped";
    case FileState::kFailed:
      return "failed";
  }
  return "";
}

std::string SummaryJson(const Settings& settings, const DatasetCommand& command,
                        const std::vector<Filtered>& all, const dataset::Tally& tally,
                        const dataset::LossTally& losses) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", "crawlcard.filter.v1");
  json.Key("files").BeginArray();
  for (const Filtered& one : all) {
    json.BeginObject();
    json.Member("file", one.input);
    json.Member("state", StateName(one.state));
    json.Member("damaged", one.is_damaged);
    json.Member("rows", one.tally.all.rows);
    json.Member("kept", one.paths.kept);
    json.Member("dropped", one.paths.dropped);
    json.Member("reasons", one.reasons);
    json.EndObject();
  }
  json.EndArray();
  WriteDatasetSummary(settings, command, tally, losses, json);
  json.EndObject();
  text += '\n';
  return text;
}

// Runs over the files that are not done and notes what became of them.
Status FilterFiles(const Context& context, const DatasetCommand& command,
                   std::vector<Filtered>& all, dataset::LossTally& losses) {
  std::vector<std::size_t> todo;
  DatasetPass pass;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].state == FileState::kSkipped) continue;
    todo.push_back(i);
    pass.files.push_back(all[i].input);
  }
  if (todo.empty()) return {};
  pass.split = true;
  Measure(command, losses, pass);
  pass.open_sink =
      [&](std::size_t file,
          const dataset::FileHead& head) -> Result<std::unique_ptr<dataset::FileSink>> {
    Filtered& one = all[todo[file]];
    one.reasons = one.paths.reasons + std::string(dataset::PackingEnding(head.packing));
    CRAWLCARD_ASSIGN(std::unique_ptr<dataset::FilterFile> sink,
                     dataset::FilterFile::Create(one.paths, head, one.wanted, command.run.duckdb,
                                                 command.policies));
    return std::unique_ptr<dataset::FileSink>(std::move(sink));
  };
  CRAWLCARD_ASSIGN(std::vector<dataset::FileOutcome> outcomes,
                   RunPass(context, command, std::move(pass), "filter"));
  for (std::size_t i = 0; i < todo.size(); ++i) {
    Filtered& one = all[todo[i]];
    one.state = outcomes[i].is_failed ? FileState::kFailed : FileState::kFiltered;
    one.is_damaged = outcomes[i].is_damaged;
    one.tally = std::move(outcomes[i].tally);
  }
  return {};
}

}  // namespace

Result<int> RunFilter(const Context& context) {
  CRAWLCARD_ASSIGN(const DatasetCommand command, DatasetCommand::From(context));
  CRAWLCARD_ASSIGN(std::vector<Filtered> all, PlanOf(context.settings, command));
  dataset::LossTally losses;
  CRAWLCARD_TRY(FilterFiles(context, command, all, losses));
  dataset::Tally tally;
  tally.questions.resize(command.policies.size());
  bool is_damaged = false;
  for (const Filtered& one : all) {
    tally.Merge(one.tally);
    is_damaged = is_damaged || one.is_damaged || one.state == FileState::kFailed;
  }
  const std::string json = SummaryJson(context.settings, command, all, tally, losses);
  CRAWLCARD_TRY(WriteSummaryFile(context.settings, json));
  if (!context.silent() && context.json_lines()) {
    CRAWLCARD_TRY(context.out.Write(json));
  } else {
    std::string text;
    AppendDatasetSummary(context.settings, command, tally, losses, text);
    if (context.silent()) {
      context.log.Line(text);
    } else {
      CRAWLCARD_TRY(context.out.Write(text));
    }
  }
  return is_damaged ? kExitDamaged : kExitDone;
}

}  // namespace crawlcard::tools
