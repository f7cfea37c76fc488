#include "index/verdict_json.h"

#include "robots/agents.h"

namespace crawlcard::index {
namespace {

void WriteTexts(const std::vector<std::string>& texts, JsonWriter& json) {
  json.BeginArray();
  for (const std::string& text : texts) json.String(text);
  json.EndArray();
}

void WriteReasons(const std::vector<robots::Reason>& reasons, JsonWriter& json) {
  json.BeginArray();
  for (const robots::Reason& reason : reasons) WriteReason(reason, json);
  json.EndArray();
}

void WriteCoverage(const std::vector<robots::Coverage>& coverage, JsonWriter& json) {
  json.BeginArray();
  for (const robots::Coverage& entry : coverage) {
    json.BeginObject();
    json.Member("carrier", entry.carrier);
    json.Member("state", entry.state);
    if (entry.date) {
      json.Key("date");
      WriteDate(*entry.date, json);
    }
    if (entry.evidence) {
      json.Key("warc");
      WritePointer(*entry.evidence, json);
    }
    json.EndObject();
  }
  json.EndArray();
}

void WriteCapture(const std::optional<robots::Evidence>& capture, JsonWriter& json) {
  if (!capture) {
    json.Null();
    return;
  }
  json.BeginObject();
  json.Member("file", capture->file);
  json.Member("offset", capture->offset);
  json.Member("length", capture->length);
  if (capture->inner_offset != 0) json.Member("inner_offset", capture->inner_offset);
  json.Key("record_id").StringOrNull(capture->record_id);
  json.Key("digest").StringOrNull(capture->digest);
  json.Key("date");
  WriteDate(capture->date, json);
  json.EndObject();
}

void WriteOperators(const std::vector<robots::OperatorDecision>& operators, JsonWriter& json) {
  json.BeginArray();
  for (const robots::OperatorDecision& entry : operators) {
    json.BeginObject();
    json.Member("operator", entry.operator_name);
    json.Member("agent", entry.agent);
    json.Member("status", robots::AgentStatusName(entry.status));
    json.Member("decision", robots::DecisionName(entry.decision));
    json.EndObject();
  }
  json.EndArray();
}

void WriteConditions(const robots::Conditions& conditions, JsonWriter& json) {
  json.BeginObject();
  json.Member("attribution", conditions.attribution);
  json.Member("noncommercial", conditions.noncommercial);
  json.Member("share_alike", conditions.share_alike);
  json.Member("no_derivatives", conditions.no_derivatives);
  json.Member("use_restrictions", conditions.use_restrictions);
  json.Key("payment").StringOrNull(conditions.payment);
  json.Key("other");
  WriteTexts(conditions.other, json);
  json.EndObject();
}

}  // namespace

void WriteDate(UnixSeconds date, JsonWriter& json) {
  if (date == 0) {
    json.Null();
  } else {
    json.String(FormatRfc3339(date));
  }
}

void WritePointer(const robots::Evidence& evidence, JsonWriter& json) {
  if (evidence.file.empty()) {
    json.Null();
    return;
  }
  json.BeginObject();
  json.Member("file", evidence.file);
  json.Member("offset", evidence.offset);
  json.Member("length", evidence.length);
  if (evidence.inner_offset != 0) json.Member("inner_offset", evidence.inner_offset);
  json.Key("record_id").StringOrNull(evidence.record_id);
  json.EndObject();
}

void WriteReason(const robots::Reason& reason, JsonWriter& json) {
  json.BeginObject();
  json.Member("family", robots::FamilyName(reason.family));
  json.Member("carrier", robots::CarrierName(reason.carrier));
  json.Key("says").StringOrNull(robots::SaysName(reason.says));
  json.Key("use").StringOrNull(robots::AxisName(reason.use));
  json.Key("agent").StringOrNull(reason.agent);
  json.Key("scope").StringOrNull(reason.scope);
  json.Member("key", reason.key);
  json.Member("raw", reason.raw);
  json.Member("clause", reason.clause);
  json.Key("date");
  WriteDate(reason.evidence.date, json);
  json.Key("digest").StringOrNull(reason.evidence.digest);
  json.Key("warc");
  WritePointer(reason.evidence, json);
  json.Member("location", reason.location);
  json.Key("flags");
  WriteTexts(reason.flags, json);
  json.EndObject();
}

void WriteVerdict(const UrlVerdict& verdict, const JudgeOptions& options, JsonWriter& json) {
  const robots::Verdict& answer = verdict.verdict;
  json.BeginObject();
  json.Member("schema", "crawlcard.verdict.v1");
  json.Member("url", verdict.url);
  json.Member("use", robots::AxisName(options.use));
  json.Key("agents");
  WriteTexts(options.agents, json);
  json.Member("agents_version", robots::TheAgents().version());
  json.Key("as_of");
  WriteDate(verdict.as_of, json);
  if (options.known_by) json.Member("known_by", FormatRfc3339(*options.known_by));
  json.Member("dialect", robots::DialectName(options.dialect));
  json.Member("policy", options.policy.Id());
  json.Member("decision", robots::DecisionName(answer.decision));
  json.Member("careful", robots::DecisionName(answer.careful));
  json.Member("usable", answer.usable);
  json.Member("conflict", answer.conflict);
  json.Key("condition").StringOrNull(answer.condition);
  json.Key("conditions");
  WriteConditions(answer.conditions, json);
  json.Key("reasons");
  WriteReasons(answer.reasons, json);
  json.Key("offers");
  WriteReasons(answer.offers, json);
  json.Key("coverage");
  WriteCoverage(answer.coverage, json);
  json.Key("capture");
  WriteCapture(verdict.capture, json);
  json.Key("operator_specific");
  WriteOperators(answer.operator_specific, json);
  json.Key("licences");
  WriteTexts(answer.licences, json);
  json.Key("media_licences");
  WriteTexts(answer.media_licences, json);
  json.Key("history");
  WriteReasons(answer.history, json);
  json.Key("takedown");
  if (verdict.takedown) {
    WriteTakedown(*verdict.takedown, {}, json);
  } else {
    json.Null();
  }
  json.Key("flags");
  WriteTexts(answer.flags, json);
  json.EndObject();
}

}  // namespace crawlcard::index
