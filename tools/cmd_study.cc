// crawlcard study: the numbers of published studies, by their own definitions.

#include <fmt/format.h>

#include "base/json_writer.h"
#include "dataset/limits.h"
#include "dataset/study/apertus_2025.h"
#include "dataset/study/study.h"
#include "robots/agents.h"
#include "tools/command.h"
#include "tools/dataset_command.h"
#include "tools/exit_code.h"
#include "tools/judge_flags.h"
#include "tools/open_index.h"

namespace crawlcard::tools {
namespace {

using dataset::Study;
using dataset::StudyOptions;
using dataset::StudyReport;

// The rows of --dataset, summed by site or host.
struct RowSums {
  dataset::SiteTotals totals;
  dataset::Amount with_rules;
  bool is_damaged = false;
};

Status SumRows(const Context& context, const DatasetCommand& command, dataset::HostRules* rules,
               RowSums& sums_out) {
  DatasetPass pass;
  pass.files = command.files;
  pass.make_observer = [rules] { return std::make_unique<dataset::SiteRows>(rules); };
  pass.on_observed = [&](dataset::RowObserver& seen) {
    const auto& rows = static_cast<const dataset::SiteRows&>(seen);
    sums_out.totals.Add(rows.sites);
    sums_out.with_rules.Add(rows.with_rules);
  };
  CRAWLCARD_ASSIGN(const std::vector<dataset::FileOutcome> outcomes,
                   RunPass(context, command, std::move(pass), "study"));
  sums_out.is_damaged = sums_out.is_damaged || SumOf(command, outcomes).is_damaged;
  return rules == nullptr ? Status() : rules->failure();
}

Result<StudyReport> RunApertus(const Context& context, const DatasetCommand& command,
                               const StudyOptions& options, RowSums& sums) {
  const std::vector<dataset::Period> dates = DatesOr(options, dataset::kApertusDate);
  if (dates.size() != 1) {
    return Fail(ErrorCode::kInvalidArgument, "--dates: apertus-2025 is about one date, not {}",
                dates.size());
  }
  dataset::HostRules rules(*command.store, dates.front().end, options.known_by);
  CRAWLCARD_TRY(SumRows(context, command, &rules, sums));
  return dataset::ReportApertus2025(sums.totals, sums.with_rules, dates.front());
}

// Runs a study about the rows of --dataset.
Result<StudyReport> RunOverRows(const Context& context, const Study& study, StudyOptions options,
                                std::vector<dataset::StudyInput>& inputs_out, bool& damaged_out) {
  const std::vector<std::string> no_operands;
  const Context over_rows{context.settings, no_operands, context.out, context.log};
  CRAWLCARD_ASSIGN(DatasetCommand command, DatasetCommand::From(over_rows));
  command.host_signals_only = true;
  command.plan = dataset::LossPlan::Of(command.questions);
  for (const std::string& file : command.files) {
    CRAWLCARD_ASSIGN(dataset::StudyInput input, dataset::FileInput("dataset", file));
    inputs_out.push_back(std::move(input));
  }
  const Settings& settings = context.settings;
  const bool has_tokens =
      !settings.Text("tokens-field").empty() || !settings.Text("text-field").empty();
  RowSums sums{dataset::SiteTotals(has_tokens ? dataset::Weight::kTokens : dataset::Weight::kBytes,
                                   dataset::limits::kStudySitesMax,
                                   options.head_sites + options.random_sites),
               {},
               false};
  options.totals = &sums.totals;
  Result<StudyReport> report = StudyReport();
  if (study.run == nullptr) {
    report = RunApertus(context, command, options, sums);
  } else {
    CRAWLCARD_TRY(SumRows(context, command, nullptr, sums));
    report = study.run(*command.store, options);
  }
  damaged_out = sums.is_damaged;
  if (report) {
    CRAWLCARD_ASSIGN(dataset::StudyInput index,
                     dataset::IndexInput(*command.store, options.known_by));
    inputs_out.push_back(std::move(index));
  }
  return report;
}

// What flags say that every study shares.
Result<StudyOptions> OptionsFrom(const Context& context, const Study& study) {
  const Settings& settings = context.settings;
  StudyOptions options;
  options.now = Now();
  options.jobs = JobsFrom(settings);
  CRAWLCARD_ASSIGN(options.known_by, KnownByFrom(settings, options.now));
  if (const std::string_view dates = settings.Text("dates"); !dates.empty()) {
    CRAWLCARD_ASSIGN(options.dates, dataset::ParsePeriods(dates));
  }
  if (!settings.IsDefault("agent")) {
    options.agents = settings.List("agent");
    if (!study.takes_agent || options.agents.size() != 1) {
      return Fail(ErrorCode::kInvalidArgument, "--agent: {} is about {}", study.name,
                  study.takes_agent ? "one agent" : "agents of its own");
    }
  }
  if (!study.takes_ranks && !settings.Text("ranks").empty()) {
    return Fail(ErrorCode::kInvalidArgument, "--ranks: {} has no strata", study.name);
  }
  if (study.needs_rows == settings.List("dataset").empty()) {
    return Fail(ErrorCode::kInvalidArgument, "--dataset: {} {}", study.name,
                study.needs_rows ? "is about rows: name their files" : "is about the index alone");
  }
  return options;
}

}  // namespace

Result<int> RunStudyList(const Context& context) {
  std::string text;
  for (const Study& study : dataset::Studies()) {
    if (!context.json_lines()) {
      text += fmt::format("{:<15} {}\n", study.name, study.line);
      continue;
    }
    JsonWriter json(text);
    json.BeginObject();
    json.Member("schema", "crawlcard.study.v1");
    json.Member("study", study.name);
    json.Member("version", std::uint64_t{1});
    json.Member("kind", "study");
    json.Member("line", study.line);
    json.Member("needs_dataset", study.needs_rows);
    json.Member("takes_ranks", study.takes_ranks);
    json.Member("takes_agent", study.takes_agent);
    json.EndObject();
    text += '\n';
  }
  if (!context.silent()) CRAWLCARD_TRY(context.out.Write(text));
  return kExitDone;
}

Result<int> RunStudy(const Context& context) {
  // `study --index idx list`: the words are apart, what is meant is not.
  if (context.operands.front() == "list") return RunStudyList(context);
  const Study* const study = dataset::FindStudy(context.operands.front());
  if (study == nullptr) {
    return Fail(ErrorCode::kInvalidArgument, "no study '{}'; `crawlcard study list` names them",
                context.operands.front());
  }
  CRAWLCARD_ASSIGN(StudyOptions options, OptionsFrom(context, *study));
  CRAWLCARD_ASSIGN(const std::shared_ptr<const dataset::RankList> ranks,
                   RanksFrom(context.settings));
  options.ranks = ranks.get();
  std::vector<dataset::StudyInput> inputs;
  bool is_damaged = false;
  StudyReport report;
  if (study->needs_rows) {
    CRAWLCARD_ASSIGN(report, RunOverRows(context, *study, options, inputs, is_damaged));
  } else {
    CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                     OpenIndex(context.settings, index::OpenMode::kRead));
    CRAWLCARD_ASSIGN(report, study->run(*store, options));
    CRAWLCARD_ASSIGN(dataset::StudyInput index, dataset::IndexInput(*store, options.known_by));
    inputs.push_back(std::move(index));
  }
  if (ranks != nullptr) {
    inputs.push_back({"ranks", std::string(context.settings.Text("ranks")), ranks->digest()});
  }
  inputs.push_back({"agents", "registry", std::string(robots::TheAgents().version())});
  report.inputs = std::move(inputs);
  if (!context.silent()) {
    CRAWLCARD_TRY(context.out.Write(context.json_lines() ? StudyLines(report) : StudyText(report)));
  }
  return is_damaged ? kExitDamaged : kExitDone;
}

}  // namespace crawlcard::tools
