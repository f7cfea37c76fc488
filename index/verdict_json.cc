#include "index/verdict_json.h"

#include "robots/agents.h"

namespace crawlcard::index {
namespace {

void WriteTexts(const std::vector<std::string>& texts, JsonWriter& json) {
  json.BeginArray();
  for (const std::string& text : texts) json.String(text);
  json.EndArray();
}

// Writes a part behind its key, and notes where it stands if anybody asks.
void WritePart(EvidencePlace place, const robots::Evidence& evidence, JsonWriter& json,
               VerdictPlaces* places) {
  if (places != nullptr) place.begin = places->line.size();
  WriteEvidencePart(place.part, evidence, json);
  if (places == nullptr) return;
  place.end = places->line.size();
  places->evidence.push_back(place);
}

void WriteOneReason(const robots::Reason& reason, JsonWriter& json, VerdictPlaces* places) {
  const auto write = [&](EvidencePart part) {
    EvidencePlace place;
    place.part = part;
    place.evidence = &reason.evidence;
    place.of_reason = true;
    WritePart(place, reason.evidence, json, places);
  };
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
  write(EvidencePart::kDate);
  json.Key("digest");
  write(EvidencePart::kDigest);
  json.Key("warc");
  write(EvidencePart::kPointer);
  json.Member("location", reason.location);
  json.Key("flags");
  WriteTexts(reason.flags, json);
  json.EndObject();
}

void WriteReasons(const std::vector<robots::Reason>& reasons, JsonWriter& json,
                  VerdictPlaces* places) {
  json.BeginArray();
  for (const robots::Reason& reason : reasons) WriteOneReason(reason, json, places);
  json.EndArray();
}

void WriteCoverage(const std::vector<robots::Coverage>& coverage, JsonWriter& json,
                   VerdictPlaces* places) {
  json.BeginArray();
  for (const robots::Coverage& entry : coverage) {
    json.BeginObject();
    json.Member("carrier", entry.carrier);
    json.Member("state", entry.state);
    if (entry.date) {
      robots::Evidence dated;
      dated.date = *entry.date;
      EvidencePlace place;
      place.carrier = entry.carrier;
      json.Key("date");
      WritePart(place, dated, json, places);
    }
    if (entry.evidence) {
      EvidencePlace place;
      place.part = EvidencePart::kPointer;
      place.evidence = entry.evidence.get();
      json.Key("warc");
      WritePart(place, *entry.evidence, json, places);
    }
    json.EndObject();
  }
  json.EndArray();
}

void WriteCapture(const robots::Evidence& capture, JsonWriter& json) {
  json.BeginObject();
  json.Member("file", capture.file);
  json.Member("offset", capture.offset);
  json.Member("length", capture.length);
  if (capture.inner_offset != 0) json.Member("inner_offset", capture.inner_offset);
  json.Key("record_id").StringOrNull(capture.record_id);
  json.Key("digest").StringOrNull(capture.digest);
  json.Key("date");
  WriteDate(capture.date, json);
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

void WriteEvidencePart(EvidencePart part, const robots::Evidence& evidence, JsonWriter& json) {
  switch (part) {
    case EvidencePart::kDate:
      WriteDate(evidence.date, json);
      return;
    case EvidencePart::kDigest:
      json.StringOrNull(evidence.digest);
      return;
    case EvidencePart::kPointer:
      WritePointer(evidence, json);
      return;
    case EvidencePart::kCapture:
      WriteCapture(evidence, json);
      return;
  }
}

void WriteReason(const robots::Reason& reason, JsonWriter& json) {
  WriteOneReason(reason, json, nullptr);
}

void WriteVerdict(const UrlVerdict& verdict, const JudgeOptions& options, JsonWriter& json,
                  VerdictPlaces* places_out) {
  const robots::Verdict& answer = verdict.verdict;
  json.BeginObject();
  json.Member("schema", "crawlcard.verdict.v1");
  json.Member("url", verdict.url);
  json.Member("use", robots::AxisName(options.use));
  json.Key("agents");
  WriteTexts(options.agents, json);
  json.Member("agents_version", robots::TheAgents().version());
  json.Key("as_of");
  if (places_out != nullptr) places_out->instant_begin = places_out->line.size();
  WriteDate(verdict.as_of, json);
  if (places_out != nullptr) places_out->instant_end = places_out->line.size();
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
  WriteReasons(answer.reasons, json, places_out);
  json.Key("offers");
  WriteReasons(answer.offers, json, places_out);
  json.Key("coverage");
  WriteCoverage(answer.coverage, json, places_out);
  json.Key("capture");
  if (verdict.capture) {
    EvidencePlace place;
    place.part = EvidencePart::kCapture;
    place.evidence = &*verdict.capture;
    WritePart(place, *verdict.capture, json, places_out);
  } else {
    json.Null();
  }
  json.Key("operator_specific");
  WriteOperators(answer.operator_specific, json);
  json.Key("licences");
  WriteTexts(answer.licences, json);
  json.Key("media_licences");
  WriteTexts(answer.media_licences, json);
  json.Key("history");
  WriteReasons(answer.history, json, places_out);
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
