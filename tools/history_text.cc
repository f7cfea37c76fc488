#include "tools/history_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/time.h"
#include "tools/capture_text.h"

namespace crawlcard::tools {
namespace {

using robots::Changed;

constexpr std::size_t kAgentsOnScreen = 8;
constexpr std::size_t kGroupsOnScreen = 8;
constexpr std::size_t kChangesOnScreen = 12;

std::string Day(UnixSeconds date) {
  return date == 0 ? "no date" : FormatRfc3339(date);
}

std::string More(std::size_t all, std::size_t shown, std::string_view indent) {
  return all <= shown
             ? ""
             : fmt::format("{}and {} more: --format jsonl has them\n", indent, all - shown);
}

std::string AgentsText(const robots::AgentChange& change) {
  std::string text;
  const std::size_t shown = std::min(kAgentsOnScreen, change.agents.size());
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += ", ";
    text += change.agents[i] == "*" ? "everybody else (*)" : Printable(change.agents[i]);
  }
  if (shown < change.agents.size()) {
    text += fmt::format(" and {} more", change.agents.size() - shown);
  }
  if (!change.named_before && change.named_after) text += ", named anew";
  if (change.named_before && !change.named_after) text += ", no longer named";
  return text;
}

std::string Told(const std::optional<robots::PreferenceChange::Told>& told) {
  return told ? Printable(told->value) : "nothing";
}

void AppendAgents(const robots::AgentChange& change, std::string& out) {
  out += fmt::format("      for {}\n", AgentsText(change));
  const std::size_t shown = std::min(kChangesOnScreen, change.rules.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const robots::RuleChange& rule = change.rules[i];
    const std::string_view became = rule.path.empty()    ? "rewritten"
                                    : rule.allowed_after ? "allowed"
                                                         : "disallowed";
    out += fmt::format("        {:<10} {:<24} {} {}\n", became,
                       rule.path.empty() ? "-" : Printable(rule.path), rule.gone ? '-' : '+',
                       Printable(rule.rule));
  }
  out += More(change.rules.size(), shown, "        ");
  const std::size_t said = std::min(kChangesOnScreen, change.preferences.size());
  for (std::size_t i = 0; i < said; ++i) {
    const robots::PreferenceChange& one = change.preferences[i];
    out += fmt::format("        {} {} at {}: {} before, {} now\n", robots::FamilyName(one.family),
                       Printable(one.key), Printable(one.path), Told(one.before), Told(one.after));
  }
  out += More(change.preferences.size(), said, "        ");
  if (change.delay_before != change.delay_after) {
    out += fmt::format("        crawl-delay: {} before, {} now\n",
                       Printable(change.delay_before.value_or("none")),
                       Printable(change.delay_after.value_or("none")));
  }
}

void AppendStatement(const robots::StatementChange& one, std::string& out) {
  const std::string_view says = robots::SaysName(one.says);
  out += fmt::format("      {} {}: {} {}={}", one.gone ? '-' : '+', robots::FamilyName(one.family),
                     says.empty() ? "states" : says, Printable(one.key), Printable(one.value));
  if (!one.scope.empty()) out += fmt::format(" at {}", Printable(one.scope));
  if (!one.agent.empty() && one.agent != "*") out += fmt::format(" for {}", Printable(one.agent));
  out += '\n';
}

void AppendChange(const index::HistoryRun& run, std::string& out) {
  const index::HistoryChange& change = *run.change;
  if (change.state_before != run.state) {
    out += fmt::format("      was {}, now {}\n", robots::FetchStateName(change.state_before),
                       robots::FetchStateName(run.state));
  }
  if (!change.body) return;
  const robots::FileChange& body = *change.body;
  out += body.changed <= Changed::kBytes   ? "      the same meaning as the body before\n"
         : body.changed == Changed::kRules ? "      rewritten; no answer was found that differs\n"
                                           : "      the meaning changed\n";
  const std::size_t groups = std::min(kGroupsOnScreen, body.agents.size());
  for (std::size_t i = 0; i < groups; ++i) AppendAgents(body.agents[i], out);
  out += More(body.agents.size(), groups, "      ");
  const std::size_t shown = std::min(kChangesOnScreen, body.statements.size());
  for (std::size_t i = 0; i < shown; ++i) AppendStatement(body.statements[i], out);
  out += More(body.statements.size(), shown, "      ");
  if (body.cut) out += "      too much to compare all of it\n";
}

void AppendBodies(const index::HistoryRun& run, std::string& out) {
  const std::size_t shown = std::min(kChangesOnScreen, run.bodies.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const index::HistoryBody& body = run.bodies[i];
    out += fmt::format("      body {}, seen {} times from {}{}\n", Printable(body.evidence.digest),
                       body.observations, Day(body.from),
                       body.differs == Changed::kBytes ? ", other bytes, the same meaning" : "");
  }
  out += More(run.bodies.size(), shown, "      ");
}

}  // namespace

void AppendHistoryText(const index::HistoryRun& run, bool first_of_file, std::string& out) {
  if (first_of_file) {
    out += fmt::format("{}  {}\n", Printable(run.origin), robots::WellKnownName(run.file));
  }
  out += fmt::format("  {} to {}  {}, seen {} times", Day(run.from), Day(run.last_seen),
                     robots::FetchStateName(run.state), run.observations);
  if (run.unchanged != 0) out += fmt::format(", {} of them unchanged", run.unchanged);
  out += '\n';
  if (run.change) AppendChange(run, out);
  AppendBodies(run, out);
  out += fmt::format("      bytes {} at {}, {} long\n", Printable(run.evidence.file),
                     run.evidence.offset, run.evidence.length);
}

}  // namespace crawlcard::tools
