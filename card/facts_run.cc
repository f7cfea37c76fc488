// card/facts_run.cc - facts of how the card was made and of the files it read.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "card/fact_list.h"

namespace crawlcard::card {
namespace {

FactTable PairTable(const std::vector<std::pair<std::string, std::string>>& pairs) {
  FactTable table;
  table.columns = {{"name", "Name"}, {"value", "Value"}};
  for (const auto& [name, value] : pairs) {
    table.rows.push_back({ForeignText(name), ForeignText(value)});
  }
  return table;
}

FactTable CountTable(FactColumn key, const std::map<std::string, std::uint64_t>& counts) {
  FactTable table;
  table.columns = {key, {"count", "Count", FactUnit::kCount}};
  for (const auto& [name, count] : counts) table.rows.push_back({ForeignText(name), count});
  return table;
}

// "name: value" a line, as crawls write their manifests; a line without a name keeps its text.
FactTable CrawlTable(const std::vector<std::pair<std::string, std::string>>& crawls) {
  FactTable table;
  table.columns = {{"run", "Run"}, {"name", "Name"}, {"value", "Value"}};
  for (const auto& [run, manifest] : crawls) {
    std::size_t start = 0;
    while (start < manifest.size()) {
      std::size_t end = manifest.find('\n', start);
      if (end == std::string::npos) end = manifest.size();
      const std::string_view line =
          TrimAscii(std::string_view(manifest).substr(start, end - start));
      start = end + 1;
      if (line.empty()) continue;
      ++table.rows_all;
      if (table.rows.size() == limits::kManifestEntriesMax) continue;
      const std::size_t colon = line.find(": ");
      const bool named = colon != std::string_view::npos;
      table.rows.push_back(
          {ForeignText(run),
           named ? ForeignText(line.substr(0, colon)) : FactCell(Absence::kInapplicable),
           ForeignText(named ? line.substr(colon + 2) : line)});
    }
  }
  return table;
}

FactTable SnapshotTable(const InputSummary& inputs) {
  FactTable table;
  table.columns = {{"id", "Snapshot"},
                   {"files", "Files", FactUnit::kCount},
                   {"bytes", "Size", FactUnit::kBytes}};
  for (const auto& [id, count] : inputs.snapshots) {
    table.rows.push_back({ForeignText(id), count.files, count.bytes});
  }
  return table;
}

FactTable WarcinfoTable(const InputSummary& inputs) {
  FactTable table;
  table.columns = {{"field", "Field"}, {"value", "Value"}, {"files", "Files", FactUnit::kCount}};
  for (const WarcinfoField& field : inputs.warcinfo) {
    for (const auto& [value, files] : field.values) {
      table.rows.push_back({OwnText(field.name), ForeignText(value), files});
    }
    table.rows_all += field.values.size() + field.more;
  }
  return table;
}

FactTable DamageTable(const InputSummary& inputs) {
  FactTable table;
  table.columns = {{"name", "File"},
                   {"bytes", "Size", FactUnit::kBytes},
                   {"damaged_units", "Damaged units", FactUnit::kCount},
                   {"sealed", "Read to the end"}};
  for (const DamagedFile& file : inputs.not_whole) {
    table.rows.push_back({ForeignText(file.name), file.bytes, file.damaged, file.sealed});
  }
  table.rows_all = inputs.not_whole_count;
  return table;
}

FactTable FileTable(const InputSummary& inputs) {
  FactTable table;
  table.columns = {{"name", "File"}, {"bytes", "Size", FactUnit::kBytes}, {"xxh3_128", "XXH3-128"}};
  for (const InputFile& file : inputs.listed) {
    table.rows.push_back({ForeignText(file.name), file.bytes, ForeignText(file.xxh3)});
  }
  table.rows_all = inputs.files;
  return table;
}

void AddDatasetFacts(const std::optional<DatasetRows>& rows, FactList& list) {
  const auto add = [&](std::string id, std::string title, std::uint64_t DatasetRows::*member,
                       FactUnit unit = FactUnit::kCount) {
    list.Add(std::move(id), std::move(title), "dataset",
             rows ? FactCell((*rows).*member) : FactCell(Absence::kInapplicable), unit);
  };
  add("dataset.files", "Files of the data set", &DatasetRows::files);
  add("dataset.rows", "Rows of the data set", &DatasetRows::rows);
  add("dataset.bytes", "Size of its rows", &DatasetRows::bytes, FactUnit::kBytes);
  add("dataset.urls", "Distinct URLs of its rows", &DatasetRows::urls);
  add("dataset.unreadable", "Rows without a URL that can be read", &DatasetRows::unreadable);
  add("dataset.without_capture", "Rows of URLs without a capture in the index",
      &DatasetRows::without_capture);
  add("dataset.of_unknown_hosts", "Rows of origins that were never asked for their files",
      &DatasetRows::of_unknown_hosts);
}

}  // namespace

void AddRunFacts(const Card& card, FactList& list) {
  const index::JudgeOptions& judge = card.run.judge;
  const bool judged = card.tally.verdicts.judged();
  const auto of_question = [&](std::string id, std::string title, std::string_view text) {
    list.Add(std::move(id), std::move(title), "run",
             judged ? ForeignText(text) : FactCell(Absence::kInapplicable));
  };
  list.Add("run.tool_version", "Version of crawlcard", "run", OwnText(card.run.tool_version));
  list.Add("run.date", "Date of the card", "run", DateCell(card.date));
  list.Add("run.date_basis", "Where the date is from", "run",
           card.date ? OwnText(card.date_given ? "given" : "latest-capture")
                     : FactCell(Absence::kUnknown));
  of_question("run.policy", "Policy", judge.policy.Id());
  of_question("run.use", "Use asked about", robots::AxisName(judge.use));
  of_question("run.agents", "Agents asked for", fmt::format("{}", fmt::join(judge.agents, ", ")));
  of_question("run.dialect", "robots.txt dialect", robots::DialectName(judge.dialect));
  of_question("run.as_of", "Verdicts as of",
              judge.as_of.kind == index::AsOf::Kind::kCapture ? "capture"
                                                              : FormatRfc3339(judge.as_of.instant));
  list.Add("run.known_by", "Only what the index knew by", "run",
           judge.known_by ? FactCell(FactDate{*judge.known_by}) : Absence::kInapplicable);
  list.Foreign("run.public_suffix_list", "Public suffix list", "run", card.run.public_suffix_list);
  list.Foreign("run.command", "Command that writes this card again", "run",
               ReproductionCommand(card));
  list.Add("index.options", "Options that change facts or verdicts", "index",
           PairTable(card.run.options));
  const std::optional<IndexTree>& tree = card.run.tree;
  list.Add("tree.leaves", "Rows that the card commits to", "tree",
           tree ? FactCell(tree->leaves) : FactCell(Absence::kUnknown), FactUnit::kCount);
  list.Add("tree.root", "Root of the tree over these rows", "tree",
           tree ? OwnText(tree->root) : FactCell(Absence::kUnknown));
  AddDatasetFacts(card.run.dataset, list);
  list.Add("crawl.runs", "Crawls made into this index", "crawl", CrawlTable(card.crawls));
}

void AddInputFacts(const Card& card, FactList& list) {
  const InputSummary& inputs = card.inputs;
  list.Count("inputs.files", "Archive files", "files", inputs.files);
  list.Bytes("inputs.bytes", "Size of the archive files", "files", inputs.bytes);
  list.Count("inputs.whole", "Files read whole", "files", inputs.whole);
  list.Count("inputs.unsealed", "Files whose reading did not finish", "files", inputs.unsealed);
  list.Count("inputs.records", "Records", "files", inputs.records);
  list.Count("inputs.captures", "Captures in the ledger", "files", inputs.captures);
  list.Bytes("inputs.inflated_bytes", "Size of the records", "files", inputs.inflated_bytes);
  list.Count("inputs.damaged_units", "Units that could not be read", "files", inputs.damaged_units);
  list.Count("inputs.not_whole_count", "Files not read whole", "files", inputs.not_whole_count);
  list.Add("inputs.digest", "Digest of the list of files", "files", OwnText(inputs.digest));
  list.Add("inputs.errors", "Damage by kind", "files", CountTable({"kind", "Kind"}, inputs.errors));
  list.Add("inputs.notes", "Leniencies that reading needed", "files",
           CountTable({"note", "Note"}, inputs.notes));
  list.Add("inputs.not_whole", "Files not read whole, by name", "files", DamageTable(inputs));
  list.Add("inputs.snapshots", "Snapshots", "files", SnapshotTable(inputs));
  list.Add("inputs.list", "Files read", "files", FileTable(inputs));
  list.Add("inputs.warcinfo", "What the archive says of its crawler", "warcinfo",
           WarcinfoTable(inputs));
}

}  // namespace crawlcard::card
