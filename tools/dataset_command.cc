#include "tools/dataset_command.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "dataset/limits.h"
#include "dataset/tally_json.h"
#include "robots/agents.h"
#include "tools/judge_flags.h"
#include "tools/open_index.h"
#include "tools/progress.h"
#include "tools/stop.h"

namespace crawlcard::tools {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

dataset::FieldNames FieldsFrom(const Settings& settings) {
  dataset::FieldNames fields;
  fields.url = settings.Text("url-field");
  fields.date = settings.Text("date-field");
  fields.tokens = settings.Text("tokens-field");
  fields.text = settings.Text("text-field");
  fields.language = settings.Text("language-field");
  return fields;
}

// How tokens are counted, in words.
std::string TokensMethod(const Settings& settings) {
  const std::string_view tokens = settings.Text("tokens-field");
  const std::string_view text = settings.Text("text-field");
  std::string method;
  if (!tokens.empty()) method = fmt::format("field {}", tokens);
  if (!text.empty()) {
    method += fmt::format("{}bytes of field {} / {}", method.empty() ? "" : ", else ", text,
                          dataset::RowParser::kBytesPerToken);
  }
  return method;
}

// Passes the hosts that the index does not know on to a file, and the rest to another sink.
class HostSink final : public dataset::FileSink {
 public:
  HostSink(dataset::HostList& hosts, std::unique_ptr<FileSink> next)
      : hosts_(hosts), next_(std::move(next)) {}

  Status Take(dataset::BlockResult& result) override {
    for (const std::string& host : result.unknown_hosts) CRAWLCARD_TRY(hosts_.Add(host));
    return next_ == nullptr ? Status() : next_->Take(result);
  }
  Status Finish(const dataset::Tally& tally, const std::optional<Error>& damage) override {
    return next_ == nullptr ? Status() : next_->Finish(tally, damage);
  }

 private:
  dataset::HostList& hosts_;
  std::unique_ptr<FileSink> next_;
};

void AppendNames(std::string_view title,
                 const std::vector<std::pair<std::string, dataset::Amount>>& entries,
                 std::string& out) {
  if (entries.empty()) return;
  out += fmt::format("  {}\n", title);
  for (const auto& [name, amount] : entries) {
    out += fmt::format("    {:<32} {:>14} rows {:>18} bytes {:>16} tokens\n", name, amount.rows,
                       amount.bytes, amount.tokens);
  }
}

std::vector<std::pair<std::string, dataset::Amount>> Sorted(const dataset::AmountsByName& names,
                                                            std::size_t top) {
  dataset::BoundedAmounts bounded;
  for (const auto& [name, amount] : names) bounded.Add(name, amount);
  return bounded.Top(top);
}

std::string Share(const dataset::Amount& part, const dataset::Amount& all) {
  constexpr double kPercent = 100;
  const double share =
      all.rows == 0 ? 0 : kPercent * static_cast<double>(part.rows) / static_cast<double>(all.rows);
  return fmt::format("{} rows ({:.2f} %), {} bytes, {} tokens", part.rows, share, part.bytes,
                     part.tokens);
}

}  // namespace

namespace {

// What --marginal, --dates and --ranks ask for.
Status PlanFrom(const Settings& settings, DatasetCommand& command) {
  command.plan = dataset::LossPlan::Of(command.questions);
  if (settings.Switch("marginal")) CRAWLCARD_TRY(command.plan.AddMarginals());
  if (const std::string_view dates = settings.Text("dates"); !dates.empty()) {
    CRAWLCARD_ASSIGN(const std::vector<dataset::Period> periods, dataset::ParsePeriods(dates));
    CRAWLCARD_TRY(command.plan.AddDates(periods));
  }
  CRAWLCARD_ASSIGN(command.ranks, RanksFrom(settings));
  command.plan.ranks = command.ranks.get();
  return {};
}

}  // namespace

Result<std::shared_ptr<const dataset::RankList>> RanksFrom(const Settings& settings) {
  const std::string path(settings.Text("ranks"));
  std::shared_ptr<const dataset::RankList> ranks;
  if (path.empty()) return ranks;
  CRAWLCARD_ASSIGN(dataset::RankList list, dataset::RankList::Read(path));
  ranks = std::make_shared<const dataset::RankList>(std::move(list));
  return ranks;
}

std::string DuckdbFrom(const Settings& settings) {
  const std::string_view given = settings.Text("duckdb");
  if (!given.empty()) return std::string(given);
  const char* variable = std::getenv("CRAWLCARD_DUCKDB");
  return variable == nullptr ? "" : variable;
}

