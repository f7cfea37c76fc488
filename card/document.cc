#include "card/document.h"

#include <iterator>

#include <fmt/format.h>

#include "card/dates.h"
#include "card/facts.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

void AddDamage(const Card& card, std::vector<Figure>& out) {
  out.push_back({"Files not read whole", FormatCount(card.inputs.not_whole_count),
                 "of " + FormatNoun(card.inputs.files, "file"), "files"});
}

std::vector<Figure> KeyFigures(const Card& card) {
  const Tally& tally = card.tally;
  const VerdictTally& verdicts = tally.verdicts;
  std::vector<Figure> out;
  out.push_back({"Pages", FormatCount(tally.pages.captures),
                 FormatNoun(tally.page_urls.count, "distinct URL"), "pages"});
  out.push_back({"Hosts", FormatCount(tally.captures.hosts.count),
                 FormatNoun(tally.captures.domains.count, "registrable domain"), "hosts"});
  out.push_back({"Payload", FormatBytes(tally.captures.payload_bytes),
                 FormatNoun(tally.captures.payload_bytes, "byte"), "payload-bytes"});
  out.push_back({"Text", FormatBytes(tally.captures.text_bytes),
                 FormatNoun(tally.captures.text_bytes, "byte"), "text-bytes"});
  const std::string captures = FormatNoun(tally.captures.captures, "capture");
  if (tally.first && tally.last) {
    out.push_back({"Captured from", FormatDay(*tally.first),
                   "to " + FormatDay(*tally.last) + ", " + captures, "dates"});
  } else {
    out.push_back({"Captured from", std::string(kNotKnown), captures, "dates"});
  }
  if (!verdicts.judged()) {
    out.push_back({"Usable", std::string(kNotKnown), "no policy was applied", "verdicts"});
    out.push_back({"Denied", std::string(kNotKnown), "no policy was applied", "verdicts"});
    AddDamage(card, out);
    return out;
  }
  const std::string use(robots::AxisName(card.run.judge.use));
  out.push_back({"Usable", FormatShare(verdicts.usable.captures, verdicts.pages.captures),
                 fmt::format("of pages, policy {}, use {}", card.run.judge.policy.Id(), use),
                 "verdicts"});
  out.push_back(
      {"Denied",
       FormatShare(verdicts.pages_by(robots::Decision::kDeny).captures, verdicts.pages.captures),
       "of pages, by the publisher", "verdicts"});
  AddDamage(card, out);
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

Section RunSection(const Card& card) {
  const index::JudgeOptions& judge = card.run.judge;
  Table table;
  table.caption = "Settings that change facts or verdicts";
  table.columns = {{"Setting", false}, {"Value", false}};
  const auto row = [&](std::string name, Cell value) {
    table.rows.push_back({Own(std::move(name)), std::move(value)});
  };
  row("Tool", Own("crawlcard " + card.run.tool_version));
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
  return {"run", "How this card was made", {std::move(table)}};
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
  return Own(FormatCount(value));
}
Cell Share(std::uint64_t part, std::uint64_t whole) {
  return Own(FormatShare(part, whole));
}
Cell Bytes(std::uint64_t value) {
  return Own(FormatBytes(value));
}

std::string MoreRows(std::size_t shown, std::size_t all) {
  if (shown >= all) return "";
  return fmt::format("The first {} of {} rows. The JSON form of this card has all of them.",
                     FormatCount(shown), FormatCount(all));
}

Document BuildDocument(const Card& card) {
  Document document;
  document.title = "Training data card";
  document.subtitle =
      fmt::format("{}, {}, read by crawlcard {}", FormatNoun(card.inputs.files, "archive file"),
                  FormatBytes(card.inputs.bytes), card.run.tool_version);
  document.figures = KeyFigures(card);
  for (auto part :
       {SourceSections(card), ContentSections(card), SignalSections(card), VerdictSections(card)}) {
    std::move(part.begin(), part.end(), std::back_inserter(document.sections));
  }
  document.sections.push_back(RunSection(card));
  document.sections.push_back(HumanSection(BuildFacts(card)));
  return document;
}

}  // namespace crawlcard::card
