#include "card/facts.h"

#include <array>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/digest.h"
#include "card/card.h"
#include "card/fact_list.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

const FactTable& EmptyTable() {
  static const FactTable kEmpty;
  return kEmpty;
}

// One cell as a JSON value: numbers as numbers, absence as null, a share as a fraction.
void WriteCell(const FactCell& cell, JsonWriter& json) {
  if (const auto* number = std::get_if<std::uint64_t>(&cell)) {
    json.Uint(*number);
  } else if (const auto* text = std::get_if<FactText>(&cell)) {
    json.String(text->text);
  } else if (const auto* date = std::get_if<FactDate>(&cell)) {
    json.String(FormatRfc3339(date->at));
  } else if (const auto* share = std::get_if<FactShare>(&cell); share && share->whole > 0) {
    json.Fixed(static_cast<double>(share->part) / static_cast<double>(share->whole), 6);
  } else if (const auto* truth = std::get_if<bool>(&cell)) {
    json.Bool(*truth);
  } else {
    json.Null();
  }
}

void WriteValue(const Fact& fact, JsonWriter& json) {
  if (const FactCell* cell = fact.cell()) {
    json.Key("value");
    WriteCell(*cell, json);
    if (const auto* absence = std::get_if<Absence>(cell)) {
      json.Member("absence", AbsenceName(*absence));
    } else if (const auto* share = std::get_if<FactShare>(cell); share && share->whole == 0) {
      json.Member("absence", AbsenceName(Absence::kInapplicable));
    }
    return;
  }
  const FactTable& table = *fact.table();
  json.Key("columns").BeginArray();
  for (const FactColumn& column : table.columns) json.String(column.name);
  json.EndArray().Key("rows").BeginArray();
  for (const std::vector<FactCell>& row : table.rows) {
    json.BeginArray();
    for (const FactCell& cell : row) WriteCell(cell, json);
    json.EndArray();
  }
  json.EndArray().Member("rows_all", table.rows_all);
}

// A cell for pipes: plain digits, no thousands separators.
std::string PlainCell(const FactCell& cell) {
  if (const auto* number = std::get_if<std::uint64_t>(&cell)) return std::to_string(*number);
  if (const auto* share = std::get_if<FactShare>(&cell); share && share->whole > 0) {
    return fmt::format("{:.6f}",
                       static_cast<double>(share->part) / static_cast<double>(share->whole));
  }
  return CellWords(cell, FactUnit::kNone);
}

void WriteMembers(const Fact& fact, JsonWriter& json) {
  json.Member("id", fact.id).Member("title", fact.title);
  json.Member("basis", BasisLetter(fact.basis)).Member("definition", fact.definition);
  WriteValue(fact, json);
}

}  // namespace

std::string_view AbsenceName(Absence absence) {
  constexpr std::array<std::string_view, 3> kNames{kNotApplicable, kNotKnown, kNotProvided};
  return kNames[static_cast<std::size_t>(absence)];
}

const Fact* Facts::Find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &facts_[found->second];
}

std::optional<std::uint64_t> Facts::Number(std::string_view id) const {
  const Fact* fact = Find(id);
  CRAWLCARD_ASSERT(fact != nullptr && fact->cell() != nullptr);
  const auto* number = std::get_if<std::uint64_t>(fact->cell());
  return number == nullptr ? std::nullopt : std::optional(*number);
}

std::optional<UnixSeconds> Facts::Date(std::string_view id) const {
  const Fact* fact = Find(id);
  CRAWLCARD_ASSERT(fact != nullptr && fact->cell() != nullptr);
  const auto* date = std::get_if<FactDate>(fact->cell());
  return date == nullptr ? std::nullopt : std::optional(date->at);
}

std::optional<std::string_view> Facts::Text(std::string_view id) const {
  const Fact* fact = Find(id);
  CRAWLCARD_ASSERT(fact != nullptr && fact->cell() != nullptr);
  const auto* text = std::get_if<FactText>(fact->cell());
  return text == nullptr ? std::nullopt : std::optional<std::string_view>(text->text);
}

const FactTable& Facts::Table(std::string_view id) const {
  const Fact* fact = Find(id);
  CRAWLCARD_ASSERT(fact != nullptr);
  return fact->table() == nullptr ? EmptyTable() : *fact->table();
}

std::string Facts::Words(std::string_view id) const {
  const Fact* fact = Find(id);
  CRAWLCARD_ASSERT(fact != nullptr);
  if (const FactCell* cell = fact->cell()) return CellWords(*cell, fact->unit);
  return FormatNoun(fact->table()->rows_all, "row");
}

std::string Facts::Query(const Fact& fact) const {
  return fmt::format("{} --fact {}", command_, fact.id);
}

std::string CellWords(const FactCell& cell, FactUnit unit) {
  if (const auto* absence = std::get_if<Absence>(&cell)) {
    return std::string(AbsenceName(*absence));
  }
  if (const auto* number = std::get_if<std::uint64_t>(&cell)) {
    return unit == FactUnit::kBytes ? FormatBytes(*number) : FormatCount(*number);
  }
  if (const auto* date = std::get_if<FactDate>(&cell)) return FormatRfc3339(date->at);
  if (const auto* share = std::get_if<FactShare>(&cell)) {
    return FormatShare(share->part, share->whole);
  }
  if (const auto* truth = std::get_if<bool>(&cell)) return *truth ? "yes" : "no";
  return VisibleText(std::get<FactText>(cell).text, limits::kAnswerBytesMax);
}

