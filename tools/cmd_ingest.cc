// crawlcard ingest: archive files, or one worker's share of them, into an index.

#include <optional>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/file_system.h"
#include "base/json_writer.h"
#include "index/ingest/estimate.h"
#include "index/ingest/ingest.h"
#include "index/parts.h"
#include "tools/command.h"
#include "tools/error_json.h"
#include "tools/exit_code.h"
#include "tools/inputs.h"
#include "tools/judge_flags.h"
#include "tools/observe_flags.h"
#include "tools/open_index.h"
#include "tools/progress.h"
#include "tools/shard.h"
#include "tools/stop.h"

namespace crawlcard::tools {
namespace {

using index::IngestSummary;

// What became of --publish.
struct Published {
  std::string name;       // of the part
  bool is_there = false;  // false: some file failed, so the part is not complete
  bool by_this_run = false;
  std::uint64_t missing = 0;  // parts of other workers that are not there yet
};

struct Outcome {
  IngestSummary summary;
  std::optional<Published> published;
};

std::string PartText(const Published& part) {
  if (!part.is_there) {
    return fmt::format("; {} is not published: files failed, start again", part.name);
  }
  return fmt::format("; {} {}, {} parts missing", part.name,
                     part.by_this_run ? "published" : "was published before", part.missing);
}

std::string EstimateText(const index::IngestEstimate& estimate) {
  constexpr std::uint64_t kMiB = 1 << 20;
  return fmt::format(
      "{} files, {} MiB: about {} MiB of index, {} MiB of temporary files and {} s on free cores, "
      "going by the ratios of docs/cost-model.md",
      estimate.files, estimate.bytes_in / kMiB, estimate.index_bytes / kMiB + 1,
      estimate.temporary_bytes / kMiB, estimate.seconds + 1);
}

std::string SummaryText(const Outcome& outcome) {
  const IngestSummary& summary = outcome.summary;
  const std::string text = fmt::format(
      "{} files ingested ({} damaged), {} known already, {} failed; {} captures in {} records, "
      "{} damaged units, {} bytes read",
      summary.files_ingested, summary.files_damaged, summary.files_skipped, summary.files_failed,
      summary.counts.captures, summary.counts.records, summary.counts.damaged, summary.bytes_in);
  return outcome.published ? text + PartText(*outcome.published) : text;
}

void WriteCounts(std::string_view key, const auto& counts, JsonWriter& json) {
  json.Key(key).BeginObject();
  for (const auto& [name, count] : counts) json.Member(name, count);
  json.EndObject();
}

void WritePart(const std::optional<Published>& part, JsonWriter& json) {
  json.Key("part");
  if (!part) {
    json.Null();
    return;
  }
  json.BeginObject();
  json.Member("name", part->name);
  json.Key("published").Bool(part->is_there);
  json.Key("by_this_run").Bool(part->by_this_run);
  json.Member("parts_missing", part->missing);
  json.EndObject();
}

std::string SummaryJson(const Outcome& outcome) {
  const IngestSummary& summary = outcome.summary;
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
  WritePart(outcome.published, json);
  json.EndObject();
  return text + '\n';
}

// --- the work -----------------------------------------------------------------------------------

// What all workers of one build have in common; `inputs` are those of all of them.
index::PartsPlan PlanOf(const Settings& settings, const Shard& shard,
                        const std::vector<index::IngestInput>& inputs) {
  Xxh3Hasher names;
  for (const index::IngestInput& input : inputs) {
    names.Update(input.name);
    names.Update("\n");
  }
  index::PartsPlan plan;
  plan.parts = shard.count;
  plan.inputs = inputs.size();
  plan.inputs_xxh3 = Hex(names.Digest());
  plan.language = settings.Text("language");
  plan.verify_digests = settings.Switch("verify-digests");
  return plan;
}

Result<IngestSummary> IngestInto(const Context& context,
                                 const std::vector<index::IngestInput>& inputs) {
  const Settings& settings = context.settings;
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
  const ProgressLine line(settings, progress, context.log);
  const LogSink log = [&](const LogEvent& event) {
    if (!context.silent() || event.level != LogLevel::kInfo) context.log.Log(event);
  };
  return index::Ingest(*store, inputs, options, log, progress, StopRequested());
}

// Ingests, closes the index and brings it to the others. A part that is there ends the work before
// it begins. One whose files failed is not published: it would never be looked at again.
Result<Outcome> IngestAndPublish(const Context& context, const index::PartsPlan& plan,
                                 const Shard& shard,
                                 const std::vector<index::IngestInput>& inputs) {
  const Settings& settings = context.settings;
  CRAWLCARD_ASSIGN(
      index::PartsDirectory parts,
      index::PartsDirectory::Open(DiskFileSystem(), std::string(settings.Text("publish")), plan));
  Outcome outcome;
  Published part{parts.NameOf(shard.index), parts.Has(shard.index), false, 0};
  if (part.is_there) {
    parts.RemoveHalfCopies(shard.index);
  } else {
    CRAWLCARD_ASSIGN(outcome.summary, IngestInto(context, inputs));
    if (outcome.summary.files_failed == 0) {
      CRAWLCARD_ASSIGN(part.by_this_run, parts.Publish(std::string(settings.Text("index")),
                                                       shard.index, StopRequested()));
      part.is_there = true;
    }
  }
  CRAWLCARD_ASSIGN(part.missing, parts.CountMissing());
  outcome.published = std::move(part);
  return outcome;
}

}  // namespace

Result<int> RunIngest(const Context& context) {
  const Settings& settings = context.settings;
  CRAWLCARD_ASSIGN(const Shard shard, ShardFrom(settings));
  if (IsShare(shard)) CRAWLCARD_TRY(CheckShareable(context.operands));
  CRAWLCARD_ASSIGN(std::vector<index::IngestInput> inputs,
                   ExpandInputs(context.operands, std::string(settings.Text("base"))));
  const index::PartsPlan plan = PlanOf(settings, shard, inputs);
  KeepShare(shard, inputs);

  Outcome outcome;
  if (settings.Text("publish").empty()) {
    CRAWLCARD_ASSIGN(outcome.summary, IngestInto(context, inputs));
  } else {
    CRAWLCARD_ASSIGN(outcome, IngestAndPublish(context, plan, shard, inputs));
  }

  const IngestSummary& summary = outcome.summary;
  const bool damaged = summary.files_failed != 0 || summary.counts.damaged != 0;
  if (context.silent()) {
    context.log.Log({LogLevel::kInfo, "ingest.done", SummaryText(outcome), {}});
  } else {
    CRAWLCARD_TRY(context.out.Write(context.json_lines() ? SummaryJson(outcome)
                                                         : SummaryText(outcome) + '\n'));
  }
  return damaged ? kExitDamaged : kExitDone;
}

}  // namespace crawlcard::tools
