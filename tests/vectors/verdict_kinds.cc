// Kind verdict: statements in the words of the vectors, judged under eu-tdm.

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/time.h"
#include "robots/aipref.h"
#include "robots/content_signal.h"
#include "robots/robots_meta.h"
#include "robots/verdict.h"
#include "tests/vectors/runner.h"

namespace crawlcard::vectors {
namespace {

using robots::Axis;
using robots::Carrier;
using robots::Family;
using robots::Says;
using robots::Signal;

struct CarrierWord {
  std::string_view word;
  Carrier carrier;
};
constexpr CarrierWord kCarrierWords[] = {{"file", Carrier::kWellKnown},
                                         {"header", Carrier::kHttpHeader},
                                         {"http-header", Carrier::kHttpHeader},
                                         {"html", Carrier::kHtmlMeta},
                                         {"html-meta", Carrier::kHtmlMeta},
                                         {"epub", Carrier::kEpub},
                                         {"pdf_xmp", Carrier::kXmp},
                                         {"xmp", Carrier::kXmp},
                                         {"robots.txt", Carrier::kRobotsTxt},
                                         {"well-known", Carrier::kWellKnown}};

Carrier CarrierOf(const Json& signal, Family family) {
  const std::string word = signal.value("carrier", std::string());
  for (const CarrierWord& one : kCarrierWords) {
    if (one.word == word) return one.carrier;
  }
  switch (family) {
    case Family::kTdmrep:
    case Family::kTrustTxt:
    case Family::kAiTxt:
    case Family::kAiTxtCar:
      return Carrier::kWellKnown;
    case Family::kRobotsMeta:
      return Carrier::kHtmlMeta;
    case Family::kLicence:
      return Carrier::kHtmlLink;
    case Family::kIptcPlus:
      return Carrier::kXmp;
    case Family::kC2pa:
      return Carrier::kC2paBox;
    default:
      return Carrier::kRobotsTxt;
  }
}

std::string CarrierWordOf(Carrier carrier) {
  for (const CarrierWord& one : kCarrierWords) {
    if (one.carrier == carrier) return std::string(one.word);
  }
  return std::string(robots::CarrierName(carrier));
}

Says SaysOf(const std::string& word) {
  if (word == "allow") return Says::kAllow;
  if (word == "deny" || word == "disallow") return Says::kDeny;
  if (word == "conditional") return Says::kConditional;
  return word == "limited" ? Says::kLimited : Says::kNothing;
}

// "key=value; key=value" of a condition object.
std::string ConditionOf(const Json& signal) {
  std::string text;
  if (!signal.contains("condition")) return text;
  for (const auto& [key, value] : signal["condition"].items()) {
    if (!text.empty()) text += "; ";
    text += key;
    if (value.is_string()) text += "=" + value.get<std::string>();
  }
  return text;
}

// Statements with everything they borrow.
struct Given {
  std::deque<std::string> texts;
  std::deque<robots::Evidence> evidence;
  Arena arena;
  std::vector<robots::Statement> statements;
  std::string robots_state = "ok";

