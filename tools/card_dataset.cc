#include "tools/card_dataset.h"

#include <memory>
#include <utility>
#include <vector>

#include "tools/dataset_command.h"

namespace crawlcard::tools {

Result<std::optional<CardDataset>> ReadCardDataset(const Context& context) {
  if (context.settings.List("dataset").empty()) return std::optional<CardDataset>();
  CRAWLCARD_ASSIGN(DatasetCommand command, DatasetCommand::From(context));
  CardDataset out;
  Status merged;
  DatasetPass pass;
  pass.files = command.files;
  pass.make_observer = [] { return std::make_unique<dataset::UrlObserver>(); };
  pass.on_observed = [&](dataset::RowObserver& seen) {
    auto& urls = static_cast<dataset::UrlObserver&>(seen).set();
    if (merged) merged = out.urls.Merge(std::move(urls));
  };
  CRAWLCARD_ASSIGN(const std::vector<dataset::FileOutcome> outcomes,
                   RunPass(context, command, std::move(pass), "card"));
  CRAWLCARD_TRY(std::move(merged));
  out.urls.Seal();
  const auto [tally, is_damaged] = SumOf(command, outcomes);
  out.is_damaged = is_damaged;
  out.rows.files = outcomes.size();
  out.rows.rows = tally.all.rows;
  out.rows.bytes = tally.all.bytes;
  out.rows.unreadable = tally.all.rows - tally.judged.rows;
  out.rows.without_capture = tally.without_page.rows;
  out.rows.of_unknown_hosts = tally.unknown_hosts.rows;
  out.rows.urls = out.urls.urls();
  out.store = std::move(command.store);
  return std::optional<CardDataset>(std::move(out));
}

}  // namespace crawlcard::tools
