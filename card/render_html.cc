#include "card/render_html.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/digest.h"
#include "card/definitions.h"
#include "card/document.h"
#include "card/html_parts.h"
#include "card/svg.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

std::string CellHtml(const Cell& cell) {
  std::string text = cell.kind == TextKind::kOwn ? EscapeHtml(cell.text)
                     : cell.kind == TextKind::kCode
                         ? "<code>" + EscapeHtmlWrapping(cell.text) + "</code>"
                         : "<bdi class=\"foreign\">" + EscapeHtmlWrapping(cell.text) + "</bdi>";
  if (cell.exact.empty()) return text;
  return fmt::format("<data value=\"{}\">{}</data>", cell.exact, text);
}

// Where the parts of a page get what they need beside the document.
struct Page {
  const Document& document;
  const Facts& facts;
  std::string out;
};

std::string Command(const Page& page, std::string_view fact) {
  return fmt::format("<code><span class=\"cmd\">{} </span>--fact {}</code>",
                     EscapeHtml(VisibleText(page.document.command, limits::kAnswerBytesMax)),
                     EscapeHtmlWrapping(fact));
}

// What a reader asks of a number: how it was counted, and how to count it again. `name` tells
// apart, for those who hear the page, what the same words on the page open.
void AppendHow(std::string_view name, std::string_view definition_id, std::string_view fact,
               Page& page) {
  const Definition* definition = FindDefinition(definition_id);
  if (definition == nullptr) return;
  page.out += fmt::format(
      "<details class=\"how\"><summary><abbr title=\"{}\">{}</abbr> <span class=\"word\">How "
      "counted</span><span class=\"sr\">: {}</span></summary>\n",
      BasisName(definition->basis), BasisLetter(definition->basis), EscapeHtml(name));
  page.out += fmt::format(
      "<p class=\"long\"><b>{}</b>, {}. {}</p>\n<p class=\"long\"><b>Population</b> {}. "
      "<b>Unit</b> {}. <b>Stage</b> {}.</p>\n",
      EscapeHtml(definition->title), BasisName(definition->basis), EscapeHtml(definition->text),
      EscapeHtml(definition->population), EscapeHtml(definition->unit),
      EscapeHtml(definition->stage));
  page.out += fmt::format("<p><b>Definition</b> <a href=\"#def-{}\">{}</a>.", definition->id,
                          EscapeHtml(definition->title));
  if (!fact.empty()) page.out += " <b>Again</b> " + Command(page, fact);
  page.out += "</p></details>\n";
}

// The same for the numbers of a paragraph, a line each.
void AppendFactsOf(const Paragraph& paragraph, Page& page) {
  if (paragraph.facts.empty()) return;
  page.out +=
      "<details class=\"how\"><summary><span class=\"word\">How these were counted</span>"
      "</summary>\n";
  for (const std::string_view id : paragraph.facts) {
    const Fact* fact = page.facts.Find(id);
    const Definition* definition = FindDefinition(fact->definition);
    page.out += fmt::format(
        "<p><abbr title=\"{}\">{}</abbr> <b>{}</b>: {}. <a href=\"#def-{}\">{}</a>. {}</p>\n",
        BasisName(fact->basis), BasisLetter(fact->basis), EscapeHtml(fact->title),
        EscapeHtml(page.facts.Words(id)), definition->id, EscapeHtml(definition->title),
        Command(page, id));
  }
  page.out += "</details>\n";
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
void AppendTable(const Table& table, std::string_view id, Page& page) {
  std::string& out = page.out;
  out += fmt::format("<div class=\"block\" id=\"{}\">\n", id);
  if (table.rows.empty()) {
    out += fmt::format("<div class=\"absent\"><h3>{}</h3><p>{}</p></div>\n",
                       EscapeHtml(table.caption), EscapeHtml(table.absence));
  } else {
    out += fmt::format(
        "<table role=\"table\" class=\"{1}\"{2} aria-labelledby=\"{0}-h\">\n"
        "<caption><h3 id=\"{0}-h\">{3}</h3></caption>\n",
        id, table.columns.size() > 3 ? "wide" : "small",
        table.fact.empty() ? "" : fmt::format(" data-fact=\"{}\"", table.fact),
        EscapeHtml(table.caption));
    out += "<thead role=\"rowgroup\"><tr role=\"row\">";
    for (const Column& column : table.columns) {
      out += fmt::format("<th role=\"columnheader\" scope=\"col\"{}>{}</th>",
                         column.numeric ? " class=\"n\"" : "", EscapeHtml(column.title));
    }
    out += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
    for (const std::vector<Cell>& row : table.rows) AppendRow(table, row, out);
    out += "</tbody>\n</table>\n";
    const std::string note = NoteOf(table, table.rows.size());
    if (!note.empty()) out += "<p class=\"note\">" + EscapeHtml(note) + "</p>\n";
  }
  AppendHow(table.caption, table.definition, table.fact, page);
  out += "</div>\n";
}

// A chart is a picture of the table with the id `table`.
void AppendFigure(const std::string& title, const std::string& svg, std::string_view table,
                  Page& page) {
  page.out += fmt::format(
      "<figure>\n<figcaption><h3>{}</h3><a href=\"#{}\">The numbers as a table</a></figcaption>\n"
      "{}</figure>\n",
      EscapeHtml(title), table, svg);
}

// What the colours of a chart mean, where it has more than one.
std::string KeyOf(const BarChart& chart) {
  struct Word {
    std::array<Tone, 2> tones;
    const char* name;
    const char* words;
  };
  constexpr std::array<Word, 3> kWords{{
      {{Tone::kGrant, Tone::kNeutral}, "grant", "allowed, or nothing said"},
      {{Tone::kRefusal, Tone::kRefusal}, "refusal", "refused"},
      {{Tone::kMixed, Tone::kMixed}, "mixed", "neither: conditions, conflict, not known"},
  }};
  std::string out;
  std::size_t shown = 0;
  for (const Word& word : kWords) {
    const bool has = std::ranges::any_of(chart.bars, [&](const Bar& bar) {
      return bar.value > 0 && std::ranges::find(word.tones, bar.tone) != word.tones.end();
    });
    if (!has) continue;
    ++shown;
    out += fmt::format("<span><i class=\"{}\"></i>{}</span>\n", word.name, word.words);
  }
  return shown < 2 ? "" : "<p class=\"key\">\n" + out + "</p>\n";
}

bool IsChart(const Block& block) {
  return std::holds_alternative<BarChart>(block) || std::holds_alternative<Timeline>(block);
}

void AppendSection(const Section& section, Page& page) {
  page.out +=
      fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-h\">\n<h2 id=\"{0}-h\">{1}</h2>\n",
                  section.id, EscapeHtml(section.title));
  std::size_t tables = 0;
  for (std::size_t i = 0; i < section.blocks.size(); ++i) {
    const Block& block = section.blocks[i];
    const std::string next = fmt::format("{}-table-{}", section.id, tables + 1);
    if (const auto* paragraph = std::get_if<Paragraph>(&block)) {
      page.out += "<div class=\"block\">\n<p>" + EscapeHtmlProse(paragraph->text) + "</p>\n";
      if (!paragraph->command.empty()) {
        page.out += "<p class=\"run\"><code>" + EscapeHtml(paragraph->command) + "</code></p>\n";
      }
      AppendFactsOf(*paragraph, page);
      page.out += "</div>\n";
    } else if (const auto* bars = std::get_if<BarChart>(&block)) {
      page.out += "<div class=\"pair\">\n";
      AppendFigure(bars->title, RenderBars(*bars) + KeyOf(*bars), next, page);
    } else if (const auto* line = std::get_if<Timeline>(&block)) {
      page.out += "<div class=\"pair\">\n";
      AppendFigure(line->title, RenderTimeline(*line), next, page);
    } else if (const auto* table = std::get_if<Table>(&block)) {
      AppendTable(*table, next, page);
      ++tables;
      if (i > 0 && IsChart(section.blocks[i - 1])) page.out += "</div>\n";
    }
  }
  page.out += "</section>\n";
}

