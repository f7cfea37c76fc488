// tools/dataset_command.h - what check --dataset and filter share: flags in, one pass, a summary.
//
// Thread rule: thread-compatible.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dataset/dataset_run.h"
#include "dataset/host_list.h"
#include "dataset/loss_plan.h"
#include "dataset/tally.h"
#include "index/batch.h"
#include "index/store.h"
#include "tools/command.h"

namespace crawlcard::tools {

// check with --dataset.
Result<int> RunCheckDataset(const Context& context);

// The library of --duckdb, or of CRAWLCARD_DUCKDB; empty: where the system looks.
std::string DuckdbFrom(const Settings& settings);

// The list of --ranks; null without one. Errors: those of RankList.
[[nodiscard]] Result<std::shared_ptr<const dataset::RankList>> RanksFrom(const Settings& settings);

// Everything that the flags say, and the index.
struct DatasetCommand {
  std::vector<std::string> files;
  dataset::RunOptions run;
  std::vector<index::JudgeOptions> questions;  // one a policy
  std::vector<std::string> policies;           // their ids
  dataset::LossPlan plan;                      // the same, and what --marginal and --dates ask
  std::shared_ptr<const dataset::RankList> ranks;
  bool host_signals_only = false;
  std::unique_ptr<index::Store> store;

  // Errors: kInvalidArgument; those of opening an index.
  [[nodiscard]] static Result<DatasetCommand> From(const Context& context);

  // A digest of all that a verdict depends on: the questions, the fields and what the index holds.
  // Errors: kIo, kCorrupt.
  [[nodiscard]] Result<std::string> Digest(const Settings& settings) const;
};

// What a command adds to the pass over its files.
struct DatasetPass {
  std::vector<std::string> files;
  dataset::LineStyle lines = dataset::LineStyle::kNone;
  bool split = false;
  bool files_in_order = false;
  std::function<Result<std::unique_ptr<dataset::FileSink>>(std::size_t file,
                                                           const dataset::FileHead& head)>
      open_sink;
  // Looks at every row, a block each; handed back in the order of the rows. Both or none, and not
  // where the command has a plan that measures.
  std::function<std::unique_ptr<dataset::RowObserver>()> make_observer;
  std::function<void(dataset::RowObserver& observer)> on_observed;
};

// Counts what the plan of `command` measures into `losses`. Borrows both.
void Measure(const DatasetCommand& command, dataset::LossTally& losses, DatasetPass& pass);

// Judges all rows. Damage is logged as `event` (".damaged", ".file_failed"); --unknown-hosts is
// written. Gives an outcome a file.
[[nodiscard]] Result<std::vector<dataset::FileOutcome>> RunPass(const Context& context,
                                                                const DatasetCommand& command,
                                                                DatasetPass pass,
                                                                std::string_view event);

// What the files of a pass amount to.
struct PassSum {
  dataset::Tally tally;
  bool is_damaged = false;  // a file is, or could not be read
};
PassSum SumOf(const DatasetCommand& command, const std::vector<dataset::FileOutcome>& outcomes);

// The members of a summary that both commands have, into an object that is open.
void WriteDatasetSummary(const Settings& settings, const DatasetCommand& command,
                         const dataset::Tally& tally, const dataset::LossTally& losses,
                         JsonWriter& json);

// The same for people.
void AppendDatasetSummary(const Settings& settings, const DatasetCommand& command,
                          const dataset::Tally& tally, const dataset::LossTally& losses,
                          std::string& out);

// Writes --summary, where it was given. Errors: kIo.
[[nodiscard]] Status WriteSummaryFile(const Settings& settings, std::string_view json);

}  // namespace crawlcard::tools
