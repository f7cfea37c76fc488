// bot-variants: the share of sites that refuse one bot, by every definition in use: population,
// agents, named or refused, errors in or out. docs/formats/study.md.

#include <fmt/format.h>

#include "dataset/study/robots_census.h"
#include "dataset/study/study.h"

namespace crawlcard::dataset {
namespace {

void AppendValues(const CensusCounts& counts, const Period& date, std::string_view stratum,
                  StudyReport& report) {
  for (std::size_t set = 0; set < kAgentSetCount; ++set) {
    for (std::size_t i = 0; i < kBlockReadingCount; ++i) {
      const std::uint64_t sites = counts.said[set][i];
      StudyValue value;
      value.labels = {{"date", date.name},
                      {"stratum", std::string(stratum)},
                      {"agents", std::string(AgentSetName(static_cast<AgentSet>(set)))},
                      {"reading", std::string(BlockReadingName(static_cast<BlockReading>(i)))}};
      value.numbers = {{"of_sites", ShareOf(sites, counts.Sites())},
                       {"of_answered", ShareOf(sites, counts.Answered())},
                       {"of_rules", ShareOf(sites, counts.CountOf(RobotsCapture::kRules))},
                       {"sites", sites},
                       {"all_sites", counts.Sites()},
                       {"answered", counts.Answered()},
                       {"rules", counts.CountOf(RobotsCapture::kRules)}};
      report.values.push_back(std::move(value));
    }
  }
}

}  // namespace

Result<StudyReport> RunBotVariants(const index::Store& store, const StudyOptions& options) {
  const std::string bot = options.agents.empty() ? "GPTBot" : options.agents.front();
  const std::vector<Period> dates = DatesOr(options, "");
  CRAWLCARD_ASSIGN(const CensusTable table, Census(store, options, bot, dates));
  StudyReport report;
  report.name = "bot-variants";
  report.definition = {
      {"source", "the spread between published figures for one bot"},
      {"population",
       "sites of the index (hosts without www.), by stratum of popularity; a stratum "
       "holds the sites of its rank or better"},
      {"agents", "bot: " + bot +
                     "; operator: every token of its operator; any_ai: every agent of "
                     "the registry"},
      {"reduction",
       "named: a group has the token; all, some_or_all: of the whole file by RFC 9309, "
       "by the agent's own group (named_) or whatever group speaks to it"},
      {"dates", "the latest observation at or before the end of the period"},
      {"errors",
       "in: of_sites, all sites that were seen; out: of_answered, those that gave a file, "
       "an empty one or 4xx; of_rules, those that gave rules"},
      {"dialect", "rfc9309"},
  };
  for (std::size_t i = 0; i < dates.size(); ++i) {
    for (std::size_t at = 0; at < kStrata.size(); ++at) {
      if (options.ranks == nullptr && at + 1 != kStrata.size()) continue;
      AppendValues(table[i][at], dates[i], kStratumNames[at], report);
    }
  }
  return report;
}

}  // namespace crawlcard::dataset
