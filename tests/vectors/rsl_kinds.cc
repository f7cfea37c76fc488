// tests/vectors/rsl_kinds.cc - the kinds rsl.discover, rsl.evaluate, rsl.challenge, rsl.cache.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "page/licence.h"
#include "page/rsl_places.h"
#include "robots/rsl.h"
#include "robots/rsl_places.h"
#include "tests/vectors/runner.h"
#include "tests/vectors/signals_json.h"

namespace crawlcard::vectors {
namespace {

using robots::RslScopeKind;

Json Text(std::string_view text) {
  return text.empty() ? Json() : Json(std::string(text));
}

Json Tokens(robots::RslTokens tokens) {
  if (tokens.empty()) return nullptr;
  Json out = Json::array();
  for (const std::string_view token : tokens) out.push_back(std::string(token));
  return out;
}

Json Urls(const std::vector<robots::RslCandidate>& candidates) {
  Json out = Json::array();
  for (const auto& candidate : candidates) out.push_back(std::string(candidate.url));
  return out;
}

Json PlacesAnswer(const robots::RslPlaces& places) {
  std::string scope(robots::RslScopeName(places.scope()));
  if (places.scope() == RslScopeKind::kElement) scope += ":" + std::string(places.element());
  Json answer = {{"candidates", Urls(places.candidates)},
                 {"lenient", Urls(places.lenient)},
                 {"inline", places.inline_documents.size()},
                 {"scope", scope}};
  if (!places.plain_licences.empty()) {
    answer["plain_licence"] = std::string(places.plain_licences.front());
  }
  AddFlags(places.flags, answer);
  return answer;
}

std::vector<robots::NamedValue> Fields(const Json& input) {
  std::vector<robots::NamedValue> fields;
  for (const Json& header : input.at("headers")) {
    robots::NamedValue field;
    field.name = header[0].get_ref<const std::string&>();
    field.value = header[1].get_ref<const std::string&>();
    fields.push_back(field);
  }
  return fields;
}

Json DiscoverInRobots(const Json& input, Arena& arena) {
  const robots::RobotsTxt file = robots::RobotsTxt::Parse(RobotsBytes(input));
  const std::string agent = input.value("agent", std::string("*"));
  const std::string base = input.value("base", std::string("https://site.example/robots.txt"));
  Json answer = PlacesAnswer(robots::RslPlacesInRobots(file, agent, base, arena));
  AddFlags(file.Decide(agent, "/", robots::Dialect::kRfc9309).flags, answer);
  return answer;
}

Json DiscoverInHtml(const Json& input, Arena& arena) {
  const std::string html = input.at("html").get<std::string>();
  std::vector<robots::HtmlRslElement> elements;
  for (const page::RslElement& one : page::FindRslElements(html, arena)) {
    elements.push_back(
        {one.is_script, one.rel, one.type, one.href, one.text, one.parent, one.line});
  }
  return PlacesAnswer(robots::RslPlacesInHtml(elements, input.value("base", std::string()), arena));
}

Json ScopeMap(std::span<const robots::RslScope> scopes) {
  Json out = Json::object();
  for (const robots::RslScope& scope : scopes) {
    out[std::string(scope.type)] = Tokens(scope.tokens);
  }
  return out;
}

Json DiscoverInFeed(const Json& input, Arena& arena) {
  const robots::RslFeed feed = robots::RslItemsInFeed(
      input.at("rss").get<std::string>(), input.value("feed_url", std::string()), arena);
  Json answer = {{"candidates", Json::array()}, {"items", Json::array()}};
  for (const robots::RslFeedItem& item : feed.items) {
    Json one = {{"url", std::string(item.url)}};
    for (const robots::RslContent& content : item.document.contents) {
      for (const robots::RslLicence& licence : content.licences) {
        one["permits"] = ScopeMap(licence.permits);
        one["prohibits"] = ScopeMap(licence.prohibits);
      }
    }
    answer["items"].push_back(one);
  }
  AddFlags(feed.flags, answer);
  return answer;
}

Json AnswerDiscover(const Json& input) {
  Arena arena;
  if (input.contains("headers")) {
    const std::string url = input.value("url", std::string("https://site.example/"));
    return PlacesAnswer(robots::RslPlacesInHeaders(Fields(input), url, arena));
  }
  if (input.contains("html")) return DiscoverInHtml(input, arena);
  if (input.contains("rss")) return DiscoverInFeed(input, arena);
  return DiscoverInRobots(input, arena);
}

Json AxesOf(const robots::AxisMap& axes) {
  Json out = Json::object();
  for (std::size_t i = 1; i < robots::kAxisCount; ++i) {
    const auto axis = static_cast<robots::Axis>(i);
    if (axes.At(axis) == robots::Says::kNothing) continue;
    out[std::string(robots::AxisName(axis))] = robots::SaysName(axes.At(axis));
  }
  return out;
}

// A broken document: what it licenses cannot be told for any use.
Json Indeterminate() {
  Json out = Json::object();
  for (std::size_t i = 1; i < robots::kAxisCount; ++i) {
    out[std::string(robots::AxisName(static_cast<robots::Axis>(i)))] = "indeterminate";
  }
  return out;
}

Json AnswerEvaluate(const Json& input) {
  Arena arena;
  const auto document = robots::ParseRsl(input.at("document").get<std::string>(), arena);
  const auto found = robots::EvaluateRsl(document, input.at("url").get<std::string>());
  const robots::RslConditions& terms = found.conditions;
  Json answer = {{"valid", found.valid},
                 {"state", found.valid ? "licensed" : "unlicensed"},
                 {"match", found.matched},
                 {"axes", found.valid ? AxesOf(found.axes) : Indeterminate()},
                 {"careful", AxesOf(found.careful)},
                 {"version", document.version == robots::RslVersion::k09 ? "0.9" : "1.0"},
                 {"evidence_terms", Text(found.terms)},
                 {"spdx", Text(page::ReadLicenceUrl(terms.standard).spdx)},
                 {"condition",
                  {{"payment", Text(terms.payment)},
                   {"amount", Text(terms.amount)},
                   {"currency", Text(terms.currency)},
                   {"standard", Text(terms.standard)},
                   {"custom", Text(terms.custom)},
                   {"token_server", Text(terms.token_server)},
                   {"user", Tokens(terms.users)},
                   {"user_not", Tokens(terms.users_not)},
                   {"geo", Tokens(terms.regions)},
                   {"geo_not", Tokens(terms.regions_not)}}}};
  AddFlags(found.flags, answer);
  return answer;
}

Json AnswerChallenge(const Json& input) {
  Arena arena;
  const auto found = robots::ReadRslChallenge(input.at("status").get<std::uint16_t>(),
                                              Fields(input), "https://site.example/", arena);
  Json answer = {{"challenge", nullptr},
                 {"candidates", Urls(found.places.candidates)},
                 {"rsl", found.names_rsl},
                 {"price", Text(found.price)}};
  if (found.kind == robots::RslChallengeKind::kPaymentRequired) {
    answer["challenge"] = "payment-required";
  } else if (found.kind == robots::RslChallengeKind::kLicenceRequired) {
    answer["challenge"] = "licence-required";
  }
  AddFlags(found.places.flags, answer);
  return answer;
}

Json AnswerCache(const Json& input) {
  std::optional<std::uint32_t> max_age;
  if (input.contains("max_age_days") && !input["max_age_days"].is_null()) {
    max_age = input["max_age_days"].get<std::uint32_t>();
  }
  return {
      {"fresh", robots::RslIsFresh(max_age, input.at("fetched_days_ago").get<std::uint32_t>())}};
}

const KindRegistration kDiscover(
    "rsl.discover", AnswerDiscover,
    {{"candidates"}, {"scope"}, {"plain_licence"}, {"inline"}, {"items"}, {"lenient"}});
const KindRegistration kEvaluate("rsl.evaluate", AnswerEvaluate,
                                 {{"valid"},
                                  {"state"},
                                  {"match"},
                                  {"axes", Compare::kAxes},
                                  {"version"},
                                  {"spdx"},
                                  {"evidence_terms"},
                                  {"condition"}});
const KindRegistration kChallenge("rsl.challenge", AnswerChallenge,
                                  {{"challenge"}, {"candidates"}, {"rsl"}, {"price"}});
const KindRegistration kCache("rsl.cache", AnswerCache, {{"fresh"}});

}  // namespace
}  // namespace crawlcard::vectors
