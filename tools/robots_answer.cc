#include "tools/robots_answer.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json_writer.h"
#include "index/capture.h"
#include "tools/capture_text.h"

namespace crawlcard::tools {
namespace {

using robots::AgentClass;
using robots::Difference;
using robots::RobotsDecision;

bool Agree(std::span<const RobotsAnswer> answers) {
  return std::all_of(answers.begin(), answers.end(), [&](const RobotsAnswer& one) {
    return one.answer.decision.allowed == answers.front().answer.decision.allowed;
  });
}

std::string_view DecisionWord(const RobotsDecision& decision) {
  return decision.allowed ? "allow" : "disallow";
}

void WriteDecision(const RobotsDecision& decision, JsonWriter& json) {
  json.Member("decision", DecisionWord(decision));
  json.Key("rule").StringOrNull(decision.rule);
  json.Key("line");
  if (decision.line == 0) {
    json.Null();
  } else {
    json.Uint(decision.line);
  }
}

void WriteTexts(std::string_view key, std::span<const std::string_view> texts, JsonWriter& json) {
  json.Key(key).BeginArray();
  for (const std::string_view text : texts) json.String(text);
  json.EndArray();
}

void WriteWhy(const RobotsAnswer& first, const RobotsAnswer& one, JsonWriter& json) {
  json.Key("why");
  if (one.answer.why == Difference::kNone) {
    json.Null();
    return;
  }
  json.BeginObject().Member("against", robots::DialectName(first.answer.dialect));
  WriteDecision(first.answer.decision, json);
  json.Member("cause", robots::DifferenceName(one.answer.why)).EndObject();
}

// What a class means for the URL, as robots/consent_in_crisis.h decides it.
std::string_view ClassWords(AgentClass value) {
  switch (value) {
    case AgentClass::kNone:
      return "nothing is refused to the agent";
    case AgentClass::kSome:
      return "the agent's rules decide each path";
    case AgentClass::kAll:
      return "everything but /robots.txt is refused to the agent";
  }
  return "";
}

std::string_view WhyWords(Difference why) {
  switch (why) {
    case Difference::kNone:
      return "decides alike";
    case Difference::kClass:
      return "the class of the agent decides, not a rule";
    case Difference::kItself:
      return "knows no exception for /robots.txt itself";
    case Difference::kPath:
      return "reads another path out of the URL";
    case Difference::kAmbiguous:
      return "a line of another family ends the list of agents";
    case Difference::kGroup:
      return "takes another group, or none";
    case Difference::kLine:
      return "only one of them reads the line as a rule";
    case Difference::kMatching:
      return "compares the same rules otherwise";
  }
  return "";
}

std::string RuleText(const RobotsDecision& decision) {
  if (decision.line == 0) return "no rule matched";
  return fmt::format("line {}: {}", decision.line, Printable(decision.rule));
}

void AppendOneText(const RobotsAnswer& one, std::string& out) {
  out += fmt::format("{:<8}  {}  {}  ({})  {}\n", DecisionWord(one.answer.decision),
                     Printable(one.agent), Printable(one.url),
                     robots::DialectName(one.answer.dialect), RuleText(one.answer.decision));
  if (one.agent_class) {
    out += fmt::format("          class {}: {}\n", robots::AgentClassName(*one.agent_class),
                       ClassWords(*one.agent_class));
  }
}

// A line that speaks about two uses is two signals and one line of text.
std::string SignalsText(const RobotsAnswer& one) {
  std::string out;
  std::string_view last;
  for (const robots::Signal& signal : one.signals) {
    if (signal.location == last) continue;
    last = signal.location;
    out += fmt::format("          {}: {}  ({})\n", Printable(signal.location),
                       Printable(signal.raw), robots::FamilyName(signal.family));
  }
  return out;
}

// "          the dialects disagree: rfc9309, google allow; lenient disallows"
void AppendSides(std::span<const RobotsAnswer> answers, std::string& out) {
  std::vector<std::string_view> sides[2];
  for (const RobotsAnswer& one : answers) {
    sides[one.answer.decision.allowed ? 0 : 1].push_back(robots::DialectName(one.answer.dialect));
  }
  out += fmt::format("          the dialects disagree: allow by {}; disallow by {}\n",
                     fmt::join(sides[0], ", "), fmt::join(sides[1], ", "));
}

}  // namespace

void AppendRobotsJson(std::span<const RobotsAnswer> answers, std::string& out) {
  const bool agree = Agree(answers);
  for (const RobotsAnswer& one : answers) {
    JsonWriter json(out);
    json.BeginObject();
    json.Member("schema", "crawlcard.robots.v1");
    json.Member("url", one.url);
    json.Member("agent", one.agent);
    json.Member("dialect", robots::DialectName(one.answer.dialect));
    WriteDecision(one.answer.decision, json);
    WriteTexts("group", one.answer.decision.group, json);
    json.Key("signals").BeginArray();
    for (const robots::Signal& signal : one.signals) index::WriteSignal(signal, json);
    json.EndArray();
    WriteTexts("flags", one.answer.decision.flags, json);
    if (one.agent_class) json.Member("class", robots::AgentClassName(*one.agent_class));
    if (answers.size() > 1) {
      json.Member("dialects_agree", agree);
      WriteWhy(answers.front(), one, json);
    }
    json.EndObject();
    out += '\n';
  }
}

void AppendRobotsText(std::span<const RobotsAnswer> answers, std::string& out) {
  const RobotsAnswer& first = answers.front();
  const std::string signals = SignalsText(first);
  for (const RobotsAnswer& one : answers) {
    AppendOneText(one, out);
    // Preferences are mostly the same in all dialects: said once, and where they differ.
    const bool is_first = &one == &first;
    const std::string own = is_first ? signals : SignalsText(one);
    if (is_first || own != signals) out += own;
    if (one.answer.why == Difference::kNone) continue;
    out += fmt::format("          unlike {} ({}): {}", robots::DialectName(first.answer.dialect),
                       RuleText(first.answer.decision), WhyWords(one.answer.why));
    const std::vector<std::string_view>& flags = one.answer.decision.flags;
    out += flags.empty() ? "\n" : fmt::format("; {}\n", fmt::join(flags, ", "));
  }
  if (answers.size() > 1 && !Agree(answers)) AppendSides(answers, out);
}

}  // namespace crawlcard::tools
