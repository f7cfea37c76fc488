// Kinds that read HTML through page/ and give its metas to robots/: robotsmeta.html, tdmrep.html,
// prose.terms.

#include <string>
#include <utility>
#include <vector>

#include "page/facts.h"
#include "robots/observe.h"
#include "robots/robots_meta.h"
#include "robots/tdmrep.h"
#include "robots/well_known.h"
#include "tests/vectors/runner.h"
#include "tests/vectors/signals_json.h"

namespace crawlcard::vectors {
namespace {

using robots::Reservation;

page::PageFacts FactsOf(const Json& input, Arena& arena) {
  page::Observer observer(page::ObserveOptions{});
  page::Response response;
  const std::string url = input.value("base", std::string("https://site.example/"));
  response.url = arena.Copy(url);
  response.content_type = "text/html; charset=utf-8";
  response.body = input.at("html").get_ref<const std::string&>();
  return observer.Observe(response, arena);
}

robots::NamedValue ToNamedValue(const page::Meta& meta) {
  robots::NamedValue value;
  value.name = meta.name;
  value.value = meta.content;
  value.line = meta.line;
  value.in_head = meta.where == page::Where::kHead;
  value.by_property = meta.attribute == "property";
  return value;
}

Json AnswerRobotsMeta(const Json& input) {
  Arena arena;
  const page::PageFacts facts = FactsOf(input, arena);
  Json rules = Json::array();
  Json operators = Json::array();
  robots::SignalList signals;
  std::vector<std::pair<std::string_view, std::string_view>> in_force;
  for (const page::Meta& meta : facts.metas) {
    const robots::NamedValue value = ToNamedValue(meta);
    robots::ObserveMetas({&value, 1}, "https://site.example/", arena, signals);
    if (value.by_property || !robots::IsRobotsMetaName(meta.name)) continue;
    const std::string_view agent = meta.name == "robots" ? std::string_view("*") : meta.name;
    for (const robots::RobotsRule& rule : robots::ParseRobotsMeta(agent, meta.content, arena)) {
      Json one = {
          {"agent", rule.agent}, {"rule", rule.rule}, {"where", page::WhereName(meta.where)}};
      if (!rule.value.empty()) one["value"] = rule.value;
      rules.push_back(one);
      in_force.emplace_back(rule.agent, rule.rule);
    }
  }
  for (const robots::OperatorReading& one : robots::ReadOperatorRules(in_force)) {
    operators.push_back({{"operator", one.operator_name},
                         {"axis", robots::AxisName(one.use)},
                         {"value", robots::SaysName(one.says)}});
    if (!one.limit.empty()) operators.back()["limit"] = one.limit;
  }
  Json fragments = Json::array();
  for (const page::Fragment& one : facts.fragments) {
    if (one.rule == "data-nosnippet") {
      fragments.push_back({{"rule", "nosnippet"}, {"element", one.element}});
    }
  }
  return {{"rules", rules},
          {"fragments", fragments},
          {"axes", Axes(signals)},
          {"operator_axes", operators},
          {"confidence", ConfidenceOf(signals)},
          {"flags", FlagsOf(signals)}};
}

Json AnswerTdmrep(const Json& input) {
  Arena arena;
  const page::PageFacts facts = FactsOf(input, arena);
  std::vector<robots::NamedValue> values;
  for (const page::Meta& meta : facts.metas) values.push_back(ToNamedValue(meta));
  const robots::TdmrepStatement statement = robots::ReadTdmrepProperties(
      values, input.value("base", std::string("https://site.example/")), arena);
  Json answer = {{"reservation", nullptr}, {"policy", nullptr}, {"flags", Json::array()}};
  if (statement.reservation != Reservation::kUnset) {
    answer["reservation"] = statement.reservation == Reservation::kReserved ? 1 : 0;
  }
  if (!statement.policy.empty()) {
    answer["policy"] = statement.policy;
    answer["policy_processed"] = statement.reservation != Reservation::kNotReserved;
  }
  AddFlags(statement.flags, answer);
  return answer;
}

// Natural language is evidence for people, never a parsed refusal.
Json AnswerProse(const Json& input) {
  Arena arena;
  const page::PageFacts facts = FactsOf(input, arena);
  Json passages = Json::array();
  for (const std::string_view passage : robots::PolicyProse(facts.text_sample)) {
    passages.push_back(passage);
  }
  return {{"axes", Json::object()}, {"prose_evidence", passages}};
}

const KindRegistration kRobotsMeta("robotsmeta.html", AnswerRobotsMeta,
                                   {{"rules"},
                                    {"axes", Compare::kAxes},
                                    {"operator_axes", Compare::kContains},
                                    {"agents_without_rules"},
                                    {"fragments", Compare::kUnordered}});
const KindRegistration kTdmrep("tdmrep.html", AnswerTdmrep,
                               {{"reservation"}, {"policy"}, {"policy_processed"}});
const KindRegistration kProse("prose.terms", AnswerProse,
                              {{"axes", Compare::kAxes}, {"prose_evidence", Compare::kPassages}});

}  // namespace
}  // namespace crawlcard::vectors
