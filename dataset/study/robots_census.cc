#include "dataset/study/robots_census.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "base/text.h"
#include "dataset/limits.h"
#include "index/site_walk.h"
#include "robots/agents.h"

namespace crawlcard::dataset {
namespace {

using robots::AgentClass;
using robots::Dialect;
using robots::RobotsTxt;

constexpr Dialect kDialect = Dialect::kRfc9309;

// How an agent is told, as bits of BlockReading.
std::uint8_t BitsOf(AgentClass value, bool named) {
  const auto bit = [](BlockReading reading) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(reading));
  };
  std::uint8_t bits = named ? bit(BlockReading::kNamed) : 0;
  if (value == AgentClass::kNone) return bits;
  bits |= bit(BlockReading::kSome);
  if (named) bits |= bit(BlockReading::kNamedSome);
  if (value != AgentClass::kAll) return bits;
  bits |= bit(BlockReading::kAll);
  if (named) bits |= bit(BlockReading::kNamedAll);
  return bits;
}

// Tokens of `bot`'s operator; itself alone where the registry does not know it.
std::vector<std::string_view> OperatorTokens(std::string_view bot) {
  std::vector<std::string_view> tokens;
  const robots::Agent* const known = robots::FindAgent(bot);
  for (const robots::Agent& agent : robots::AgentRegistry()) {
    if (known != nullptr && agent.operator_name == known->operator_name) {
      tokens.push_back(agent.token);
    }
  }
  if (tokens.empty()) tokens.push_back(bot);
  return tokens;
}

class CensusFold final : public index::SiteFold {
 public:
  CensusFold(const StudyOptions& options, std::string_view bot, const std::vector<Period>& dates)
      : options_(options), bot_(bot), dates_(dates), table(dates.size()) {}

  Status OnSite(index::Site& site) override {
    const std::size_t stratum =
        options_.ranks == nullptr ? kStrata.size() - 1 : options_.ranks->StratumOf(site.name());
    const auto seen = site.robots();
    std::size_t next = 0;
    RobotsCapture capture = RobotsCapture::kNotAsked;
    BotView view;
    for (std::size_t i = 0; i < dates_.size(); ++i) {
      const std::size_t before = next;
      while (next < seen.size() && seen[next].date <= dates_[i].end) ++next;
      if (next != before) CRAWLCARD_TRY(Look(site, seen[next - 1], capture, view));
      if (site.first_seen() == 0 || site.first_seen() > dates_[i].end) continue;
      for (std::size_t at = stratum; at < kStrata.size(); ++at) Count(capture, view, table[i][at]);
    }
    return {};
  }

 private:
  Status Look(index::Site& site, const index::RobotsSeen& seen, RobotsCapture& capture_out,
              BotView& view_out) {
    view_out = {};
    switch (seen.state) {
      case robots::FetchState::kUnavailable:
        capture_out = RobotsCapture::kAbsent;
        return {};
      case robots::FetchState::kUnreachable:
        capture_out = RobotsCapture::kUnreachable;
        return {};
      case robots::FetchState::kRedirect:
        capture_out = RobotsCapture::kRedirect;
        return {};
      case robots::FetchState::kOk:
      case robots::FetchState::kOkEmpty:
        break;
    }
    capture_out = RobotsCapture::kNoRules;
    if (seen.body_sha256.empty()) return {};
    auto known = views_.find(seen.body_sha256);
    if (known == views_.end()) {
      if (views_.size() >= limits::kStudyBodiesKept) views_.clear();
      CRAWLCARD_ASSIGN(const std::string_view body, site.Body(seen.body_sha256));
      known = views_.emplace(seen.body_sha256, ViewOfBot(body, bot_)).first;
    }
    view_out = known->second;
    if (view_out.has_rules) capture_out = RobotsCapture::kRules;
    return {};
  }

  static void Count(RobotsCapture capture, const BotView& view, CensusCounts& counts_out) {
    ++counts_out.captures[static_cast<std::size_t>(capture)];
    for (std::size_t set = 0; set < kAgentSetCount; ++set) {
      for (std::size_t reading = 0; reading < kBlockReadingCount; ++reading) {
        const bool says = view.Says(static_cast<AgentSet>(set), static_cast<BlockReading>(reading));
        counts_out.said[set][reading] += says ? 1 : 0;
      }
    }
    if (view.Says(AgentSet::kBot, BlockReading::kNamed)) {
      ++counts_out.named[static_cast<std::size_t>(view.bot)];
    }
  }

