// card/sections_verdict.cc - what follows from the statements under a policy.
#include <algorithm>

#include <fmt/format.h>

#include "card/document.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

std::string DecisionWords(robots::Decision decision) {
  switch (decision) {
    case robots::Decision::kAllow:
      return "allow: an explicit permission";
    case robots::Decision::kDeny:
      return "deny: a refusal";
    case robots::Decision::kConditional:
      return "conditional: under a condition";
    case robots::Decision::kUnspecified:
      return "unspecified: nothing was said";
    case robots::Decision::kConflict:
      return "conflict: licence against reservation";
    case robots::Decision::kIndeterminate:
      return "indeterminate: could not look";
  }
  return "";
}

Tone ToneOf(robots::Decision decision) {
  switch (decision) {
    case robots::Decision::kAllow:
      return Tone::kGrant;
    case robots::Decision::kDeny:
      return Tone::kRefusal;
    case robots::Decision::kConditional:
    case robots::Decision::kConflict:
    case robots::Decision::kIndeterminate:
      return Tone::kMixed;
    default:
      return Tone::kNeutral;
  }
}

void AddReachRow(Table& table, std::vector<Cell> head, const Reach& reach, const Reach& whole) {
  head.push_back(Count(reach.captures));
  head.push_back(Share(reach.captures, whole.captures));
  head.push_back(Count(reach.hosts.count));
  head.push_back(Bytes(reach.payload_bytes));
  head.push_back(Bytes(reach.text_bytes));
  table.rows.push_back(std::move(head));
}

Section DecisionSection(const Card& card) {
  const VerdictTally& verdicts = card.tally.verdicts;
  Section section{"verdicts", "Verdicts", {}};
  const std::uint64_t whole = verdicts.pages.captures;
  section.blocks.emplace_back(Paragraph{
      fmt::format(
          "Asked for the use \"{}\" under the policy {}: {} of {} pages are usable ({}), {} are "
          "not. "
          "Families of statements disagree on {} pages. Of all {} captures, pages or not, {} are "
          "usable.",
          robots::AxisName(card.run.judge.use), card.run.judge.policy.Id(),
          FormatCount(verdicts.usable.captures), FormatCount(whole),
          FormatShare(verdicts.usable.captures, whole), FormatCount(verdicts.not_usable.captures),
          FormatCount(verdicts.conflicting.captures), FormatCount(verdicts.captures),
          FormatCount(verdicts.captures_usable)),
      {"verdicts.usable", "verdicts.pages", "verdicts.not_usable", "verdicts.conflicting",
       "verdicts.captures", "verdicts.captures_usable"}});
  BarChart chart{"chart-verdicts", "Pages by decision", "", {}};
  Table table;
  table.caption = "Pages by what the publisher said";
  table.fact = "verdicts.decisions";
  table.definition = "verdicts";
  table.columns = {{"Decision", false}, {"Pages", true},   {"Share", true},
                   {"Hosts", true},     {"Payload", true}, {"Text", true}};
  for (std::size_t i = 0; i < kDecisionCount; ++i) {
    const auto decision = static_cast<robots::Decision>(i);
    const Reach& reach = verdicts.decisions[i];
    AddReachRow(table, {Own(DecisionWords(decision))}, reach, verdicts.pages);
    chart.bars.push_back(
        {Own(std::string(robots::DecisionName(decision))), reach.captures,
         FormatCount(reach.captures) + " (" + FormatShare(reach.captures, whole) + ")",
         ToneOf(decision)});
  }
  chart.description = "Pages by the decision that follows from the publisher's statements.";
  AddReachRow(table, {Own("usable under the policy")}, verdicts.usable, verdicts.pages);
  AddReachRow(table, {Own("not usable under the policy")}, verdicts.not_usable, verdicts.pages);
  section.blocks.emplace_back(std::move(chart));
  section.blocks.emplace_back(std::move(table));
  return section;
}

