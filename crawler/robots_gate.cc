#include "crawler/robots_gate.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/text.h"
#include "crawler/limits.h"
#include "page/url.h"

namespace crawlcard::crawler {
namespace {

// "10", "0.5"; nullopt for anything else.
std::optional<std::int64_t> ParseDelayMs(std::string_view text) {
  double seconds = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || stopped != end || !(seconds >= 0)) return std::nullopt;
  constexpr double kSecondsMax = 1e9;
  return static_cast<std::int64_t>(std::ceil(std::min(seconds, kSecondsMax) * 1000));
}

// `list` is agent values joined by ", ".
bool Names(std::string_view list, std::string_view agent) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    if (EqualsIgnoreCase(TrimAscii(list.substr(0, comma)), agent)) return true;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace

RobotsRules::RobotsRules(std::string_view body, std::string agent)
    : rules_(robots::RobotsTxt::Parse(body)), agent_(std::move(agent)) {}

bool RobotsRules::Allows(std::string_view url) const {
  return rules_.Allows(agent_, page::PathAndQueryOf(url), robots::Dialect::kRfc9309);
}

std::optional<std::int64_t> RobotsRules::CrawlDelayMs() const {
  std::optional<std::int64_t> own;
  std::optional<std::int64_t> everybody;
  for (const robots::Signal& signal : rules_.signals()) {
    if (signal.family != robots::Family::kOther || signal.key != "crawl-delay") continue;
    const std::optional<std::int64_t> delay = ParseDelayMs(TrimAscii(signal.value));
    if (!delay) continue;
    if (Names(signal.agent, agent_)) own = std::max(own.value_or(0), *delay);
    if (Names(signal.agent, "*")) everybody = std::max(everybody.value_or(0), *delay);
  }
  return own ? own : everybody;
}

bool JudgeRobots(const RobotsAnswer& answer, std::string_view robots_url, UnixMillis now,
                 RobotsFacts& facts_out) {
  if (answer.error == FetchError::kNone && answer.status == 304 && facts_out.has_copy) {
    facts_out.judged_at = now;
    facts_out.failing_since = 0;
    facts_out.state = robots::RobotsState::kOk;
    facts_out.decides = robots::RobotsDefault::kRules;
    return false;
  }
  std::vector<robots::FetchStep> chain(answer.hops + (answer.lost ? 1 : 0));
  for (robots::FetchStep& hop : chain) hop = {robots_url, 301, false, {}};
  if (!answer.lost) {
    chain.push_back({robots_url, answer.status, answer.error != FetchError::kNone, answer.body});
  }
  robots::FetchHistory history;
  history.has_cached_copy = facts_out.has_copy;
  if (facts_out.failing_since > 0) {
    constexpr double kDayMs = 24.0 * 3600 * 1000;
    history.unreachable_days = static_cast<double>(now - facts_out.failing_since) / kDayMs;
  }
  const robots::RobotsFetch fetch =
      robots::JudgeFetch(chain, history, robots::FetchPolicy::kCareful);
  facts_out.judged_at = now;
  facts_out.state = fetch.state;
  facts_out.decides = fetch.decides;
  const bool failed = fetch.state == robots::RobotsState::kUnreachable ||
                      fetch.state == robots::RobotsState::kUnreachableLong;
  if (!failed) {
    facts_out.failing_since = 0;
  } else if (facts_out.failing_since == 0) {
    facts_out.failing_since = now;
  }
  const bool good = fetch.state == robots::RobotsState::kOk;
  // An answer that there is no file, or nothing in it, ends the rule of an older copy.
  if (!failed) facts_out.has_copy = good;
  return good;
}

bool NeedsRobots(const RobotsFacts& facts, UnixMillis now) {
  return facts.judged_at == 0 || now - facts.judged_at > limits::kRobotsAgeMsMax;
}

bool RulesDecide(const RobotsFacts& facts) {
  return facts.decides == robots::RobotsDefault::kRules ||
         facts.decides == robots::RobotsDefault::kCachedRules;
}

}  // namespace crawlcard::crawler
