// card/facts_signal.cc - facts of what publishers said, and of what follows under a policy.
#include <algorithm>

#include <fmt/format.h>

#include "card/fact_list.h"

namespace crawlcard::card {
namespace {

// A use is "" where a statement is about no single one.
FactCell UseCell(robots::Axis use) {
  const std::string_view name = robots::AxisName(use);
  return name.empty() ? FactCell(Absence::kInapplicable) : OwnText(name);
}

FactTable FamilyTable(const Tally& tally) {
  FactTable table;
  table.columns = {{"family", "Family"}, {"says", "Says"}};
  AddReachColumns("Pages", table.columns);
  for (const auto& [said, reach] : tally.families) {
    std::vector<FactCell> row{OwnText(robots::FamilyName(said.first)),
                              OwnText(robots::SaysName(said.second))};
    AddReachCells(reach, tally.pages.captures, row);
    table.rows.push_back(std::move(row));
  }
  return table;
}

FactTable StatementTable(const Tally& tally) {
  FactTable table;
  table.columns = {{"family", "Family"}, {"carrier", "Place"}, {"use", "Use"}, {"says", "Says"}};
  AddReachColumns("Pages", table.columns);
  for (const auto& [one, reach] : tally.statements) {
    std::vector<FactCell> row{OwnText(robots::FamilyName(one.family)),
                              OwnText(robots::CarrierName(one.carrier)), UseCell(one.use),
                              OwnText(robots::SaysName(one.says))};
    AddReachCells(reach, tally.pages.captures, row);
    table.rows.push_back(std::move(row));
  }
  return table;
}

FactTable HostFileTable(const HostTally& hosts) {
  FactTable table;
  table.columns = {{"path", "File"},
                   {"observations", "Observations", FactUnit::kCount},
                   {"origins", "Origins", FactUnit::kCount}};
  for (std::size_t s = 0; s < kFetchStateCount; ++s) {
    const std::string_view state = robots::FetchStateName(static_cast<robots::FetchState>(s));
    table.columns.push_back({state, state, FactUnit::kCount});
  }
  table.columns.push_back({"body_not_kept", "Body not kept", FactUnit::kCount});
  table.columns.push_back({"distinct_bodies", "Distinct bodies", FactUnit::kCount});
  table.columns.push_back({"distinct_bodies_exact", "Exact"});
  for (std::size_t i = 0; i < kWellKnownCount; ++i) {
    const auto file = static_cast<robots::WellKnown>(i);
    const WellKnownCount& count = hosts.file(file);
    std::vector<FactCell> row{OwnText(robots::WellKnownPath(file)), count.observations,
                              count.origins};
    for (const std::uint64_t origins : count.latest_state) row.emplace_back(origins);
    row.emplace_back(count.unread);
    row.emplace_back(count.bodies.Count());
    row.emplace_back(count.bodies.exact());
    table.rows.push_back(std::move(row));
  }
  return table;
}

FactTable HostStatementTable(const HostTally& hosts) {
  FactTable table;
  table.columns = {{"path", "File"},
                   {"family", "Family"},
                   {"use", "Use"},
                   {"says", "Says"},
                   {"origins", "Origins", FactUnit::kCount},
                   {"share", "Share"}};
  for (const auto& [one, origins] : hosts.statements()) {
    table.rows.push_back({OwnText(robots::WellKnownPath(one.file)),
                          OwnText(robots::FamilyName(one.family)), UseCell(one.use),
                          OwnText(robots::SaysName(one.says)), origins,
                          FactShare{origins, hosts.file(one.file).origins}});
  }
  return table;
}

FactTable AgentTable(const HostTally& hosts) {
  FactTable table;
  table.columns = {{"agent", "Agent"},
                   {"operator", "Operator"},
                   {"purpose", "Purpose"},
                   {"refused", "Refused", FactUnit::kCount},
                   {"partly", "Partly", FactUnit::kCount},
                   {"allowed", "Allowed", FactUnit::kCount},
                   {"named", "Named", FactUnit::kCount},
                   {"named_refused", "Named and refused", FactUnit::kCount},
                   {"share", "Share refused"}};
  const auto registry = robots::AgentRegistry();
  for (std::size_t i = 0; i < hosts.agents().size(); ++i) {
    const AccessCount& count = hosts.agents()[i];
    const bool everybody = i == 0;
    table.rows.push_back(
        {everybody ? OwnText("*") : OwnText(registry[i - 1].token),
         everybody ? FactCell(Absence::kInapplicable) : OwnText(registry[i - 1].operator_name),
         everybody ? FactCell(Absence::kInapplicable) : OwnText(registry[i - 1].purpose),
         count.refused(), count.partly(), count.allowed(), count.named, count.named_refused,
         FactShare{count.refused(), hosts.robots_read()}});
  }
  return table;
}

FactTable OperatorTable(const HostTally& hosts) {
  FactTable table;
  table.columns = {{"operator", "Operator"},
                   {"refused", "Refused", FactUnit::kCount},
                   {"partly", "Partly", FactUnit::kCount},
                   {"allowed", "Allowed", FactUnit::kCount},
                   {"named", "Named", FactUnit::kCount},
                   {"share", "Share refused"},
                   {"training_refused", "Training agents refused", FactUnit::kCount}};
  for (const auto& [name, count] : hosts.operators()) {
    table.rows.push_back(
        {OwnText(name), count.any.refused(), count.any.partly(), count.any.allowed(),
         count.any.named, FactShare{count.any.refused(), hosts.robots_read()},
         count.trains ? FactCell(count.training.refused()) : FactCell(Absence::kInapplicable)});
  }
  return table;
}

FactTable DecisionTable(const VerdictTally& verdicts) {
  FactTable table;
  table.columns = {{"decision", "Decision"}};
  AddReachColumns("Pages", table.columns);
  table.columns.push_back({"careful_captures", "By the strictest reading", FactUnit::kCount});
  for (std::size_t i = 0; i < kDecisionCount; ++i) {
    std::vector<FactCell> row{OwnText(robots::DecisionName(static_cast<robots::Decision>(i)))};
    AddReachCells(verdicts.decisions[i], verdicts.pages.captures, row);
    row.emplace_back(verdicts.careful[i]);
    table.rows.push_back(std::move(row));
  }
  return table;
}

FactTable AppliedTable(const VerdictTally& verdicts) {
  FactTable table;
  table.columns = {{"family", "Family"}, {"carrier", "Place"}, {"says", "Says"}};
  AddReachColumns("Pages", table.columns);
  for (const auto& [one, reach] : verdicts.applied) {
    const std::string_view says = robots::SaysName(one.says);
    std::vector<FactCell> row{OwnText(robots::FamilyName(one.family)),
                              OwnText(robots::CarrierName(one.carrier)),
                              says.empty() ? FactCell(Absence::kInapplicable) : OwnText(says)};
    AddReachCells(reach, verdicts.pages.captures, row);
    table.rows.push_back(std::move(row));
  }
  return table;
}

FactTable PolicyTable(const Card& card) {
  FactTable table;
  table.columns = {{"policy", "Policy"},
                   {"pages_usable", "Usable pages", FactUnit::kCount},
                   {"share", "Share usable"},
                   {"pages_removed", "Removed pages", FactUnit::kCount},
                   {"payload_bytes_usable", "Usable payload", FactUnit::kBytes},
                   {"text_bytes_usable", "Usable text", FactUnit::kBytes},
                   {"hosts_usable", "Hosts with usable pages", FactUnit::kCount}};
  for (const Card::PolicyRow& row : card.policies) {
    // The id of a policy from a file is a person's text.
    std::vector<FactCell> cells{ForeignText(row.policy.Id())};
    if (row.outcome) {
      const PolicyOutcome& outcome = *row.outcome;
      cells.emplace_back(outcome.pages_usable);
      cells.emplace_back(FactShare{outcome.pages_usable, outcome.pages});
      cells.emplace_back(outcome.pages - outcome.pages_usable);
      cells.emplace_back(outcome.payload_bytes_usable);
      cells.emplace_back(outcome.text_bytes_usable);
      if (outcome.hosts_usable) cells.emplace_back(*outcome.hosts_usable);
    }
    cells.resize(table.columns.size(), Absence::kUnknown);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

// A count that exists only where pages were judged.
void AddVerdictCount(std::string id, std::string title, const VerdictTally& verdicts,
                     std::uint64_t value, FactUnit unit, FactList& list) {
  list.Add(std::move(id), std::move(title), "verdicts",
           verdicts.judged() ? FactCell(value) : FactCell(Absence::kUnknown), unit);
}

}  // namespace

void AddSignalFacts(const Tally& tally, FactList& list) {
  const HostTally& hosts = tally.hosts;
  list.Count("signals.pages", "Pages with a statement of their own", "page-signals",
             tally.pages_with_statement.captures);
  list.Count("signals.hosts", "Hosts of pages with a statement of their own", "page-signals",
             tally.pages_with_statement.hosts.count);
  list.Count("signals.domains", "Domains of pages with a statement of their own", "page-signals",
             tally.pages_with_statement.domains.count);
  list.Bytes("signals.payload_bytes", "Payload bytes of pages with a statement of their own",
             "page-signals", tally.pages_with_statement.payload_bytes);
  list.Bytes("signals.text_bytes", "Text bytes of pages with a statement of their own",
             "page-signals", tally.pages_with_statement.text_bytes);
  list.Add("signals.families", "Statements on pages by family", "page-signals", FamilyTable(tally));
  list.Add("signals.statements", "Statements on pages", "page-signals", StatementTable(tally));
  list.Count("hosts.origins", "Origins asked for host files", "host-files", hosts.origins());
  list.Count("hosts.observations", "Observations of host files", "host-files",
             hosts.observations());
  list.Add("hosts.files", "Host files", "host-files", HostFileTable(hosts));
  list.Add("hosts.statements", "Statements in host files", "host-statements",
           HostStatementTable(hosts));
  list.Count("robots.origins_read", "Origins whose robots.txt could be read", "agents",
             hosts.robots_read());
  list.Count("robots.refuse_everybody", "Origins whose robots.txt refuses everybody", "agents",
             hosts.agents()[0].refused());
  list.Count("robots.agents_unnamed", "Agents of the registry that no robots.txt names", "agents",
             static_cast<std::uint64_t>(std::ranges::count_if(
                 hosts.agents(), [](const AccessCount& count) { return count.named == 0; })) -
                 (hosts.agents()[0].named == 0 ? 1 : 0));
  list.Add("robots.agents", "Agents in robots.txt", "agents", AgentTable(hosts));
  list.Add("robots.operators", "Operators in robots.txt", "operators", OperatorTable(hosts));
}

namespace {

FactTable ScopeTable(const TakedownSummary& takedowns) {
  FactTable table;
  table.columns = {{"scope", "Scope"}, {"requests", "Requests", FactUnit::kCount}};
  for (const auto& [scope, requests] : takedowns.scopes) {
    table.rows.push_back({OwnText(index::TakedownScopeName(scope)), requests});
  }
  return table;
}

// What requests cover is known where captures were judged.
void AddTakedownFacts(const Card& card, FactList& list) {
  const std::optional<TakedownSummary>& takedowns = card.run.takedowns;
  const VerdictTally& verdicts = card.tally.verdicts;
  const auto add = [&](std::string id, std::string title, FactCell cell,
                       FactUnit unit = FactUnit::kCount) {
    list.Add(std::move(id), std::move(title), "takedowns",
             takedowns ? std::move(cell) : FactCell(Absence::kUnknown), unit);
  };
  const auto covered = [&](std::uint64_t value) {
    return verdicts.judged() ? FactCell(value) : FactCell(Absence::kUnknown);
  };
  const TakedownSummary known = takedowns.value_or(TakedownSummary{});
  add("takedowns.requests", "Takedown requests in force", known.requests);
  add("takedowns.first_received", "First of them received", DateCell(known.first), FactUnit::kNone);
  add("takedowns.last_received", "Last of them received", DateCell(known.last), FactUnit::kNone);
  list.Add("takedowns.scopes", "Takedown requests by scope", "takedowns", ScopeTable(known));
  std::uint64_t pages = 0;
  for (const Reach& reach : verdicts.taken_down_pages) pages += reach.captures;
  const Reach& reach = verdicts.taken_down;
  add("takedowns.captures", "Captures they cover", covered(reach.captures));
  add("takedowns.pages", "Pages they cover", covered(pages));
  add("takedowns.hosts", "Hosts of captures they cover", covered(reach.hosts.count));
  add("takedowns.domains", "Domains of captures they cover", covered(reach.domains.count));
  add("takedowns.payload_bytes", "Payload bytes they cover", covered(reach.payload_bytes),
      FactUnit::kBytes);
  add("takedowns.text_bytes", "Text bytes they cover", covered(reach.text_bytes), FactUnit::kBytes);
}

}  // namespace

void AddVerdictFacts(const Card& card, FactList& list) {
  const VerdictTally& verdicts = card.tally.verdicts;
  const auto count = [&](std::string id, std::string title, std::uint64_t value) {
    AddVerdictCount(std::move(id), std::move(title), verdicts, value, FactUnit::kCount, list);
  };
  const auto bytes = [&](std::string id, std::string title, std::uint64_t value) {
    AddVerdictCount(std::move(id), std::move(title), verdicts, value, FactUnit::kBytes, list);
  };
  count("verdicts.captures", "Captures judged", verdicts.captures);
  count("verdicts.captures_usable", "Captures usable", verdicts.captures_usable);
  count("verdicts.pages", "Pages judged", verdicts.pages.captures);
  count("verdicts.usable", "Pages usable", verdicts.usable.captures);
  count("verdicts.usable_hosts", "Hosts of usable pages", verdicts.usable.hosts.count);
  count("verdicts.usable_domains", "Domains of usable pages", verdicts.usable.domains.count);
  bytes("verdicts.usable_payload_bytes", "Payload bytes of usable pages",
        verdicts.usable.payload_bytes);
  bytes("verdicts.usable_text_bytes", "Text bytes of usable pages", verdicts.usable.text_bytes);
  count("verdicts.not_usable", "Pages not usable", verdicts.not_usable.captures);
  count("verdicts.not_usable_hosts", "Hosts of pages not usable", verdicts.not_usable.hosts.count);
  count("verdicts.not_usable_domains", "Domains of pages not usable",
        verdicts.not_usable.domains.count);
  bytes("verdicts.not_usable_payload_bytes", "Payload bytes of pages not usable",
        verdicts.not_usable.payload_bytes);
  bytes("verdicts.not_usable_text_bytes", "Text bytes of pages not usable",
        verdicts.not_usable.text_bytes);
  count("verdicts.denied", "Pages denied by their publisher",
        verdicts.pages_by(robots::Decision::kDeny).captures);
  count("verdicts.indeterminate", "Pages for which nobody could look",
        verdicts.pages_by(robots::Decision::kIndeterminate).captures);
  count("verdicts.conflicting", "Pages on which families of statements disagree",
        verdicts.conflicting.captures);
  list.Add("verdicts.usable_share", "Share of pages usable", "verdicts",
           verdicts.judged()
               ? FactCell(FactShare{verdicts.usable.captures, verdicts.pages.captures})
               : FactCell(Absence::kUnknown));
  list.Add("verdicts.not_usable_share", "Share of pages not usable", "verdicts",
           verdicts.judged()
               ? FactCell(FactShare{verdicts.not_usable.captures, verdicts.pages.captures})
               : FactCell(Absence::kUnknown));
  list.Add("verdicts.denied_share", "Share of pages denied by their publisher", "verdicts",
           verdicts.judged()
               ? FactCell(FactShare{verdicts.pages_by(robots::Decision::kDeny).captures,
                                    verdicts.pages.captures})
               : FactCell(Absence::kUnknown));
  list.Add("verdicts.indeterminate_share", "Share of pages for which nobody could look", "verdicts",
           verdicts.judged()
               ? FactCell(FactShare{verdicts.pages_by(robots::Decision::kIndeterminate).captures,
                                    verdicts.pages.captures})
               : FactCell(Absence::kUnknown));
  AddTakedownFacts(card, list);
  if (verdicts.judged()) {
    list.Add("verdicts.decisions", "Pages by decision", "verdicts", DecisionTable(verdicts));
    list.Add("verdicts.applied", "Statements that verdicts name as reasons", "applied",
             AppliedTable(verdicts));
    list.Add("verdicts.operator_denied", "Pages refused to an operator by name", "applied",
             ReachFactTable("operator", "Operator", "Pages", verdicts.operator_denied,
                            verdicts.pages.captures));
    list.Add("policies", "What each policy would keep", "policies", PolicyTable(card));
    return;
  }
  list.Add("verdicts.decisions", "Pages by decision", "verdicts", Absence::kUnknown);
  list.Add("verdicts.applied", "Statements that verdicts name as reasons", "applied",
           Absence::kUnknown);
  list.Add("verdicts.operator_denied", "Pages refused to an operator by name", "applied",
           Absence::kUnknown);
  list.Add("policies", "What each policy would keep", "policies", Absence::kUnknown);
}

}  // namespace crawlcard::card
