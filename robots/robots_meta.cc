#include "robots/robots_meta.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "robots/agents.h"
#include "robots/internal/flags.h"

namespace crawlcard::robots {
namespace {

// docs/formats/signals.md 3.2. noimageai speaks of the pictures of the page alone.
struct KnownRule {
  std::string_view rule;
  RuleReading first;
  RuleReading second;
};
constexpr RuleReading kNo;
constexpr std::array kRules = {
    KnownRule{"noindex", {Axis::kSearch, Says::kDeny}, kNo},
    KnownRule{"nofollow", kNo, kNo},
    KnownRule{"noarchive", {Axis::kArchive, Says::kDeny}, kNo},
    KnownRule{"nocache", kNo, kNo},
    KnownRule{"nosnippet", {Axis::kSnippet, Says::kDeny}, kNo},
    KnownRule{"unavailable_after", kNo, kNo},
    KnownRule{"max-snippet", kNo, kNo},
    KnownRule{"max-image-preview", kNo, kNo},
    KnownRule{"max-video-preview", kNo, kNo},
    KnownRule{"noimageindex", kNo, kNo},
    KnownRule{"notranslate", kNo, kNo},
    KnownRule{"indexifembedded", kNo, kNo},
    KnownRule{"noodp", kNo, kNo},
    KnownRule{"noydir", kNo, kNo},
    KnownRule{"all", kNo, kNo},
    KnownRule{"none", kNo, kNo},
    KnownRule{"index", kNo, kNo},
    KnownRule{"follow", kNo, kNo},
    KnownRule{"archive", kNo, kNo},
    KnownRule{"snippet", kNo, kNo},
    KnownRule{"noai", {Axis::kTrain, Says::kDeny}, {Axis::kAiInput, Says::kDeny}},
    KnownRule{"noimageai", {Axis::kTrain, Says::kDeny}, {Axis::kAiInput, Says::kDeny}},
    KnownRule{"noml", {Axis::kTrain, Says::kDeny}, kNo},
    KnownRule{"disallowaitraining", {Axis::kTrain, Says::kDeny}, kNo},
    KnownRule{"allowaitraining", {Axis::kTrain, Says::kAllow}, kNo},
};

const KnownRule* FindRule(std::string_view rule) {
  const auto found = std::find_if(kRules.begin(), kRules.end(),
                                  [&](const KnownRule& one) { return one.rule == rule; });
  return found == kRules.end() ? nullptr : &*found;
}

bool TakesLength(std::string_view rule) {
  return rule == "max-snippet" || rule == "max-image-preview" || rule == "max-video-preview";
}

// Crawlers of search engines that a meta may name, beside the registry.
constexpr std::array<std::string_view, 10> kSearchCrawlers = {
    "googlebot", "googlebot-news", "googlebot-image", "msnbot",      "slurp",
    "yandex",    "yandexbot",      "baiduspider",     "duckduckbot", "teoma"};

bool IsWeekday(std::string_view word) {
  constexpr std::array<std::string_view, 7> kDays = {"mon", "tue", "wed", "thu",
                                                     "fri", "sat", "sun"};
  return word.size() >= 3 && std::all_of(word.begin(), word.end(), IsAsciiAlpha) &&
         std::any_of(kDays.begin(), kDays.end(),
                     [&](std::string_view day) { return StartsWithIgnoreCase(word, day); });
}

// Reads the items of one field or meta from front to back.
class ItemReader {
 public:
  ItemReader(std::string_view text, std::string_view agent, bool agents_allowed, Arena& arena)
      : rest_(text), agent_(agent), agents_allowed_(agents_allowed), arena_(arena) {}

  std::vector<RobotsRule> Read() {
    while (!rest_.empty()) {
      const std::size_t end = rest_.find_first_of(":,;");
      const std::string_view word = TrimAscii(rest_.substr(0, end));
      const char delimiter = end == std::string_view::npos ? ',' : rest_[end];
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
      if (delimiter == ';') bad_separator_ = true;
      if (delimiter == ':') {
        Named(word);
      } else {
        Plain(word);
      }
    }
    if (agents_allowed_ && !agent_used_) Push({}, {});
    return std::move(rules_);
  }

