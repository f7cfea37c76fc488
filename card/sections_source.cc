// card/sections_source.cc - what was read, when it was captured, what answers were met.
#include <array>

#include <fmt/format.h>

#include "card/dates.h"
#include "card/document.h"
#include "card/json_parts.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

Table FilesTable(const InputSummary& inputs) {
  Table table;
  table.caption = "Archive files by snapshot";
  table.fact = "inputs.snapshots";
  table.definition = "files";
  table.columns = {{"Snapshot", false}, {"Files", true}, {"Size", true}};
  table.absence = "No file was read.";
  for (const auto& [id, count] : inputs.snapshots) {
    if (Full(table)) break;
    table.rows.push_back({Foreign(id), Count(count.files), Bytes(count.bytes)});
  }
  table.rows_all = inputs.snapshots.size();
  return table;
}

Table WarcinfoTable(const InputSummary& inputs) {
  Table table;
  table.caption = "What the archive says of its crawler (warcinfo records)";
  table.fact = "inputs.warcinfo";
  table.definition = "warcinfo";
  table.columns = {{"Field", false}, {"Value", false}, {"Files", true}};
  for (const WarcinfoField& field : inputs.warcinfo) {
    std::size_t shown = 0;
    for (const auto& [value, files] : field.values) {
      if (shown++ == 5) break;
      table.rows.push_back({Own(field.name), Foreign(value), Count(files)});
    }
    if (field.values.empty()) table.rows.push_back({Own(field.name), Foreign(""), Count(0)});
  }
  return table;
}

Table DamageTable(const InputSummary& inputs) {
  Table table;
  table.caption = "Files not read whole";
  table.fact = "inputs.not_whole";
  table.definition = "files";
  table.columns = {{"File", false}, {"Size", true}, {"Damaged units", true}, {"State", false}};
  table.absence = inputs.files == 0 ? "No file was read." : "None: every file was read whole.";
  for (const DamagedFile& file : inputs.not_whole) {
    if (Full(table)) break;
    table.rows.push_back({Foreign(file.name), Bytes(file.bytes), Count(file.damaged),
                          Own(file.sealed ? "read past the damage" : "not finished, not counted")});
  }
  table.rows_all = inputs.not_whole_count;
  return table;
}

// "12.3 MB (12,345,678 bytes)"; small sizes are exact as they are.
std::string ExactBytes(std::uint64_t bytes) {
  const std::string text = FormatBytes(bytes);
  return bytes < 1000 ? text : text + " (" + FormatNoun(bytes, "byte") + ")";
}

Section InputSection(const Card& card) {
  const InputSummary& inputs = card.inputs;
  Section section{"input", "What was read", {}};
  section.blocks.emplace_back(Paragraph{
      fmt::format("{} of together {} with {}. Read whole: {}. Units in them that could "
                  "not be read: {}; they are "
                  "missing from every count below.",
                  FormatNoun(inputs.files, "archive file"), ExactBytes(inputs.bytes),
                  FormatNoun(inputs.records, "record"), FormatCount(inputs.whole),
                  FormatCount(inputs.damaged_units)),
      {"inputs.files", "inputs.bytes", "inputs.records", "inputs.whole", "inputs.damaged_units"}});
  section.blocks.emplace_back(FilesTable(inputs));
  section.blocks.emplace_back(WarcinfoTable(inputs));
  section.blocks.emplace_back(DamageTable(inputs));
  if (inputs.errors.empty()) return section;
  Table errors;
  errors.caption = "Damage by kind";
  errors.fact = "inputs.errors";
  errors.definition = "files";
  errors.columns = {{"Kind", false}, {"Units", true}};
  for (const auto& [kind, count] : inputs.errors)
    errors.rows.push_back({Foreign(kind), Count(count)});
  section.blocks.emplace_back(std::move(errors));
  return section;
}

