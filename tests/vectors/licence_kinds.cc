// tests/vectors/licence_kinds.cc - the kinds licence.url and licence.html, answered by page/.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "page/facts.h"
#include "page/licence.h"
#include "tests/vectors/runner.h"

namespace crawlcard::vectors {
namespace {

Json Text(std::string_view text) {
  return text.empty() ? Json() : Json(std::string(text));
}

Json List(std::span<const std::string_view> texts) {
  Json out = Json::array();
  for (const std::string_view text : texts) out.push_back(std::string(text));
  return out;
}

Json AnswerUrl(const Json& input) {
  const page::LicenceUrl url = page::ReadLicenceUrl(input.at("url").get<std::string>());
  return {{"spdx", Text(url.spdx)},
          {"family", Text(url.family)},
          {"document", Text(url.document)},
          {"lang", Text(url.lang)},
          {"jurisdiction", Text(url.jurisdiction)},
          {"tool", Text(url.tool)},
          {"hint", Text(url.hint)},
          {"confidence", Text(url.confidence)},
          {"flags", List(url.flags)}};
}

Json LicencesOf(const page::PageFacts& facts) {
  Json out = Json::array();
  for (const page::Licence& licence : facts.licences) {
    out.push_back({{"spdx", Text(licence.spdx)},
                   {"name", Text(licence.name)},
                   {"url", Text(licence.url)},
                   {"location", Text(licence.location)},
                   {"scope", Text(licence.scope)},
                   {"region", Text(licence.region)},
                   {"confidence", std::string(page::ConfidenceName(licence.confidence))},
                   {"node_type", Text(licence.node_type)},
                   {"subject", Text(licence.subject)},
                   {"value_form", Text(licence.value_form)},
                   {"flags", List(licence.flags)}});
  }
  return out;
}

Json AnswerOf(const page::PageFacts& facts) {
  const page::Rights& rights = facts.rights;
  const bool said = rights.access != page::Access::kUnsaid;
  return {{"licences", LicencesOf(facts)},
          {"count", facts.licences.size()},
          {"page_licence", Text(rights.page_licence)},
          {"careful", Text(rights.careful)},
          {"disagreement", rights.disagreement},
          {"version_disagreement", rights.version_disagreement},
          {"hint", Text(rights.hint)},
          {"acquire", Text(rights.acquire)},
          {"usage_info", Text(rights.usage_info)},
          {"prose_evidence", List(rights.prose)},
          {"flags", List(facts.notes)},
          {"attribution",
           {{"name", Text(rights.attribution_name)}, {"url", Text(rights.attribution_url)}}},
          {"copyright",
           {{"holder", Text(rights.copyright_holder)},
            {"text", Text(rights.copyright_text)},
            {"all_rights_reserved", rights.all_rights_reserved},
            {"year", rights.copyright_year == 0 ? Json() : Json(rights.copyright_year)}}},
          {"paywall",
           {{"free", said ? Json(rights.access == page::Access::kFree) : Json()},
            {"selector", Text(rights.paywall_selector)}}}};
}

Json AnswerHtml(const Json& input) {
  std::vector<page::HttpField> fields;
  const Json headers = input.value("headers", Json::array());
  for (const Json& header : headers) {
    fields.push_back({header.at(0).get_ref<const std::string&>(),
                      header.at(1).get_ref<const std::string&>(), 0});
  }
  page::HttpHead head;
  head.status = 200;
  head.fields = fields;
  const std::string html = input.at("html").get<std::string>();
  const std::string base = input.value("base", "");
  Arena arena;
  page::Observer observer(page::ObserveOptions{});
  return AnswerOf(observer.Observe({.url = base,
                                    .head = &head,
                                    .content_type = "text/html",
                                    .identified_type = "",
                                    .body = html,
                                    .truncated = false},
                                   arena));
}

const KindRegistration kUrl(
    "licence.url", AnswerUrl,
    {{"spdx"}, {"family"}, {"document"}, {"lang"}, {"jurisdiction"}, {"tool"}, {"hint"}});
const KindRegistration kHtml("licence.html", AnswerHtml,
                             {{"licences", Compare::kUnordered},
                              {"page_licence"},
                              {"disagreement"},
                              {"version_disagreement"},
                              {"count"},
                              {"hint"},
                              {"attribution"},
                              {"copyright"},
                              {"paywall"},
                              {"acquire"},
                              {"usage_info"},
                              {"prose_evidence", Compare::kPassages}});

}  // namespace
}  // namespace crawlcard::vectors
