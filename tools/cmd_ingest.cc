// crawlcard ingest: archive files into an index.

#include <fmt/format.h>

#include "base/json_writer.h"
#include "index/ingest/estimate.h"
#include "index/ingest/ingest.h"
#include "tools/command.h"
#include "tools/error_json.h"
#include "tools/exit_code.h"
#include "tools/inputs.h"
#include "tools/judge_flags.h"
#include "tools/observe_flags.h"
#include "tools/open_index.h"
#include "tools/progress.h"
#include "tools/stop.h"

namespace crawlcard::tools {
namespace {

using index::IngestSummary;

std::string EstimateText(const index::IngestEstimate& estimate) {
  constexpr std::uint64_t kMiB = 1 << 20;
  return fmt::format(
      "{} files, {} MiB: about {} MiB of index, {} MiB of temporary files and {} s on free cores, "
      "going by the ratios of docs/cost-model.md",
      estimate.files, estimate.bytes_in / kMiB, estimate.index_bytes / kMiB + 1,
      estimate.temporary_bytes / kMiB, estimate.seconds + 1);
}

std::string SummaryText(const IngestSummary& summary) {
  return fmt::format(
      "{} files ingested ({} damaged), {} known already, {} failed; {} captures in {} records, "
      "{} damaged units, {} bytes read",
      summary.files_ingested, summary.files_damaged, summary.files_skipped, summary.files_failed,
      summary.counts.captures, summary.counts.records, summary.counts.damaged, summary.bytes_in);
}

void WriteCounts(std::string_view key, const auto& counts, JsonWriter& json) {
  json.Key(key).BeginObject();
  for (const auto& [name, count] : counts) json.Member(name, count);
  json.EndObject();
}

std::string SummaryJson(const IngestSummary& summary) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", "crawlcard.ingest.v1");
  json.Member("files_ingested", summary.files_ingested);
  json.Member("files_skipped", summary.files_skipped);
  json.Member("files_damaged", summary.files_damaged);
  json.Member("files_failed", summary.files_failed);
  json.Member("records", summary.counts.records);
  json.Member("captures", summary.counts.captures);
  json.Member("damaged", summary.counts.damaged);
  json.Member("bytes_in", summary.bytes_in);
  json.Member("inflated_bytes", summary.counts.inflated_bytes);
  WriteCounts("errors", summary.counts.errors, json);
  WriteCounts("notes", summary.counts.notes, json);
  WriteErrors("first_errors", summary.first_errors, json);
  json.EndObject();
  return text + '\n';
}

}  // namespace

Result<int> RunIngest(const Context& context) {
  const Settings& settings = context.settings;
  CRAWLCARD_ASSIGN(const std::vector<index::IngestInput> inputs,
                   ExpandInputs(context.operands, std::string(settings.Text("base"))));
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(settings, index::OpenMode::kCreate));

  index::IngestOptions options;
  options.observe = ObserveOptionsFrom(settings);
  options.replace = settings.Switch("replace");
  options.jobs = JobsFrom(settings);
  const std::string_view bulk = settings.Text("bulk");
  options.bulk = bulk == "always"  ? index::BulkMode::kAlways
                 : bulk == "never" ? index::BulkMode::kNever
                                   : index::BulkMode::kAuto;
  options.now = Now();

  const index::IngestEstimate estimate = index::EstimateIngest(inputs, options);
  if (estimate.bytes_in >= index::limits::kBulkBytes && !context.silent()) {
    context.log.Log({LogLevel::kInfo, "ingest.estimate", EstimateText(estimate), {}});
  }
  index::IngestProgress progress;
  Result<IngestSummary> summary;
  {
    const ProgressLine line(settings, progress, context.log);
    const LogSink log = [&](const LogEvent& event) {
      if (!context.silent() || event.level != LogLevel::kInfo) context.log.Log(event);
    };
    summary = index::Ingest(*store, inputs, options, log, progress, StopRequested());
  }
  if (!summary) return tl::unexpected<Error>(std::move(summary.error()));

  const bool damaged = summary->files_failed != 0 || summary->counts.damaged != 0;
  if (context.silent()) {
    context.log.Log({LogLevel::kInfo, "ingest.done", SummaryText(*summary), {}});
  } else {
    CRAWLCARD_TRY(context.out.Write(context.json_lines() ? SummaryJson(*summary)
                                                         : SummaryText(*summary) + '\n'));
  }
  return damaged ? kExitDamaged : kExitDone;
}

}  // namespace crawlcard::tools
