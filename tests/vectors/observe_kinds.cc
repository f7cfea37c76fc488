// Kinds about what pages and files say: robotsmeta.header, tdmrep.file/header/precedence, aitxt.*,
// aijson.car, trusttxt, llmstxt, tdmai.

#include <string>
#include <vector>

#include "robots/origin.h"
#include "robots/robots_fetch.h"
#include "robots/robots_meta.h"
#include "robots/tdmrep.h"
#include "robots/well_known.h"
#include "tests/vectors/runner.h"
#include "tests/vectors/signals_json.h"

namespace crawlcard::vectors {
namespace {

using robots::Reservation;
using robots::Says;
using robots::Signal;

Json RulesOf(std::span<const Signal> signals, Json& agents_without_rules) {
  Json rules = Json::array();
  const Signal* last = nullptr;
  for (const Signal& signal : signals) {
    if (signal.family != robots::Family::kRobotsMeta) continue;
    if (signal.key.empty()) {
      agents_without_rules.push_back(signal.agent);
      continue;
    }
    // A rule that speaks about two uses gives two Signals of one text.
    const bool second = last != nullptr && last->key == signal.key && last->use != signal.use &&
                        last->location == signal.location && last->agent == signal.agent &&
                        last->key.data() == signal.key.data();
    last = &signal;
    if (second) continue;
    Json rule = {{"agent", signal.agent}, {"rule", signal.key}};
    if (!signal.value.empty()) rule["value"] = signal.value;
    rules.push_back(rule);
  }
  return rules;
}

Json OperatorAxes(std::span<const Signal> signals) {
  std::vector<std::pair<std::string_view, std::string_view>> rules;
  for (const Signal& signal : signals) {
    if (signal.family == robots::Family::kRobotsMeta) rules.emplace_back(signal.agent, signal.key);
  }
  Json out = Json::array();
  for (const robots::OperatorReading& one : robots::ReadOperatorRules(rules)) {
    Json axis = {{"operator", one.operator_name},
                 {"axis", robots::AxisName(one.use)},
                 {"value", robots::SaysName(one.says)}};
    if (!one.limit.empty()) axis["limit"] = one.limit;
    out.push_back(axis);
  }
  return out;
}

Json RobotsMetaAnswer(std::span<const Signal> signals) {
  Json nobody = Json::array();
  Json rules = RulesOf(signals, nobody);
  return {{"rules", rules},
          {"axes", Axes(signals)},
          {"operator_axes", OperatorAxes(signals)},
          {"agents_without_rules", nobody},
          {"confidence", ConfidenceOf(signals)},
          {"flags", FlagsOf(signals)}};
}

Json AnswerMetaHeader(const Json& input) {
  Arena arena;
  robots::SignalList signals;
  ObserveHeadersOf(input, arena, signals);
  return RobotsMetaAnswer(signals);
}

const std::vector<Key> kMetaKeys = {{"rules"},
                                    {"axes", Compare::kAxes},
                                    {"operator_axes", Compare::kContains},
                                    {"agents_without_rules"},
                                    {"fragments", Compare::kUnordered}};
const KindRegistration kMetaHeader("robotsmeta.header", AnswerMetaHeader, kMetaKeys);

Json ReservationJson(Reservation reservation) {
  if (reservation == Reservation::kUnset) return nullptr;
  return reservation == Reservation::kReserved ? 1 : 0;
}

Json PolicyJson(std::string_view policy) {
  return policy.empty() ? Json() : Json(policy);
}

void AddReservation(Reservation reservation, std::string_view policy, Json& answer) {
  answer["reservation"] = ReservationJson(reservation);
  answer["policy"] = PolicyJson(policy);
  if (!policy.empty()) answer["policy_processed"] = reservation != Reservation::kNotReserved;
}

std::string TdmrepState(const Json& input) {
  int status = input.value("status", 200);
  bool failed = false;
  if (input.contains("chain")) {
    const Json& last = input["chain"].back();
    failed = last.contains("error");
    status = last.value("status", 200);
  }
  if (failed) return "indeterminate";
  switch (robots::FetchStateFromStatus(static_cast<std::uint16_t>(status))) {
    case robots::FetchState::kOk:
      return "ok";
    case robots::FetchState::kUnreachable:
      return "indeterminate";
    default:
      return "not-implemented";
  }
}

Json AnswerTdmrepFile(const Json& input) {
  Json answer = {{"state", TdmrepState(input)}, {"flags", Json::array()}};
  AddReservation(Reservation::kUnset, {}, answer);
  if (answer["state"] != "ok") return answer;
  const std::string url = input.at("url").get<std::string>();
  const std::string body = input.contains("chain")
                               ? input["chain"].back().value("body", std::string())
                               : input.value("body", std::string());
  Arena arena;
  const std::string robots_url = robots::RobotsUrlFor(url);
  const std::string file_url =
      robots_url.substr(0, robots_url.rfind('/')) + "/.well-known/tdmrep.json";
  const auto file = robots::TdmrepFile::Parse(body, file_url, arena);
  AddFlags(file.flags(), answer);
  const robots::TdmrepMatch match = file.Match(PathOf(input));
  answer["lenient"] = nullptr;
  if (!file.lenient_rules().empty()) {
    answer["lenient"] = ReservationJson(file.lenient_rules()[0].reservation);
  }
  if (match.rule == nullptr) return answer;
  AddReservation(match.rule->reservation, match.rule->policy, answer);
  answer["rule"] = match.rule->index;
  answer["lenient"] = answer["reservation"];
  answer["longest_match"] = {{"reservation", ReservationJson(match.longest->reservation)},
                             {"rule", match.longest->index}};
  if (match.order_conflict) answer["flags"].push_back("tdmrep.order_conflict");
  return answer;
}

Json AnswerTdmrepHeader(const Json& input) {
  std::vector<robots::NamedValue> values;
  for (const Json& header : input.at("headers")) {
    robots::NamedValue value;
    value.name = header[0].get_ref<const std::string&>();
    value.value = header[1].get_ref<const std::string&>();
    values.push_back(value);
  }
  Arena arena;
  const auto statement =
      robots::ReadTdmrepProperties(values, input.value("url", std::string()), arena);
  Json answer = {{"flags", Json::array()}};
  AddReservation(statement.reservation, statement.policy, answer);
  const Reservation careful =
      statement.reservation == Reservation::kUnset ? statement.careful : statement.reservation;
  answer["careful"] = ReservationJson(careful);
  AddFlags(statement.flags, answer);
  return answer;
}

Json AnswerTdmrepPrecedence(const Json& input) {
  static const char* const kSources[] = {"file", "header", "html", "epub", "pdf_xmp"};
  std::vector<robots::TdmrepValue> values;
  for (const char* source : kSources) {
    robots::TdmrepValue value;
    if (input.contains(source)) {
      const Json& given = input[source];
      if (given.contains("reservation") && given["reservation"].is_number()) {
        value.reservation =
            given["reservation"] == 1 ? Reservation::kReserved : Reservation::kNotReserved;
      }
      if (given.contains("policy") && given["policy"].is_string()) {
        value.policy = given["policy"].get_ref<const std::string&>();
      }
    }
    values.push_back(value);
  }
  const robots::TdmrepOutcome outcome = robots::CombineTdmrep(values);
  Json answer = Json::object();
  AddReservation(outcome.reservation, outcome.policy, answer);
  if (outcome.reservation != Reservation::kUnset) answer["source"] = kSources[outcome.source];
  return answer;
}

const KindRegistration kTdmrepFile(
    "tdmrep.file", AnswerTdmrepFile,
    {{"reservation"}, {"policy"}, {"policy_processed"}, {"rule"}, {"longest_match"}, {"state"}});
const KindRegistration kTdmrepHeader("tdmrep.header", AnswerTdmrepHeader,
                                     {{"reservation"}, {"policy"}, {"policy_processed"}});
const KindRegistration kTdmrepPrecedence(
    "tdmrep.precedence", AnswerTdmrepPrecedence,
    {{"reservation"}, {"policy"}, {"policy_processed"}, {"source"}});

// Signals of one file in the words of its kind.
struct Observed {
  Arena arena;
  robots::SignalList signals;
  std::pmr::vector<std::string_view> flags;