Result<DatasetCommand> DatasetCommand::From(const Context& context) {
  const Settings& settings = context.settings;
  DatasetCommand command;
  command.files = settings.List("dataset");
  if (command.files.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "--dataset: the rows to look at are missing");
  }
  if (!context.operands.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "--dataset takes the place of '{}'",
                context.operands.front());
  }
  if (std::ranges::count(command.files, "-") > 1) {
    return Fail(ErrorCode::kInvalidArgument, "--dataset: standard input can be read once");
  }
  command.run.fields = FieldsFrom(settings);
  CRAWLCARD_TRY(dataset::FieldTree::Of(command.run.fields));
  if (const std::string_view rows = settings.Text("rows"); !rows.empty()) {
    command.run.format = dataset::FormatFromWord(rows);
  }
  command.run.jobs = JobsFrom(settings);
  command.run.memory_bytes = std::max(settings.Count("memory"), std::uint64_t{128}) * kMiB / 4;
  command.run.duckdb = DuckdbFrom(settings);
  command.host_signals_only = settings.Text("signals") == "host";
  CRAWLCARD_ASSIGN(command.questions, JudgeOptionsForEach(settings, Now()));
  if (command.questions.size() > dataset::limits::kQuestionsMax) {
    return Fail(ErrorCode::kInvalidArgument, "--policy: {} policies, limit {}",
                command.questions.size(), dataset::limits::kQuestionsMax);
  }
  for (const index::JudgeOptions& each : command.questions) {
    command.policies.push_back(each.policy.Id());
  }
  CRAWLCARD_TRY(PlanFrom(settings, command));
  CRAWLCARD_ASSIGN(command.store, OpenIndex(settings, index::OpenMode::kRead));
  return command;
}

Result<std::string> DatasetCommand::Digest(const Settings& settings) const {
  std::string text = "crawlcard.filter.1";
  const auto add = [&text](std::string_view part) {
    text += fmt::format("\n{}:", part.size());
    text += part;
  };
  for (const std::string_view flag :
       {"use", "dialect", "as-of", "known-by", "max-age", "signals", "url-field", "date-field",
        "tokens-field", "text-field", "language-field", "rows"}) {
    add(flag);
    add(settings.Text(flag));
  }
  for (const std::string& agent : settings.List("agent")) add(agent);
  add(robots::TheAgents().version());
  for (const index::JudgeOptions& each : questions) {
    const robots::Policy& policy = each.policy;
    add(fmt::format("{} {}{}{}{}{} {}{}{}{} {}", policy.Id(), policy.allow, policy.unspecified,
                    policy.conditional, policy.conflict, policy.indeterminate, policy.robots_only,
                    policy.open_licence_only, policy.any_agent, policy.careful,
                    policy.robots_age_max_s));
    for (const robots::Family family : policy.heed) add(robots::FamilyName(family));
    add(robots::DialectName(each.dialect));
  }
  CRAWLCARD_ASSIGN(const std::vector<index::FileEntry> entries, store->Files());
  for (const index::FileEntry& entry : entries) {
    add(entry.name);
    add(fmt::format("{} {} {}", entry.content_xxh3, entry.fact_version, entry.sealed));
  }
  return "sha256:" + Hex(Sha256(text));
}

void Measure(const DatasetCommand& command, dataset::LossTally& losses, DatasetPass& pass) {
  const dataset::LossPlan& plan = command.plan;
  losses = dataset::LossObserver(plan).tally;
  if (!plan.measures()) return;
  pass.make_observer = [&plan] { return std::make_unique<dataset::LossObserver>(plan); };
  pass.on_observed = [&losses](dataset::RowObserver& seen) {
    losses.Merge(static_cast<const dataset::LossObserver&>(seen).tally);
  };
}

Result<std::vector<dataset::FileOutcome>> RunPass(const Context& context,
                                                  const DatasetCommand& command, DatasetPass pass,
                                                  std::string_view event) {
  const std::string hosts_path(context.settings.Text("unknown-hosts"));
  dataset::JudgeJob job;
  job.policies = command.policies;
  job.lines = pass.lines;
  job.split = pass.split;
  job.unknown_hosts = !hosts_path.empty();

  index::BatchOptions asked;
  asked.questions = command.plan.questions;
  asked.pages = !command.host_signals_only;
  asked.json = pass.lines == dataset::LineStyle::kJson;
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Batch> batch,
                   index::Batch::Open(*command.store, std::move(asked)));

  std::unique_ptr<dataset::HostList> hosts;
  if (job.unknown_hosts) {
    CRAWLCARD_ASSIGN(hosts, dataset::HostList::Create(hosts_path));
  }
  dataset::RunHandlers handlers;
  handlers.open_sink =
      [&](std::size_t file,
          const dataset::FileHead& head) -> Result<std::unique_ptr<dataset::FileSink>> {
    std::unique_ptr<dataset::FileSink> sink;
    if (pass.open_sink) {
      CRAWLCARD_ASSIGN(sink, pass.open_sink(file, head));
    }
    if (hosts != nullptr) sink = std::make_unique<HostSink>(*hosts, std::move(sink));
    return sink;
  };
  handlers.on_damage = [&](const Error& error) {
    context.log.LogError(LogLevel::kWarning, fmt::format("{}.damaged", event), error);
  };
  handlers.on_failure = [&](const Error& error) {
    context.log.LogError(LogLevel::kError, fmt::format("{}.file_failed", event), error);
  };
  if (pass.make_observer) {
    job.observer_context = &pass;
    job.make_observer = [](void* of) { return static_cast<DatasetPass*>(of)->make_observer(); };
    handlers.on_observed = [&](std::size_t, dataset::RowObserver& seen) { pass.on_observed(seen); };
  }
  dataset::RunOptions options = command.run;
  options.files_in_order = pass.files_in_order || hosts != nullptr || pass.make_observer;
  index::IngestProgress progress;
  progress.files_total = pass.files.size();
  const ProgressLine line(context.settings, progress, context.log);
  dataset::DatasetRun run(*batch, job, options, handlers);
  CRAWLCARD_ASSIGN(std::vector<dataset::FileOutcome> outcomes,
                   run.Run(pass.files, progress, StopRequested()));
  if (hosts != nullptr) CRAWLCARD_TRY(hosts->Commit());
  return outcomes;
}

