#include "card/render_json.h"

#include "base/json_writer.h"
#include "card/dates.h"
#include "card/definitions.h"
#include "card/facts.h"
#include "card/json_parts.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

void WriteTool(const Card& card, JsonWriter& json) {
  json.Key("tool").BeginObject();
  json.Member("name", "crawlcard").Member("version", card.run.tool_version);
  json.EndObject();
  json.Key("date").BeginObject();
  WriteDate("value", card.date, json);
  json.Key("basis");
  if (!card.date) {
    json.Null();
  } else {
    json.String(card.date_given ? "given" : "latest-capture");
  }
  json.EndObject();
}

void WriteRun(const Card& card, JsonWriter& json) {
  const index::JudgeOptions& judge = card.run.judge;
  json.Key("run").BeginObject();
  json.Member("judged", card.tally.verdicts.judged());
  json.Member("policy", judge.policy.Id());
  json.Member("use", robots::AxisName(judge.use));
  json.Key("agents").BeginArray();
  for (const std::string& agent : judge.agents) json.String(agent);
  json.EndArray();
  json.Member("dialect", robots::DialectName(judge.dialect));
  json.Key("as_of").String(judge.as_of.kind == index::AsOf::Kind::kCapture
                               ? "capture"
                               : FormatRfc3339(judge.as_of.instant));
  json.Key("public_suffix_list").StringOrNull(card.run.public_suffix_list);
  json.Key("options").BeginObject();
  for (const auto& [name, value] : card.run.options) json.Member(name, value);
  json.EndObject().EndObject();
}

void WriteCountMap(std::string_view key, const std::map<std::string, std::uint64_t>& counts,
                   JsonWriter& json) {
  json.Key(key).BeginObject();
  for (const auto& [name, count] : counts) json.Member(name, count);
  json.EndObject();
}

void WriteInputs(const InputSummary& inputs, JsonWriter& json) {
  json.Key("inputs").BeginObject();
  json.Member("files", inputs.files).Member("bytes", inputs.bytes);
  json.Member("whole", inputs.whole).Member("unsealed", inputs.unsealed);
  json.Member("records", inputs.records).Member("captures", inputs.captures);
  json.Member("inflated_bytes", inputs.inflated_bytes);
  json.Member("damaged_units", inputs.damaged_units);
  json.Member("digest", inputs.digest);
  WriteCountMap("errors", inputs.errors, json);
  WriteCountMap("notes", inputs.notes, json);
  json.Member("not_whole_count", inputs.not_whole_count);
  json.Key("not_whole").BeginArray();
  for (const DamagedFile& file : inputs.not_whole) {
    json.BeginObject().Member("name", file.name).Member("bytes", file.bytes);
    json.Member("damaged_units", file.damaged).Member("sealed", file.sealed).EndObject();
  }
  json.EndArray();
  json.Key("snapshots").BeginArray();
  for (const auto& [id, count] : inputs.snapshots) {
    json.BeginObject().Key("id").StringOrNull(id);
    json.Member("files", count.files).Member("bytes", count.bytes).EndObject();
  }
  json.EndArray();
  json.Key("warcinfo").BeginArray();
  for (const WarcinfoField& field : inputs.warcinfo) {
    json.BeginObject().Member("field", field.name).Key("values").BeginArray();
    for (const auto& [value, files] : field.values) {
      json.BeginObject().Member("value", value).Member("files", files).EndObject();
    }
    json.EndArray().Member("more", field.more).EndObject();
  }
  json.EndArray().EndObject();
}

void WriteFigures(const Tally& tally, JsonWriter& json) {
  json.Key("figures").BeginObject();
  json.Key("captures");
  WriteReach(tally.captures, json);
  json.Key("pages");
  WriteReach(tally.pages, json);
  json.Member("urls", tally.urls.count).Member("page_urls", tally.page_urls.count);
  json.Member("record_bytes", tally.record_bytes);
  json.Member("shared_unit_captures", tally.shared_unit_captures);
  WriteDate("first_capture", tally.first, json);
  WriteDate("last_capture", tally.last, json);
  json.Member("undated", tally.undated);
  json.Key("record_types").BeginObject();
  for (std::size_t i = 0; i < kRecordTypeCount; ++i) {
    if (tally.record_types[i] == 0) continue;
    json.Member(warc::RecordTypeName(static_cast<warc::RecordType>(1U << i)),
                tally.record_types[i]);
  }
  json.EndObject().Key("status_classes").BeginObject();
  for (std::size_t i = 0; i < kStatusClassCount; ++i) {
    json.Member(StatusClassName(i), tally.status_classes[i]);
  }
  json.EndObject().Key("months").BeginArray();
  for (const auto& [month, count] : tally.months) {
    json.BeginObject().Member("month", FormatMonth(month)).Member("captures", count.captures);
    json.Member("pages", count.pages).Member("payload_bytes", count.payload_bytes).EndObject();
  }
  json.EndArray().EndObject();
}

