// card/formats/croissant.cc - MLCommons Croissant 1.1 and 1.0, with the RAI vocabulary 1.0.
//
// The context is the one that the reference implementation emits (mlcommons/croissant, Apache-2.0),
// with the terms of PROV that 1.1 uses. The specification is linked, not copied:
// https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
#include <array>
#include <utility>

#include <fmt/format.h>

#include "card/formats/format.h"
#include "card/formats/json_tree.h"
#include "card/formats/language_codes.h"
#include "card/formats/words.h"

namespace crawlcard::card {
namespace {

constexpr std::array<std::pair<const char*, const char*>, 33> kTerms{{
    {"citeAs", "cr:citeAs"},
    {"column", "cr:column"},
    {"conformsTo", "dct:conformsTo"},
    {"cr", "http://mlcommons.org/croissant/"},
    {"dct", "http://purl.org/dc/terms/"},
    {"equivalentProperty", "cr:equivalentProperty"},
    {"extract", "cr:extract"},
    {"field", "cr:field"},
    {"fileObject", "cr:fileObject"},
    {"fileProperty", "cr:fileProperty"},
    {"fileSet", "cr:fileSet"},
    {"format", "cr:format"},
    {"includes", "cr:includes"},
    {"isLiveDataset", "cr:isLiveDataset"},
    {"jsonPath", "cr:jsonPath"},
    {"key", "cr:key"},
    {"md5", "cr:md5"},
    {"parentField", "cr:parentField"},
    {"path", "cr:path"},
    {"rai", "http://mlcommons.org/croissant/RAI/"},
    {"recordSet", "cr:recordSet"},
    {"references", "cr:references"},
    {"regex", "cr:regex"},
    {"repeated", "cr:repeated"},
    {"replace", "cr:replace"},
    {"samplingRate", "cr:samplingRate"},
    {"sc", "https://schema.org/"},
    {"separator", "cr:separator"},
    {"source", "cr:source"},
    {"subField", "cr:subField"},
    {"transform", "cr:transform"},
    {"@language", "en"},
    {"@vocab", "https://schema.org/"},
}};

Tree Context(bool v11) {
  Tree context;
  for (const auto& [name, value] : kTerms) context[name] = value;
  context["data"] = {{"@id", "cr:data"}, {"@type", "@json"}};
  context["dataType"] = {{"@id", "cr:dataType"}, {"@type", "@vocab"}};
  context["examples"] = {{"@id", "cr:examples"}, {"@type", "@json"}};
  if (!v11) return context;
  context["arrayShape"] = "cr:arrayShape";
  context["containedIn"] = "cr:containedIn";
  context["isArray"] = "cr:isArray";
  context["description"]["@container"] = "@language";
  context["name"]["@container"] = "@language";
  context["prov"] = "http://www.w3.org/ns/prov#";
  return context;
}

Tree Organization(std::string_view name) {
  return {{"@type", "sc:Organization"}, {"name", name}};
}

// The list of domains: the one file whose digest the card itself can state.
Tree DomainFile(const Facts& facts) {
  return {{"@id", "domains.csv"},
          {"@type", "cr:FileObject"},
          {"name", "domains.csv"},
          {"description", "The largest registrable domains by payload bytes, with their counts."},
          {"contentUrl", "domains.csv"},
          {"encodingFormat", "text/csv"},
          {"sha256", facts.Text("domain_list.sha256").value_or("")}};
}

Tree DomainField(std::string_view column, std::string_view type, std::string_view description) {
  return {
      {"@id", fmt::format("domains/{}", column)},
      {"@type", "cr:Field"},
      {"name", fmt::format("domains/{}", column)},
      {"description", description},
      {"dataType", type},
      {"source", {{"fileObject", {{"@id", "domains.csv"}}}, {"extract", {{"column", column}}}}}};
}

Tree DomainRecords() {
  Tree set{{"@id", "domains"},
           {"@type", "cr:RecordSet"},
           {"name", "domains"},
           {"description", "One row a registrable domain."}};
  set["key"]["@id"] = "domains/domain";
  set["field"].Push(DomainField("rank", "sc:Integer", "Rank by payload bytes."));
  set["field"].Push(DomainField("domain", "sc:Text", "Registrable domain."));
  set["field"].Push(DomainField("payload_bytes", "sc:Integer", "Payload bytes of all captures."));
  set["field"].Push(DomainField("text_bytes", "sc:Integer", "Bytes of visible text."));
  set["field"].Push(DomainField("pages", "sc:Integer", "Captured pages."));
  set["field"].Push(
      DomainField("tokens_est", "sc:Integer", "Text bytes divided by four: an estimate."));
  set["field"].Push(DomainField("first_seen", "sc:DateTime", "First capture, RFC 3339."));
  set["field"].Push(DomainField("last_seen", "sc:DateTime", "Last capture, RFC 3339."));
  set["field"].Push(DomainField("modalities", "sc:Text", "Kinds of content of its captures."));
  set["field"].Push(DomainField("listed_for", "sc:Text", "Why it is listed: its size, or a kind."));
  return set;
}

void AddRai(const Facts& facts, Tree& root) {
  root["rai:dataCollection"] = CollectionWords(facts);
  root["rai:dataCollectionType"].Push("Web Scraping");
  root["rai:dataCollectionMissingData"] = DamageWords(facts);
  root["rai:dataCollectionRawData"] = fmt::format(
      "{} archive files, {} bytes; digest of their list: {}", facts.Words("inputs.files"),
      facts.Number("inputs.bytes").value_or(0), facts.Words("inputs.digest"));
  if (const auto period = PeriodOf(facts)) root["rai:dataCollectionTimeframe"].Push(*period);
  root["rai:dataPreprocessingProtocol"].Push(PreprocessingWords(facts));
  root["rai:dataPreprocessingProtocol"].Push(ReservationWords(facts));
  root["rai:personalSensitiveInformation"].Push(PersonalDataWords(facts));
  root["rai:dataUseCases"].Push(Answer(facts, "dataset.uses"));
  root["rai:dataSocialImpact"] = Answer(facts, "statements.social_impact");
  root["rai:dataReleaseMaintenancePlan"].Push(Answer(facts, "statements.maintenance"));
  for (const std::string& bias : Answers(facts, "statements.biases")) {
    root["rai:dataBiases"].Push(bias);
  }
  root["rai:dataBiases"].Push("Measured: " + LanguageWords(facts));
  for (const std::string& one : Answers(facts, "statements.limitations")) {
    root["rai:dataLimitations"].Push(one);
  }
  root["rai:dataLimitations"].Push("Measured: " + DamageWords(facts));
  root["rai:machineAnnotationTools"].Push("CLD2 (languages)");
}

// PROV terms at dataset level: new in 1.1.
void AddProvenance(const Facts& facts, Tree& root) {
  for (const auto& row : facts.Table("inputs.snapshots").rows) {
    const auto* id = std::get_if<FactText>(&row[0]);
    if (id == nullptr) continue;
    root["prov:wasDerivedFrom"].Push({{"@type", "prov:Entity"}, {"name", id->text}});
  }
  Tree crawl{{"@type", "prov:Activity"}, {"name", "capture of the web"}};
  crawl["description"] = CollectionWords(facts);
  for (const auto& [id, term] : {std::pair("dates.first", "prov:startedAtTime"),
                                 std::pair("dates.last", "prov:endedAtTime")}) {
    const auto date = facts.Date(id);
    if (!date) continue;
    crawl[term] = {{"@type", "http://www.w3.org/2001/XMLSchema#dateTime"},
                   {"@value", FormatRfc3339(*date)}};
  }
  root["prov:wasGeneratedBy"].Push(std::move(crawl));
  root["prov:wasGeneratedBy"].Push(
      {{"@type", "prov:Activity"}, {"name", "crawlcard card"}, {"description", facts.command()}});
}

std::string Croissant(const Facts& facts, bool v11) {
  Tree root{{"@context", Context(v11)}, {"@type", "sc:Dataset"}};
  root["conformsTo"].Push(v11 ? "http://mlcommons.org/croissant/1.1"
                              : "http://mlcommons.org/croissant/1.0");
  root["conformsTo"].Push("http://mlcommons.org/croissant/RAI/1.0");
  root["name"] = TitleOf(facts);
  root["description"] = DescriptionOf(facts);
  // Required: without an answer, a name of the card's content that leads nowhere.
  root["url"] = OptionalAnswer(facts, "dataset.url").value_or(UuidUrn(facts, "dataset"));
  root["license"] = LicenceUrlOf(facts).value_or(Answer(facts, "dataset.license"));
  const std::vector<std::string> creators = Answers(facts, "dataset.creators");
  for (const std::string& creator : creators) root["creator"].Push(Organization(creator));
  if (creators.empty()) root["creator"].Push(Organization("Not provided"));
  if (const auto publisher = OptionalAnswer(facts, "dataset.publisher")) {
    root["publisher"].Push(Organization(*publisher));
  }
  root["datePublished"] = OptionalAnswer(facts, "dataset.released").value_or(DateOf(facts));
  root["version"] = OptionalAnswer(facts, "dataset.version").value_or("1.0.0");
  root.Set("citeAs", OptionalAnswer(facts, "dataset.citation"));
  root["isLiveDataset"] = false;
  root["keywords"].Push("web crawl");
  for (const std::string& modality : ModalitiesOf(facts)) root["keywords"].Push(modality);
  // BCP 47 wants the shortest code of a language.
  for (const std::string& language : LanguagesOf(facts)) {
    root["inLanguage"].Push(ShortLanguageCode(language));
  }
  root.Set("temporalCoverage", PeriodOf(facts));
  if (facts.Text("domain_list.sha256")) {
    root["distribution"].Push(DomainFile(facts));
    root["recordSet"].Push(DomainRecords());
  }
  AddRai(facts, root);
  if (v11) AddProvenance(facts, root);
  return root.Dump();
}

}  // namespace

std::string RenderCroissant(const FormInput& input) {
  return Croissant(input.facts, true);
}

std::string RenderCroissant10(const FormInput& input) {
  return Croissant(input.facts, false);
}

}  // namespace crawlcard::card