std::string FactAsText(const Fact& fact) {
  if (const FactCell* cell = fact.cell()) return PlainCell(*cell) + '\n';
  std::string out;
  const FactTable& table = *fact.table();
  for (const FactColumn& column : table.columns) {
    if (!out.empty()) out += ',';
    out += column.name;
  }
  out += '\n';
  for (const std::vector<FactCell>& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      out += CsvCell(PlainCell(row[i]));
    }
    out += '\n';
  }
  return out;
}

void WriteFact(const Facts& facts, const Fact& fact, JsonWriter& json) {
  json.BeginObject();
  WriteMembers(fact, json);
  json.Member("query", facts.Query(fact)).EndObject();
}

std::string CanonicalFacts(std::span<const Fact> facts) {
  std::string out;
  for (const Fact& fact : facts) {
    JsonWriter json(out);
    json.BeginObject();
    WriteMembers(fact, json);
    json.EndObject();
    out += '\n';
  }
  return out;
}

// --- FactList -----------------------------------------------------------------------------------

namespace {

Fact NewFact(std::string id, std::string title, std::string_view definition) {
  const Definition* found = FindDefinition(definition);
  CRAWLCARD_ASSERT(found != nullptr);
  Fact fact;
  fact.id = std::move(id);
  fact.title = std::move(title);
  fact.basis = found->basis;
  fact.definition = found->id;
  return fact;
}

}  // namespace

void FactList::Add(std::string id, std::string title, std::string_view definition, FactCell value,
                   FactUnit unit) {
  Fact fact = NewFact(std::move(id), std::move(title), definition);
  fact.value = std::move(value);
  fact.unit = unit;
  facts_.facts_.push_back(std::move(fact));
}

void FactList::Add(std::string id, std::string title, std::string_view definition,
                   FactTable table) {
  Fact fact = NewFact(std::move(id), std::move(title), definition);
  if (table.rows_all < table.rows.size()) table.rows_all = table.rows.size();
  for (const std::vector<FactCell>& row : table.rows) {
    CRAWLCARD_ASSERT(row.size() == table.columns.size());
  }
  fact.value = std::move(table);
  facts_.facts_.push_back(std::move(fact));
}

void FactList::Foreign(std::string id, std::string title, std::string_view definition,
                       std::string_view text) {
  Add(std::move(id), std::move(title), definition, ForeignText(text));
}

Facts FactList::Take(std::string command) {
  facts_.command_ = std::move(command);
  for (std::size_t i = 0; i < facts_.facts_.size(); ++i) {
    CRAWLCARD_ASSERT(facts_.by_id_.emplace(facts_.facts_[i].id, i).second);
  }
  facts_.digest_ = Hex(Sha256(CanonicalFacts(facts_.facts_)));
  return std::move(facts_);
}

FactCell OwnText(std::string_view text) {
  if (text.empty()) return Absence::kUnknown;
  return FactText{std::string(text), false};
}

FactCell ForeignText(std::string_view text) {
  if (text.empty()) return Absence::kUnknown;
  return FactText{std::string(text), true};
}

FactCell DateCell(const std::optional<UnixSeconds>& date) {
  if (!date) return Absence::kUnknown;
  return FactDate{*date};
}

void AddReachColumns(std::string_view captures_title, std::vector<FactColumn>& columns) {
  columns.push_back({"captures", captures_title, FactUnit::kCount});
  columns.push_back({"share", "Share", FactUnit::kNone});
  columns.push_back({"hosts", "Hosts", FactUnit::kCount});
  columns.push_back({"domains", "Domains", FactUnit::kCount});
  columns.push_back({"payload_bytes", "Payload", FactUnit::kBytes});
  columns.push_back({"text_bytes", "Text", FactUnit::kBytes});
}

void AddReachCells(const Reach& reach, std::uint64_t whole, std::vector<FactCell>& row) {
  row.emplace_back(reach.captures);
  row.emplace_back(FactShare{reach.captures, whole});
  row.emplace_back(reach.hosts.count);
  row.emplace_back(reach.domains.count);
  row.emplace_back(reach.payload_bytes);
  row.emplace_back(reach.text_bytes);
}

FactTable ReachFactTable(std::string_view key_name, std::string_view key_title,
                         std::string_view captures_title, const ReachTable& table,
                         std::uint64_t whole) {
  FactTable out;
  out.columns.push_back({key_name, key_title, FactUnit::kNone});
  AddReachColumns(captures_title, out.columns);
  for (const ReachTable::Row& row : table.Sorted()) {
    std::vector<FactCell> cells{ForeignText(row.key)};
    AddReachCells(*row.reach, whole, cells);
    out.rows.push_back(std::move(cells));
  }
  const Reach& rest = table.rest();
  if (rest.captures == 0) return out;
  // Hosts and domains of the values let go are not known.
  out.rows.push_back({OwnText("(other values)"), rest.captures, FactShare{rest.captures, whole},
                      Absence::kUnknown, Absence::kUnknown, rest.payload_bytes, rest.text_bytes});
  return out;
}

Facts BuildFacts(const Card& card) {
  FactList list;
  AddRunFacts(card, list);
  AddInputFacts(card, list);
  AddFigureFacts(card.tally, list);
  AddContentFacts(card.tally, list);
  AddDomainFacts(card, list);
  AddSignalFacts(card.tally, list);
  AddVerdictFacts(card, list);
  AddHumanFacts(card, list);
  return list.Take(ReproductionCommand(card));
}

}  // namespace crawlcard::card
