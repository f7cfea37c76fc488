#include "card/render_html.h"

#include <fmt/format.h>

#include "card/definitions.h"
#include "card/document.h"
#include "card/svg.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

// Offers a break after each dot, slash and hyphen-like mark, so that long host names wrap there and
// not in mid-word. The text is escaped piece by piece.
std::string Wrapping(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t mark = text.find_first_of("./_:", at);
    const std::size_t end = mark == std::string_view::npos ? text.size() : mark + 1;
    out += EscapeHtml(text.substr(at, end - at));
    if (end < text.size()) out += "<wbr>";
    at = end;
  }
  return out;
}

std::string CellHtml(const Cell& cell) {
  if (cell.kind == TextKind::kOwn) return EscapeHtml(cell.text);
  return "<bdi class=\"foreign\">" + Wrapping(cell.text) + "</bdi>";
}

std::string DefinitionLink(std::string_view id) {
  const Definition* definition = FindDefinition(id);
  if (definition == nullptr) return "";
  return fmt::format(
      " <a class=\"how\" href=\"#def-{}\" aria-label=\"How counted: {}\">how counted</a>",
      definition->id, EscapeHtml(definition->title));
}

void AppendRow(const Table& table, const std::vector<Cell>& row, std::string& out) {
  out += "<tr role=\"row\">";
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i == 0) {
      out += "<th role=\"rowheader\" scope=\"row\">" + CellHtml(row[i]) + "</th>";
      continue;
    }
    const Column& column = table.columns[i];
    // data-label names the column where a narrow screen stacks the cells.
    out += fmt::format("<td role=\"cell\"{} data-label=\"{}\">{}</td>",
                       column.numeric ? " class=\"n\"" : "", EscapeHtml(column.title),
                       CellHtml(row[i]));
  }
  out += "</tr>\n";
}

// Roles repeat what the elements mean: stacking them on narrow screens takes the meaning away.
void AppendTable(const Table& table, std::string& out) {
  if (table.rows.empty()) {
    out += fmt::format("<p class=\"absent\"><strong>{}.</strong> {}{}</p>\n",
                       EscapeHtml(table.caption), EscapeHtml(table.absence),
                       DefinitionLink(table.definition));
    return;
  }
  out += fmt::format("<table role=\"table\" class=\"{}\">\n<caption>{}{}</caption>\n",
                     table.columns.size() > 3 ? "wide" : "small", EscapeHtml(table.caption),
                     DefinitionLink(table.definition));
  out += "<thead role=\"rowgroup\"><tr role=\"row\">";
  for (const Column& column : table.columns) {
    out += fmt::format("<th role=\"columnheader\" scope=\"col\"{}>{}</th>",
                       column.numeric ? " class=\"n\"" : "", EscapeHtml(column.title));
  }
  out += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
  for (const std::vector<Cell>& row : table.rows) AppendRow(table, row, out);
  out += "</tbody>\n</table>\n";
  if (!table.note.empty()) out += "<p class=\"note\">" + EscapeHtml(table.note) + "</p>\n";
}

void AppendFigure(const std::string& title, const std::string& svg, std::string& out) {
  out += "<figure>\n<figcaption>" + EscapeHtml(title) + "</figcaption>\n" + svg + "</figure>\n";
}

void AppendBlock(const Block& block, std::string& out) {
  if (const auto* paragraph = std::get_if<Paragraph>(&block)) {
    out += "<p>" + EscapeHtml(paragraph->text) + "</p>\n";
  } else if (const auto* bars = std::get_if<BarChart>(&block)) {
    AppendFigure(bars->title, RenderBars(*bars), out);
  } else if (const auto* line = std::get_if<Timeline>(&block)) {
    AppendFigure(line->title, RenderTimeline(*line), out);
  } else if (const auto* table = std::get_if<Table>(&block)) {
    AppendTable(*table, out);
  }
}

void AppendHead(const Document& document, std::string& out) {
  out += "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n";
  out +=
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += "<meta name=\"referrer\" content=\"no-referrer\">\n";
  out += "<meta name=\"color-scheme\" content=\"light dark\">\n";
  out += "<meta name=\"generator\" content=\"crawlcard\">\n";
  out += "<title>" + EscapeHtml(document.title) + "</title>\n<style>\n";
  out += HtmlStyle();
  out += "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n";
}

void AppendTop(const Document& document, std::string& out) {
  out += "<header>\n<h1>" + EscapeHtml(document.title) + "</h1>\n<p class=\"lead\">" +
         EscapeHtml(document.subtitle) + "</p>\n<dl class=\"figures\">\n";
  for (const Figure& figure : document.figures) {
    out += fmt::format(
        "<div><dt><a href=\"#def-{}\">{}</a></dt><dd><strong>{}</strong> "
        "<span>{}</span></dd></div>\n",
        figure.definition, EscapeHtml(figure.label), EscapeHtml(figure.value),
        EscapeHtml(figure.detail));
  }
  out += "</dl>\n</header>\n<nav aria-label=\"Contents\">\n<ol>\n";
  for (const Section& section : document.sections) {
    out += fmt::format("<li><a href=\"#{}\">{}</a></li>\n", section.id, EscapeHtml(section.title));
  }
  out += "<li><a href=\"#definitions\">How each number was counted</a></li>\n</ol>\n</nav>\n";
}

void AppendDefinitions(std::string& out) {
  out +=
      "<section id=\"definitions\" aria-labelledby=\"definitions-h\">\n"
      "<h2 id=\"definitions-h\">How each number was counted</h2>\n"
      "<p>Basis: <b>M</b> measured, <b>E</b> estimated, <b>O</b> observed statement of a "
      "publisher, <b>C</b> configured, <b>H</b> stated by a person.</p>\n"
      "<div class=\"definitions\">\n";
  for (const Definition& one : Definitions()) {
    out += fmt::format(
        "<article id=\"def-{}\">\n<h3>{} <abbr title=\"{}\">{}</abbr></h3>\n<p>{}</p>\n", one.id,
        EscapeHtml(one.title), BasisName(one.basis), BasisLetter(one.basis), EscapeHtml(one.text));
    out += fmt::format(
        "<dl><div><dt>Population</dt><dd>{}</dd></div><div><dt>Unit</dt><dd>{}</dd></div>"
        "<div><dt>Stage</dt><dd>{}</dd></div></dl>\n</article>\n",
        EscapeHtml(one.population), EscapeHtml(one.unit), EscapeHtml(one.stage));
  }
  out += "</div>\n</section>\n";
}

}  // namespace

std::string RenderHtml(const Card& card) {
  const Document document = BuildDocument(card);
  std::string out;
  AppendHead(document, out);
  AppendTop(document, out);
  out += "<main id=\"main\">\n";
  for (const Section& section : document.sections) {
    out +=
        fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-h\">\n<h2 id=\"{0}-h\">{1}</h2>\n",
                    section.id, EscapeHtml(section.title));
    for (const Block& block : section.blocks) AppendBlock(block, out);
    out += "</section>\n";
  }
  AppendDefinitions(out);
  out +=
      "</main>\n<footer>\n<p>Counts are of what the archive holds. Statements of publishers are "
      "given "
      "as observed; nothing here is legal advice.</p>\n</footer>\n</body>\n</html>\n";
  return out;
}

}  // namespace crawlcard::card
