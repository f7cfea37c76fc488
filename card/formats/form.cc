#include "card/formats/form.h"

#include <algorithm>

#include <fmt/format.h>

#include "card/dates.h"
#include "card/html_parts.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

constexpr std::string_view kBasisWords =
    "Basis of an answer: M measured, E estimated, O observed statement of a publisher, C "
    "configured, H stated by a person. Counts are of what the archive holds; nothing here is legal "
    "advice.";

std::string Heading(const FormItem& item) {
  return item.number.empty() ? item.label : item.number + " " + item.label;
}

std::size_t ShownRows(const FactTable& table, std::size_t rows_max) {
  return std::min(table.rows.size(), rows_max == 0 ? limits::kShownRowsMax : rows_max);
}

std::string MoreRowsWords(std::size_t shown, std::uint64_t all) {
  if (shown >= all) return "";
  return fmt::format("The first {} of {} rows.", FormatCount(shown), FormatCount(all));
}

bool IsForeign(const FactCell& cell) {
  const auto* text = std::get_if<FactText>(&cell);
  return text != nullptr && text->foreign;
}

// One line: an answer's line ends become spaces.
std::string OneLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::replace(text.begin(), text.end(), '\t', ' ');
  return text;
}

// A date by its day: tables of a form are for readers, and the facts have the seconds.
std::string TableWords(const FactCell& cell, FactUnit unit) {
  const auto* date = std::get_if<FactDate>(&cell);
  return date != nullptr ? FormatDay(date->at) : CellWords(cell, unit);
}

bool IsNumeric(const FactTable& table, std::size_t column) {
  return table.columns[column].unit != FactUnit::kNone ||
         std::any_of(table.rows.begin(), table.rows.end(), [&](const std::vector<FactCell>& row) {
           return std::holds_alternative<FactShare>(row[column]);
         });
}

// One row of a table, whose first cell heads it. Roles repeat what the elements mean: stacking them
// on narrow screens takes the meaning away. data-label names the column there.
void AppendHtmlRow(const FactTable& table, const std::vector<FactCell>& row, std::string& out) {
  out += "<tr role=\"row\">";
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const std::string words = TableWords(row[c], table.columns[c].unit);
    const std::string text = IsForeign(row[c])
                                 ? "<bdi class=\"foreign\">" + EscapeHtmlWrapping(words) + "</bdi>"
                                 : "<bdi>" + EscapeHtml(words) + "</bdi>";
    if (c == 0) {
      out += "<th role=\"rowheader\" scope=\"row\">" + text + "</th>";
      continue;
    }
    out += fmt::format("<td role=\"cell\"{} data-label=\"{}\">{}</td>",
                       IsNumeric(table, c)                        ? " class=\"n\""
                       : std::holds_alternative<FactDate>(row[c]) ? " class=\"d\""
                                                                  : "",
                       EscapeHtml(table.columns[c].title), text);
  }
  out += "</tr>\n";
}

void AppendHtmlTable(const FactTable& table, std::size_t rows_max, const std::string& caption,
                     std::string& out) {
  out += fmt::format(
      "<table role=\"table\" class=\"{}\">\n<caption><span class=\"sr\">{}</span></caption>\n"
      "<thead role=\"rowgroup\"><tr role=\"row\">",
      table.columns.size() > 3 ? "wide" : "small", EscapeHtml(caption));
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    out +=
        fmt::format("<th role=\"columnheader\" scope=\"col\"{}>{}</th>",
                    IsNumeric(table, c) ? " class=\"n\"" : "", EscapeHtml(table.columns[c].title));
  }
  out += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
  const std::size_t shown = ShownRows(table, rows_max);
  for (std::size_t i = 0; i < shown; ++i) AppendHtmlRow(table, table.rows[i], out);
  out += "</tbody>\n</table>\n";
  const std::string more = MoreRowsWords(shown, table.rows_all);
  if (!more.empty()) out += "<p class=\"note\">" + EscapeHtml(more) + "</p>\n";
}

}  // namespace

