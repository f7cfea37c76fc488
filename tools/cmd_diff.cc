// crawlcard diff: which hosts changed what they say between two dates, or contradict themselves.

#include <fmt/format.h>

#include "base/json_writer.h"
#include "index/diff.h"
#include "tools/capture_text.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/judge_flags.h"
#include "tools/open_index.h"
#include "tools/stop.h"

namespace crawlcard::tools {
namespace {

Result<index::DiffSide> SideFrom(const Settings& settings, std::string_view flag) {
  const std::string_view text = settings.Text(flag);
  if (text.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "--{} is missing: a date, now, or a snapshot", flag);
  }
  index::DiffSide side;
  side.name = text;
  if (text == "now") {
    side.instant = Now();
  } else {
    side.instant = ParseRfc3339(text);
  }
  if (!side.instant) side.snapshot = text;
  return side;
}

std::string Weight(std::uint64_t pages, std::uint64_t bytes) {
  return fmt::format("{} pages, {} bytes", pages, bytes);
}

std::string HostText(const index::HostDiff& host) {
  std::string text =
      fmt::format("{}  ({})\n", Printable(host.host), Weight(host.pages, host.bytes));
  for (const index::SignalDiff& signal : host.signals) {
    text += fmt::format("  {:<9} {} for {}, {} {}\n", index::SignalChangeName(signal.change),
                        robots::FamilyName(signal.family),
                        signal.agent.empty() ? "nobody by name" : Printable(signal.agent),
                        Printable(signal.origin), signal.file);
    for (const index::ChangedLine& line : signal.lines) {
      text += fmt::format("      {}", Printable(line.text));
      if (signal.family != robots::Family::kRobots && line.use != robots::Axis::kNone) {
        text += fmt::format(" ({})", robots::AxisName(line.use));
      }
      if (!line.path.empty()) text += fmt::format("  at {}", Printable(line.path));
      text += '\n';
    }
    if (signal.cut) text += "      and more\n";
  }
  return text;
}

std::string SummaryText(const index::DiffSummary& summary) {
  std::string text = fmt::format(
      "{} files compared, {} not seen before, {} not known; {} hosts of {} domains differ ({})\n",
      summary.files_compared, summary.files_new, summary.files_unknown, summary.hosts_changed,
      summary.domains_changed, Weight(summary.pages, summary.bytes));
  for (const index::DiffTotal& total : summary.totals) {
    text += fmt::format("  {:<9} {:<14} {:<24} {:>7} hosts {:>7} domains {:>9} pages\n",
                        index::SignalChangeName(total.change), robots::FamilyName(total.family),
                        total.agent.empty() ? "-" : Printable(total.agent), total.hosts,
                        total.domains, total.pages);
  }
  return text;
}

std::string OriginText(const index::OriginContradictions& origin) {
  std::string text =
      fmt::format("{}  ({})\n", Printable(origin.origin), Weight(origin.pages, origin.bytes));
  for (const index::Contradiction& one : origin.contradictions) {
    text += fmt::format("  {} for {}: {} ({})\n", robots::AxisName(one.use), Printable(one.agent),
                        robots::DecisionName(one.decision), one.clause);
    for (const robots::Reason* reason : {&one.denies, &one.allows}) {
      text +=
          fmt::format("    {:<7} {} {}: {}\n", robots::SaysName(reason->says),
                      robots::FamilyName(reason->family), reason->location, Printable(reason->raw));
    }
  }
  return text;
}

Result<int> RunChanges(const Context& context) {
  CRAWLCARD_ASSIGN(const index::HistoryOptions history,
                   HistoryOptionsFrom(context.settings, Now()));
  index::DiffOptions options;
  CRAWLCARD_ASSIGN(options.from, SideFrom(context.settings, "from"));
  CRAWLCARD_ASSIGN(options.to, SideFrom(context.settings, "to"));
  if (options.from.instant && options.to.instant && *options.from.instant > *options.to.instant) {
    // Asked for by those who want to see what a return would change; mostly a slip.
    context.log.Log({LogLevel::kWarning,
                     "diff.backwards",
                     fmt::format("--from {} is later than --to {}: changes are told backwards",
                                 options.from.name, options.to.name),
                     {}});
  }
  options.dialect = history.dialect;
  options.agents = history.agents;
  options.known_by = history.timeline.known_by;
  options.hosts = context.operands;
  options.jobs = JobsFrom(context.settings);
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(context.settings, index::OpenMode::kRead));
  const bool as_json = context.json_lines();
  const auto print = [&](const auto& write, std::string text) -> Status {
    if (StopRequested().load()) return Fail(ErrorCode::kCancelled, "stopped");
    if (context.silent()) return {};
    if (as_json) {
      text.clear();
      JsonWriter json(text);
      write(json);
      text += '\n';
    }
    return context.out.Write(text);
  };
  CRAWLCARD_ASSIGN(const index::DiffSummary summary,
                   index::Diff(*store, options, [&](const index::HostDiff& host) {
                     return print(
                         [&](JsonWriter& json) { index::WriteHostDiff(host, options, json); },
                         as_json ? std::string() : HostText(host));
                   }));
  CRAWLCARD_TRY(print([&](JsonWriter& json) { index::WriteDiffSummary(summary, options, json); },
                      as_json ? std::string() : SummaryText(summary)));
  return summary.hosts_changed == 0 ? kExitDone : kExitNo;
}

Result<int> RunContradictions(const Context& context) {
  CRAWLCARD_ASSIGN(const index::JudgeOptions judge, JudgeOptionsFrom(context.settings, Now()));
  index::ContradictionOptions options;
  if (judge.as_of.kind == index::AsOf::Kind::kInstant) options.as_of = judge.as_of.instant;
  options.dialect = judge.dialect;
  options.policy = judge.policy;
  options.known_by = judge.known_by;
  options.hosts = context.operands;
  options.jobs = JobsFrom(context.settings);
  CRAWLCARD_ASSIGN(const std::unique_ptr<index::Store> store,
                   OpenIndex(context.settings, index::OpenMode::kRead));
  std::string text;
  const auto print = [&](const index::OriginContradictions& origin) -> Status {
    if (StopRequested().load()) return Fail(ErrorCode::kCancelled, "stopped");
    if (context.silent()) return {};
    if (!context.json_lines()) return context.out.Write(OriginText(origin));
    text.clear();
    JsonWriter json(text);
    index::WriteContradictions(origin, options, json);
    return context.out.Write(text + '\n');
  };
  CRAWLCARD_ASSIGN(const index::ContradictionSummary summary,
                   index::FindContradictions(*store, options, print));
  if (!context.silent()) {
    text.clear();
    if (context.json_lines()) {
      JsonWriter json(text);
      index::WriteContradictionSummary(summary, options, json);
    } else {
      text = fmt::format("{} origins looked at, {} contradict themselves ({})", summary.origins,
                         summary.origins_contradictory, Weight(summary.pages, summary.bytes));
    }
    CRAWLCARD_TRY(context.out.Write(text + '\n'));
  }
  return summary.origins_contradictory == 0 ? kExitDone : kExitNo;
}

}  // namespace

Result<int> RunDiff(const Context& context) {
  if (!context.settings.Switch("contradictions")) return RunChanges(context);
  if (!context.settings.IsDefault("from") || !context.settings.IsDefault("to")) {
    return Fail(ErrorCode::kInvalidArgument,
                "--contradictions is about one instant: --as-of, not --from and --to");
  }
  return RunContradictions(context);
}

}  // namespace crawlcard::tools
