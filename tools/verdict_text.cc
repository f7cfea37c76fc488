#include "tools/verdict_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tools/capture_text.h"

namespace crawlcard::tools {
namespace {

using robots::Reason;
using robots::Verdict;

constexpr std::size_t kReasonsOnScreen = 8;
constexpr std::size_t kOperatorsOnScreen = 8;

std::string PointerText(const robots::Evidence& evidence) {
  return fmt::format("{} at {}, {} long", Printable(evidence.file), evidence.offset,
                     evidence.length);
}

void AppendReasonText(const Reason& reason, std::string& out) {
  const std::string_view says = robots::SaysName(reason.says);
  out += fmt::format("  {:<11} {} by {}, {}", says.empty() ? "states" : says, reason.clause,
                     robots::FamilyName(reason.family), robots::CarrierName(reason.carrier));
  if (!reason.agent.empty()) out += fmt::format(", for {}", Printable(reason.agent));
  out += fmt::format(", seen {}\n", FormatRfc3339(reason.evidence.date));
  out += fmt::format("              {}: {}\n", Printable(reason.location), Printable(reason.raw));
  if (!reason.evidence.file.empty()) {
    out += fmt::format("              {}\n", PointerText(reason.evidence));
  }
}

// Refusals to others by name; what a retired token is told shows intent alone.
void AppendOperatorsText(const Verdict& verdict, std::string& out) {
  if (verdict.operator_specific.empty()) return;
  out += "other operators:\n";
  const std::size_t shown = std::min(kOperatorsOnScreen, verdict.operator_specific.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const robots::OperatorDecision& one = verdict.operator_specific[i];
    out += fmt::format("  {:<11} {} by {}{}\n", robots::DecisionName(one.decision),
                       Printable(one.operator_name), Printable(one.agent),
                       one.status == robots::AgentStatus::kCurrent
                           ? ""
                           : fmt::format(", a {} token", robots::AgentStatusName(one.status)));
  }
  if (shown < verdict.operator_specific.size()) {
    out += fmt::format("  and {} more: --format jsonl has all\n",
                       verdict.operator_specific.size() - shown);
  }
}

}  // namespace

void AppendVerdictText(const index::UrlVerdict& answer, const index::JudgeOptions& options,
                       std::string& out) {
  const Verdict& verdict = answer.verdict;
  out += fmt::format("{}\n", Printable(answer.url));
  out += fmt::format("  {} for {} as {}: the publisher says {}, the policy {} {}\n",
                     verdict.usable ? "USABLE" : "NOT USABLE", robots::AxisName(options.use),
                     Printable(fmt::format("{}", fmt::join(options.agents, ", "))),
                     robots::DecisionName(verdict.decision), options.policy.Id(),
                     verdict.usable    ? "lets it through"
                     : answer.takedown ? "is not asked"
                                       : "does not let it through");
  if (answer.takedown) {
    out += fmt::format("  takedown {}, {} {}, received {}\n", Printable(answer.takedown->id),
                       index::TakedownScopeName(answer.takedown->scope),
                       Printable(answer.takedown->value), FormatRfc3339(answer.takedown->received));
  }
  out += fmt::format("  as of {}{}, robots.txt read by {}; strictest reading: {}\n",
                     FormatRfc3339(answer.as_of),
                     options.known_by ? ", known by " + FormatRfc3339(*options.known_by) : "",
                     robots::DialectName(options.dialect), robots::DecisionName(verdict.careful));
  if (verdict.conflict) out += "  the families of signals disagree\n";
  if (!verdict.condition.empty()) {
    out += fmt::format("  condition: {}\n", Printable(verdict.condition));
  }
  out += verdict.reasons.empty() ? "reasons: none, nothing was said\n" : "reasons:\n";
  const std::size_t shown = std::min(kReasonsOnScreen, verdict.reasons.size());
  for (std::size_t i = 0; i < shown; ++i) AppendReasonText(verdict.reasons[i], out);
  if (shown < verdict.reasons.size()) {
    out += fmt::format("  and {} more: --format jsonl has all\n", verdict.reasons.size() - shown);
  }
  out += "looked at:";
  for (const robots::Coverage& entry : verdict.coverage) {
    out += fmt::format(" {} {}{}", Printable(entry.carrier), entry.state,
                       entry.date ? " (" + FormatRfc3339(*entry.date) + ")" : "");
    out += &entry == &verdict.coverage.back() ? "" : ";";
  }
  out += verdict.coverage.empty() ? " nothing\n" : "\n";
  if (!verdict.licences.empty()) {
    out += fmt::format("licences: {}\n",
                       Printable(fmt::format("{}", fmt::join(verdict.licences, ", "))));
  }
  AppendOperatorsText(verdict, out);
  out += answer.capture ? fmt::format("capture: {}, {}\n", FormatRfc3339(answer.capture->date),
                                      PointerText(*answer.capture))
                        : "capture: none, answered by the host's signals alone\n";
}

}  // namespace crawlcard::tools
