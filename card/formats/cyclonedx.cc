// card/formats/cyclonedx.cc - CycloneDX 1.7 and 1.6: one component of type data, every single fact
// as a property, and in 1.7 citations that say which part a person stated.
// https://cyclonedx.org/docs/1.7/json/
#include <array>
#include <utility>

#include <fmt/format.h>

#include "card/formats/format.h"
#include "card/formats/json_tree.h"
#include "card/formats/spdx_ids.h"
#include "card/formats/words.h"

namespace crawlcard::card {
namespace {

Tree Property(std::string name, std::string value) {
  return {{"name", std::move(name)}, {"value", std::move(value)}};
}

// Single facts that no person stated; tables are in the JSON card.
Tree FactProperties(const Facts& facts) {
  Tree list;
  for (const Fact& fact : facts.all()) {
    const FactCell* cell = fact.cell();
    if (cell == nullptr || fact.basis == Basis::kHuman) continue;
    std::string value = FactAsText(fact);
    value.pop_back();
    list.Push(Property("crawlcard:" + fact.id, std::move(value)));
  }
  return list;
}

Tree Organization(std::string_view name) {
  return {{"name", name}};
}

Tree Governance(const Facts& facts) {
  Tree governance;
  for (const std::string& creator : Answers(facts, "dataset.creators")) {
    governance["owners"].Push({{"organization", Organization(creator)}});
  }
  if (const auto publisher = OptionalAnswer(facts, "dataset.publisher")) {
    governance["custodians"].Push({{"organization", Organization(*publisher)}});
  }
  return governance;
}

Tree DataEntry(const Facts& facts) {
  Tree data{{"bom-ref", "data"}, {"type", "dataset"}, {"name", TitleOf(facts)}};
  data["description"] = DescriptionOf(facts);
  data["contents"]["properties"] = FactProperties(facts);
  data["contents"].Set("url", OptionalAnswer(facts, "dataset.url"));
  data["classification"] = Answer(facts, "statements.confidentiality");
  data["sensitiveData"].Push(PersonalDataWords(facts));
  Tree governance = Governance(facts);
  if (!governance.empty()) data["governance"] = std::move(governance);
  return data;
}

Tree Licences(const Facts& facts) {
  const auto licence = OptionalAnswer(facts, "dataset.license");
  if (!licence) return {};
  Tree list;
  const auto id = SpdxIdOf(*licence);
  const auto expression = SpdxExpressionOf(*licence);
  // A person declared it; nobody concluded it.
  if (!id && expression) {
    list.Push({{"expression", *expression}, {"acknowledgement", "declared"}});
    return list;
  }
  Tree named{{"acknowledgement", "declared"}};
  if (id) {
    named["id"] = *id;
  } else {
    named["name"] = *licence;
  }
  named.Set("url", OptionalAnswer(facts, "dataset.license_url"));
  list.Push({{"license", std::move(named)}});
  return list;
}

Tree Component(const Facts& facts) {
  Tree component{{"type", "data"}, {"bom-ref", "dataset"}, {"name", TitleOf(facts)}};
  component.Set("version", OptionalAnswer(facts, "dataset.version"));
  component["description"] = DescriptionOf(facts);
  Tree licences = Licences(facts);
  if (!licences.empty()) component["licenses"] = std::move(licences);
  if (const auto sha256 = facts.Text("domain_list.sha256")) {
    Tree reference{{"type", "evidence"}, {"url", "domains.csv"}};
    reference["comment"] = DomainListWords(facts);
    reference["hashes"].Push({{"alg", "SHA-256"}, {"content", *sha256}});
    component["externalReferences"].Push(std::move(reference));
  }
  component["data"].Push(DataEntry(facts));
  return component;
}

Tree Metadata(const Facts& facts) {
  Tree metadata{{"timestamp", DateOf(facts)}};
  Tree tool{{"type", "application"}, {"bom-ref", "crawlcard"}, {"name", "crawlcard"}};
  tool["version"] = facts.Words("run.tool_version");
  metadata["tools"]["components"].Push(std::move(tool));
  metadata["manufacturer"] = {{"bom-ref", "provider"}, {"name", Answer(facts, "provider.name")}};
  metadata["properties"].Push(Property("crawlcard:command", facts.command()));
  metadata["properties"].Push(Property("crawlcard:facts-sha256", facts.digest()));
  return metadata;
}

// Who supplied which part: the tool its counts, a person the rest.
Tree Citations(const Facts& facts) {
  Tree by_tool{
      {"bom-ref", "citation-tool"}, {"attributedTo", "crawlcard"}, {"timestamp", DateOf(facts)}};
  by_tool["pointers"].Push("/components/0/data/0/contents/properties");
  by_tool["note"] = "Counted or observed in the files read, or configured.";
  Tree list;
  list.Push(std::move(by_tool));
  if (!facts.Text("about.digest")) return list;
  Tree by_person{
      {"bom-ref", "citation-person"}, {"attributedTo", "provider"}, {"timestamp", DateOf(facts)}};
  // Only what was answered; descriptions are of both.
  constexpr std::array<std::pair<const char*, const char*>, 9> kStated{
      {{"dataset.title", "/components/0/name"},
       {"dataset.title", "/components/0/data/0/name"},
       {"dataset.version", "/components/0/version"},
       {"dataset.license", "/components/0/licenses"},
       {"dataset.url", "/components/0/data/0/contents/url"},
       {"dataset.creators", "/components/0/data/0/governance/owners"},
       {"dataset.publisher", "/components/0/data/0/governance/custodians"},
       {"statements.confidentiality", "/components/0/data/0/classification"},
       {"provider.name", "/metadata/manufacturer/name"}}};
  for (const auto& [question, pointer] : kStated) {
    if (OptionalAnswer(facts, question)) by_person["pointers"].Push(pointer);
  }
  if (by_person["pointers"].empty()) return list;
  by_person["note"] = "Stated by a person in the about file " + facts.Words("about.digest");
  list.Push(std::move(by_person));
  return list;
}

std::string CycloneDx(const Facts& facts, bool v17) {
  Tree root{{"bomFormat", "CycloneDX"}, {"specVersion", v17 ? "1.7" : "1.6"}};
  root["$schema"] = v17 ? "http://cyclonedx.org/schema/bom-1.7.schema.json"
                        : "http://cyclonedx.org/schema/bom-1.6.schema.json";
  root["serialNumber"] = UuidUrn(facts, v17 ? "cyclonedx-1.7" : "cyclonedx-1.6");
  root["version"] = std::uint64_t{1};
  root["metadata"] = Metadata(facts);
  root["components"].Push(Component(facts));
  if (v17) root["citations"] = Citations(facts);
  return root.Dump();
}

}  // namespace

std::string RenderCycloneDx(const FormInput& input) {
  return CycloneDx(input.facts, true);
}

std::string RenderCycloneDx16(const FormInput& input) {
  return CycloneDx(input.facts, false);
}

}  // namespace crawlcard::card
