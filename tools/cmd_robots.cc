// crawlcard robots: one robots.txt, asked about URLs for agents, in one dialect or in all.

#include <array>

#include <fmt/format.h>

#include "base/file.h"
#include "base/json_writer.h"
#include "index/capture.h"
#include "page/url.h"
#include "robots/robots_txt.h"
#include "tools/capture_text.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/limits.h"

namespace crawlcard::tools {
namespace {

using robots::Dialect;
using robots::RobotsDecision;

struct Answer {
  std::string_view url;
  std::string_view agent;
  Dialect dialect = Dialect::kRfc9309;
  RobotsDecision decision;
  std::vector<robots::Signal> signals;
  std::optional<bool> dialects_agree;  // set when all dialects were asked
};

std::vector<Dialect> DialectsFrom(std::string_view name) {
  if (name == "all") return {Dialect::kRfc9309, Dialect::kGoogle, Dialect::kLenient};
  return {robots::DialectFromName(name).value_or(Dialect::kRfc9309)};
}

void AppendJson(const Answer& answer, std::string& out) {
  JsonWriter json(out);
  json.BeginObject();
  json.Member("schema", "crawlcard.robots.v1");
  json.Member("url", answer.url);
  json.Member("agent", answer.agent);
  json.Member("dialect", robots::DialectName(answer.dialect));
  json.Member("decision", answer.decision.allowed ? "allow" : "disallow");
  json.Key("rule").StringOrNull(answer.decision.rule);
  json.Key("line");
  if (answer.decision.line == 0) {
    json.Null();
  } else {
    json.Uint(answer.decision.line);
  }
  json.Key("group").BeginArray();
  for (const std::string_view agent : answer.decision.group) json.String(agent);
  json.EndArray();
  json.Key("signals").BeginArray();
  for (const robots::Signal& signal : answer.signals) index::WriteSignal(signal, json);
  json.EndArray();
  json.Key("flags").BeginArray();
  for (const std::string_view flag : answer.decision.flags) json.String(flag);
  json.EndArray();
  if (answer.dialects_agree) json.Member("dialects_agree", *answer.dialects_agree);
  json.EndObject();
  out += '\n';
}

void AppendText(const Answer& answer, std::string& out) {
  out += fmt::format("{:<8}  {}  {}  ({})", answer.decision.allowed ? "allow" : "disallow",
                     Printable(answer.agent), Printable(answer.url),
                     robots::DialectName(answer.dialect));
  if (answer.decision.line == 0) {
    out += "  no rule matched\n";
  } else {
    out += fmt::format("  line {}: {}\n", answer.decision.line, Printable(answer.decision.rule));
  }
  for (const robots::Signal& signal : answer.signals) {
    out += fmt::format("          {}: {}  ({})\n", Printable(signal.location),
                       Printable(signal.raw), robots::FamilyName(signal.family));
  }
  if (answer.dialects_agree && !*answer.dialects_agree) out += "          the dialects disagree\n";
}

// The answers for one URL and agent, one a dialect.
std::vector<Answer> Ask(const robots::RobotsTxt& file, std::string_view url, std::string_view agent,
                        std::string_view path, const std::vector<Dialect>& dialects) {
  std::vector<Answer> answers;
  bool agree = true;
  for (const Dialect dialect : dialects) {
    Answer answer{url, agent, dialect, file.Decide(agent, path, dialect), {}, std::nullopt};
    file.SelectSignals(agent, path, dialect, answer.signals);
    answers.push_back(std::move(answer));
    agree = agree && answers.back().decision.allowed == answers.front().decision.allowed;
  }
  if (dialects.size() > 1) {
    for (Answer& answer : answers) answer.dialects_agree = agree;
  }
  return answers;
}

}  // namespace

Result<int> RunRobots(const Context& context) {
  CRAWLCARD_ASSIGN(const std::string body,
                   ReadFile(context.operands[0], limits::kRobotsFileBytesMax));
  const robots::RobotsTxt file = robots::RobotsTxt::Parse(body);
  const std::vector<Dialect> dialects = DialectsFrom(context.settings.Text("dialect"));

  bool any_disallowed = false;
  std::uint64_t asked = 0;
  for (std::size_t i = 1; i < context.operands.size(); ++i) {
    const std::string& url = context.operands[i];
    // A bare path is as good as a URL here: the file is given, its host does not matter.
    const std::string path = url.starts_with('/') ? url : page::PathAndQueryOf(url);
    for (const std::string& agent : context.settings.List("agent")) {
      for (const Answer& answer : Ask(file, url, agent, path, dialects)) {
        ++asked;
        any_disallowed = any_disallowed || !answer.decision.allowed;
        if (context.silent()) continue;
        std::string text;
        context.json_lines() ? AppendJson(answer, text) : AppendText(answer, text);
        CRAWLCARD_TRY(context.out.Write(text));
      }
    }
  }
  if (context.silent()) {
    context.log.Log(
        {LogLevel::kInfo,
         "robots.done",
         fmt::format("{} answers, {}", asked, any_disallowed ? "some disallow" : "all allow"),
         {}});
  }
  return any_disallowed ? kExitNo : kExitDone;
}

}  // namespace crawlcard::tools
