#include "card/document.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "card/dates.h"
#include "card/facts.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

// A figure is a fact and the name of its definition; the detail gives others beside it.
Figure FigureOf(const Facts& facts, std::string label, std::string_view id, std::string detail) {
  const Fact* fact = facts.Find(id);
  return {std::move(label), facts.Words(id), std::move(detail), fact->definition, id};
}

std::string Noun(const Facts& facts, std::string_view id, std::string_view noun) {
  return FormatNoun(facts.Number(id).value_or(0), noun);
}

std::vector<Figure> KeyFigures(const Facts& facts) {
  std::vector<Figure> out;
  const auto add = [&](std::string label, std::string_view id, std::string detail) {
    out.push_back(FigureOf(facts, std::move(label), id, std::move(detail)));
  };
  add("Pages", "pages.count", Noun(facts, "pages.urls", "distinct URL"));
  add("Hosts", "captures.hosts", Noun(facts, "captures.domains", "registrable domain"));
  add("Payload", "captures.payload_bytes", Noun(facts, "captures.payload_bytes", "byte"));
  add("Text", "captures.text_bytes", Noun(facts, "captures.text_bytes", "byte"));
  const std::string captures = Noun(facts, "captures.count", "capture");
  const std::optional<UnixSeconds> first = facts.Date("dates.first");
  const std::optional<UnixSeconds> last = facts.Date("dates.last");
  add("Captured from", "dates.first",
      first && last ? "to " + FormatDay(*last) + ", " + captures : captures);
  if (first) out.back().value = FormatDay(*first);
  const bool judged = facts.Number("verdicts.pages").has_value();
  add("Usable", "verdicts.usable_share",
      judged ? fmt::format("of pages, policy {}, use {}", facts.Words("run.policy"),
                           facts.Words("run.use"))
             : "no policy was applied");
  add("Denied", "verdicts.denied_share",
      judged ? "of pages, by the publisher" : "no policy was applied");
  add("Files not read whole", "inputs.not_whole_count",
      "of " + Noun(facts, "inputs.files", "file"));
  return out;
}

std::string Join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += ", ";
    out += word;
  }
  return out;
}

// Every fact that is one value, with the name under which it is asked for again. What people state
// has a section of its own.
Section ValueSection(const Facts& facts) {
  Table table;
  table.caption = "Facts of one value";
  table.columns = {{"Fact", false}, {"Value", false}, {"Basis", false}, {"Name", false}};
  for (const Fact& fact : facts.all()) {
    const FactCell* cell = fact.cell();
    if (cell == nullptr || fact.basis == Basis::kHuman) continue;
    const auto* number = std::get_if<std::uint64_t>(cell);
    const auto* text = std::get_if<FactText>(cell);
    table.rows.push_back({Own(fact.title),
                          {CellWords(*cell, fact.unit),
                           text != nullptr && text->foreign ? TextKind::kForeign : TextKind::kOwn,
                           number == nullptr ? "" : std::to_string(*number)},
                          Own(std::string(BasisName(fact.basis))),
                          Own(fact.id)});
  }
  return {"facts",
          "Every number again",
          {Paragraph{"The command under \"How this card was made\", followed by --fact and a name "
                     "from this table, prints that fact alone."},
           std::move(table)}};
}

Section RunSection(const Card& card, const Facts& facts) {
  const index::JudgeOptions& judge = card.run.judge;
  Table table;
  table.caption = "Settings that change facts or verdicts";
  table.definition = "run";
  table.columns = {{"Setting", false}, {"Value", false}};
  const auto row = [&](std::string name, Cell value) {
    table.rows.push_back({Own(std::move(name)), std::move(value)});
  };
  row("Tool", Own("crawlcard " + card.run.tool_version));
  if (card.run.dataset) {
    row("About", Own(fmt::format("the captures that {} rows of a data set name ({} URLs); {} rows "
                                 "name none that the index holds",
                                 facts.Words("dataset.rows"), facts.Words("dataset.urls"),
                                 facts.Words("dataset.without_capture"))));
  }
  row("Rows committed to", Own(facts.Words("tree.leaves")));
  row("Root of their tree", Own(facts.Words("tree.root")));
  row("Date of the card", Own(!card.date        ? std::string(kNotKnown)
                              : card.date_given ? FormatRfc3339(*card.date) + " (given)"
                                                : FormatRfc3339(*card.date) + " (latest capture)"));
  if (card.tally.verdicts.judged()) {
    row("Policy", Own(judge.policy.Id()));
    row("Use asked about", Own(std::string(robots::AxisName(judge.use))));
    row("Agents asked for", Foreign(Join(judge.agents)));
    row("robots.txt dialect", Own(std::string(robots::DialectName(judge.dialect))));
    row("Verdicts as of",
        Own(judge.as_of.kind == index::AsOf::Kind::kCapture ? "the capture of each page"
                                                            : FormatRfc3339(judge.as_of.instant)));
  } else {
    row("Policy", Own(std::string(kNotApplicable)));
  }
  row("Public suffix list", Foreign(card.run.public_suffix_list));
  row("Input digest", Foreign(card.inputs.digest));
  for (const auto& [name, value] : card.run.options) row(VisibleText(name), Foreign(value));
  return {"run",
          "How this card was made",
          {Paragraph{fmt::format("Written again by: {} (INDEX is the index). With --fact and an id "
                                 "the same command prints one fact alone; the JSON form of this "
                                 "card has the id of each. SHA-256 over all facts: {}.",
                                 VisibleText(facts.command(), limits::kAnswerBytesMax),
                                 facts.digest())},
           std::move(table)}};
}

