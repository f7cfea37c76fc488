// Kinds about robots.txt: robots.match, robots.parse, agents.classify.

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "robots/agents.h"
#include "robots/robots_txt.h"
#include "tests/vectors/runner.h"

namespace crawlcard::vectors {
namespace {

using robots::Dialect;
using robots::Family;
using robots::RobotsTxt;

Json Strings(std::span<const std::string_view> texts) {
  Json list = Json::array();
  for (const std::string_view text : texts) list.push_back(text);
  return list;
}

const char* Word(bool allowed) {
  return allowed ? "allow" : "disallow";
}

Json AnswerMatch(const Json& input) {
  const RobotsTxt robots = RobotsTxt::Parse(RobotsBytes(input));
  const std::string agent = input.at("agent").get<std::string>();
  const std::string path = PathOf(input);
  const auto decision = robots.Decide(agent, path, Dialect::kRfc9309);
  Json flags = Strings(robots.flags());
  for (const std::string_view flag : decision.flags) flags.push_back(flag);
  Json answer = {{"rfc9309", Word(decision.allowed)},
                 {"google", Word(robots.Allows(agent, path, Dialect::kGoogle))},
                 {"lenient", Word(robots.Allows(agent, path, Dialect::kLenient))},
                 {"aipref_attach_05", Word(robots.DecideByAiprefGrammar(agent, path).allowed)},
                 {"literal_agents", Strings(robots.agents())},
                 {"flags", flags}};
  for (const robots::Signal& signal : robots.signals()) {
    if (signal.key != "disallowaitraining" && signal.key != "allowaitraining") continue;
    answer["signal"] = {{"name", signal.key}, {"path", signal.value}};
    break;
  }
  return answer;
}

// The file again for every agent of the group of a Crawl-delay line.
void AddCrawlDelay(const robots::Signal& signal, Json& delays) {
  std::string_view agents = signal.agent;
  while (!agents.empty()) {
    const std::size_t comma = agents.find(',');
    const std::string agent = AsciiLowerCopy(TrimAscii(agents.substr(0, comma)));
    const double seconds = std::stod(std::string(signal.value));
    if (seconds == static_cast<double>(static_cast<int>(seconds))) {
      delays.emplace(agent, static_cast<int>(seconds));
    } else {
      delays.emplace(agent, seconds);
    }
    if (comma == std::string_view::npos) return;
    agents.remove_prefix(comma + 1);
  }
}

Json AnswerParse(const Json& input) {
  const std::string bytes = RobotsBytes(input);
  const RobotsTxt robots = RobotsTxt::Parse(bytes);
  Json delays = Json::object();
  Json others = Json::array();
  int rules = 0;
  for (const robots::Signal& signal : robots.signals()) {
    if (signal.family == Family::kRobots) {
      ++rules;
    } else if (signal.key == "crawl-delay") {
      AddCrawlDelay(signal, delays);
    } else if (others.empty() || signal.location != others.back()[1]) {
      others.push_back({signal.key, signal.location});  // a line with several pairs counts once
    }
  }
  Json names = Json::array();
  for (const Json& other : others) names.push_back(other[0]);
  return {{"bytes_total", bytes.size()},     {"limit_bytes", 512000},
          {"rules_within_limit", rules},     {"sitemaps", Strings(robots.sitemaps())},
          {"crawl_delay", delays},           {"other_records", names},
          {"flags", Strings(robots.flags())}};
}

bool IsPlainToken(std::string_view token) {
  return std::all_of(token.begin(), token.end(),
                     [](char c) { return IsAsciiAlpha(c) || c == '_' || c == '-'; });
}

Json ClassifyOne(const RobotsTxt& robots, const robots::Agent& agent, const std::string& path) {
  const auto decision = robots.Decide(agent.token, path, Dialect::kLenient);
  Json signal = {{"token", agent.token},
                 {"operator", agent.operator_name},
                 {"axis", robots::AxisName(robots::AxisOfPurpose(agent.purpose))},
                 {"value", decision.allowed ? "allow" : "deny"}};
  if (agent.purpose == "optout-token") signal["via"] = "optout-token";
  if (!IsPlainToken(agent.token)) signal["match"] = "literal";
  if (decision.line == 0) signal["implied"] = true;
  if (agent.retired) signal["retired"] = true;
  return signal;
}

Json AnswerClassify(const Json& input) {
  const RobotsTxt robots = RobotsTxt::Parse(RobotsBytes(input));
  const std::string path = input.at("path").get<std::string>();
  Json signals = Json::array();
  Json blocked = Json::array();
  for (const std::string_view value : robots.agents()) {
    const robots::Agent* agent = robots::FindAgent(value);
    if (agent == nullptr) continue;
    signals.push_back(ClassifyOne(robots, *agent, path));
    if (signals.back()["value"] == "deny") blocked.push_back(agent->token);
  }
  int allowed = 0;
  int refused = 0;
  Json crawl = Json::object();
  for (const robots::Agent& agent : robots::AgentRegistry()) {
    const bool may = robots.Allows(agent.token, path, Dialect::kLenient);
    crawl[std::string(agent.token)] = Word(may);
    if (agent.purpose == "train") ++(may ? allowed : refused);
  }
  const bool wildcard = robots.Allows("*", path, Dialect::kRfc9309);
  Json axes = Json::object();
  if (!wildcard) axes["crawl"] = "deny";
  return {{"signals", signals},
          {"blocked", blocked},
          {"wildcard", Word(wildcard)},
          {"train_crawlers_effective", refused == 0   ? "allow"
                                       : allowed == 0 ? "disallow"
                                                      : "mixed"},
          {"crawl", crawl},
          {"axes", axes},
          {"flags", Strings(robots.flags())}};
}

const KindRegistration kMatch(
    "robots.match", AnswerMatch,
    {{"rfc9309"}, {"google"}, {"lenient"}, {"aipref_attach_05"}, {"signal"}, {"literal_agents"}});
const KindRegistration kParse("robots.parse", AnswerParse,
                              {{"bytes_total"},
                               {"limit_bytes"},
                               {"rules_within_limit"},
                               {"sitemaps"},
                               {"crawl_delay", Compare::kExactMap},
                               {"other_records"}});
const KindRegistration kClassify("agents.classify", AnswerClassify,
                                 {{"signals", Compare::kContains},
                                  {"blocked"},
                                  {"wildcard"},
                                  {"train_crawlers_effective"},
                                  {"crawl"},
                                  {"axes", Compare::kAxes}});

}  // namespace
}  // namespace crawlcard::vectors