 private:
  // A word before a colon: a rule with a value, or an agent.
  void Named(std::string_view word) {
    const std::size_t blank = word.find_last_of(" \t");
    std::string name = AsciiLowerCopy(word);
    if (blank != std::string_view::npos && FindRule(AsciiLowerCopy(word.substr(blank + 1)))) {
      // "noindex max-snippet:20": blanks instead of commas.
      Plain(word.substr(0, blank));
      bad_separator_ = true;
      name = AsciiLowerCopy(word.substr(blank + 1));
    }
    if (name == "unavailable_after") {
      Push(name, TakeDate());
    } else if (TakesLength(name)) {
      Push(name, TakeLength());
    } else if (agents_allowed_) {
      if (!agent_used_ && agent_ != "*") Push({}, {});
      agent_ = arena_.Copy(name);
      agent_used_ = false;
    } else {
      const std::size_t end = rest_.find(',');
      Push(name, TrimAscii(rest_.substr(0, end)));
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    }
  }

  // Words between commas; other separators count where a piece is known.
  void Plain(std::string_view word) {
    if (word.empty()) return;
    const std::string lower = AsciiLowerCopy(word);
    if (FindRule(lower) != nullptr || word.find_first_of(" \t\n\r\f") == std::string_view::npos) {
      Push(lower, {});
      return;
    }
    std::vector<std::string> pieces;
    bool any_known = false;
    for (std::size_t i = 0; i < lower.size();) {
      const std::size_t begin = lower.find_first_not_of(" \t\n\r\f", i);
      if (begin == std::string::npos) break;
      i = std::min(lower.find_first_of(" \t\n\r\f", begin), lower.size());
      pieces.push_back(lower.substr(begin, i - begin));
      any_known = any_known || FindRule(pieces.back()) != nullptr;
    }
    if (!any_known) {
      Push(lower, {});
      return;
    }
    bad_separator_ = true;
    for (const std::string& piece : pieces) Push(piece, {});
  }

  // A length or word up to the next separator of any kind.
  std::string_view TakeLength() {
    const std::size_t begin = std::min(rest_.find_first_not_of(" \t"), rest_.size());
    const std::size_t end = std::min(rest_.find_first_of(" \t,;", begin), rest_.size());
    const std::string_view value = rest_.substr(begin, end - begin);
    rest_.remove_prefix(end);
    const std::size_t next = rest_.find_first_not_of(" \t");
    if (next != std::string_view::npos && rest_[next] == ',') {
      rest_.remove_prefix(next + 1);
    } else if (next != std::string_view::npos) {
      bad_separator_ = true;
      rest_.remove_prefix(rest_[next] == ';' ? next + 1 : next);
    }
    return value;
  }

  // A whole date: RFC 822, RFC 850 with its comma, or ISO 8601.
  std::string_view TakeDate() {
    std::size_t end = rest_.find(',');
    if (end != std::string_view::npos && IsWeekday(TrimAscii(rest_.substr(0, end)))) {
      end = rest_.find(',', end + 1);
    }
    const std::string_view value = TrimAscii(rest_.substr(0, end));
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return value;
  }

  void Push(std::string_view rule, std::string_view value) {
    agent_used_ = true;
    if (rule == "none") {
      Push("noindex", {});
      Push("nofollow", {});
      return;
    }
    rules_.push_back({agent_, arena_.Copy(rule), value, bad_separator_});
  }

