// card/formats/dps.cc - Data & Trust Alliance Data Provenance Standards 1.0.0.
// https://github.com/Data-and-Trust-Alliance/json-metadata (the schema as repaired: see
// tests/data/schemas/SOURCES.md)
#include "card/formats/format.h"
#include "card/formats/json_tree.h"
#include "card/formats/words.h"

namespace crawlcard::card {
namespace {

Tree Party(std::string name, const std::optional<std::string>& address) {
  Tree party{{"name", std::move(name)}};
  if (address) party["address"].Push(*address);
  return party;
}

Tree Source(const Facts& facts) {
  Tree source{{"version", "1.0.0"}, {"title", TitleOf(facts)}, {"id", UuidUrn(facts, "dps")}};
  source.Set("location", OptionalAnswer(facts, "dataset.url"));
  source["issuer"].Push(
      Party(Answer(facts, "provider.name"), OptionalAnswer(facts, "provider.contact")));
  source["description"] = DescriptionOf(facts);
  return source;
}

Tree Provenance(const Facts& facts) {
  // Compiled when the last of it was captured.
  const auto compiled = facts.Date("dates.last");
  Tree provenance{{"date", compiled ? FormatRfc3339(*compiled) : DateOf(facts)}};
  Tree geography{{"country", Answer(facts, "statements.origin_country")}};
  provenance["origin-geography"].Push(std::move(geography));
  if (const auto first = facts.Date("dates.first")) {
    provenance["generation-period"]["start"] = FormatRfc3339(*first);
  }
  if (const auto last = facts.Date("dates.last")) {
    provenance["generation-period"]["end"] = FormatRfc3339(*last);
  }
  Tree method{{"code", "web-scraping"}, {"system", "crawlcard"}};
  method["description"] = CollectionWords(facts);
  provenance["generation-method"].Push(std::move(method));
  for (const auto& row : facts.Table("content.media_types").rows) {
    const auto* type = std::get_if<FactText>(&row[0]);
    if (type != nullptr) provenance["format"].Push(type->text);
  }
  std::string snapshots;
  for (const auto& row : facts.Table("inputs.snapshots").rows) {
    const auto* id = std::get_if<FactText>(&row[0]);
    if (id != nullptr) snapshots += (snapshots.empty() ? "" : ", ") + id->text;
  }
  if (!snapshots.empty()) provenance["source"] = "Web archive snapshots: " + snapshots;
  // Whoever the archive names as its maker.
  for (const auto& row : facts.Table("inputs.warcinfo").rows) {
    const auto* field = std::get_if<FactText>(&row[0]);
    const auto* value = std::get_if<FactText>(&row[1]);
    if (field == nullptr || value == nullptr || field->text != "operator") continue;
    provenance["origin"].Push(Party(value->text, std::nullopt));
  }
  return provenance;
}

Tree Use(const Facts& facts) {
  Tree use;
  Tree regulation{{"code", "personal-data"}};
  regulation["description"] = PersonalDataWords(facts);
  use["classification"].Push({{"regulation", std::move(regulation)}, {"evaluated", false}});
  use["consents"].Push(ReservationWords(facts));
  use["consents"].Push(RobotsWords(facts));
  use["license"].Push(Answer(facts, "dataset.license"));
  Tree purpose{{"code", "other"}};
  purpose["description"] = Answer(facts, "dataset.purpose");
  use["intended-purpose"].Push(std::move(purpose));
  use["copyright"].Push(LicenceWords(facts));
  if (const auto copyright = OptionalAnswer(facts, "california.copyright")) {
    use["copyright"].Push("Data protected by copyright, as stated: " + *copyright);
  }
  use["patent"].Push(Answer(facts, "california.patent"));
  use["trademark"].Push(Answer(facts, "california.trademark"));
  return use;
}

}  // namespace

std::string RenderDps(const FormInput& input) {
  Tree root{{"source", Source(input.facts)},
            {"provenance", Provenance(input.facts)},
            {"use", Use(input.facts)}};
  return root.Dump();
}

}  // namespace crawlcard::card