// Every month from the first to the last, or every year where that is too long.
Timeline CaptureTimeline(const Tally& tally) {
  Timeline line{"captures-over-time", "", "", {}};
  if (tally.months.empty()) return line;
  const int first = tally.months.begin()->first;
  const int last = tally.months.rbegin()->first;
  const bool by_year = static_cast<std::size_t>(last - first) >= limits::kTimelineColumnsMax;
  line.title = by_year ? "Captures by year" : "Captures by month";
  std::uint64_t most = 0;
  std::string most_label;
  const int step = by_year ? 12 : 1;
  for (int at = by_year ? first / 12 * 12 : first; at <= last; at += step) {
    Timeline::Point point{by_year ? std::to_string(at / 12) : FormatMonth(at), 0};
    for (auto it = tally.months.lower_bound(at); it != tally.months.end() && it->first < at + step;
         ++it) {
      point.value += it->second.captures;
    }
    if (point.value > most) {
      most = point.value;
      most_label = point.label;
    }
    line.points.push_back(std::move(point));
  }
  line.description =
      fmt::format("From {} to {}; most in {} with {} captures.", line.points.front().label,
                  line.points.back().label, most_label, FormatCount(most));
  return line;
}

Section TimeSection(const Tally& tally) {
  Section section{"time", "When it was captured", {}};
  section.blocks.emplace_back(Paragraph{
      tally.first && tally.last
          ? fmt::format(
                "First capture {}, last capture {} (UTC). Captures without a usable date: {}.",
                FormatRfc3339(*tally.first), FormatRfc3339(*tally.last), FormatCount(tally.undated))
          : std::string("No capture carries a usable date: the period is not known."),
      {"dates.first", "dates.last", "dates.undated"}});
  Timeline line = CaptureTimeline(tally);
  if (!line.points.empty()) section.blocks.emplace_back(std::move(line));
  Table table;
  table.caption = "Captures, pages and payload by month";
  table.fact = "dates.months";
  table.definition = "dates";
  table.columns = {{"Month", false}, {"Captures", true}, {"Pages", true}, {"Payload", true}};
  table.absence = std::string(kNotKnown);
  // The latest months: a card is read for how recent its data is.
  for (auto it = tally.months.rbegin(); it != tally.months.rend(); ++it) {
    if (Full(table)) break;
    table.rows.push_back({Own(FormatMonth(it->first)), Count(it->second.captures),
                          Count(it->second.pages), Bytes(it->second.payload_bytes)});
  }
  table.rows_all = tally.months.size();
  section.blocks.emplace_back(std::move(table));
  return section;
}

Section AnswerSection(const Tally& tally) {
  Section section{"answers", "Records and answers", {}};
  Table table;
  table.caption = "Captures by record type and HTTP status";
  table.fact = "captures.status_classes";
  table.definition = "status";
  table.columns = {{"Kind", false}, {"Captures", true}, {"Share", true}};
  table.absence = "No capture.";
  const std::uint64_t whole = tally.captures.captures;
  for (std::size_t i = 0; i < kRecordTypeCount; ++i) {
    if (tally.record_types[i] == 0) continue;
    const auto type = static_cast<warc::RecordType>(1U << i);
    table.rows.push_back({Own("record type " + std::string(warc::RecordTypeName(type))),
                          Count(tally.record_types[i]), Share(tally.record_types[i], whole)});
  }
  for (std::size_t i = 0; i < kStatusClassCount; ++i) {
    if (tally.status_classes[i] == 0) continue;
    table.rows.push_back({Own("status " + std::string(StatusClassName(i))),
                          Count(tally.status_classes[i]), Share(tally.status_classes[i], whole)});
  }
  section.blocks.emplace_back(std::move(table));
  Table cut;
  cut.caption = "Payloads that the archive cut";
  cut.fact = "captures.truncated";
  cut.definition = "payload-bytes";
  cut.columns = {{"Reason (WARC-Truncated)", false}, {"Captures", true}, {"Share", true}};
  cut.absence = whole == 0 ? "No capture." : "None.";
  for (const ReachTable::Row& row : tally.truncated.Sorted()) {
    if (Full(cut)) break;
    cut.rows.push_back(
        {Foreign(row.key), Count(row.reach->captures), Share(row.reach->captures, whole)});
  }
  cut.rows_all = tally.truncated.size();
  section.blocks.emplace_back(std::move(cut));
  return section;
}

}  // namespace

std::vector<Section> SourceSections(const Card& card) {
  return {InputSection(card), TimeSection(card.tally), AnswerSection(card.tally)};
}

}  // namespace crawlcard::card
