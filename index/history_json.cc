// A run of a history as a line: docs/schemas/history.v1.schema.json.

#include "index/history.h"
#include "index/verdict_json.h"

namespace crawlcard::index {
namespace {

void WriteTold(std::string_view name, const std::optional<robots::PreferenceChange::Told>& told,
               JsonWriter& json) {
  json.Key(name);
  if (!told) {
    json.Null();
    return;
  }
  json.BeginObject();
  json.Member("value", told->value);
  json.Key("says").StringOrNull(robots::SaysName(told->says));
  json.EndObject();
}

void WriteRule(const robots::RuleChange& rule, JsonWriter& json) {
  json.BeginObject();
  json.Member("rule", rule.rule);
  json.Member("gone", rule.gone);
  json.Key("path").StringOrNull(rule.path);
  const bool asked = !rule.path.empty();
  json.Key("before").StringOrNull(!asked ? "" : rule.allowed_before ? "allow" : "disallow");
  json.Key("after").StringOrNull(!asked ? "" : rule.allowed_after ? "allow" : "disallow");
  json.EndObject();
}

void WriteDelay(std::string_view name, const std::optional<std::string>& delay, JsonWriter& json) {
  json.Key(name);
  if (delay) {
    json.String(*delay);
  } else {
    json.Null();
  }
}

void WriteAgents(const robots::AgentChange& change, JsonWriter& json) {
  json.BeginObject();
  json.Key("agents").BeginArray();
  for (const std::string& agent : change.agents) json.String(agent);
  json.EndArray();
  json.Member("named_before", change.named_before);
  json.Member("named_after", change.named_after);
  json.Key("rules").BeginArray();
  for (const robots::RuleChange& rule : change.rules) WriteRule(rule, json);
  json.EndArray();
  json.Key("preferences").BeginArray();
  for (const robots::PreferenceChange& one : change.preferences) {
    json.BeginObject();
    json.Member("family", robots::FamilyName(one.family));
    json.Member("key", one.key);
    json.Key("use").StringOrNull(robots::AxisName(one.use));
    json.Member("path", one.path);
    WriteTold("before", one.before, json);
    WriteTold("after", one.after, json);
    json.EndObject();
  }
  json.EndArray();
  WriteDelay("crawl_delay_before", change.delay_before, json);
  WriteDelay("crawl_delay_after", change.delay_after, json);
  json.EndObject();
}

void WriteStatement(const robots::StatementChange& change, JsonWriter& json) {
  json.BeginObject();
  json.Member("gone", change.gone);
  json.Member("family", robots::FamilyName(change.family));
  json.Key("agent").StringOrNull(change.agent);
  json.Key("scope").StringOrNull(change.scope);
  json.Member("key", change.key);
  json.Member("value", change.value);
  json.Key("use").StringOrNull(robots::AxisName(change.use));
  json.Key("says").StringOrNull(robots::SaysName(change.says));
  json.EndObject();
}

void WriteChange(const HistoryRun& run, JsonWriter& json) {
  json.Key("change");
  if (!run.change) {
    json.Null();
    return;
  }
  const HistoryChange& change = *run.change;
  json.BeginObject();
  json.Member("state_before", robots::FetchStateName(change.state_before));
  json.Key("body").StringOrNull(change.body ? robots::ChangedName(change.body->changed) : "");
  json.Key("agents").BeginArray();
  if (change.body) {
    for (const robots::AgentChange& agent : change.body->agents) WriteAgents(agent, json);
  }
  json.EndArray();
  json.Key("statements").BeginArray();
  if (change.body) {
    for (const robots::StatementChange& one : change.body->statements) WriteStatement(one, json);
  }
  json.EndArray();
  json.Member("cut", change.body && change.body->cut);
  json.EndObject();
}

void WriteBody(const HistoryBody& body, JsonWriter& json) {
  json.BeginObject();
  json.Member("digest", body.evidence.digest);
  json.Member("differs", robots::ChangedName(body.differs));
  json.Key("from");
  WriteDate(body.from, json);
  json.Key("last_seen");
  WriteDate(body.last_seen, json);
  json.Member("observations", body.observations);
  json.Key("warc");
  WritePointer(body.evidence, json);
  json.EndObject();
}

}  // namespace

void WriteHistoryRun(const HistoryRun& run, const HistoryOptions& options, JsonWriter& json) {
  json.BeginObject();
  json.Member("schema", "crawlcard.history.v1");
  json.Member("origin", run.origin);
  json.Member("file", robots::WellKnownName(run.file));
  json.Member("dialect", robots::DialectName(options.dialect));
  json.Key("agents").BeginArray();
  for (const std::string& agent : options.agents) json.String(agent);
  json.EndArray();
  if (options.timeline.as_of) json.Member("as_of", FormatRfc3339(*options.timeline.as_of));
  if (options.timeline.known_by) json.Member("known_by", FormatRfc3339(*options.timeline.known_by));
  json.Member("state", robots::FetchStateName(run.state));
  json.Key("from");
  WriteDate(run.from, json);
  json.Key("last_seen");
  WriteDate(run.last_seen, json);
  json.Member("observations", run.observations);
  json.Member("unchanged", run.unchanged);
  json.Key("warc");
  WritePointer(run.evidence, json);
  json.Key("bodies").BeginArray();
  for (const HistoryBody& body : run.bodies) WriteBody(body, json);
  json.EndArray();
  WriteChange(run, json);
  json.EndObject();
}

}  // namespace crawlcard::index
