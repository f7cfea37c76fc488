// card/facts.h - every fact of a card, once: the list that all renderers and formats project.
//
// A fact has an id, a basis, a definition (population, unit, stage: card/definitions.h), a value
// and a command that gives the value again. BuildFacts() fills the list from a Card, in a fixed
// order; formats only pick, name and escape. So all formats of one card state the same figures.
//
// Ids are stable, lower case: a group, a dot, a name ("pages.count", "verdicts.decisions"). Facts
// that people state have the ids of the questions of card/about.h after "about." .
//
// Thread rule: a value; reading is thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/json_writer.h"
#include "base/time.h"
#include "card/definitions.h"

namespace crawlcard::card {

struct Card;

// Why there is no value; never a blank.
enum class Absence : std::uint8_t { kInapplicable, kUnknown, kUnanswered };
std::string_view AbsenceName(Absence absence);  // "Not known"

// Text from pages, archives or people is foreign: it must pass card/text.h before it is printed.
struct FactText {
  std::string text;
  bool foreign = false;
};

struct FactDate {
  UnixSeconds at = 0;
};

// `whole` 0: not applicable.
struct FactShare {
  std::uint64_t part = 0;
  std::uint64_t whole = 0;
};

using FactCell = std::variant<Absence, std::uint64_t, FactText, FactDate, FactShare, bool>;

// What a number counts, for those who print it.
enum class FactUnit : std::uint8_t { kNone, kCount, kBytes };

struct FactColumn {
  std::string_view name;   // for machines: "payload_bytes"
  std::string_view title;  // for people: "Payload"
  FactUnit unit = FactUnit::kNone;
};

struct FactTable {
  std::vector<FactColumn> columns;
  std::vector<std::vector<FactCell>> rows;  // each as long as `columns`
  // Rows that exist, where the table holds only the first of them.
  std::uint64_t rows_all = 0;
};

struct Fact {
  std::string id;
  std::string title;
  Basis basis = Basis::kMeasured;
  std::string_view definition;  // id in card/definitions.h; never empty
  FactUnit unit = FactUnit::kNone;
  std::variant<FactCell, FactTable> value;

  // nullptr for a table.
  const FactCell* cell() const { return std::get_if<FactCell>(&value); }
  // nullptr for a single value.
  const FactTable* table() const { return std::get_if<FactTable>(&value); }
};

class Facts {
 public:
  // In the order of the card. Ids are unique.
  std::span<const Fact> all() const { return facts_; }

  // nullptr when there is no such fact.
  const Fact* Find(std::string_view id) const;

  // The number; nullopt when it is absent. `id` must be a fact with a number.
  std::optional<std::uint64_t> Number(std::string_view id) const;
  std::optional<UnixSeconds> Date(std::string_view id) const;
  // The exact text, foreign characters included; nullopt when it is absent.
  std::optional<std::string_view> Text(std::string_view id) const;
  // The rows of a table fact; empty when it is absent.
  const FactTable& Table(std::string_view id) const;
  // The value for people, in one line of visible text: "1,234", "2024-05-18T02:40:00Z", "Not
  // known". A table gives its number of rows.
  std::string Words(std::string_view id) const;

  // The command that prints the fact again, where INDEX stands for the index.
  std::string Query(const Fact& fact) const;
  // The command that writes the card again.
  const std::string& command() const { return command_; }

  // SHA-256 (hexadecimal) over all facts as CanonicalFacts() writes them: names the card's content.
  const std::string& digest() const { return digest_; }

 private:
  friend class FactList;
  std::vector<Fact> facts_;
  std::unordered_map<std::string_view, std::size_t> by_id_;  // views of facts_
  std::string command_;
  std::string digest_;

 public:
  Facts() = default;
  ~Facts() = default;
  // by_id_ holds views of the list.
  Facts(const Facts&) = delete;
  Facts& operator=(const Facts&) = delete;
  Facts(Facts&&) = default;
  Facts& operator=(Facts&&) = default;
};

Facts BuildFacts(const Card& card);

// A cell as text for people, without markup: visible characters only.
std::string CellWords(const FactCell& cell, FactUnit unit);
// The value of a fact, for machines and pipes: a number, a date, a text; a table as CSV with a
// header line. Ended by LF.
std::string FactAsText(const Fact& fact);
// One JSON object a fact: id, title, basis, definition, value or columns and rows, query.
void WriteFact(const Facts& facts, const Fact& fact, JsonWriter& json);
// All facts as one line of JSON each, without queries: the text under Facts::digest().
std::string CanonicalFacts(std::span<const Fact> facts);

}  // namespace crawlcard::card
