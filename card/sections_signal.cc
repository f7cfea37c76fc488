// card/sections_signal.cc - what publishers said: on pages, in host files, to single agents.
#include <algorithm>

#include <fmt/format.h>

#include "card/document.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

std::string Words(std::string_view name) {
  return name.empty() ? std::string("no single use") : std::string(name);
}

Tone ToneOf(robots::Says says) {
  switch (says) {
    case robots::Says::kDeny:
      return Tone::kRefusal;
    case robots::Says::kAllow:
      return Tone::kGrant;
    default:
      return Tone::kMixed;
  }
}

BarChart FamilyChart(const Tally& tally) {
  BarChart chart{"chart-page-signals", "Statements on pages, by family", "", {}};
  for (const auto& [said, reach] : tally.families) {
    chart.bars.push_back(
        {Own(fmt::format("{}: {}", robots::FamilyName(said.first), robots::SaysName(said.second))),
         reach.captures,
         FormatCount(reach.captures) + " (" + FormatShare(reach.captures, tally.pages.captures) +
             ")",
         ToneOf(said.second)});
  }
  std::stable_sort(chart.bars.begin(), chart.bars.end(),
                   [](const Bar& a, const Bar& b) { return a.value > b.value; });
  if (chart.bars.size() > limits::kBarsMax) chart.bars.resize(limits::kBarsMax);
  if (!chart.bars.empty()) {
    chart.description = fmt::format("Pages with at least one statement. First is {} with {}.",
                                    chart.bars[0].label.text, chart.bars[0].value_text);
  }
  return chart;
}

Table FamilyTable(const Tally& tally) {
  const std::uint64_t whole = tally.pages.captures;
  Table table;
  table.caption = "Pages by family of statement";
  table.fact = "signals.families";
  table.definition = "page-signals";
  table.columns = {{"Family", false}, {"Says", false}, {"Pages", true},
                   {"Share", true},   {"Hosts", true}, {"Payload", true}};
  table.absence = whole == 0 ? "No page." : "No page carries a statement of a known family.";
  for (const auto& [said, reach] : tally.families) {
    table.rows.push_back({Own(std::string(robots::FamilyName(said.first))),
                          Own(std::string(robots::SaysName(said.second))), Count(reach.captures),
                          Share(reach.captures, whole), Count(reach.hosts.count),
                          Bytes(reach.payload_bytes)});
  }
  return table;
}

