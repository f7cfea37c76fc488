// Kind robots.fetch.

#include <string>
#include <vector>

#include "base/time.h"
#include "robots/robots_fetch.h"
#include "tests/vectors/runner.h"

namespace crawlcard::vectors {
namespace {

using robots::FetchPolicy;

Json OutcomeOf(const std::vector<robots::FetchStep>& chain, const robots::FetchHistory& history,
               FetchPolicy policy) {
  const robots::RobotsFetch fetch = robots::JudgeFetch(chain, history, policy);
  Json flags = Json::array();
  for (const std::string_view flag : fetch.flags) flags.push_back(flag);
  return {{"state", robots::RobotsStateName(fetch.state)},
          {"default", robots::RobotsDefaultName(fetch.decides)},
          {"applies_to", fetch.applies_to},
          {"flags", flags}};
}

Json AnswerFetch(const Json& input) {
  if (input.contains("page_url")) {
    return {{"robots_url", robots::RobotsUrlFor(input["page_url"].get<std::string>())}};
  }
  std::vector<robots::FetchStep> chain;
  for (const Json& given : input.at("chain")) {
    robots::FetchStep step;
    step.url = given.at("url").get_ref<const std::string&>();
    step.failed = given.contains("error");
    step.status = given.value("status", std::uint16_t{0});
    if (given.contains("body")) step.body = given["body"].get_ref<const std::string&>();
    chain.push_back(step);
  }
  robots::FetchHistory history;
  history.has_cached_copy = input.contains("cached");
  history.unreachable_days = input.value("unreachable_days", 0.0);
  Json answer = OutcomeOf(chain, history, FetchPolicy::kCareful);
  answer["rfc9309"] = OutcomeOf(chain, history, FetchPolicy::kRfc9309);
  answer["google"] = OutcomeOf(chain, history, FetchPolicy::kGoogle);
  const Json& last = input["chain"].back();
  if (input.contains("page_fetched") && last.contains("fetched")) {
    const auto fetched = ParseRfc3339(last["fetched"].get<std::string>());
    const auto page = ParseRfc3339(input["page_fetched"].get<std::string>());
    answer["usable_for_page"] = fetched.has_value() && page.has_value() && *fetched <= *page;
  }
  return answer;
}

const KindRegistration kFetch("robots.fetch", AnswerFetch,
                              {{"state"},
                               {"default"},
                               {"rfc9309"},
                               {"google"},
                               {"applies_to"},
                               {"robots_url"},
                               {"usable_for_page"}});

}  // namespace
}  // namespace crawlcard::vectors
