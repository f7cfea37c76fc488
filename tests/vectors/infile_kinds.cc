// tests/vectors/infile_kinds.cc - the kinds infile.* and the carriers of TDMRep inside files.
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "page/licence.h"
#include "robots/axes.h"
#include "robots/c2pa.h"
#include "robots/tdm_policy.h"
#include "robots/xmp.h"
#include "tests/vectors/runner.h"
#include "tests/vectors/signals_json.h"

namespace crawlcard::vectors {
namespace {

using robots::AxisMap;
using robots::Says;

Json Text(std::string_view text) {
  return text.empty() ? Json() : Json(std::string(text));
}

Json AxesOf(const AxisMap& axes) {
  Json out = Json::object();
  for (std::size_t i = 1; i < robots::kAxisCount; ++i) {
    const auto axis = static_cast<robots::Axis>(i);
    if (axes.At(axis) == Says::kNothing) continue;
    out[std::string(robots::AxisName(axis))] = robots::SaysName(axes.At(axis));
  }
  return out;
}

robots::SignalList XmpSignals(const robots::XmpRights& rights, Arena& arena) {
  robots::SignalList signals;
  robots::Signal base;
  base.carrier = robots::Carrier::kXmp;
  robots::AppendXmpSignals(rights, base, arena, signals);
  return signals;
}

// The first of the licence properties that names a known licence.
Json SpdxOf(const robots::XmpRights& rights) {
  for (const std::string_view url : {rights.licence_url, rights.web_statement}) {
    const page::LicenceUrl licence = page::ReadLicenceUrl(url);
    if (!licence.spdx.empty()) return licence.spdx;
  }
  return nullptr;
}

Json AnswerXmp(const Json& input) {
  Arena arena;
  const std::string xmp = input.at("xmp").get<std::string>();
  const robots::XmpRights rights = robots::ReadXmp(xmp, "https://site.example/", arena);
  const robots::SignalList signals = XmpSignals(rights, arena);
  Json answer = {{"axes", Axes(signals)},
                 {"careful", CarefulAxes(signals)},
                 {"data_mining", nullptr},
                 {"constraint_text", Text(rights.constraint_text)},
                 {"marked", rights.marked ? Json(*rights.marked) : Json()},
                 {"web_statement", Text(rights.web_statement)},
                 {"rights_text", Text(rights.rights_text)},
                 {"spdx", SpdxOf(rights)},
                 {"digital_source_type", Text(rights.digital_source_type)},
                 {"synthetic", Text(robots::SyntheticName(rights.synthetic))},
                 {"confidence", ConfidenceOf(signals)}};
  if (!rights.data_mining.empty()) answer["data_mining"] = Text(rights.data_mining.front().term);
  AddFlags(rights.flags, answer);
  return answer;
}

robots::C2paAssertion AssertionOf(const Json& input, Arena& arena) {
  return robots::ReadC2paJson(input.at("label").get<std::string>(), input.at("data").dump(), arena);
}

Json AnswerC2pa(const Json& input) {
  Arena arena;
  const robots::C2paAssertion assertion = AssertionOf(input.at("assertion"), arena);
  const bool active = input.value("manifest", std::string("active")) == "active";
  robots::SignalList signals;
  robots::AppendC2paSignals(assertion, active, {}, arena, signals);
  const Json axes = AxesOf(robots::C2paAxes(assertion));
  const Json none = Json::object();
  Json answer = {{"axes", active ? axes : none},
                 {"ingredient_axes", active ? none : axes},
                 {"confidence", ConfidenceOf(signals)}};
  AddFlags(assertion.flags, answer);
  return answer;
}

// Two carriers in one file disagree where one permits what the other refuses or puts under a
// condition.
Json AnswerConflict(const Json& input) {
  Arena arena;
  const std::string xmp = input.at("xmp").get<std::string>();
  const auto rights = robots::ReadXmp(xmp, "https://site.example/", arena);
  AxisMap of_xmp;
  for (const robots::Signal& signal : XmpSignals(rights, arena))
    of_xmp.Add(signal.use, signal.says);
  of_xmp.Widen();
  const AxisMap of_c2pa = robots::C2paAxes(AssertionOf(input.at("c2pa"), arena));
  AxisMap careful;
  bool conflict = false;
  for (std::size_t i = 1; i < robots::kAxisCount; ++i) {
    const auto axis = static_cast<robots::Axis>(i);
    const Says a = of_xmp.At(axis);
    const Says b = of_c2pa.At(axis);
    const bool both = a != Says::kNothing && b != Says::kNothing;
    conflict = conflict || (both && a != b && (a == Says::kAllow || b == Says::kAllow));
    careful.Add(axis, a);
    careful.Add(axis, b);
  }
  return {{"conflict", conflict}, {"careful", AxesOf(careful)}};
}

Json ReservationOf(robots::Reservation reservation) {
  if (reservation == robots::Reservation::kUnset) return nullptr;
  return reservation == robots::Reservation::kReserved ? 1 : 0;
}

Json TdmrepAnswer(const robots::TdmrepStatement& statement) {
  Json answer = {{"reservation", ReservationOf(statement.reservation)},
                 {"policy", Text(statement.policy)},
                 {"careful", ReservationOf(statement.careful)}};
  if (!statement.policy.empty()) {
    answer["policy_processed"] = statement.reservation == robots::Reservation::kReserved;
  }
  AddFlags(statement.flags, answer);
  return answer;
}

Json AnswerTdmrepXmp(const Json& input) {
  Arena arena;
  const std::string xmp = input.at("xmp").get<std::string>();
  return TdmrepAnswer(robots::ReadXmp(xmp, "https://site.example/", arena).tdmrep);
}

Json AnswerTdmrepEpub(const Json& input) {
  Arena arena;
  const std::string opf = input.at("opf").get<std::string>();
  return TdmrepAnswer(robots::ReadEpubTdmrep(opf, "https://site.example/", arena));
}

Json AnswerPolicy(const Json& input) {
  Arena arena;
  std::string body;
  if (input.contains("body")) {
    const Json& given = input["body"];
    body = given.is_string() ? given.get<std::string>() : given.dump();
  }
  const auto policy =
      robots::ReadTdmPolicy(input.value("status", std::uint16_t{200}),
                            input.value("content_type", std::string()), body, arena);
  Json permissions = Json::array();
  for (const robots::TdmPermission& one : policy.permissions) {
    Json duties = Json::array();
    for (const std::string_view duty : one.duties) duties.push_back(std::string(duty));
    permissions.push_back(
        {{"action", std::string(one.action)}, {"duties", duties}, {"purpose", Text(one.purpose)}});
  }
  const bool machine = policy.kind == robots::TdmPolicyKind::kMachine;
  Json answer = {{"kind", robots::TdmPolicyKindName(policy.kind)},
                 {"valid", machine ? Json(policy.valid) : Json()},
                 {"permissions", permissions},
                 {"contact", Text(policy.contact)},
                 {"verdict_hint", robots::TdmPolicyHintName(policy.hint)}};
  AddFlags(policy.flags, answer);
  return answer;
}

const KindRegistration kXmp("infile.xmp", AnswerXmp,
                            {{"data_mining"},
                             {"axes", Compare::kAxes},
                             {"constraint_text"},
                             {"marked"},
                             {"web_statement"},
                             {"rights_text"},
                             {"spdx"},
                             {"digital_source_type"},
                             {"synthetic"}});
const KindRegistration kC2pa("infile.c2pa", AnswerC2pa,
                             {{"axes", Compare::kAxes}, {"ingredient_axes", Compare::kAxes}});
const KindRegistration kConflict("infile.conflict", AnswerConflict, {{"conflict"}});
const KindRegistration kTdmrepXmp("tdmrep.xmp", AnswerTdmrepXmp,
                                  {{"reservation"}, {"policy"}, {"policy_processed"}});
const KindRegistration kTdmrepEpub("tdmrep.epub", AnswerTdmrepEpub,
                                   {{"reservation"}, {"policy"}, {"policy_processed"}});
const KindRegistration kPolicy(
    "tdmrep.policy", AnswerPolicy,
    {{"kind"}, {"valid"}, {"permissions"}, {"contact"}, {"verdict_hint"}});

}  // namespace
}  // namespace crawlcard::vectors
