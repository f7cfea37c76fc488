// agent-naming: how many sites name CCBot, by popularity, and what those that do tell it.
// Source: Common Crawl's robotstxt-experiments; docs/formats/study.md.

#include <fmt/format.h>

#include "dataset/study/robots_census.h"
#include "dataset/study/study.h"

namespace crawlcard::dataset {
namespace {

void AppendValues(const CensusCounts& counts, const Period& date, std::string_view stratum,
                  StudyReport& report) {
  const std::uint64_t rules = counts.CountOf(RobotsCapture::kRules);
  const std::uint64_t named = counts.said[0][static_cast<std::size_t>(BlockReading::kNamed)];
  StudyValue value;
  value.labels = {{"date", date.name}, {"stratum", std::string(stratum)}};
  value.numbers = {{"naming", ShareOf(named, rules)},
                   {"disallow_all_of_naming", ShareOf(counts.named[2], named)},
                   {"sites_naming", named},
                   {"naming_disallow_all", counts.named[2]},
                   {"naming_allow_part", counts.named[1]},
                   {"naming_allow_all", counts.named[0]},
                   {"sites", counts.Sites()}};
  for (std::size_t i = 0; i < kRobotsCaptureCount; ++i) {
    value.numbers.emplace_back(RobotsCaptureName(static_cast<RobotsCapture>(i)),
                               counts.captures[i]);
  }
  report.values.push_back(std::move(value));
}

}  // namespace

Result<StudyReport> RunAgentNaming(const index::Store& store, const StudyOptions& options) {
  const std::string bot = options.agents.empty() ? "CCBot" : options.agents.front();
  const std::vector<Period> dates = DatesOr(options, "");
  CRAWLCARD_ASSIGN(const CensusTable table, Census(store, options, bot, dates));
  StudyReport report;
  report.name = "agent-naming";
  report.definition = {
      {"source", "Common Crawl, robotstxt-experiments"},
      {"population",
       "sites of the index (hosts without www.) whose robots.txt was asked for and "
       "gave rules; a stratum holds the sites of its rank or better"},
      {"agents", bot},
      {"reduction",
       "named: a group of the file has the agent's token; of those that name it all, "
       "some or none of the site is refused, by RFC 9309"},
      {"dates", "the latest observation at or before the end of the period"},
      {"errors",
       "out: 4xx, 5xx, no answer, redirects into the dark and files without rules are "
       "counted beside, not in the denominator"},
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