Section PageSignalSection(const Tally& tally) {
  const std::uint64_t whole = tally.pages.captures;
  Section section{"page-signals", "What pages say about their use", {}};
  section.blocks.emplace_back(Paragraph{
      whole == 0 ? std::string("No page was captured that could carry a statement.")
                 : fmt::format("{} pages ({}) on {} hosts carry a machine-readable statement in "
                               "their own header or HTML. Counted "
                               "as observed, whatever follows from it.",
                               FormatCount(tally.pages_with_statement.captures),
                               FormatShare(tally.pages_with_statement.captures, whole),
                               FormatCount(tally.pages_with_statement.hosts.count)),
      {"signals.pages", "signals.hosts"}});
  BarChart chart = FamilyChart(tally);
  if (!chart.bars.empty()) section.blocks.emplace_back(std::move(chart));
  section.blocks.emplace_back(FamilyTable(tally));
  Table table;
  table.caption = "Statements on pages";
  table.fact = "signals.statements";
  table.definition = "page-signals";
  table.columns = {{"Family", false}, {"Place", false}, {"Use", false},  {"Says", false},
                   {"Pages", true},   {"Share", true},  {"Hosts", true}, {"Payload", true}};
  table.absence = whole == 0 ? "No page." : "No page carries a statement of a known family.";
  for (const auto& [one, reach] : tally.statements) {
    table.rows.push_back(
        {Own(std::string(robots::FamilyName(one.family))),
         Own(std::string(robots::CarrierName(one.carrier))), Own(Words(robots::AxisName(one.use))),
         Own(std::string(robots::SaysName(one.says))), Count(reach.captures),
         Share(reach.captures, whole), Count(reach.hosts.count), Bytes(reach.payload_bytes)});
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

Table FilesTable(const HostTally& hosts) {
  Table table;
  table.caption = "Files with a fixed place, by the outcome of asking";
  table.fact = "hosts.files";
  table.definition = "host-files";
  table.columns = {{"File", false},    {"Origins", true},        {"Read", true},
                   {"Empty", true},    {"Unavailable", true},    {"Unreachable", true},
                   {"Redirect", true}, {"Distinct bodies", true}};
  table.absence = "No such file is in the archive: nothing is known of what hosts say.";
  for (std::size_t i = 0; i < kWellKnownCount; ++i) {
    const auto file = static_cast<robots::WellKnown>(i);
    const WellKnownCount& count = hosts.file(file);
    if (count.observations == 0) continue;
    const auto state = [&](robots::FetchState one) {
      return Count(count.latest_state[static_cast<std::size_t>(one)]);
    };
    table.rows.push_back(
        {Own(std::string(robots::WellKnownPath(file))), Count(count.origins),
         state(robots::FetchState::kOk), state(robots::FetchState::kOkEmpty),
         state(robots::FetchState::kUnavailable), state(robots::FetchState::kUnreachable),
         state(robots::FetchState::kRedirect),
         Own((count.bodies.exact() ? "" : "about ") + FormatCount(count.bodies.Count()))});
  }
  return table;
}

Section HostSection(const HostTally& hosts) {
  Section section{"host-files", "What hosts say in robots.txt and other files", {}};
  section.blocks.emplace_back(FilesTable(hosts));
  Table table;
  table.caption = "Statements in host files";
  table.fact = "hosts.statements";
  table.definition = "host-statements";
  table.columns = {{"File", false}, {"Family", false}, {"Use", false},
                   {"Says", false}, {"Origins", true}, {"Share", true}};
  table.absence = hosts.origins() == 0 ? std::string(kNotKnown) : "No statement was found.";
  for (const auto& [one, origins] : hosts.statements()) {
    table.rows.push_back({Own(std::string(robots::WellKnownPath(one.file))),
                          Own(std::string(robots::FamilyName(one.family))),
                          Own(Words(robots::AxisName(one.use))),
                          Own(std::string(robots::SaysName(one.says))), Count(origins),
                          Share(origins, hosts.file(one.file).origins)});
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

// "*", then the agents that some file names, by how many origins refuse them. The answer to all
// others is that to "*".
std::vector<std::size_t> NamedAgents(const HostTally& hosts) {
  std::vector<std::size_t> order{0};
  for (std::size_t i = 1; i < hosts.agents().size(); ++i) {
    const AccessCount& count = hosts.agents()[i];
    if (count.named > 0 || count.refused() != hosts.agents()[0].refused()) order.push_back(i);
  }
  std::stable_sort(order.begin() + 1, order.end(), [&](std::size_t a, std::size_t b) {
    const AccessCount& x = hosts.agents()[a];
    const AccessCount& y = hosts.agents()[b];
    if (x.refused() != y.refused()) return x.refused() > y.refused();
    return x.named > y.named;
  });
  return order;
}

Section AgentSection(const HostTally& hosts) {
  Section section{"agents", "Agents in robots.txt", {}};
  const std::uint64_t whole = hosts.robots_read();
  section.blocks.emplace_back(Paragraph{
      whole == 0
          ? std::string("No origin is known whose robots.txt could be read.")
          : fmt::format("Of {} whose robots.txt could be read, {} ({}) refuse "
                        "everybody. An agent that is not "
                        "named falls under the group for everybody.",
                        FormatNoun(whole, "origin"), FormatCount(hosts.agents()[0].refused()),
                        FormatShare(hosts.agents()[0].refused(), whole)),
      {"robots.origins_read", "robots.refuse_everybody"}});
  BarChart chart{"chart-agents", "Agents refused by robots.txt", "", {}};
  Table table;
  table.caption = "Agents by origins that refuse them";
  table.fact = "robots.agents";
  table.definition = "agents";
  table.columns = {
      {"Agent", false}, {"Operator", false}, {"Refused", true},          {"Share", true},
      {"Partly", true}, {"Named", true},     {"Named and refused", true}};
  table.absence = "No robots.txt could be read: nothing is known of agents.";
  if (whole == 0) {
    section.blocks.emplace_back(std::move(table));
    return section;
  }
  const auto registry = robots::AgentRegistry();
  const std::vector<std::size_t> agents = NamedAgents(hosts);
  for (const std::size_t i : agents) {
    if (Full(table)) break;
    const AccessCount& count = hosts.agents()[i];
    const std::string token = i == 0 ? "* (everybody)" : std::string(registry[i - 1].token);
    table.rows.push_back(
        {Own(token),
         Own(i == 0 ? std::string(kNotApplicable) : std::string(registry[i - 1].operator_name)),
         Count(count.refused()), Share(count.refused(), whole), Count(count.partly()),
         Count(count.named), Count(count.named_refused)});
    if (chart.bars.size() < limits::kBarsMax && count.refused() > 0) {
      chart.bars.push_back(
          {Own(token), count.refused(),
           FormatCount(count.refused()) + " (" + FormatShare(count.refused(), whole) + ")",
           Tone::kRefusal});
    }
  }
  table.rows_all = agents.size();
  if (hosts.agents().size() > agents.size()) {
    table.note = fmt::format(
        "{} more agents of the registry are named nowhere: what is said to "
        "everybody is said to them.",
        FormatCount(hosts.agents().size() - agents.size()));
  }
  if (!chart.bars.empty()) {
    chart.description =
        fmt::format("Origins whose robots.txt refuses the agent, of {} read.", FormatCount(whole));
    section.blocks.emplace_back(std::move(chart));
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

Section OperatorSection(const HostTally& hosts) {
  Section section{"operators", "Operators in robots.txt", {}};
  const std::uint64_t whole = hosts.robots_read();
  std::vector<std::pair<std::string_view, const HostTally::OperatorCount*>> rows;
  for (const auto& [name, count] : hosts.operators()) {
    if (count.any.named > 0) rows.emplace_back(name, &count);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    if (a.second->any.refused() != b.second->any.refused()) {
      return a.second->any.refused() > b.second->any.refused();
    }
    return a.second->any.named > b.second->any.named;
  });
  Table table;
  table.caption = "Operators: the strictest answer to any of their agents";
  table.fact = "robots.operators";
  table.definition = "operators";
  table.columns = {{"Operator", false}, {"Refused", true}, {"Share", true},
                   {"Partly", true},    {"Named", true},   {"Training agents refused", true}};
  table.absence = whole == 0 ? std::string(kNotKnown) : "No origin names an operator's agent.";
  BarChart chart{"chart-operators", "Operators refused by robots.txt", "", {}};
  for (const auto& [name, count] : rows) {
    if (Full(table)) break;
    if (chart.bars.size() < limits::kBarsMax && count->any.refused() > 0) {
      chart.bars.push_back({Own(std::string(name)), count->any.refused(),
                            FormatCount(count->any.refused()) + " (" +
                                FormatShare(count->any.refused(), whole) + ")",
                            Tone::kRefusal});
    }
    table.rows.push_back(
        {Own(std::string(name)), Count(count->any.refused()), Share(count->any.refused(), whole),
         Count(count->any.partly()), Count(count->any.named),
         count->trains ? Count(count->training.refused()) : Own(std::string(kNotApplicable))});
  }
  table.rows_all = rows.size();
  if (!chart.bars.empty()) {
    chart.description =
        fmt::format("Origins whose robots.txt refuses an agent of the operator, of {} read.",
                    FormatCount(whole));
    section.blocks.emplace_back(std::move(chart));
  }
  section.blocks.emplace_back(std::move(table));
  return section;
}

}  // namespace

std::vector<Section> SignalSections(const Card& card) {
  return {PageSignalSection(card.tally), HostSection(card.tally.hosts),
          AgentSection(card.tally.hosts), OperatorSection(card.tally.hosts)};
}

}  // namespace crawlcard::card
