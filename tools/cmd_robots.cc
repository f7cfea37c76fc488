// crawlcard robots: one robots.txt, asked about URLs for agents, in one dialect or in all.

#include <fmt/format.h>

#include "base/file.h"
#include "page/url.h"
#include "robots/robots_txt.h"
#include "tools/command.h"
#include "tools/exit_code.h"
#include "tools/limits.h"
#include "tools/robots_answer.h"

namespace crawlcard::tools {
namespace {

using robots::Dialect;

// What one operand is to each reader. A bare path is as good as a URL: the file is given, its host
// does not matter. Google's library takes the operand as it stands.
struct Paths {
  explicit Paths(std::string_view url)
      : path(url.starts_with('/') ? std::string(url.substr(0, url.find('#')))
                                  : page::PathAndQueryOf(url)),
        google(robots::GooglePathOf(url)) {}

  robots::AskedPath asked() const { return {path, google}; }

  std::string path;
  std::string google;
};

// One answer, or one a dialect when `dialect` is unset.
std::vector<RobotsAnswer> Ask(const robots::RobotsTxt& file, std::string_view url,
                              std::string_view agent, const robots::AskedPath& asked,
                              std::optional<Dialect> dialect) {
  std::vector<robots::DialectAnswer> found;
  if (dialect) {
    found.push_back({*dialect, file.Decide(agent, asked.For(*dialect), *dialect)});
  } else {
    found = robots::CompareDialects(file, agent, asked);
  }
  std::vector<RobotsAnswer> answers;
  for (robots::DialectAnswer& one : found) {
    RobotsAnswer answer{url, agent, std::move(one), {}, std::nullopt};
    const Dialect asked_in = answer.answer.dialect;
    file.SelectSignals(agent, asked.For(asked_in), asked_in, answer.signals);
    if (asked_in == Dialect::kCicLegacy || asked_in == Dialect::kCicFixed) {
      answer.agent_class = robots::CicClassOf(file, agent, asked_in);
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace

Result<int> RunRobots(const Context& context) {
  CRAWLCARD_ASSIGN(const std::string body,
                   ReadFile(context.operands[0], limits::kRobotsFileBytesMax));
  const robots::RobotsTxt file = robots::RobotsTxt::Parse(body);
  // Unset: all of them.
  const std::optional<Dialect> dialect = robots::DialectFromName(context.settings.Text("dialect"));

  bool any_disallowed = false;
  std::uint64_t asked = 0;
  for (std::size_t i = 1; i < context.operands.size(); ++i) {
    const std::string& url = context.operands[i];
    const Paths paths(url);
    for (const std::string& agent : context.settings.List("agent")) {
      const std::vector<RobotsAnswer> answers = Ask(file, url, agent, paths.asked(), dialect);
      asked += answers.size();
      for (const RobotsAnswer& one : answers) {
        any_disallowed = any_disallowed || !one.answer.decision.allowed;
      }
      if (context.silent()) continue;
      std::string text;
      context.json_lines() ? AppendRobotsJson(answers, text) : AppendRobotsText(answers, text);
      CRAWLCARD_TRY(context.out.Write(text));
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
