#include "card/document.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "card/dates.h"
#include "card/facts.h"
#include "card/formats/words.h"
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
  add("Nobody could look", "verdicts.indeterminate_share",
      judged ? "of pages: no robots.txt at hand" : "no policy was applied");
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

// What is longer than this and one word is a digest.
constexpr std::size_t kWordBytesMax = 24;

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
    const bool foreign = text != nullptr && text->foreign;
    const std::string words = CellWords(*cell, fact.unit);
    const bool digest = words.size() > kWordBytesMax && words.find(' ') == std::string::npos;
    table.rows.push_back({Own(fact.title),
                          {words,
                           foreign  ? TextKind::kForeign
                           : digest ? TextKind::kCode
                                    : TextKind::kOwn,
                           number == nullptr ? "" : std::to_string(*number)},
                          Own(std::string(BasisName(fact.basis))),
                          {fact.id, TextKind::kCode}});
  }
  return {"facts",
          "Every number again",
          {Paragraph{"The command under \"How this card was made\", followed by --fact and a name "
                     "from this table, prints that fact alone. Tables are facts too; the JSON form "
                     "of this card names them."},
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
  row("Root of their tree", {facts.Words("tree.root"), TextKind::kCode});
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
  Paragraph proofs{
      "Nobody has to take the card's word for what was in the index: the root below "
      "commits to every row of it. Whoever holds the index can prove to a publisher "
      "what it held of a URL or host, or that it held nothing; the publisher checks "
      "that without the index, against this card's root.",
      {"tree.leaves", "tree.root"},
      "crawlcard prove --index INDEX --out proof.json URL && crawlcard verify-proof "
      "--root " +
          facts.Words("tree.root") + " proof.json"};
  return {"run",
          "How this card was made",
          {Paragraph{fmt::format("SHA-256 over all facts: {}.", facts.digest())},
           Paragraph{
               "With --format all and --out DIR this command writes every form of the card again, "
               "byte for byte; INDEX stands for the index. With --fact and a name from \"Every "
               "number again\" it prints one fact alone.",
               {},
               VisibleText(facts.command(), limits::kAnswerBytesMax)},
           std::move(proofs), std::move(table)}};
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

// Who speaks, of which version, as of when; then what was read.
std::string SubtitleOf(const Card& card, const Facts& facts) {
  std::string out;
  if (const auto version = OptionalAnswer(facts, "dataset.version")) {
    out += "Version " + VisibleText(*version);
  }
  if (const auto provider = OptionalAnswer(facts, "provider.name")) {
    out += fmt::format("{} {}", out.empty() ? "From" : ", from", VisibleText(*provider));
  }
  if (card.date)
    out += fmt::format("{} {}", out.empty() ? "As of" : ", as of", FormatDay(*card.date));
  if (!out.empty()) out += ". ";
  return out + fmt::format("{}, {}, read by crawlcard {}",
                           FormatNoun(card.inputs.files, "archive file"),
                           FormatBytes(card.inputs.bytes), card.run.tool_version);
}

// What a reader should know who reads no further.
Section ShortSection(const Facts& facts) {
  Section section{"short", "In short", {}};
  const auto add = [&](std::string text, std::vector<std::string_view> ids) {
    section.blocks.emplace_back(Paragraph{std::move(text), std::move(ids)});
  };
  if (const auto said = OptionalAnswer(facts, "dataset.description")) {
    add("Stated by the provider: " + VisibleText(*said, limits::kAnswerBytesMax), {});
  }
  if (facts.Number("captures.count").value_or(0) == 0) {
    add("The archive files hold no capture, so this card has nothing to say of any content.",
        {"inputs.files", "captures.count"});
    return section;
  }
  add(MeasuredWords(facts), {"captures.count", "pages.count", "pages.urls", "captures.hosts",
                             "captures.domains", "dates.first", "dates.last", "inputs.files"});
  std::vector<std::string_view> reserved{"signals.pages", "signals.hosts", "hosts.origins"};
  if (facts.Number("verdicts.pages")) {
    reserved.insert(reserved.end(),
                    {"verdicts.usable", "verdicts.not_usable", "verdicts.not_usable_domains",
                     "verdicts.denied", "verdicts.indeterminate"});
  }
  std::string words = ReservationWords(facts);
  if (facts.Number("verdicts.indeterminate").value_or(0) > 0) {
    words +=
        " Nobody could look means: no observation of the origin's robots.txt was at hand for the "
        "instant asked about, so this card does not say that such a page may be used.";
  }
  add(std::move(words), std::move(reserved));
  add(LicenceWords(facts), {"licences.page.count", "licences.any.count"});
  add("How to read it: each number carries a letter for what it rests on. M was measured and can "
      "be "
      "counted again, E estimated by a stated method, O observed as a publisher's statement, C "
      "configured, H stated by a person. Behind the letter stand its definition and the command "
      "that "
      "gives it again. Where there is no answer, one of three words stands: Not applicable (the "
      "question has no sense here), Not known (looked, could not tell), Not provided (a person has "
      "not answered).",
      {});
  return section;
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
  if (const auto name = OptionalAnswer(facts, "dataset.title")) document.name = VisibleText(*name);
  document.subtitle = SubtitleOf(card, facts);
  document.figures = KeyFigures(facts);
  document.sections.push_back(ShortSection(facts));
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
