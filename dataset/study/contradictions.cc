// contradictions: origins whose files refuse a use in one family and grant it in another, by use.
// docs/formats/diff.md defines a contradiction; docs/formats/study.md what is counted.

#include <array>
#include <map>
#include <set>
#include <string>

#include "dataset/study/study.h"
#include "index/diff.h"

namespace crawlcard::dataset {
namespace {

struct Found {
  std::uint64_t origins = 0;
  std::uint64_t pages = 0;
};

StudyValue ValueOf(const Period& date, std::string use, std::string families, const Found& found,
                   const index::ContradictionSummary& summary) {
  StudyValue value;
  value.labels = {{"date", date.name}, {"use", std::move(use)}, {"families", std::move(families)}};
  value.numbers = {{"share", ShareOf(found.origins, summary.origins)},
                   {"origins", found.origins},
                   {"pages", found.pages},
                   {"all_origins", summary.origins}};
  return value;
}

}  // namespace

Result<StudyReport> RunContradictions(const index::Store& store, const StudyOptions& options) {
  StudyReport report;
  report.name = "contradictions";
  report.definition = {
      {"source", "our own: the published definitions are not public"},
      {"population",
       "origins of the index with a file at a fixed place (robots.txt, tdmrep.json, "
       "ai.txt, ...)"},
      {"agents", "everybody, and every agent of the registry that a file names"},
      {"reduction",
       "a refusal in one family and a grant in another, for the same use and the same "
       "agent; a use is never read out of another"},
      {"dates", "the files in force at the end of the period"},
      {"errors", "files that could not be read say nothing; their origins are in the denominator"},
      {"dialect", "rfc9309"},
  };
  for (const Period& date : DatesOr(options, "")) {
    index::ContradictionOptions ask;
    ask.as_of = date.end;
    ask.known_by = options.known_by;
    ask.jobs = options.jobs;
    if (const auto policy = robots::BuiltInPolicy("eu-tdm")) ask.policy = *policy;
    std::map<std::pair<std::string, std::string>, Found> found;
    Found any;
    CRAWLCARD_ASSIGN(
        const index::ContradictionSummary summary,
        index::FindContradictions(store, ask, [&](const index::OriginContradictions& one) {
          std::set<std::pair<std::string, std::string>> met;
          for (const index::Contradiction& each : one.contradictions) {
            const std::string use(robots::AxisName(each.use));
            met.emplace(use, "any");
            met.emplace(use, std::string(robots::FamilyName(each.denies.family)) + " refuses, " +
                                 std::string(robots::FamilyName(each.allows.family)) + " grants");
          }
          for (const auto& key : met) {
            ++found[key].origins;
            found[key].pages += one.pages;
          }
          return Status();
        }));
    any.origins = summary.origins_contradictory;
    any.pages = summary.pages;
    report.values.push_back(ValueOf(date, "any", "any", any, summary));
    for (const auto& [key, counts] : found) {
      report.values.push_back(ValueOf(date, key.first, key.second, counts, summary));
    }
  }
  return report;
}

}  // namespace crawlcard::dataset
