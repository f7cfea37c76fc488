// Differences and contradictions as JSON lines.
#include "index/diff.h"
#include "index/verdict_json.h"

namespace crawlcard::index {
namespace {

void WriteWeight(std::uint64_t pages, std::uint64_t bytes, JsonWriter& json) {
  json.Member("pages", pages);
  json.Member("bytes", bytes);
}

std::string_view EffectName(int stricter) {
  return stricter > 0 ? "stricter" : stricter < 0 ? "looser" : "either";
}

void WriteSignalDiff(const SignalDiff& signal, JsonWriter& json) {
  json.BeginObject();
  json.Member("origin", signal.origin);
  json.Member("file", signal.file);
  json.Member("family", robots::FamilyName(signal.family));
  json.Key("agent").StringOrNull(signal.agent);
  json.Key("operator").StringOrNull(signal.operator_name);
  json.Member("change", SignalChangeName(signal.change));
  json.Member("effect", EffectName(signal.stricter));
  json.Key("lines").BeginArray();
  for (const ChangedLine& line : signal.lines) {
    json.BeginObject();
    json.Member("line", line.text);
    json.Key("path").StringOrNull(line.path);
    json.Key("use").StringOrNull(robots::AxisName(line.use));
    json.Member("effect", EffectName(line.stricter));
    json.EndObject();
  }
  json.EndArray();
  json.Member("cut", signal.cut);
  json.EndObject();
}

void Begin(std::string_view schema, std::string_view kind, JsonWriter& json) {
  json.BeginObject();
  json.Member("schema", schema);
  json.Member("kind", kind);
}

void WriteSides(const DiffOptions& options, JsonWriter& json) {
  json.Member("from", options.from.name);
  json.Member("to", options.to.name);
  json.Member("dialect", robots::DialectName(options.dialect));
  if (options.known_by) json.Member("known_by", FormatRfc3339(*options.known_by));
}

void WriteQuestion(const ContradictionOptions& options, JsonWriter& json) {
  json.Key("as_of");
  if (options.as_of) {
    json.String(FormatRfc3339(*options.as_of));
  } else {
    json.Null();
  }
  json.Member("dialect", robots::DialectName(options.dialect));
  if (options.known_by) json.Member("known_by", FormatRfc3339(*options.known_by));
}

}  // namespace

void WriteHostDiff(const HostDiff& host, const DiffOptions& options, JsonWriter& json) {
  Begin("crawlcard.diff.v1", "host", json);
  WriteSides(options, json);
  json.Member("host", host.host);
  json.Member("domain", host.domain);
  WriteWeight(host.pages, host.bytes, json);
  json.Key("signals").BeginArray();
  for (const SignalDiff& signal : host.signals) WriteSignalDiff(signal, json);
  json.EndArray();
  json.EndObject();
}

void WriteDiffSummary(const DiffSummary& summary, const DiffOptions& options, JsonWriter& json) {
  Begin("crawlcard.diff.v1", "summary", json);
  WriteSides(options, json);
  json.Member("files_compared", summary.files_compared);
  json.Member("files_new", summary.files_new);
  json.Member("files_unknown", summary.files_unknown);
  json.Member("hosts_changed", summary.hosts_changed);
  json.Member("domains_changed", summary.domains_changed);
  WriteWeight(summary.pages, summary.bytes, json);
  json.Key("totals").BeginArray();
  for (const DiffTotal& total : summary.totals) {
    json.BeginObject();
    json.Member("family", robots::FamilyName(total.family));
    json.Key("agent").StringOrNull(total.agent);
    json.Key("operator").StringOrNull(total.operator_name);
    json.Member("change", SignalChangeName(total.change));
    json.Member("hosts", total.hosts);
    json.Member("domains", total.domains);
    WriteWeight(total.pages, total.bytes, json);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

void WriteContradictions(const OriginContradictions& origin, const ContradictionOptions& options,
                         JsonWriter& json) {
  Begin("crawlcard.contradictions.v1", "origin", json);
  WriteQuestion(options, json);
  json.Member("origin", origin.origin);
  json.Member("host", origin.host);
  json.Member("domain", origin.domain);
  WriteWeight(origin.pages, origin.bytes, json);
  json.Key("contradictions").BeginArray();
  for (const Contradiction& one : origin.contradictions) {
    json.BeginObject();
    json.Member("use", robots::AxisName(one.use));
    json.Member("agent", one.agent);
    json.Key("denies");
    WriteReason(one.denies, json);
    json.Key("allows");
    WriteReason(one.allows, json);
    json.Member("decision", robots::DecisionName(one.decision));
    json.Key("clause").StringOrNull(one.clause);
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

void WriteContradictionSummary(const ContradictionSummary& summary,
                               const ContradictionOptions& options, JsonWriter& json) {
  Begin("crawlcard.contradictions.v1", "summary", json);
  WriteQuestion(options, json);
  json.Member("origins", summary.origins);
  json.Member("origins_contradictory", summary.origins_contradictory);
  WriteWeight(summary.pages, summary.bytes, json);
  json.EndObject();
}

}  // namespace crawlcard::index