// "name: Example-7B; version: 1.0", without what was not answered.
std::string RowWords(const FactTable& table, const std::vector<FactCell>& row) {
  std::string out;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (std::holds_alternative<Absence>(row[i])) continue;
    if (!out.empty()) out += "; ";
    if (row.size() > 1) out += fmt::format("{}: ", table.columns[i].name);
    out += CellWords(row[i], table.columns[i].unit);
  }
  return out;
}

Section HumanSection(const Facts& facts) {
  Table table;
  table.caption = "Facts that only a person can state";
  table.columns = {{"Fact", false}, {"Answer", false}};
  table.definition = "human";
  for (const Fact& fact : facts.all()) {
    if (fact.basis != Basis::kHuman) continue;
    if (const FactCell* cell = fact.cell()) {
      const bool foreign = std::holds_alternative<FactText>(*cell);
      table.rows.push_back(
          {Own(fact.title),
           {CellWords(*cell, fact.unit), foreign ? TextKind::kForeign : TextKind::kOwn}});
      continue;
    }
    for (const std::vector<FactCell>& row : fact.table()->rows) {
      table.rows.push_back({Own(fact.title), {RowWords(*fact.table(), row), TextKind::kForeign}});
    }
  }
  return {
      "not-in-the-archive",
      "What the archive cannot say",
      {Paragraph{"This card counts what is in an archive. It attests nothing in the name of the "
                 "people who made or use the data; such facts are theirs to state."},
       std::move(table)}};
}

}  // namespace

Cell Foreign(std::string_view text) {
  if (text.empty()) return Own(std::string(kNotKnown));
  return {VisibleText(text), TextKind::kForeign};
}

Cell Count(std::uint64_t value) {
  return {FormatCount(value), TextKind::kOwn, std::to_string(value)};
}
Cell Share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return Own(FormatShare(part, whole));
  return {FormatShare(part, whole), TextKind::kOwn,
          fmt::format("{:.6f}", static_cast<double>(part) / static_cast<double>(whole))};
}
Cell Bytes(std::uint64_t value) {
  return {FormatBytes(value), TextKind::kOwn, std::to_string(value)};
}

std::string NoteOf(const Table& table, std::size_t shown) {
  const std::uint64_t all = std::max<std::uint64_t>(table.rows_all, table.rows.size());
  if (shown >= all) return table.note;
  return fmt::format("The first {} of {} rows. The JSON form of this card has all of them.{}{}",
                     FormatCount(shown), FormatCount(all), table.note.empty() ? "" : " ",
                     table.note);
}

Document BuildDocument(const Card& card) {
  return BuildDocument(card, BuildFacts(card));
}

Document BuildDocument(const Card& card, const Facts& facts) {
  Document document;
  document.command = facts.command();
  document.title = "Training data card";
  document.subtitle =
      fmt::format("{}, {}, read by crawlcard {}", FormatNoun(card.inputs.files, "archive file"),
                  FormatBytes(card.inputs.bytes), card.run.tool_version);
  document.figures = KeyFigures(facts);
  for (auto part :
       {SourceSections(card), ContentSections(card), SignalSections(card), VerdictSections(card)}) {
    std::move(part.begin(), part.end(), std::back_inserter(document.sections));
  }
  document.sections.push_back(RunSection(card, facts));
  document.sections.push_back(HumanSection(facts));
  document.sections.push_back(ValueSection(facts));
  return document;
}

}  // namespace crawlcard::card
