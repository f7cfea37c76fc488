// card/formats/dcat.cc - W3C DCAT 3 as JSON-LD with a context of its own: nothing is fetched.
// https://www.w3.org/TR/vocab-dcat-3/ ; the shapes of DCAT-AP 3.0.1 ask for title, description and
// accessURL.
#include <algorithm>

#include <fmt/format.h>

#include "card/formats/format.h"
#include "card/formats/json_tree.h"
#include "card/formats/words.h"

namespace crawlcard::card {
namespace {

Tree Context() {
  return {{"adms", "http://www.w3.org/ns/adms#"},
          {"dcat", "http://www.w3.org/ns/dcat#"},
          {"dct", "http://purl.org/dc/terms/"},
          {"foaf", "http://xmlns.com/foaf/0.1/"},
          {"prov", "http://www.w3.org/ns/prov#"},
          {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
          {"spdx", "http://spdx.org/rdf/terms#"},
          {"vcard", "http://www.w3.org/2006/vcard/ns#"},
          {"xsd", "http://www.w3.org/2001/XMLSchema#"}};
}

// Text is a literal wherever it stands: it never becomes a name or an address.
Tree Literal(std::string text) {
  return {{"@value", std::move(text)}, {"@language", "en"}};
}
Tree Typed(const char* type, std::string value) {
  return {{"@type", type}, {"@value", std::move(value)}};
}
Tree Reference(std::string iri) {
  return {{"@id", std::move(iri)}};
}
Tree Agent(std::string name) {
  return {{"@type", "foaf:Agent"}, {"foaf:name", Literal(std::move(name))}};
}

Tree Period(const Facts& facts) {
  Tree period;
  if (const auto first = facts.Date("dates.first")) {
    period["dcat:startDate"] = Typed("xsd:dateTime", FormatRfc3339(*first));
  }
  if (const auto last = facts.Date("dates.last")) {
    period["dcat:endDate"] = Typed("xsd:dateTime", FormatRfc3339(*last));
  }
  if (!period.empty()) period["@type"] = "dct:PeriodOfTime";
  return period;
}

Tree Statement(const std::string& text) {
  return {{"@type", "dct:ProvenanceStatement"}, {"rdfs:label", Literal(text)}};
}

// By its address where there is one, else by the words of the person; nullopt without an answer.
std::optional<Tree> Licence(const Facts& facts) {
  if (const auto url = LicenceUrlOf(facts)) {
    return Tree{{"@id", *url}, {"@type", "dct:LicenseDocument"}};
  }
  const auto said = OptionalAnswer(facts, "dataset.license");
  if (!said) return std::nullopt;
  return Tree{{"@type", "dct:LicenseDocument"}, {"rdfs:label", Literal(*said)}};
}

Tree Checksum(const std::string& sha256) {
  Tree checksum{{"@type", "spdx:Checksum"}};
  checksum["spdx:algorithm"] = {{"@id", "spdx:checksumAlgorithm_sha256"},
                                {"@type", "spdx:ChecksumAlgorithm"}};
  checksum["spdx:checksumValue"] = Typed("xsd:hexBinary", sha256);
  return checksum;
}

Tree ArchiveFiles(const Facts& facts, const std::string& id) {
  Tree files{{"@id", id + "#files"}, {"@type", "dcat:Distribution"}};
  files["dct:title"] = Literal("The archive files read");
  files["dct:description"] = Literal(fmt::format(
      "{} files; the checksum is SHA-256 over the lines NAME TAB BYTES TAB XXH3-128 LF, sorted",
      facts.Words("inputs.files")));
  files["dcat:byteSize"] =
      Typed("xsd:nonNegativeInteger", std::to_string(facts.Number("inputs.bytes").value_or(0)));
  // Required by DCAT-AP: without an answer, a name of the content that leads nowhere.
  files["dcat:accessURL"] =
      Reference(OptionalAnswer(facts, "dataset.download").value_or(id + "#nowhere"));
  files.Set("dct:license", Licence(facts));
  files["spdx:checksum"] =
      Checksum(facts.Words("inputs.digest").substr(std::string_view("sha256:").size()));
  return files;
}

Tree DomainFile(const std::string& sha256, const std::string& id) {
  Tree file{{"@id", id + "#domains"}, {"@type", "dcat:Distribution"}};
  file["dct:title"] = Literal("domains.csv");
  file["dct:description"] = Literal("The largest registrable domains with their counts.");
  file["dcat:accessURL"] = Reference(id + "#domains.csv");  // it lies beside this file
  file["dcat:mediaType"] = {{"@id", "https://www.iana.org/assignments/media-types/text/csv"},
                            {"@type", "dct:MediaType"}};
  file["spdx:checksum"] = Checksum(sha256);
  return file;
}

// What people stated of themselves and of the terms.
void AddPeople(const Facts& facts, Tree& root) {
  if (const auto publisher = OptionalAnswer(facts, "dataset.publisher")) {
    root["dct:publisher"] = Agent(*publisher);
  }
  for (const std::string& creator : Answers(facts, "dataset.creators")) {
    root["dct:creator"].Push(Agent(creator));
  }
  if (const auto contact = OptionalAnswer(facts, "dataset.contact")) {
    root["dcat:contactPoint"] = {{"@type", "vcard:Kind"}, {"vcard:fn", Literal(*contact)}};
  }
  if (const auto released = OptionalAnswer(facts, "dataset.released")) {
    root["dct:issued"] = Typed("xsd:date", *released);
  }
  root.Set("dct:license", Licence(facts));
}

Tree Crawl(const Facts& facts) {
  Tree crawl{{"@type", "prov:Activity"}, {"rdfs:label", Literal("capture of the web")}};
  if (const auto first = facts.Date("dates.first")) {
    crawl["prov:startedAtTime"] = Typed("xsd:dateTime", FormatRfc3339(*first));
  }
  if (const auto last = facts.Date("dates.last")) {
    crawl["prov:endedAtTime"] = Typed("xsd:dateTime", FormatRfc3339(*last));
  }
  return crawl;
}

}  // namespace

std::string RenderDcat(const FormInput& input) {
  const Facts& facts = input.facts;
  const std::string id = UuidUrn(facts, "dcat");
  Tree root{{"@context", Context()}, {"@id", id}, {"@type", "dcat:Dataset"}};
  root["dct:title"] = Literal(TitleOf(facts));
  root["dct:description"] = Literal(DescriptionOf(facts));
  root["dct:identifier"] = id;
  if (const auto version = OptionalAnswer(facts, "dataset.version")) {
    root["dcat:version"] = *version;
  }
  AddPeople(facts, root);
  if (const auto url = OptionalAnswer(facts, "dataset.url")) {
    root["dcat:landingPage"] = {{"@id", *url}, {"@type", "foaf:Document"}};
  }
  for (const std::string& code : LanguagesOf(facts)) {
    if (code.size() != 3) continue;
    // The EU's authority table of languages names them by ISO 639-3 in capitals.
    std::string capitals = code;
    std::transform(code.begin(), code.end(), capitals.begin(),
                   [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    root["dct:language"].Push(
        {{"@id", "http://publications.europa.eu/resource/authority/language/" + capitals},
         {"@type", "dct:LinguisticSystem"}});
  }
  for (const std::string& modality : ModalitiesOf(facts)) {
    root["dcat:keyword"].Push(Literal(modality));
  }
  if (Tree period = Period(facts); !period.empty()) root["dct:temporal"] = std::move(period);
  root["prov:wasGeneratedBy"] = Crawl(facts);
  root["dct:provenance"].Push(Statement(CollectionWords(facts)));
  root["dct:provenance"].Push(Statement(ReservationWords(facts)));
  root["dct:provenance"].Push(Statement(ReproductionWords(facts)));
  root["dcat:distribution"].Push(ArchiveFiles(facts, id));
  if (const auto sha256 = facts.Text("domain_list.sha256")) {
    root["dcat:distribution"].Push(DomainFile(std::string(*sha256), id));
  }
  return root.Dump();
}

}  // namespace crawlcard::card