void AppendMarkdownTable(const FactTable& table, std::size_t rows_max, std::string& out) {
  for (const FactColumn& column : table.columns) out += "| " + MarkdownText(column.title) + " ";
  out += "|\n";
  for (const FactColumn& column : table.columns) {
    out += column.unit == FactUnit::kNone ? "| --- " : "| ---: ";
  }
  out += "|\n";
  const std::size_t shown = ShownRows(table, rows_max);
  for (std::size_t i = 0; i < shown; ++i) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const FactCell& cell = table.rows[i][c];
      const std::string words = OneLine(TableWords(cell, table.columns[c].unit));
      out += "| " + (IsForeign(cell) ? MarkdownCode(words) : MarkdownText(words)) + " ";
    }
    out += "|\n";
  }
  out += "\n";
  const std::string more = MoreRowsWords(shown, table.rows_all);
  if (!more.empty()) out += MarkdownText(more) + "\n\n";
}

void AppendFormSections(const Form& form, int level, std::string& out) {
  const std::string mark(static_cast<std::size_t>(level), '#');
  for (const FormSection& section : form.sections) {
    out += fmt::format("{} {}\n\n", mark, MarkdownText(section.title));
    for (const FormItem& item : section.items) {
      out += fmt::format("{}# {}\n\n", mark, MarkdownText(Heading(item)));
      for (const std::string& text : item.texts) out += MarkdownText(OneLine(text)) + "\n\n";
      if (item.texts.empty() && (item.table == nullptr || item.table->rows.empty())) {
        out += std::string(kNotProvided) + "\n\n";
      }
      if (item.table != nullptr && !item.table->rows.empty()) {
        AppendMarkdownTable(*item.table, item.rows_max, out);
      }
      if (!item.basis.empty()) out += "Basis: " + item.basis + "\n\n";
    }
  }
}

std::string FormMarkdown(const Form& form) {
  std::string out = "# " + MarkdownText(form.title) + "\n\n";
  for (const std::string& text : form.preface) out += MarkdownText(OneLine(text)) + "\n\n";
  AppendFormSections(form, 2, out);
  out += "---\n\n" + MarkdownText(kBasisWords) + "\n";
  return out;
}

std::string FormHtml(const Form& form) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n";
  out += "<title>" + EscapeHtml(form.title) + "</title>\n<style>\n";
  out += HtmlStyle();
  out += "</style>\n</head>\n<body>\n<header>\n<h1>" + EscapeHtml(form.title) + "</h1>\n";
  for (const std::string& text : form.preface) {
    out += "<p class=\"lead\">" + EscapeHtmlProse(OneLine(text)) + "</p>\n";
  }
  out += "</header>\n<main id=\"main\">\n";
  for (const FormSection& section : form.sections) {
    out += "<section>\n<h2>" + EscapeHtml(section.title) + "</h2>\n";
    for (const FormItem& item : section.items) {
      out += "<h3>" + EscapeHtml(Heading(item)) + "</h3>\n";
      for (const std::string& text : item.texts) {
        out += "<p>" + EscapeHtmlProse(OneLine(text)) + "</p>\n";
      }
      if (item.texts.empty() && (item.table == nullptr || item.table->rows.empty())) {
        out += fmt::format("<p>{}</p>\n", kNotProvided);
      }
      if (item.table != nullptr && !item.table->rows.empty()) {
        AppendHtmlTable(*item.table, item.rows_max, Heading(item), out);
      }
      if (!item.basis.empty()) out += "<p class=\"note\">Basis: " + item.basis + "</p>\n";
    }
    out += "</section>\n";
  }
  out += "</main>\n<footer>\n<p>" + EscapeHtml(kBasisWords) + "</p>\n</footer>\n</body>\n</html>\n";
  return out;
}

}  // namespace crawlcard::card