Section ReasonSection(const VerdictTally& verdicts) {
  Section section{"reasons", "Reasons", {}};
  std::vector<std::pair<AppliedStatement, const Reach*>> rows;
  for (const auto& [one, reach] : verdicts.applied) rows.emplace_back(one, &reach);
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.second->captures > b.second->captures;
  });
  Table table;
  table.caption = "Statements that verdicts name as reasons, on the page or in the host's files";
  table.fact = "verdicts.applied";
  table.definition = "applied";
  table.columns = {{"Family", false}, {"Place", false}, {"Says", false},   {"Pages", true},
                   {"Share", true},   {"Hosts", true},  {"Payload", true}, {"Text", true}};
  table.absence = "No verdict rests on a statement.";
  for (const auto& [one, reach] : rows) {
    AddReachRow(table,
                {Own(std::string(robots::FamilyName(one.family))),
                 Own(std::string(robots::CarrierName(one.carrier))),
                 Own(one.says == robots::Says::kNothing ? "its terms"
                                                        : std::string(robots::SaysName(one.says)))},
                *reach, verdicts.pages);
  }
  section.blocks.emplace_back(std::move(table));
  Table operators;
  operators.caption = "Pages refused to an operator by name";
  operators.fact = "verdicts.operator_denied";
  operators.definition = "applied";
  operators.columns = {{"Operator", false}, {"Pages", true},   {"Share", true},
                       {"Hosts", true},     {"Payload", true}, {"Text", true}};
  operators.absence = "None.";
  for (const ReachTable::Row& row : verdicts.operator_denied.Sorted()) {
    if (Full(operators)) break;
    AddReachRow(operators, {Foreign(row.key)}, *row.reach, verdicts.pages);
  }
  operators.rows_all = verdicts.operator_denied.size();
  section.blocks.emplace_back(std::move(operators));
  return section;
}

Section PolicySection(const Card& card) {
  Section section{"policies", "What each policy would keep", {}};
  Table table;
  table.caption = "Usable pages by policy";
  table.fact = "policies";
  table.definition = "policies";
  table.columns = {{"Policy", false},       {"Usable pages", true},   {"Share", true},
                   {"Removed pages", true}, {"Usable payload", true}, {"Usable text", true}};
  BarChart chart{"chart-policies",
                 "Pages that each policy removes",
                 "Pages not usable under each policy, of the same pages.",
                 {}};
  for (const Card::PolicyRow& row : card.policies) {
    if (!row.outcome) {
      std::vector<Cell> cells{Own(row.policy.Id())};
      cells.resize(table.columns.size(), Own(std::string(kNotKnown)));
      table.rows.push_back(std::move(cells));
      continue;
    }
    const PolicyOutcome& outcome = *row.outcome;
    const std::uint64_t removed = outcome.pages - outcome.pages_usable;
    table.rows.push_back({Own(row.policy.Id()), Count(outcome.pages_usable),
                          Share(outcome.pages_usable, outcome.pages), Count(removed),
                          Bytes(outcome.payload_bytes_usable), Bytes(outcome.text_bytes_usable)});
    chart.bars.push_back({Own(row.policy.Id()), removed,
                          FormatCount(removed) + " (" + FormatShare(removed, outcome.pages) + ")",
                          Tone::kRefusal});
  }
  if (chart.bars.size() < card.policies.size()) {
    table.note =
        "Not known: the policy reads statements in another way and was not scanned for "
        "(--all-policies does).";
  }
  if (chart.bars.size() > 1) section.blocks.emplace_back(std::move(chart));
  section.blocks.emplace_back(std::move(table));
  return section;
}

Section TakedownSection(const TakedownSummary& takedowns, const VerdictTally& verdicts) {
  Section section{"takedowns", "Takedown requests", {}};
  const Reach& reach = verdicts.taken_down;
  std::uint64_t pages = 0;
  for (const Reach& one : verdicts.taken_down_pages) pages += one.captures;
  section.blocks.emplace_back(Paragraph{
      fmt::format("Requests to take content out that are in force: {}. They cover {} captures, of "
                  "them {} pages, on {} hosts of {} domains; no policy keeps any of it.",
                  FormatCount(takedowns.requests), FormatCount(reach.captures), FormatCount(pages),
                  FormatCount(reach.hosts.count), FormatCount(reach.domains.count)),
      {"takedowns.requests", "takedowns.captures", "takedowns.pages", "takedowns.hosts",
       "takedowns.domains"}});
  if (takedowns.scopes.empty()) return section;
  Table table;
  table.caption = "Takedown requests by scope";
  table.fact = "takedowns.scopes";
  table.definition = "takedowns";
  table.columns = {{"Scope", false}, {"Requests", true}};
  for (const auto& [scope, requests] : takedowns.scopes) {
    table.rows.push_back({Own(std::string(index::TakedownScopeName(scope))), Count(requests)});
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace

std::vector<Section> VerdictSections(const Card& card) {
  if (!card.tally.verdicts.judged()) {
    return {
        {"verdicts",
         "Verdicts",
         {Paragraph{std::string(kNotKnown) +
                    ": no capture was judged, so this card says nothing of what may be used."}}}};
  }
  std::vector<Section> sections{DecisionSection(card), ReasonSection(card.tally.verdicts)};
  if (card.run.takedowns) {
    sections.push_back(TakedownSection(*card.run.takedowns, card.tally.verdicts));
  }
  sections.push_back(PolicySection(card));
  return sections;
}

}  // namespace crawlcard::card