  std::string_view rest_;
  std::string_view agent_;
  bool agents_allowed_;
  bool agent_used_ = true;  // the agent in force has a rule, or is nobody in particular
  bool bad_separator_ = false;
  Arena& arena_;
  std::vector<RobotsRule> rules_;
};

struct OperatorRule {
  std::string_view rule;
  OperatorReading reading;
};
constexpr std::string_view kMicrosoftLimit = "url,title,snippet";
// Bing webmaster blog of September 2023; developer.amazon.com/amazonbot.
constexpr std::array kOperatorRules = {
    OperatorRule{"noarchive", {"Microsoft", "bingbot", Axis::kTrain, Says::kDeny, {}}},
    OperatorRule{"noarchive", {"Microsoft", "bingbot", Axis::kAiInput, Says::kDeny, {}}},
    OperatorRule{"noarchive", {"Amazon", "amazonbot", Axis::kTrain, Says::kDeny, {}}},
    OperatorRule{"nocache",
                 {"Microsoft", "bingbot", Axis::kTrain, Says::kLimited, kMicrosoftLimit}},
    OperatorRule{"nocache",
                 {"Microsoft", "bingbot", Axis::kAiInput, Says::kLimited, kMicrosoftLimit}},
};

}  // namespace

std::vector<RobotsRule> ParseXRobotsTag(std::string_view field, Arena& arena) {
  return ItemReader(field, "*", true, arena).Read();
}

std::vector<RobotsRule> ParseRobotsMeta(std::string_view agent, std::string_view content,
                                        Arena& arena) {
  return ItemReader(content, agent, false, arena).Read();
}

std::vector<RobotsRule> ParseRobotsTag(std::string_view field, Arena& arena) {
  std::vector<RobotsRule> rules;
  while (!field.empty()) {
    const std::size_t end = field.find(';');
    const std::string_view part = TrimAscii(field.substr(0, end));
    field.remove_prefix(end == std::string_view::npos ? field.size() : end + 1);
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    const std::string_view agent =
        equals == std::string_view::npos
            ? std::string_view("*")
            : arena.Copy(AsciiLowerCopy(TrimAscii(part.substr(0, equals))));
    const std::string_view list =
        equals == std::string_view::npos ? part : TrimAscii(part.substr(equals + 1));
    const std::vector<RobotsRule> found = ParseRobotsMeta(agent, list, arena);
    if (found.empty()) rules.push_back({agent, {}, {}, false});
    rules.insert(rules.end(), found.begin(), found.end());
  }
  return rules;
}

RuleReadings ReadRobotsRule(std::string_view rule, std::string_view value) {
  if (rule == "max-snippet") {
    if (value == "0") return {{{Axis::kSnippet, Says::kDeny}, {}}};
    if (ParseUint(value)) return {{{Axis::kSnippet, Says::kLimited}, {}}};
    return {};  // -1: no limit
  }
  const KnownRule* known = FindRule(rule);
  if (known == nullptr) return {};
  return {{known->first, known->second}};
}

void AppendRobotsRules(std::span<const RobotsRule> rules, const Signal& base, Arena& arena,
                       SignalList& signals_out) {
  for (const RobotsRule& rule : rules) {
    Signal signal = base;
    signal.family = Family::kRobotsMeta;
    signal.agent = rule.agent;
    signal.key = rule.rule;
    signal.value = rule.value;
    if (rule.rule == "noimageai") signal.scope = "images";
    // Community tokens: plain intent, but no large operator commits to them.
    const bool community = rule.rule == "noai" || rule.rule == "noimageai" || rule.rule == "noml" ||
                           rule.rule == "disallowaitraining" || rule.rule == "allowaitraining";
    if (community) signal.confidence = std::min(signal.confidence, SignalConfidence::kMedium);
    if (rule.bad_separator) {
      signal.flags = internal::WithFlags(signal.flags, {"meta.bad_separator"}, arena);
    }
    const RuleReadings found = ReadRobotsRule(rule.rule, rule.value);
    signal.use = found.readings[0].use;
    signal.says = found.readings[0].says;
    signals_out.push_back(signal);
    if (found.readings[1].use == Axis::kNone) continue;
    signal.use = found.readings[1].use;
    signal.says = found.readings[1].says;
    signals_out.push_back(signal);
  }
}

std::vector<OperatorReading> ReadOperatorRules(
    std::span<const std::pair<std::string_view, std::string_view>> agent_and_rule) {
  const auto in_force = [&](std::string_view agent, std::string_view rule) {
    return std::any_of(agent_and_rule.begin(), agent_and_rule.end(), [&](const auto& one) {
      return one.second == rule && (one.first == "*" || EqualsIgnoreCase(one.first, agent));
    });
  };
  std::vector<OperatorReading> readings;
  for (const OperatorRule& one : kOperatorRules) {
    const std::string_view agent = one.reading.agent;
    if (!in_force(agent, one.rule)) continue;
    const bool weakened = one.rule == "noarchive" && one.reading.operator_name == "Microsoft" &&
                          in_force(agent, "nocache");
    if (!weakened) readings.push_back(one.reading);
  }
  return readings;
}

bool IsRobotsMetaName(std::string_view name) {
  return name == "robots" ||
         std::find(kSearchCrawlers.begin(), kSearchCrawlers.end(), name) != kSearchCrawlers.end() ||
         FindAgent(name) != nullptr;
}

}  // namespace crawlcard::robots