  const StudyOptions& options_;
  const std::string_view bot_;
  const std::vector<Period>& dates_;
  std::unordered_map<std::string, BotView> views_;

 public:
  CensusTable table;
};

}  // namespace

std::string_view RobotsCaptureName(RobotsCapture capture) {
  constexpr std::array<std::string_view, kRobotsCaptureCount> kNames = {
      "not_asked", "absent", "unreachable", "redirect", "no_rules", "rules"};
  return kNames[static_cast<std::size_t>(capture)];
}

std::string_view AgentSetName(AgentSet set) {
  constexpr std::array<std::string_view, kAgentSetCount> kNames = {"bot", "operator", "any_ai"};
  return kNames[static_cast<std::size_t>(set)];
}

std::string_view BlockReadingName(BlockReading reading) {
  constexpr std::array<std::string_view, kBlockReadingCount> kNames = {
      "named", "named_all", "named_some_or_all", "all", "some_or_all"};
  return kNames[static_cast<std::size_t>(reading)];
}

BotView ViewOfBot(std::string_view body, std::string_view bot) {
  const RobotsTxt robots = RobotsTxt::Parse(body);
  BotView view;
  view.has_rules = robots.has_records();
  if (!view.has_rules) return view;
  const bool named = robots::NamesAgent(robots, bot, kDialect);
  view.bot = robots::RestrictionOf(robots, bot, kDialect);
  view.said[0] = BitsOf(view.bot, named);

  // Agents that no group names are all told what `*` is.
  const std::uint8_t star = BitsOf(robots::RestrictionOf(robots, "*", kDialect), false);
  const std::vector<std::string_view> own = OperatorTokens(bot);
  std::size_t own_named = 0;
  std::size_t ai_named = 0;
  std::vector<const robots::Agent*> met;
  for (const std::string_view written : robots.agents()) {
    const robots::Agent* const agent = robots::FindAgent(written);
    if (agent == nullptr || std::ranges::find(met, agent) != met.end()) continue;
    if (!robots::NamesAgent(robots, agent->token, kDialect)) continue;
    met.push_back(agent);
    const std::uint8_t bits = BitsOf(robots::RestrictionOf(robots, agent->token, kDialect), true);
    view.said[2] |= bits;
    ++ai_named;
    if (std::ranges::find(own, agent->token) == own.end()) continue;
    view.said[1] |= bits;
    ++own_named;
  }
  view.said[1] |= view.said[0];
  if (own_named < own.size()) view.said[1] |= star;
  view.said[2] |= view.said[1];
  if (ai_named < robots::AgentRegistry().size()) view.said[2] |= star;
  return view;
}

void CensusCounts::Add(const CensusCounts& other) {
  for (std::size_t i = 0; i < captures.size(); ++i) captures[i] += other.captures[i];
  for (std::size_t i = 0; i < named.size(); ++i) named[i] += other.named[i];
  for (std::size_t set = 0; set < kAgentSetCount; ++set) {
    for (std::size_t i = 0; i < kBlockReadingCount; ++i) said[set][i] += other.said[set][i];
  }
}

std::uint64_t CensusCounts::Sites() const {
  return std::accumulate(captures.begin(), captures.end(), std::uint64_t{0});
}

std::uint64_t CensusCounts::Answered() const {
  return CountOf(RobotsCapture::kAbsent) + CountOf(RobotsCapture::kNoRules) +
         CountOf(RobotsCapture::kRules);
}

Result<CensusTable> Census(const index::Store& store, const StudyOptions& options,
                           std::string_view bot, const std::vector<Period>& dates) {
  index::SiteWalkOptions walk;
  walk.known_by = options.known_by;
  walk.jobs = options.jobs;
  CRAWLCARD_ASSIGN(const auto folds, index::WalkSites(store, walk, [&] {
                     return std::make_unique<CensusFold>(options, bot, dates);
                   }));
  CensusTable table(dates.size());
  for (const auto& fold : folds) {
    const CensusTable& part = static_cast<const CensusFold&>(*fold).table;
    for (std::size_t i = 0; i < dates.size(); ++i) {
      for (std::size_t at = 0; at < kStrata.size(); ++at) table[i][at].Add(part[i][at]);
    }
  }
  return table;
}

}  // namespace crawlcard::dataset
