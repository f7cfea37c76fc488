#include "card/json_parts.h"

#include <array>

namespace crawlcard::card {
namespace {

void WriteShare(std::uint64_t part, std::uint64_t whole, JsonWriter& json) {
  json.Key("share");
  if (whole == 0) {
    json.Null();
  } else {
    json.Fixed(static_cast<double>(part) / static_cast<double>(whole), 6);
  }
}

void WriteRest(const ReachTable& table, JsonWriter& json) {
  json.Key("rest").BeginObject().Member("captures", table.rest().captures);
  json.Member("payload_bytes", table.rest().payload_bytes);
  json.Member("text_bytes", table.rest().text_bytes).EndObject();
}

void WriteAccess(const AccessCount& count, JsonWriter& json) {
  json.Member("refused", count.refused()).Member("partly", count.partly());
  json.Member("allowed", count.allowed());
}

void WritePolicy(const robots::Policy& policy, JsonWriter& json) {
  json.BeginObject().Member("id", policy.Id());
  json.Member("allow", policy.allow).Member("unspecified", policy.unspecified);
  json.Member("conditional", policy.conditional).Member("conflict", policy.conflict);
  json.Member("indeterminate", policy.indeterminate).Member("deny", false);
  json.Member("robots_only", policy.robots_only);
  json.Member("open_licence_only", policy.open_licence_only);
  json.Member("any_agent", policy.any_agent).Member("careful", policy.careful);
  json.Key("robots_age_max_s").Int(policy.robots_age_max_s);
  json.Key("heed").BeginArray();
  for (const robots::Family family : policy.heed) json.String(robots::FamilyName(family));
  json.EndArray().Key("dialect");
  if (policy.dialect) {
    json.String(robots::DialectName(*policy.dialect));
  } else {
    json.Null();
  }
  json.EndObject();
}

void WriteOutcome(const Card::PolicyRow& row, JsonWriter& json) {
  json.BeginObject().Key("policy");
  WritePolicy(row.policy, json);
  json.Key("outcome");
  if (!row.outcome) {
    json.Null().EndObject();
    return;
  }
  const PolicyOutcome& outcome = *row.outcome;
  json.BeginObject().Member("pages", outcome.pages).Member("pages_usable", outcome.pages_usable);
  json.Key("hosts_usable");
  if (outcome.hosts_usable) {
    json.Uint(*outcome.hosts_usable);
  } else {
    json.Null();
  }
  json.Member("payload_bytes", outcome.payload_bytes);
  json.Member("payload_bytes_usable", outcome.payload_bytes_usable);
  json.Member("text_bytes", outcome.text_bytes);
  json.Member("text_bytes_usable", outcome.text_bytes_usable);
  json.EndObject().EndObject();
}

}  // namespace

void WriteDate(std::string_view key, const std::optional<UnixSeconds>& date, JsonWriter& json) {
  json.Key(key);
  if (date) {
    json.String(FormatRfc3339(*date));
  } else {
    json.Null();
  }
}

void WriteReach(const Reach& reach, JsonWriter& json) {
  json.BeginObject().Member("captures", reach.captures).Member("hosts", reach.hosts.count);
  json.Member("domains", reach.domains.count).Member("payload_bytes", reach.payload_bytes);
  json.Member("text_bytes", reach.text_bytes).EndObject();
}

void WriteReachMembers(const Reach& reach, std::uint64_t whole, JsonWriter& json) {
  json.Member("captures", reach.captures);
  WriteShare(reach.captures, whole, json);
  json.Member("hosts", reach.hosts.count).Member("domains", reach.domains.count);
  json.Member("payload_bytes", reach.payload_bytes).Member("text_bytes", reach.text_bytes);
}

void WriteTable(std::string_view key, std::string_view key_name, const ReachTable& table,
                std::uint64_t whole, JsonWriter& json) {
  json.Key(key).BeginObject().Key("rows").BeginArray();
  for (const ReachTable::Row& row : table.Sorted()) {
    json.BeginObject().Key(key_name).StringOrNull(row.key);
    WriteReachMembers(*row.reach, whole, json);
    json.EndObject();
  }
  json.EndArray();
  WriteRest(table, json);
  json.EndObject();
}

void WritePairTable(std::string_view key, std::string_view first_name, std::string_view second_name,
                    const ReachTable& table, std::uint64_t whole, JsonWriter& json) {
  json.Key(key).BeginObject().Key("rows").BeginArray();
  for (const ReachTable::Row& row : table.Sorted()) {
    const std::size_t blank = row.key.find(' ');
    json.BeginObject().Key(first_name).StringOrNull(row.key.substr(0, blank));
    json.Key(second_name)
        .StringOrNull(blank == std::string_view::npos ? "" : row.key.substr(blank + 1));
    WriteReachMembers(*row.reach, whole, json);
    json.EndObject();
  }
  json.EndArray();
  WriteRest(table, json);
  json.EndObject();
}

std::uint64_t CapturesIn(const ReachTable& table) {
  std::uint64_t captures = table.rest().captures;
  for (const ReachTable::Row& row : table.Sorted()) captures += row.reach->captures;
  return captures;
}

std::string_view StatusClassName(std::size_t status_class) {
  constexpr std::array<std::string_view, kStatusClassCount> kNames{"none", "1xx", "2xx",  "3xx",
                                                                   "4xx",  "5xx", "other"};
  return kNames[status_class];
}

void WriteHostFiles(const HostTally& hosts, JsonWriter& json) {
  json.Key("host_files").BeginObject();
  json.Member("origins", hosts.origins()).Member("observations", hosts.observations());
  json.Key("files").BeginArray();
  for (std::size_t i = 0; i < kWellKnownCount; ++i) {
    const auto file = static_cast<robots::WellKnown>(i);
    const WellKnownCount& count = hosts.file(file);
    json.BeginObject().Member("path", robots::WellKnownPath(file));
    json.Member("observations", count.observations).Member("origins", count.origins);
    json.Key("latest_state").BeginObject();
    for (std::size_t s = 0; s < kFetchStateCount; ++s) {
      json.Member(robots::FetchStateName(static_cast<robots::FetchState>(s)),
                  count.latest_state[s]);
    }
    json.EndObject().Member("body_not_kept", count.unread);
    json.Member("distinct_bodies", count.bodies.Count());
    json.Member("distinct_bodies_exact", count.bodies.exact()).EndObject();
  }
  json.EndArray().Key("statements").BeginArray();
  for (const auto& [one, origins] : hosts.statements()) {
    json.BeginObject().Member("path", robots::WellKnownPath(one.file));
    json.Member("family", robots::FamilyName(one.family));
    json.Key("use").StringOrNull(robots::AxisName(one.use));
    json.Member("says", robots::SaysName(one.says)).Member("origins", origins);
    WriteShare(origins, hosts.file(one.file).origins, json);
    json.EndObject();
  }
  json.EndArray().EndObject();
}

void WriteAgents(const HostTally& hosts, JsonWriter& json) {
  json.Key("robots_txt").BeginObject().Member("origins_read", hosts.robots_read());
  json.Key("agents").BeginArray();
  const auto registry = robots::AgentRegistry();
  for (std::size_t i = 0; i < hosts.agents().size(); ++i) {
    const AccessCount& count = hosts.agents()[i];
    json.BeginObject().Member("agent", i == 0 ? std::string_view("*") : registry[i - 1].token);
    json.Key("operator").StringOrNull(i == 0 ? "" : registry[i - 1].operator_name);
    json.Key("purpose").StringOrNull(i == 0 ? "" : registry[i - 1].purpose);
    WriteAccess(count, json);
    json.Member("named", count.named).Member("named_refused", count.named_refused);
    WriteShare(count.refused(), hosts.robots_read(), json);
    json.EndObject();
  }
  json.EndArray().Key("operators").BeginArray();
  for (const auto& [name, count] : hosts.operators()) {
    json.BeginObject().Member("operator", name).Key("any_agent").BeginObject();
    WriteAccess(count.any, json);
    json.Member("named", count.any.named).EndObject().Key("training_agents");
    if (count.trains) {
      json.BeginObject();
      WriteAccess(count.training, json);
      json.Member("named", count.training.named).EndObject();
    } else {
      json.Null();
    }
    json.EndObject();
  }
  json.EndArray().EndObject();
}

void WriteVerdicts(const Card& card, JsonWriter& json) {
  const VerdictTally& verdicts = card.tally.verdicts;
  json.Key("verdicts");
  if (!verdicts.judged()) {
    json.Null().Key("policies").BeginArray().EndArray();
    return;
  }
  const std::uint64_t whole = verdicts.pages.captures;
  json.BeginObject();
  json.Member("captures", verdicts.captures).Member("captures_usable", verdicts.captures_usable);
  json.Member("pages", whole).Key("decisions").BeginArray();
  for (std::size_t i = 0; i < kDecisionCount; ++i) {
    const auto decision = static_cast<robots::Decision>(i);
    json.BeginObject().Member("decision", robots::DecisionName(decision));
    WriteReachMembers(verdicts.decisions[i], whole, json);
    json.Member("careful_captures", verdicts.careful[i]).EndObject();
  }
  json.EndArray();
  for (const auto& [name, reach] :
       {std::pair<std::string_view, const Reach*>{"usable", &verdicts.usable},
        {"not_usable", &verdicts.not_usable},
        {"conflicting", &verdicts.conflicting}}) {
    json.Key(name).BeginObject();
    WriteReachMembers(*reach, whole, json);
    json.EndObject();
  }
  json.Key("applied").BeginArray();
  for (const auto& [one, reach] : verdicts.applied) {
    json.BeginObject().Member("family", robots::FamilyName(one.family));
    json.Member("carrier", robots::CarrierName(one.carrier));
    json.Key("says").StringOrNull(robots::SaysName(one.says));
    WriteReachMembers(reach, whole, json);
    json.EndObject();
  }
  json.EndArray();
  WriteTable("denied_to_operator", "operator", verdicts.operator_denied, whole, json);
  json.EndObject().Key("policies").BeginArray();
  for (const Card::PolicyRow& row : card.policies) WriteOutcome(row, json);
  json.EndArray();
}

}  // namespace crawlcard::card