std::string HashSource(std::string_view text) {
  return "'sha256-" + Base64(Sha256(text)) + "'";
}

void AppendHead(Page& page) {
  std::string& out = page.out;
  out += "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n";
  out += fmt::format(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; "
      "script-src {}; base-uri 'none'; form-action 'none'\">\n",
      HashSource(HtmlStyle()), HashSource(HtmlScript()));
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += "<meta name=\"referrer\" content=\"no-referrer\">\n";
  out += "<meta name=\"color-scheme\" content=\"light dark\">\n";
  out += "<meta name=\"generator\" content=\"crawlcard\">\n";
  out += "<title>" + EscapeHtml(page.document.title);
  if (!page.document.name.empty()) out += ": " + EscapeHtml(page.document.name);
  out += "</title>\n<style>";
  out += HtmlStyle();
  out += "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n";
}

void AppendTop(Page& page) {
  const Document& document = page.document;
  std::string& out = page.out;
  out += "<header>\n<div class=\"top\"><div>";
  if (!document.name.empty()) out += "<p class=\"kind\">" + EscapeHtml(document.title) + "</p>\n";
  out += "<h1><bdi>" + EscapeHtml(document.name.empty() ? document.title : document.name) +
         "</bdi></h1>\n<p class=\"lead\">" + EscapeHtmlProse(document.subtitle) +
         "</p></div></div>\n<dl class=\"figures\">\n";
  for (const Figure& figure : document.figures) {
    out += fmt::format("<div><dt>{}</dt><dd data-fact=\"{}\"><strong>{}</strong> <span>{}</span>\n",
                       EscapeHtml(figure.label), EscapeHtml(figure.fact),
                       EscapeHtmlProse(figure.value), EscapeHtmlProse(figure.detail));
    AppendHow(figure.label, figure.definition, figure.fact, page);
    out += "</dd></div>\n";
  }
  out += "</dl>\n</header>\n<div class=\"frame\">\n<nav aria-label=\"Contents\">\n<ol>\n";
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
  return RenderHtml(card, BuildFacts(card));
}

std::string RenderHtml(const Card& card, const Facts& facts) {
  const Document document = BuildDocument(card, facts);
  Page page{document, facts, {}};
  AppendHead(page);
  AppendTop(page);
  page.out += "<main id=\"main\" tabindex=\"-1\">\n";
  for (const Section& section : document.sections) AppendSection(section, page);
  AppendDefinitions(page.out);
  page.out +=
      "</main>\n</div>\n<footer>\n<p>Counts are of what the archive holds. Statements of "
      "publishers are given as observed; nothing here is legal advice.</p>\n</footer>\n<script>";
  page.out += HtmlScript();
  page.out += "</script>\n</body>\n</html>\n";
  return std::move(page.out);
}

}  // namespace crawlcard::card
