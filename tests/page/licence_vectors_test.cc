// tests/page/licence_vectors_test.cc - the licence vectors (kinds licence.url and licence.html).
// Format and comparison: tests/data/vectors/README.md.
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/arena.h"
#include "page/facts.h"
#include "page/licence.h"

namespace crawlcard::page {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

fs::path VectorFile(const std::string& name) {
  const fs::path own = fs::path(CRAWLCARD_TEST_DATA) / "vectors" / name;
  return fs::exists(own) ? own : fs::path(CRAWLCARD_SHARED) / "specs/vectors" / name;
}

json Text(std::string_view text) {
  return text.empty() ? json() : json(std::string(text));
}

json Flags(std::span<const std::string_view> flags) {
  json out = json::array();
  for (const std::string_view flag : flags) out.push_back(std::string(flag));
  return out;
}

bool HasFlag(const json& answer, const json& flag) {
  for (const json& have : answer.at("flags")) {
    if (have == flag) return true;
  }
  return false;
}

json AnswerUrl(const json& input) {
  const LicenceUrl url = ReadLicenceUrl(input.at("url").get<std::string>());
  return {{"spdx", Text(url.spdx)},
          {"family", Text(url.family)},
          {"document", Text(url.document)},
          {"lang", Text(url.lang)},
          {"jurisdiction", Text(url.jurisdiction)},
          {"tool", Text(url.tool)},
          {"hint", Text(url.hint)},
          {"confidence", Text(url.confidence)},
          {"flags", Flags(url.flags)}};
}

json AnswerHtml(const json& input) {
  Arena arena;
  std::vector<HttpField> fields;
  const json headers = input.value("headers", json::array());
  for (const json& header : headers) {
    fields.push_back(
        {header[0].get_ref<const std::string&>(), header[1].get_ref<const std::string&>(), 0});
  }
  HttpHead head;
  head.status = 200;
  head.fields = fields;
  const std::string html = input.at("html").get<std::string>();
  const std::string base = input.at("base").get<std::string>();
  Observer observer(ObserveOptions{});
  const PageFacts facts = observer.Observe({.url = base,
                                            .head = &head,
                                            .content_type = "text/html",
                                            .identified_type = "",
                                            .body = html,
                                            .truncated = false},
                                           arena);
  json licences = json::array();
  for (const Licence& licence : facts.licences) {
    licences.push_back({{"spdx", Text(licence.spdx)},
                        {"url", Text(licence.url)},
                        {"location", Text(licence.location)},
                        {"scope", Text(licence.scope)},
                        {"region", Text(licence.region)},
                        {"confidence", std::string(ConfidenceName(licence.confidence))},
                        {"node_type", Text(licence.node_type)},
                        {"subject", Text(licence.subject)},
                        {"value_form", Text(licence.value_form)},
                        {"flags", Flags(licence.flags)}});
  }
  const Rights& rights = facts.rights;
  json out = {{"licences", licences},
              {"count", licences.size()},
              {"page_licence", Text(rights.page_licence)},
              {"careful", Text(rights.careful)},
              {"disagreement", rights.disagreement},
              {"hint", Text(rights.hint)},
              {"acquire", Text(rights.acquire)},
              {"usage_info", Text(rights.usage_info)},
              {"prose_evidence", Flags(rights.prose)},
              {"flags", Flags(facts.notes)}};
  out["attribution"] = {{"name", Text(rights.attribution_name)},
                        {"url", Text(rights.attribution_url)}};
  out["copyright"] = {{"holder", Text(rights.copyright_holder)},
                      {"text", Text(rights.copyright_text)},
                      {"all_rights_reserved", rights.all_rights_reserved},
                      {"year", rights.copyright_year == 0 ? json() : json(rights.copyright_year)}};
  out["paywall"] = {
      {"free", rights.access == Access::kUnsaid ? json() : json(rights.access == Access::kFree)},
      {"selector", Text(rights.paywall_selector)}};
  return out;
}

bool MatchesObject(const json& want, const json& got) {
  for (const auto& [key, value] : want.items()) {
    if (key == "note" || key == "policy_decision" || key == "interpretation") continue;
    if (key == "flag") {
      if (!HasFlag(got, value)) return false;
      continue;
    }
    if (!got.contains(key) || got.at(key) != value) return false;
  }
  return true;
}

// A one-to-one assignment of wanted to reported licences.
bool MatchesUnordered(const json& want, const json& got) {
  if (want.size() != got.size()) return false;
  std::vector<bool> used(got.size(), false);
  const std::function<bool(std::size_t)> assign = [&](std::size_t i) {
    if (i == want.size()) return true;
    for (std::size_t j = 0; j < got.size(); ++j) {
      if (used[j] || !MatchesObject(want[i], got[j])) continue;
      used[j] = true;
      if (assign(i + 1)) return true;
      used[j] = false;
    }
    return false;
  };
  return assign(0);
}

bool MatchesProse(const json& want, const json& got) {
  for (const json& part : want) {
    bool found = false;
    for (const json& passage : got) {
      found =
          found || passage.get<std::string>().find(part.get<std::string>()) != std::string::npos;
    }
    if (!found) return false;
  }
  return true;
}

bool MatchesHtml(const json& want, const json& got) {
  for (const auto& [key, value] : want.items()) {
    bool good = true;
    if (key == "licences") {
      good = MatchesUnordered(value, got.at("licences"));
    } else if (key == "attribution" || key == "copyright" || key == "paywall") {
      good = MatchesObject(value, got.at(key));
    } else if (key == "prose_evidence") {
      good = MatchesProse(value, got.at(key));
    } else {
      good = MatchesObject(json{{key, value}}, got);
    }
    if (!good) return false;
  }
  return true;
}

void RunFile(const std::string& name) {
  const fs::path path = VectorFile(name);
  if (!fs::exists(path)) GTEST_SKIP() << "vectors absent: " << path;
  std::ifstream in(path);
  int passed = 0;
  int failed = 0;
  for (const json& vector : json::parse(in)) {
    const std::string kind = vector.at("kind").get<std::string>();
    const json& want = vector.at("expect");
    const json got =
        kind == "licence.url" ? AnswerUrl(vector.at("input")) : AnswerHtml(vector.at("input"));
    const bool good = kind == "licence.url" ? MatchesObject(want, got) : MatchesHtml(want, got);
    if (good) {
      ++passed;
      continue;
    }
    ++failed;
    ADD_FAILURE() << vector.at("id") << ": " << vector.at("why") << "\n  want " << want.dump()
                  << "\n  got  " << got.dump();
  }
  std::cout << name << ": " << passed << " passed, " << failed << " failed\n";
}

TEST(LicenceVectors, Urls) {
  RunFile("licence_urls.json");
}
TEST(LicenceVectors, Pages) {
  RunFile("licence_html.json");
}

}  // namespace
}  // namespace crawlcard::page
