// card/check/report.cc - what CheckForms() found, for people and machines.
#include <fmt/format.h>

#include "base/json_writer.h"
#include "card/check/check_forms.h"
#include "card/text.h"

namespace crawlcard::card {

std::string ConsistencyText(const Consistency& consistency) {
  std::string out;
  for (const CheckedFile& file : consistency.files) {
    out += fmt::format("{:<20} {} figures by fact, {} by row, {} by value\n", file.name,
                       FormatCount(file.by_fact), FormatCount(file.by_row),
                       FormatCount(file.by_value));
  }
  for (const std::string& name : consistency.missing) out += fmt::format("{:<20} missing\n", name);
  for (const Difference& one : consistency.differences) {
    out += fmt::format("DIFFERS {}: says {}", one.file, one.said);
    if (!one.fact.empty()) out += fmt::format(" for {}, which is {}", one.fact, one.wanted);
    out += fmt::format("; in: {}\n", one.where);
  }
  return out + (consistency.differences.empty()
                    ? std::string("all state the same figures\n")
                    : FormatNoun(consistency.differences.size(), "difference") + "\n");
}

std::string ConsistencyJson(const Consistency& consistency) {
  std::string out;
  JsonWriter json(out, 2);
  json.BeginObject().Member("schema", "crawlcard.card-check.v1");
  json.Member("consistent", consistency.differences.empty());
  json.Key("files").BeginArray();
  for (const CheckedFile& file : consistency.files) {
    json.BeginObject().Member("name", file.name).Member("by_fact", file.by_fact);
    json.Member("by_row", file.by_row).Member("by_value", file.by_value).EndObject();
  }
  json.EndArray().Key("missing").BeginArray();
  for (const std::string& name : consistency.missing) json.String(name);
  json.EndArray().Key("differences").BeginArray();
  for (const Difference& one : consistency.differences) {
    json.BeginObject().Member("file", one.file).Member("where", one.where);
    json.Member("said", one.said).Key("fact").StringOrNull(one.fact);
    json.Key("wanted").StringOrNull(one.wanted).EndObject();
  }
  json.EndArray().EndObject();
  return NeutraliseJson(out) + "\n";
}

}  // namespace crawlcard::card