  Observed(robots::WellKnown file, const std::string& body) {
    robots::ObserveWellKnown(file, body, robots::WellKnownPath(file), arena, signals, flags);
  }
  Json Answer() const {
    Json answer = {{"axes", Axes(signals)},
                   {"confidence", ConfidenceOf(signals)},
                   {"flags", FlagsOf(signals)}};
    AddFlags(flags, answer);
    return answer;
  }
};

std::string PathOfUrl(const Json& input, const char* key) {
  return PathOf({{"url", input.value(key, std::string("/"))}});
}

Json AnswerSpawning(const Json& input) {
  Arena arena;
  const std::string body = input.at("body").get<std::string>();
  const auto rules = robots::ParseSpawning(body, arena);
  const auto* rule = robots::MatchSpawning(rules, PathOfUrl(input, "media_url"));
  Json answer = {{"variant", robots::AiTxtVariantName(robots::DetectAiTxt(body))},
                 {"axes", Json::object()}};
  if (rule == nullptr) return answer;
  answer["axes"]["train"] = rule->allows ? "allow" : "deny";
  answer["rule"] = rule->pattern_text;
  return answer;
}

Json AnswerDetect(const Json& input) {
  const std::string body = input.value("body", std::string());
  const int status = input.value("status", 200);
  const bool html = robots::IsHtmlBody(body) ||
                    input.value("content_type", std::string()).substr(0, 9) == "text/html";
  const bool present = status == 200 && !html && !body.empty();
  const auto variant = present ? robots::DetectAiTxt(body) : robots::AiTxtVariant::kNone;
  Json answer = present ? Observed(robots::WellKnown::kAiTxt, body).Answer() : Json::object();
  if (!present) answer["axes"] = Json::object();
  answer["present"] = present;
  if (variant != robots::AiTxtVariant::kNone) answer["variant"] = robots::AiTxtVariantName(variant);
  if (html) answer["flags"].push_back("aitxt.html_body");
  return answer;
}

Json CarAnswer(const robots::CarFile& car, const Json& input) {
  const std::string agent = input.value("agent", std::string("*"));
  Json axes = Json::object();
  std::string confidence = "high";
  for (const robots::CarPolicy* policy : robots::CarPoliciesFor(car, agent)) {
    const Says says = robots::CarTraining(car, *policy, PathOfUrl(input, "url"));
    if (says == Says::kNothing) continue;
    axes[std::string(robots::AxisName(robots::AxisOfCarPolicy(policy->name)))] =
        robots::SaysName(says);
    if (policy->implied) confidence = "low";
  }
  Json answer = {{"variant", "car-00"}, {"axes", axes}, {"confidence", confidence}};
  if (!car.licence.empty()) answer["licence"] = car.licence;
  return answer;
}

Json AnswerCarText(const Json& input) {
  Arena arena;
  const std::string body = input.at("body").get<std::string>();
  Json answer = CarAnswer(robots::ParseCarText(body, arena), input);
  answer["variant"] = robots::AiTxtVariantName(robots::DetectAiTxt(body));
  return answer;
}

Json AnswerCarJson(const Json& input) {
  Arena arena;
  const Json& body = input.at("body");
  const auto car =
      robots::ParseCarJson(body.is_string() ? body.get<std::string>() : body.dump(), arena);
  if (!car) return {{"axes", Json::object()}};
  return CarAnswer(*car, input);
}

Json AnswerTrust(const Json& input) {
  static const char* const kPaths[] = {"/trust.txt", "/.well-known/trust.txt"};
  for (const char* path : kPaths) {
    if (input.at("paths").value(path, 0) != 200) continue;
    const bool root = path[1] == 't';
    Json answer =
        Observed(root ? robots::WellKnown::kTrustTxt : robots::WellKnown::kWellKnownTrustTxt,
                 input.value("body", std::string()))
            .Answer();
    answer["source"] = path;
    return answer;
  }
  return {{"axes", Json::object()}};
}

Json AnswerLlms(const Json& input) {
  const std::string body = input.value("body", std::string());
  const Observed observed(robots::WellKnown::kLlmsTxt, body);
  Json answer = observed.Answer();
  answer["present"] = input.value("status", 200) == 200 && observed.flags.empty() && !body.empty();
  answer["prose_evidence"] = Json::array();
  for (const Signal& signal : observed.signals) answer["prose_evidence"].push_back(signal.raw);
  return answer;
}

// A registry declaration carries the same properties, bound to a content code.
Json AnswerTdmai(const Json& input) {
  const Json& record = input.at("record");
  Json answer = {{"reservation", nullptr}};
  if (record.contains("tdm-reservation") && record["tdm-reservation"].is_number_integer()) {
    answer["reservation"] = record["tdm-reservation"];
  }
  if (record.contains("iscc")) answer["binding"] = "content-fingerprint";
  return answer;
}

const KindRegistration kSpawning("aitxt.spawning", AnswerSpawning,
                                 {{"variant"}, {"axes", Compare::kAxes}, {"rule"}});
const KindRegistration kDetect("aitxt.detect", AnswerDetect,
                               {{"present"}, {"variant"}, {"axes", Compare::kAxes}});
const KindRegistration kCarText("aitxt.car", AnswerCarText,
                                {{"variant"}, {"axes", Compare::kAxes}, {"licence"}});
const KindRegistration kCarJson("aijson.car", AnswerCarJson, {{"axes", Compare::kAxes}});
const KindRegistration kTrust("trusttxt", AnswerTrust, {{"axes", Compare::kAxes}, {"source"}});
const KindRegistration kLlms("llmstxt", AnswerLlms,
                             {{"present"},
                              {"axes", Compare::kAxes},
                              {"prose_evidence", Compare::kPassages}});
const KindRegistration kTdmai("tdmai", AnswerTdmai, {{"reservation"}, {"binding"}});

}  // namespace
}  // namespace crawlcard::vectors