PassSum SumOf(const DatasetCommand& command, const std::vector<dataset::FileOutcome>& outcomes) {
  PassSum sum;
  sum.tally.questions.resize(command.policies.size());
  for (const dataset::FileOutcome& outcome : outcomes) {
    sum.tally.Merge(outcome.tally);
    sum.is_damaged = sum.is_damaged || outcome.is_damaged || outcome.is_failed;
  }
  return sum;
}

void WriteDatasetSummary(const Settings& settings, const DatasetCommand& command,
                         const dataset::Tally& tally, const dataset::LossTally& losses,
                         JsonWriter& json) {
  const index::JudgeOptions& first = command.questions.front();
  json.Member("use", robots::AxisName(first.use));
  json.Key("agents").BeginArray();
  for (const std::string& agent : first.agents) json.String(agent);
  json.EndArray();
  json.Member("agents_version", robots::TheAgents().version());
  json.Member("dialect", robots::DialectName(first.dialect));
  json.Member("as_of", settings.Text("as-of"));
  json.Key("known_by").StringOrNull(first.known_by ? FormatRfc3339(*first.known_by) : "");
  json.Member("signals", settings.Text("signals"));
  json.Key("tokens_by").StringOrNull(TokensMethod(settings));
  dataset::WriteTally(tally, command.policies, settings.Count("top"), json);
  dataset::WriteLosses(command.plan, losses, command.policies, json);
}

void AppendDatasetSummary(const Settings& settings, const DatasetCommand& command,
                          const dataset::Tally& tally, const dataset::LossTally& losses,
                          std::string& out) {
  const std::size_t top = settings.Count("top");
  const std::string method = TokensMethod(settings);
  out += fmt::format("rows           {}\n", Share(tally.all, tally.all));
  out += fmt::format("judged         {}\n", Share(tally.judged, tally.all));
  out += fmt::format("unknown hosts  {}\n", Share(tally.unknown_hosts, tally.all));
  out +=
      fmt::format("tokens by      {}\n", method.empty() ? "nothing: no field was named" : method);
  for (std::size_t i = 1; i < tally.faults.size(); ++i) {
    if (tally.faults[i].rows == 0) continue;
    out += fmt::format("{:<14} {}\n", dataset::RowFaultName(static_cast<dataset::RowFault>(i)),
                       Share(tally.faults[i], tally.all));
  }
  for (std::size_t i = 0; i < tally.questions.size(); ++i) {
    const dataset::QuestionTally& question = tally.questions[i];
    out += fmt::format("\npolicy {}\n", command.policies[i]);
    out += fmt::format("  usable  {}\n", Share(question.usable, tally.all));
    out += fmt::format("  lost    {}\n", Share(question.lost, tally.all));
    AppendNames("lost by reason", Sorted(question.lost_reasons, SIZE_MAX), out);
    AppendNames("lost by family", Sorted(question.lost_families, SIZE_MAX), out);
    AppendNames("lost by domain", question.lost_domains.Top(top), out);
    AppendNames("lost by language", Sorted(question.lost_languages, top), out);
    if (i != 0) continue;  // what publishers told agents depends on no policy
    AppendNames("agents refused", Sorted(question.refused_agents, top), out);
    AppendNames("operators refused", Sorted(question.refused_operators, top), out);
  }
  dataset::AppendLosses(command.plan, losses, command.policies, out);
}

Status WriteSummaryFile(const Settings& settings, std::string_view json) {
  const std::string path(settings.Text("summary"));
  return path.empty() ? Status() : WriteFileAtomically(path, json);
}

}  // namespace crawlcard::tools
