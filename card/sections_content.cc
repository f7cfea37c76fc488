// card/sections_content.cc - languages, media types, licences, the largest domains.
#include <algorithm>

#include <fmt/format.h>

#include "card/document.h"
#include "card/formats/language_codes.h"
#include "card/json_parts.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

std::string ValueText(std::uint64_t value, std::uint64_t whole) {
  return FormatCount(value) + " (" + FormatShare(value, whole) + ")";
}

void Describe(std::string_view unit, BarChart& chart) {
  if (chart.bars.empty()) return;
  chart.description =
      fmt::format("The {} most frequent by {}; first is {} with {}. The table has the numbers.",
                  chart.bars.size(), unit, chart.bars[0].label.text, chart.bars[0].value_text);
}

BarChart ChartOf(std::string id, std::string title, std::string_view unit, const ReachTable& table,
                 std::uint64_t whole) {
  BarChart chart{std::move(id), std::move(title), "", {}};
  for (const ReachTable::Row& row : table.Sorted()) {
    if (chart.bars.size() == limits::kBarsMax) break;
    chart.bars.push_back(
        {Foreign(row.key), row.reach->captures, ValueText(row.reach->captures, whole), {}});
  }
  Describe(unit, chart);
  return chart;
}

Table TableOf(std::string caption, std::string_view fact, std::string_view definition,
              std::string head, std::string unit, const ReachTable& rows, std::uint64_t whole) {
  Table table;
  table.caption = std::move(caption);
  table.fact = fact;
  table.definition = definition;
  table.columns = {{std::move(head), false}, {std::move(unit), true}, {"Share", true},
                   {"Hosts", true},          {"Payload", true},       {"Text", true}};
  table.absence = std::string(kNotApplicable) + ": nothing of this kind was captured.";
  for (const ReachTable::Row& row : rows.Sorted()) {
    if (Full(table)) break;
    table.rows.push_back({Foreign(row.key), Count(row.reach->captures),
                          Share(row.reach->captures, whole), Count(row.reach->hosts.count),
                          Bytes(row.reach->payload_bytes), Bytes(row.reach->text_bytes)});
  }
  table.rows_all = rows.size();
  if (rows.rest().captures > 0) {
    table.note = fmt::format("{} captures have other values, too many to list.",
                             FormatCount(rows.rest().captures));
  }
  return table;
}

std::string SourceWords(std::string_view source) {
  if (source == page::LanguageSourceName(page::LanguageSource::kArchive)) {
    return "annotation of the archive";
  }
  if (source == page::LanguageSourceName(page::LanguageSource::kSample)) {
    return "sample of the text (CLD2)";
  }
  if (source == page::LanguageSourceName(page::LanguageSource::kHtmlLang)) {
    return "lang attribute of html";
  }
  return std::string(kNotKnown);
}

Table LanguageSourceTable(const Tally& tally) {
  std::map<std::string, std::uint64_t> pages;
  for (const ReachTable::Row& row : tally.language_sources.Sorted()) {
    pages[SourceWords(row.key.substr(0, row.key.find(' ')))] += row.reach->captures;
  }
  Table table;
  table.caption = "Where the language was taken from";
  table.fact = "content.language_sources";
  table.definition = "languages";
  table.columns = {{"Source", false}, {"Pages", true}, {"Share", true}};
  table.absence = "No page.";
  for (const auto& [source, count] : pages) {
    table.rows.push_back({Own(source), Count(count), Share(count, tally.pages.captures)});
  }
  return table;
}

// Codes with their names; a code stays the text of a page's archive, so it is still foreign.
void NameLanguages(BarChart& chart, Table& table) {
  for (Bar& bar : chart.bars) bar.label.text = LanguageLabel(bar.label.text);
  Describe("pages", chart);
  for (std::vector<Cell>& row : table.rows) row[0].text = LanguageLabel(row[0].text);
}

Section LanguageSection(const Tally& tally) {
  const std::uint64_t whole = tally.pages.captures;
  Section section{"languages", "Languages", {}};
  BarChart chart =
      ChartOf("chart-languages", "Languages by pages", "pages", tally.languages, whole);
  Table table = TableOf("Languages of pages", "content.languages", "languages", "Language", "Pages",
                        tally.languages, whole);
  NameLanguages(chart, table);
  if (!chart.bars.empty()) section.blocks.emplace_back(std::move(chart));
  section.blocks.emplace_back(std::move(table));
  section.blocks.emplace_back(LanguageSourceTable(tally));
  return section;
}

Section TypeSection(const Tally& tally) {
  const std::uint64_t whole = CapturesIn(tally.media_types);
  Section section{"media-types", "Media types and encodings", {}};
  BarChart chart =
      ChartOf("chart-media-types", "Media types by captures", "captures", tally.media_types, whole);
  if (!chart.bars.empty()) section.blocks.emplace_back(std::move(chart));
  section.blocks.emplace_back(TableOf("Media types of captures with status 200",
                                      "content.media_types", "media-types", "Media type",
                                      "Captures", tally.media_types, whole));
  section.blocks.emplace_back(TableOf("Character encodings of pages", "content.charsets",
                                      "charsets", "Encoding", "Pages", tally.charsets,
                                      tally.pages.captures));
  return section;
}

