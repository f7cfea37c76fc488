#include "card/formats/format.h"

#include <algorithm>
#include <array>

#include "card/domain_list.h"
#include "card/render_html.h"
#include "card/render_json.h"
#include "card/render_markdown.h"

namespace crawlcard::card {
namespace {

std::string Html(const FormInput& input) {
  return RenderHtml(input.card, input.facts);
}
std::string Markdown(const FormInput& input) {
  return RenderMarkdown(input.card);
}
std::string Json(const FormInput& input) {
  return RenderJson(input.card);
}
std::string DomainsCsv(const FormInput& input) {
  return DomainListCsv(input.card.tally, input.card.domain_list.rule);
}

constexpr std::array kFormats = std::to_array<Format>({
    {"ab2013", "ab2013.md", "California Civil Code 3111, for readers", RenderAb2013Markdown},
    {"ab2013-json", "ab2013.json", "the same for machines", RenderAb2013Json},
    {"croissant", "croissant.json", "MLCommons Croissant 1.1 with RAI 1.0", RenderCroissant},
    {"croissant-1.0", "croissant-1.0.json", "MLCommons Croissant 1.0 with RAI 1.0",
     RenderCroissant10},
    {"cyclonedx", "cyclonedx.json", "CycloneDX 1.7, a component of type data", RenderCycloneDx},
    {"cyclonedx-1.6", "cyclonedx-1.6.json", "CycloneDX 1.6", RenderCycloneDx16},
    {"datasheet", "datasheet.md", "Datasheet for Datasets", RenderDatasheet},
    {"dcat", "dcat.jsonld", "W3C DCAT 3 as JSON-LD", RenderDcat},
    {"domains-csv", "domains.csv", "the domains that the EU summary must list", DomainsCsv},
    {"dps", "dps.json", "Data & Trust Alliance Data Provenance Standards 1.0.0", RenderDps},
    {"eu-summary-html", "eu-summary.html", "EU AI Act Art. 53(1)(d), public summary",
     RenderEuSummaryHtml},
    {"eu-summary-json", "eu-summary.json", "the same for machines", RenderEuSummaryJson},
    {"eu-summary-md", "eu-summary.md", "the same in Markdown", RenderEuSummaryMarkdown},
    {"html", "card.html", "the card for people", Html},
    {"huggingface", "README.md", "Hugging Face dataset card", RenderHuggingFace},
    {"intoto", "intoto.json", "in-toto Statement v1: this card was made of these files",
     RenderInToto},
    {"json", "card.json", "the card for machines, all facts", Json},
    {"md", "card.md", "the card in Markdown", Markdown},
    {"osaid", "osaid.md", "data information of the Open Source AI Definition 1.0", RenderOsaid},
    {"prov", "prov.json", "W3C PROV-JSON", RenderProv},
    {"spdx", "spdx.jsonld", "SPDX 3.0.1, dataset profile", RenderSpdx},
});

}  // namespace

std::span<const Format> Formats() {
  return kFormats;
}

const Format* FindFormat(std::string_view name) {
  const auto found = std::find_if(kFormats.begin(), kFormats.end(),
                                  [&](const Format& one) { return one.name == name; });
  return found == kFormats.end() ? nullptr : &*found;
}

}  // namespace crawlcard::card