  std::string_view Keep(std::string text) { return texts.emplace_back(std::move(text)); }
};

Axis UseOf(const Signal& base, const std::string& key, Axis asked) {
  switch (base.family) {
    case Family::kRobots:
      return Axis::kCrawl;
    case Family::kTdmrep:
      return Axis::kTdm;
    case Family::kAipref: {
      const Axis axis = robots::AxisOfUsageLabel(key);
      return axis == Axis::kNone ? asked : axis;
    }
    case Family::kContentSignal:
      return key == "ai-train"   ? Axis::kTrain
             : key == "ai-input" ? Axis::kAiInput
             : key == "search"   ? Axis::kSearch
                                 : asked;
    default:
      return asked;
  }
}

void AddSignal(const Json& json, Axis asked, Given& given) {
  const std::string family_name = json.at("family").get<std::string>();
  const std::string value = json.at("value").get<std::string>();
  if (family_name == "robots-fetch") {
    given.robots_state = value;
    return;
  }
  const auto family = robots::FamilyFromName(family_name == "llms.txt"    ? "llms-txt"
                                             : family_name == "ai.txt"    ? "ai-txt"
                                             : family_name == "trust.txt" ? "trust-txt"
                                                                          : family_name);
  if (!family) throw std::runtime_error("unknown family " + family_name);
  Signal base;
  base.family = *family;
  base.carrier = CarrierOf(json, *family);
  base.agent = given.Keep(json.value("agent", std::string("*")));
  const std::string key = json.value("key", std::string());
  base.key = given.Keep(key);
  base.value = given.Keep(value);
  base.scope =
      given.Keep(json.value("scope", std::string(*family == Family::kLicence ? "page" : "")));
  const std::string confidence = json.value("confidence", std::string("high"));
  base.confidence = confidence == "low"      ? robots::SignalConfidence::kLow
                    : confidence == "medium" ? robots::SignalConfidence::kMedium
                                             : robots::SignalConfidence::kHigh;
  base.condition = given.Keep(ConditionOf(json));
  robots::Evidence evidence;
  if (json.contains("observed")) {
    evidence.date = ParseRfc3339(json["observed"].get<std::string>()).value_or(0);
  }
  given.evidence.push_back(evidence);

  robots::SignalList signals;
  if (*family == Family::kRobotsMeta) {
    const robots::RobotsRule rule{base.agent, base.value, {}, false};
    robots::AppendRobotsRules({&rule, 1}, base, given.arena, signals);
  } else if (*family == Family::kLicence) {
    base.key = base.value;
    signals.push_back(base);
  } else {
    base.use = UseOf(base, key, asked);
    base.says = SaysOf(value);
    signals.push_back(base);
  }
  for (const Signal& signal : signals) given.statements.push_back({signal, &given.evidence.back()});
}

Json ReasonsOf(const std::vector<robots::Reason>& reasons) {
  Json list = Json::array();
  for (const robots::Reason& reason : reasons) {
    list.push_back({{"family", robots::FamilyName(reason.family)},
                    {"carrier", CarrierWordOf(reason.carrier)},
                    {"axis", robots::AxisName(reason.use)},
                    {"clause", reason.clause}});
    // A carrier may go by two words.
    if (list.back()["carrier"] == "header") {
      list.push_back(list.back());
      list.back()["carrier"] = "http-header";
    }
  }
  return list;
}

Json ConditionsOf(const robots::Conditions& conditions) {
  Json json = {{"attribution", conditions.attribution},
               {"noncommercial", conditions.noncommercial},
               {"share_alike", conditions.share_alike},
               {"no_derivatives", conditions.no_derivatives}};
  if (!conditions.payment.empty()) json["payment"] = conditions.payment;
  return json;
}

std::string DayOf(UnixSeconds time) {
  return FormatRfc3339(time).substr(0, 10);
}

Json AnswerVerdict(const Json& input) {
  Given given;
  robots::Question question;
  question.use = robots::AxisFromName(input.at("use").get<std::string>()).value();
  if (input.contains("agents")) {
    question.agents = input["agents"].get<std::vector<std::string>>();
  }
  for (const Json& signal : input.at("signals")) AddSignal(signal, question.use, given);
  for (const robots::Evidence& one : given.evidence) {
    question.as_of = std::max(question.as_of, one.date);
  }
  if (input.contains("as_of")) {
    question.as_of = ParseRfc3339(input["as_of"].get<std::string>()).value();
  }
  const robots::Coverage coverage{"robots.txt", given.robots_state, std::nullopt};
  const robots::Verdict verdict =
      robots::Judge(question, given.statements, {&coverage, 1}, *robots::BuiltInPolicy("eu-tdm"));
  Json answer = {{"verdict", robots::DecisionName(verdict.decision)},
                 {"careful", robots::DecisionName(verdict.careful)},
                 {"conflict", verdict.conflict},
                 {"basis", ReasonsOf(verdict.reasons)},
                 {"offers", ReasonsOf(verdict.offers)},
                 {"condition", ConditionsOf(verdict.conditions)},
                 {"flags", verdict.flags}};
  answer["operator_specific"] = Json::array();
  for (const robots::OperatorDecision& one : verdict.operator_specific) {
    answer["operator_specific"].push_back(
        {{"operator", one.operator_name}, {"verdict", robots::DecisionName(one.decision)}});
  }
  answer["media"] = Json::array();
  for (const std::string& spdx : verdict.media_licences)
    answer["media"].push_back({{"spdx", spdx}});
  answer["history"] = Json::array();
  for (const robots::Reason& reason : verdict.history) {
    answer["history"].push_back(
        {{"observed", DayOf(reason.evidence.date)}, {"value", robots::SaysName(reason.says)}});
  }
  if (question.as_of != 0) answer["as_of"] = DayOf(question.as_of);
  if (!verdict.reasons.empty()) {
    static const char* const kNames[] = {"low", "medium", "high"};
    answer["confidence"] = kNames[static_cast<std::size_t>(verdict.reasons[0].confidence)];
  }
  return answer;
}

const KindRegistration kVerdict("verdict", AnswerVerdict,
                                {{"verdict"},
                                 {"basis", Compare::kContains},
                                 {"conflict"},
                                 {"operator_specific", Compare::kContains},
                                 {"offers", Compare::kContains},
                                 {"condition"},
                                 {"media", Compare::kContains},
                                 {"history", Compare::kContains},
                                 {"as_of"}});

}  // namespace
}  // namespace crawlcard::vectors