// "page CC-BY-4.0" as two cells.
std::pair<std::string_view, std::string_view> SplitLicence(std::string_view key) {
  const std::size_t blank = key.find(' ');
  return {key.substr(0, blank), key.substr(std::min(blank, key.size() - 1) + 1)};
}

Section LicenceSection(const Tally& tally) {
  const std::uint64_t whole = tally.pages.captures;
  Section section{"licences", "Licence statements", {}};
  section.blocks.emplace_back(Paragraph{
      whole == 0 ? std::string("No page was captured that could state a licence.")
                 : fmt::format("{} pages ({}) state a licence for themselves; {} ({}) name some "
                               "licence at all. Pages that "
                               "name none are not thereby free to use.",
                               FormatCount(tally.pages_with_licence.captures),
                               FormatShare(tally.pages_with_licence.captures, whole),
                               FormatCount(tally.pages_with_any_licence.captures),
                               FormatShare(tally.pages_with_any_licence.captures, whole)),
      {"licences.page.count", "licences.any.count"}});
  BarChart chart{"chart-licences", "Licences that pages state for themselves", "", {}};
  Table table;
  table.caption = "Licence statements";
  table.fact = "licences.statements";
  table.definition = "licences";
  table.columns = {{"Licence", false}, {"Scope", false}, {"Pages", true},
                   {"Share", true},    {"Hosts", true},  {"Payload", true}};
  table.absence = whole == 0 ? "No page." : "No page names a licence.";
  for (const ReachTable::Row& row : tally.licences.Sorted()) {
    const auto [scope, id] = SplitLicence(row.key);
    const Reach& reach = *row.reach;
    if (!Full(table)) {
      table.rows.push_back({Foreign(id), Own(std::string(scope)), Count(reach.captures),
                            Share(reach.captures, whole), Count(reach.hosts.count),
                            Bytes(reach.payload_bytes)});
    }
    if (scope == "page" && chart.bars.size() < limits::kBarsMax) {
      chart.bars.push_back(
          {Foreign(id), reach.captures, ValueText(reach.captures, whole), Tone::kNeutral});
    }
  }
  table.rows_all = tally.licences.size();
  if (!chart.bars.empty()) {
    chart.description = fmt::format("First is {} with {} pages. The table has the numbers.",
                                    chart.bars[0].label.text, chart.bars[0].value_text);
    section.blocks.emplace_back(std::move(chart));
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

Section DomainSection(const Tally& tally) {
  const std::uint64_t whole = tally.captures.payload_bytes;
  const std::span<const DomainRow> rows = tally.domains.top();
  Section section{"domains", "Largest domains", {}};
  BarChart chart{"chart-domains", "Registrable domains by payload bytes", "", {}};
  std::uint64_t shown_bytes = 0;
  Table table;
  table.caption = "Registrable domains by payload bytes";
  table.fact = "domains.top";
  table.definition = "top-domains";
  table.columns = {{"Domain", false}, {"Payload", true}, {"Share", true},       {"Text", true},
                   {"Pages", true},   {"Hosts", true},   {"Usable pages", true}};
  table.absence = "No domain.";
  for (const DomainRow& row : rows) {
    if (Full(table)) break;
    shown_bytes += row.payload_bytes;
    if (chart.bars.size() < limits::kBarsMax) {
      chart.bars.push_back(
          {Foreign(row.domain), row.payload_bytes,
           FormatBytes(row.payload_bytes) + " (" + FormatShare(row.payload_bytes, whole) + ")",
           Tone::kNeutral});
    }
    table.rows.push_back(
        {Foreign(row.domain), Bytes(row.payload_bytes), Share(row.payload_bytes, whole),
         Bytes(row.text_bytes), Count(row.pages), Count(row.hosts.count),
         row.pages_judged == 0 ? Own(std::string(kNotApplicable)) : Count(row.pages_usable)});
  }
  table.rows_all = rows.size();
  section.blocks.emplace_back(Paragraph{
      table.rows.empty()
          ? std::string("No domain was captured.")
          : fmt::format("{} domains were captured. The {} largest hold {} of the payload bytes.",
                        FormatCount(tally.captures.domains.count), FormatCount(table.rows.size()),
                        FormatShare(shown_bytes, whole)),
      {"captures.domains", "domains.top"}});
  if (!chart.bars.empty()) {
    chart.description = fmt::format("The {} largest; first is {} with {}.", chart.bars.size(),
                                    chart.bars[0].label.text, chart.bars[0].value_text);
    section.blocks.emplace_back(std::move(chart));
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace

std::vector<Section> ContentSections(const Card& card) {
  return {LanguageSection(card.tally), TypeSection(card.tally), LicenceSection(card.tally),
          DomainSection(card.tally)};
}

}  // namespace crawlcard::card