void WriteContent(const Tally& tally, JsonWriter& json) {
  WriteTable("languages", "code", tally.languages, tally.pages.captures, json);
  WritePairTable("language_sources", "source", "code", tally.language_sources, tally.pages.captures,
                 json);
  const std::uint64_t fetched = CapturesIn(tally.media_types);
  WriteTable("media_types", "type", tally.media_types, fetched, json);
  WriteTable("charsets", "name", tally.charsets, tally.pages.captures, json);
  json.Key("licences").BeginObject();
  json.Key("pages_with_page_licence");
  WriteReach(tally.pages_with_licence, json);
  json.Key("pages_with_any_licence");
  WriteReach(tally.pages_with_any_licence, json);
  WritePairTable("statements", "scope", "id", tally.licences, tally.pages.captures, json);
  json.EndObject();
  WriteTable("truncated", "reason", tally.truncated, tally.captures.captures, json);
  WriteTable("notes", "note", tally.notes, tally.captures.captures, json);
}

void WritePageSignals(const Tally& tally, JsonWriter& json) {
  const std::uint64_t whole = tally.pages.captures;
  json.Key("page_signals").BeginObject();
  json.Key("pages_with_statement");
  WriteReach(tally.pages_with_statement, json);
  json.Key("families").BeginArray();
  for (const auto& [said, reach] : tally.families) {
    json.BeginObject().Member("family", robots::FamilyName(said.first));
    json.Member("says", robots::SaysName(said.second));
    WriteReachMembers(reach, whole, json);
    json.EndObject();
  }
  json.EndArray().Key("statements").BeginArray();
  for (const auto& [one, reach] : tally.statements) {
    json.BeginObject().Member("family", robots::FamilyName(one.family));
    json.Member("carrier", robots::CarrierName(one.carrier));
    json.Key("use").StringOrNull(robots::AxisName(one.use));
    json.Member("says", robots::SaysName(one.says));
    WriteReachMembers(reach, whole, json);
    json.EndObject();
  }
  json.EndArray().EndObject();
}

void WriteDomains(const Tally& tally, JsonWriter& json) {
  json.Key("top_domains").BeginObject();
  json.Member("domains", tally.captures.domains.count);
  json.Member("listed", tally.domains.top().size());
  json.Member("order", "payload_bytes descending, then domain ascending");
  json.Key("rows").BeginArray();
  for (const DomainRow& row : tally.domains.top()) {
    json.BeginObject().Member("domain", row.domain).Member("captures", row.captures);
    json.Member("pages", row.pages).Member("hosts", row.hosts.count);
    json.Member("payload_bytes", row.payload_bytes).Member("text_bytes", row.text_bytes);
    json.Member("pages_judged", row.pages_judged).Member("pages_usable", row.pages_usable);
    WriteDate("first_seen", row.first, json);
    WriteDate("last_seen", row.last, json);
    json.EndObject();
  }
  json.EndArray().EndObject();
}

void WriteFacts(const Facts& facts, JsonWriter& json) {
  json.Key("not_provided").BeginArray();
  for (const Fact& fact : facts.all()) {
    const FactCell* cell = fact.cell();
    if (fact.basis != Basis::kHuman || cell == nullptr) continue;
    if (std::holds_alternative<Absence>(*cell)) json.String(fact.title);
  }
  json.EndArray();
  json.Member("facts_digest", "sha256:" + facts.digest());
  json.Key("facts").BeginArray();
  for (const Fact& fact : facts.all()) WriteFact(facts, fact, json);
  json.EndArray();
}

void WriteDefinitions(JsonWriter& json) {
  json.Key("definitions").BeginObject();
  for (const Definition& one : Definitions()) {
    json.Key(one.id).BeginObject();
    json.Member("title", one.title).Member("basis", BasisLetter(one.basis));
    json.Member("population", one.population).Member("unit", one.unit);
    json.Member("stage", one.stage).Member("text", one.text);
    json.EndObject();
  }
  json.EndObject();
}

}  // namespace

std::string RenderJson(const Card& card) {
  std::string out;
  JsonWriter json(out, 1);
  json.BeginObject();
  json.Member("schema", "crawlcard.card.v1");
  WriteTool(card, json);
  WriteRun(card, json);
  WriteInputs(card.inputs, json);
  WriteFigures(card.tally, json);
  WriteContent(card.tally, json);
  WritePageSignals(card.tally, json);
  WriteHostFiles(card.tally.hosts, json);
  WriteAgents(card.tally.hosts, json);
  WriteVerdicts(card, json);
  WriteDomains(card.tally, json);
  WriteFacts(BuildFacts(card), json);
  WriteDefinitions(json);
  json.EndObject();
  return NeutraliseJson(out) + "\n";
}

}  // namespace crawlcard::card
