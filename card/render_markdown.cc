#include "card/render_markdown.h"

#include <algorithm>

#include <fmt/format.h>

#include "card/definitions.h"
#include "card/document.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

std::string CellText(const Cell& cell) {
  return cell.kind == TextKind::kOwn ? MarkdownText(cell.text) : MarkdownCode(cell.text);
}

std::string DefinitionLink(std::string_view id) {
  const Definition* definition = FindDefinition(id);
  if (definition == nullptr) return "";
  return fmt::format(" ([how counted](#def-{}))", definition->id);
}

void AppendTable(const Table& table, std::string& out) {
  out += "**" + MarkdownText(table.caption) + "**" + DefinitionLink(table.definition) + "\n\n";
  if (table.rows.empty()) {
    out += MarkdownText(table.absence) + "\n\n";
    return;
  }
  for (const Column& column : table.columns) out += "| " + MarkdownText(column.title) + " ";
  out += "|\n";
  for (const Column& column : table.columns) out += column.numeric ? "| ---: " : "| --- ";
  out += "|\n";
  // The list of facts is whole: it is how a reader asks again.
  const bool whole = table.rows_all == 0;
  const std::size_t shown =
      whole ? table.rows.size() : std::min(table.rows.size(), limits::kShownRowsMax);
  for (std::size_t i = 0; i < shown; ++i) {
    for (const Cell& cell : table.rows[i]) out += "| " + CellText(cell) + " ";
    out += "|\n";
  }
  out += "\n";
  if (const std::string note = NoteOf(table, shown); !note.empty()) {
    out += MarkdownText(note) + "\n\n";
  }
}

void AppendDefinitions(std::string& out) {
  out += "## How each number was counted\n\n";
  out +=
      "Basis: M measured, E estimated, O observed statement of a publisher, C configured, "
      "H stated by a person.\n\n";
  for (const Definition& one : Definitions()) {
    out += fmt::format("### <a id=\"def-{}\"></a>{}\n\n", one.id, MarkdownText(one.title));
    out += fmt::format("- basis: {} ({})\n- population: {}\n- unit: {}\n- stage: {}\n\n",
                       BasisLetter(one.basis), BasisName(one.basis), MarkdownText(one.population),
                       MarkdownText(one.unit), MarkdownText(one.stage));
    out += MarkdownText(one.text) + "\n\n";
  }
}

}  // namespace

std::string RenderMarkdown(const Card& card) {
  const Document document = BuildDocument(card);
  std::string out = "# " + MarkdownText(document.title);
  if (!document.name.empty()) out += ": " + MarkdownText(document.name);
  out += "\n\n";
  out += MarkdownText(document.subtitle) + "\n\n";
  out += "| Figure | Value | |\n| --- | ---: | --- |\n";
  for (const Figure& figure : document.figures) {
    out += fmt::format("| [{}](#def-{}) | **{}** | {} |\n", MarkdownText(figure.label),
                       figure.definition, MarkdownText(figure.value), MarkdownText(figure.detail));
  }
  out += "\n";
  for (const Section& section : document.sections) {
    out += "## " + MarkdownText(section.title) + "\n\n";
    for (const Block& block : section.blocks) {
      if (const auto* paragraph = std::get_if<Paragraph>(&block)) {
        out += MarkdownText(paragraph->text) + "\n\n";
        if (!paragraph->command.empty()) out += MarkdownCode(paragraph->command) + "\n\n";
      } else if (const auto* table = std::get_if<Table>(&block)) {
        AppendTable(*table, out);
      }
      // Charts show what the tables say; Markdown has the tables.
    }
  }
  AppendDefinitions(out);
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace crawlcard::card
