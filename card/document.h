// card/document.h - a card as a sequence of sections, before it is Markdown or HTML.
//
// BuildDocument() decides what is said, in which words and order; the renderers only decide how it
// looks. So both say the same. Text of kind kForeign came from pages or archives: it has passed
// VisibleText() and must still be escaped.
//
// Thread rule: values; functions are thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "card/card.h"
#include "card/facts.h"

namespace crawlcard::card {

// kCode is our own too, but a name or a digest: it may be broken anywhere.
enum class TextKind : std::uint8_t { kOwn, kForeign, kCode };

struct Cell {
  std::string text;
  TextKind kind = TextKind::kOwn;
  // The exact number behind a rounded text, in digits; empty for what is no number.
  std::string exact = {};
};

struct Column {
  std::string title;
  bool numeric = false;
};

// The first column heads the row. A table without rows prints `absence`.
struct Table {
  std::string caption;
  std::string_view definition;  // id, see card/definitions.h
  std::string_view fact;        // id of the fact that the table shows, see card/facts.h
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::string absence;
  std::string note;            // beside how many rows are left out; may be empty
  std::uint64_t rows_all = 0;  // that exist; 0: as many as `rows`
};

// What a bar stands for; told by words too, never by colour alone.
enum class Tone : std::uint8_t { kNeutral, kRefusal, kGrant, kMixed };

struct Bar {
  Cell label;
  std::uint64_t value = 0;
  std::string value_text;
  Tone tone = Tone::kNeutral;
};

// A chart shows the table that follows it: its labels and values stand there too.
struct BarChart {
  std::string id;  // unique in the document
  std::string title;
  std::string description;
  std::vector<Bar> bars;
};

struct Timeline {
  std::string id;
  std::string title;
  std::string description;
  struct Point {
    std::string label;
    std::uint64_t value = 0;
  };
  std::vector<Point> points;
};

struct Paragraph {
  std::string text;
  // Facts that its numbers are, for their definitions and commands.
  std::vector<std::string_view> facts = {};
  // A command that follows the text.
  std::string command = {};
};

struct Figure {
  std::string label;
  std::string value;
  std::string detail;
  std::string_view definition;
  std::string_view fact;  // id of the fact that the value is, see card/facts.h
};

using Block = std::variant<Paragraph, BarChart, Timeline, Table>;

struct Section {
  std::string id;
  std::string title;
  std::vector<Block> blocks;
};

struct Document {
  std::string title;
  std::string name;  // of the data set, as a person gave it; may be empty
  std::string subtitle;
  std::vector<Figure> figures;
  std::vector<Section> sections;
  // What writes the card again; followed by " --fact ID" it prints one fact.
  std::string command;
};

// `facts` are those of `card`.
Document BuildDocument(const Card& card, const Facts& facts);
Document BuildDocument(const Card& card);

// Parts of BuildDocument(), one a file of sections.
std::vector<Section> SourceSections(const Card& card);   // input, dates, status
std::vector<Section> ContentSections(const Card& card);  // languages, types, licences, domains
std::vector<Section> SignalSections(const Card& card);   // statements, host files, agents
std::vector<Section> VerdictSections(const Card& card);  // verdicts, reasons, policies

// Small words for the sections.
inline Cell Own(std::string text) {
  return {std::move(text), TextKind::kOwn};
}
Cell Foreign(std::string_view text);  // empty: "Not known", as our own word
Cell Count(std::uint64_t value);
Cell Share(std::uint64_t part, std::uint64_t whole);
Cell Bytes(std::uint64_t value);
// What stands below the first `shown` rows of a table: how many are left out, and its note.
std::string NoteOf(const Table& table, std::size_t shown);
// Rows beyond these are shown by no form of the document.
inline bool Full(const Table& table) {
  return table.rows.size() == limits::kTableRowsMax;
}

}  // namespace crawlcard::card
