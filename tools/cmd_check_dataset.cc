// crawlcard check --dataset: a verdict a row.

#include <fmt/format.h>

#include "base/json_writer.h"
#include "dataset/tally_json.h"
#include "tools/dataset_command.h"
#include "tools/exit_code.h"

namespace crawlcard::tools {
namespace {

class LineSink final : public dataset::FileSink {
 public:
  explicit LineSink(Output& out) : out_(out) {}

  Status Take(dataset::BlockResult& result) override { return out_.Write(result.lines); }
  Status Finish(const dataset::Tally& /*tally*/, const std::optional<Error>& /*damage*/) override {
    return {};
  }

 private:
  Output& out_;
};

std::string SummaryJson(const Settings& settings, const DatasetCommand& command,
                        const std::vector<dataset::FileOutcome>& outcomes,
                        const dataset::Tally& tally, const dataset::LossTally& losses) {
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  json.Member("schema", "crawlcard.check-dataset.v1");
  json.Key("files").BeginArray();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    json.BeginObject();
    json.Member("file", command.files[i]);
    json.Member("state", outcomes[i].is_failed ? "failed" : "read");
    json.Member("damaged", outcomes[i].is_damaged);
    json.Member("rows", outcomes[i].tally.all.rows);
    json.EndObject();
  }
  json.EndArray();
  WriteDatasetSummary(settings, command, tally, losses, json);
  json.EndObject();
  text += '\n';
  return text;
}

}  // namespace

Result<int> RunCheckDataset(const Context& context) {
  CRAWLCARD_ASSIGN(const DatasetCommand command, DatasetCommand::From(context));
  DatasetPass pass;
  pass.files = command.files;
  if (!context.silent()) {
    pass.lines = context.json_lines() ? dataset::LineStyle::kJson : dataset::LineStyle::kText;
    pass.files_in_order = true;
    pass.open_sink = [&](std::size_t, const dataset::FileHead&) {
      return Result<std::unique_ptr<dataset::FileSink>>(std::make_unique<LineSink>(context.out));
    };
  }
  dataset::LossTally losses;
  Measure(command, losses, pass);
  CRAWLCARD_ASSIGN(const std::vector<dataset::FileOutcome> outcomes,
                   RunPass(context, command, std::move(pass), "check"));
  const auto [tally, is_damaged] = SumOf(command, outcomes);
  CRAWLCARD_TRY(WriteSummaryFile(context.settings,
                                 SummaryJson(context.settings, command, outcomes, tally, losses)));
  if (context.silent() || (!context.json_lines() && context.settings.Text("summary").empty())) {
    std::string text;
    AppendDatasetSummary(context.settings, command, tally, losses, text);
    context.log.Line(text);
  }
  return is_damaged ? kExitDamaged : kExitDone;
}

}  // namespace crawlcard::tools
