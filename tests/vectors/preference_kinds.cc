// Kinds about preferences: contentsignal.*, aipref.*.

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "robots/aipref.h"
#include "robots/observe.h"
#include "robots/robots_txt.h"
#include "tests/vectors/runner.h"
#include "tests/vectors/signals_json.h"

namespace crawlcard::vectors {
namespace {

using robots::Dialect;
using robots::Family;
using robots::RobotsTxt;
using robots::Says;
using robots::Signal;

constexpr std::string_view kPairKeys[] = {"search", "ai-input", "ai-train"};

bool IsPairKey(std::string_view key) {
  return std::find(std::begin(kPairKeys), std::end(kPairKeys), key) != std::end(kPairKeys);
}

// {search, ai-input, ai-train} of signals that state something.
Json PairMap(const std::vector<Signal>& signals) {
  Json map = Json::object();
  for (const Signal& signal : signals) {
    if (signal.says == Says::kNothing || !IsPairKey(signal.key)) continue;
    map[std::string(signal.key)] = robots::SaysName(signal.says);
  }
  return map;
}

Json PairAnswer(const std::vector<Signal>& signals) {
  Json answer = {{"signals", PairMap(signals)}, {"careful", CarefulAxes(signals)}};
  Json ignored = Json::array();
  for (const Signal& signal : signals) {
    if (signal.key == "use") answer["use"] = AsciiLowerCopy(signal.value);
    for (const std::string_view flag : signal.flags) {
      if (flag != "contentsignal.bad_value") continue;
      ignored.push_back(std::string(signal.key) + "=" + std::string(signal.value));
    }
  }
  answer["ignored"] = ignored;
  answer["flags"] = FlagsOf(signals);
  return answer;
}

std::vector<Signal> Of(Family family, std::span<const Signal> signals) {
  std::vector<Signal> out;
  for (const Signal& signal : signals) {
    if (signal.family == family) out.push_back(signal);
  }
  return out;
}

Json AnswerPairsInRobots(const Json& input) {
  const RobotsTxt robots = RobotsTxt::Parse(RobotsBytes(input));
  const std::string agent = input.at("agent").get<std::string>();
  const std::string path = PathOf(input);
  std::vector<Signal> selected;
  robots.SelectSignals(agent, path, Dialect::kRfc9309, selected);
  selected = Of(Family::kContentSignal, selected);
  Json answer = PairAnswer(selected);

  std::map<std::string, std::vector<Signal>> others;
  std::vector<Signal> orphans;
  for (const Signal& signal : Of(Family::kContentSignal, robots.signals())) {
    bool in_selected = false;
    for (const Signal& one : selected) in_selected = in_selected || one.location == signal.location;
    if (signal.agent.empty()) {
      orphans.push_back(signal);
    } else if (!in_selected) {
      others[AsciiLowerCopy(signal.agent)].push_back(signal);
    }
  }
  Json groups = Json::array();
  for (const auto& [agents, signals] : others) {
    groups.push_back({{"agents", CommaParts(agents)}, {"signals", PairMap(signals)}});
  }
  answer["other_groups"] = groups;
  answer["orphan"] = PairMap(orphans);
  answer["policy_text"] = robots.has_content_signal_prose();
  AddFlags(robots.Decide(agent, path, Dialect::kRfc9309).flags, answer);
  AddFlags(robots.flags(), answer);
  return answer;
}

Json AnswerPairsInHeader(const Json& input) {
  Arena arena;
  robots::SignalList signals;
  ObserveHeadersOf(input, arena, signals);
  const std::vector<Signal> pairs = Of(Family::kContentSignal, signals);
  Json answer = PairAnswer(pairs);
  answer["confidence"] = ConfidenceOf(pairs);
  return answer;
}

const KindRegistration kPairsInRobots("contentsignal.robots", AnswerPairsInRobots,
                                      {{"signals", Compare::kExactMap},
                                       {"use"},
                                       {"other_groups", Compare::kUnordered},
                                       {"orphan", Compare::kExactMap},
                                       {"ignored"},
                                       {"policy_text"}});
const KindRegistration kPairsInHeader("contentsignal.header", AnswerPairsInHeader,
                                      {{"signals", Compare::kExactMap}, {"use"}, {"ignored"}});

// {train-ai, ai-use, search} of signals that state something.
Json PrefMap(const std::vector<Signal>& signals) {
  Json map = Json::object();
  for (const Signal& signal : signals) {
    if (signal.says == Says::kNothing ||
        robots::AxisOfUsageLabel(signal.key) == robots::Axis::kNone) {
      continue;
    }
    map[std::string(signal.key)] = signal.says == Says::kAllow ? "allow" : "disallow";
  }
  return map;
}

Json LegacyList(const std::vector<Signal>& signals) {
  Json list = Json::array();
  for (const Signal& signal : signals) {
    const robots::RetiredLabel* retired = robots::FindRetiredLabel(signal.key);
    if (retired == nullptr) continue;
    list.push_back({{"label", signal.key}, {"value", signal.value}, {"vocab", retired->revisions}});
  }
  return list;
}

Json PrefAnswer(const std::vector<Signal>& signals) {
  return {{"prefs", PrefMap(signals)},
          {"legacy", LegacyList(signals)},
          {"careful", CarefulAxes(signals)},
          {"flags", FlagsOf(signals)}};
}

Json AnswerValue(const Json& input) {
  Arena arena;
  robots::SignalList signals;
  Signal base;
  base.family = Family::kAipref;
  const std::string value = input.at("value").get<std::string>();
  const bool parsed = robots::AppendContentUsage(value, base, arena, signals);
  Json answer = PrefAnswer({signals.begin(), signals.end()});
  answer["parse"] = parsed ? "ok" : "fail";
  return answer;
}

Json AnswerHeader(const Json& input) {
  Arena arena;
  robots::SignalList signals;
  ObserveHeadersOf(input, arena, signals);
  return PrefAnswer(Of(Family::kAipref, signals));
}

Json AnswerRobots(const Json& input) {
  const RobotsTxt robots = RobotsTxt::Parse(RobotsBytes(input));
  const std::string agent = input.at("agent").get<std::string>();
  const std::string path = PathOf(input);
  std::vector<Signal> selected;
  robots.SelectSignals(agent, path, Dialect::kRfc9309, selected);
  Json answer = PrefAnswer(Of(Family::kAipref, selected));
  const auto decision = robots.DecideByAiprefGrammar(agent, path);
  answer["crawl"] = decision.allowed ? "allow" : "disallow";
  if (!decision.allowed) answer["prefs"] = nullptr;
  std::vector<Signal> orphans;
  for (const Signal& signal : Of(Family::kAipref, robots.signals())) {
    if (signal.agent.empty()) orphans.push_back(signal);
  }
  answer["orphan"] = PrefMap(orphans);
  AddFlagList(FlagsOf(orphans), answer);
  AddFlags(decision.flags, answer);
  return answer;
}

Json AnswerCombine(const Json& input) {
  Json prefs = Json::object();
  for (const Json& statement : input.at("statements")) {
    for (const auto& [label, value] : statement.items()) {
      const auto says = value == "allow" ? Says::kAllow : Says::kDeny;
      const auto before = prefs.contains(label) && prefs[label] == "disallow" ? Says::kDeny
                          : prefs.contains(label)                             ? Says::kAllow
                                                                              : Says::kNothing;
      prefs[label] = robots::CombineUsage(before, says) == Says::kDeny ? "disallow" : "allow";
    }
  }
  return {{"prefs", prefs}};
}

Says SaysOf(const Json& prefs, const char* label) {
  if (!prefs.contains(label)) return Says::kNothing;
  return prefs[label] == "allow" ? Says::kAllow : Says::kDeny;
}

Json AnswerApply(const Json& input) {
  const Json& prefs = input.at("prefs");
  const Json& use = input.at("use");
  const robots::UsagePreferences preferences{SaysOf(prefs, "train-ai"), SaysOf(prefs, "ai-use"),
                                             SaysOf(prefs, "search")};
  const Says says =
      robots::ApplyUsage(preferences, use.value("activity", "") == "training",
                         use.value("model", "") == "generative", use.value("inside_search", false));
  return {{"result", says == Says::kAllow  ? "allow"
                     : says == Says::kDeny ? "disallow"
                                           : "unknown"}};
}

const KindRegistration kValue("aipref.value", AnswerValue,
                              {{"parse"},
                               {"prefs", Compare::kExactMap},
                               {"legacy", Compare::kUnordered}});
const KindRegistration kHeader("aipref.header", AnswerHeader,
                               {{"prefs", Compare::kExactMap}, {"legacy", Compare::kUnordered}});
const KindRegistration kRobots("aipref.robots", AnswerRobots,
                               {{"crawl"},
                                {"prefs", Compare::kExactMap},
                                {"legacy", Compare::kUnordered},
                                {"orphan", Compare::kExactMap}});
const KindRegistration kCombine("aipref.combine", AnswerCombine, {{"prefs", Compare::kExactMap}});
const KindRegistration kApply("aipref.apply", AnswerApply, {{"result"}});

}  // namespace
}  // namespace crawlcard::vectors
