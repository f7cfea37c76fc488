// card/formats/spdx.cc - SPDX 3.0.1 JSON-LD: profiles core, software, dataset, simpleLicensing.
//
// The profile's rules that neither the JSON schema nor the shapes check are kept here:
// originatedBy, builtTime, releaseTime, downloadLocation, primaryPurpose and the two licence
// relationships. https://spdx.github.io/spdx-spec/v3.0.1/
#include <tuple>

#include <fmt/format.h>

#include "card/formats/format.h"
#include "card/formats/json_tree.h"
#include "card/formats/spdx_ids.h"
#include "card/formats/words.h"

namespace crawlcard::card {
namespace {

constexpr const char* kCreation = "_:creation";
// Elements of the SPDX vocabulary itself that stand for no answer.
constexpr const char* kNoAssertionLicence = "expandedlicensing_NoAssertionLicense";

class SpdxGraph {
 public:
  explicit SpdxGraph(const Facts& facts) : facts_(facts), base_(UuidUrn(facts, "spdx")) {}

  std::string Write() {
    AddCreation();
    AddPackage();
    AddLicences();
    AddDocument();
    Tree root{{"@context", "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}};
    root["@graph"] = std::move(graph_);
    return root.Dump();
  }

 private:
  std::string Id(std::string_view name) const { return fmt::format("{}#{}", base_, name); }

  // "2026-10-02" or an instant as SPDX wants it: whole seconds with Z.
  static std::string Instant(const std::string& date) {
    return date.size() == 10 ? date + "T00:00:00Z" : date;
  }

  Tree Element(const char* type, std::string_view name) const {
    return {{"type", type}, {"spdxId", Id(name)}, {"creationInfo", kCreation}};
  }

  void AddCreation() {
    Tree creation{{"type", "CreationInfo"},
                  {"@id", kCreation},
                  {"specVersion", "3.0.1"},
                  {"created", DateOf(facts_)}};
    creation["createdBy"].Push(Id("agent"));
    creation["createdUsing"].Push(Id("tool"));
    graph_.Push(std::move(creation));
    Tree agent = Element("Organization", "agent");
    agent["name"] = Answer(facts_, "provider.name");
    graph_.Push(std::move(agent));
    Tree tool = Element("Tool", "tool");
    tool["name"] = fmt::format("crawlcard {}", facts_.Words("run.tool_version"));
    graph_.Push(std::move(tool));
    Tree maker = Element("Organization", "maker");
    maker["name"] = Answer(facts_, "dataset.creators");
    graph_.Push(std::move(maker));
  }

  void AddPackage() {
    Tree package = Element("dataset_DatasetPackage", "dataset");
    package["name"] = TitleOf(facts_);
    package["summary"] = DescriptionOf(facts_);
    package["description"] = ReproductionWords(facts_);
    package["originatedBy"].Push(Id("maker"));
    // When the last of it was captured.
    const auto last = facts_.Date("dates.last");
    package["builtTime"] = last ? FormatRfc3339(*last) : DateOf(facts_);
    package["releaseTime"] =
        Instant(OptionalAnswer(facts_, "dataset.released").value_or(DateOf(facts_)));
    package["software_primaryPurpose"] = "data";
    package["software_packageVersion"] =
        OptionalAnswer(facts_, "dataset.version").value_or("Not provided");
    // Required by the profile: without an answer, a name of the content that leads nowhere.
    package["software_downloadLocation"] =
        OptionalAnswer(facts_, "dataset.download").value_or(UuidUrn(facts_, "dataset"));
    package.Set("comment", Placeholders());
    for (const std::string& modality : ModalitiesOf(facts_)) {
      package["dataset_datasetType"].Push(modality);
    }
    if (ModalitiesOf(facts_).empty()) package["dataset_datasetType"].Push("noAssertion");
    package["dataset_datasetSize"] = facts_.Number("captures.payload_bytes").value_or(0);
    package["dataset_dataCollectionProcess"] = CollectionWords(facts_);
    package["dataset_dataPreprocessing"].Push(PreprocessingWords(facts_));
    package["dataset_dataPreprocessing"].Push(ReservationWords(facts_));
    package.Set("dataset_datasetAvailability", OptionalAnswer(facts_, "dataset.availability"));
    package["dataset_datasetNoise"] = DamageWords(facts_);
    package["dataset_datasetUpdateMechanism"] = Answer(facts_, "statements.maintenance");
    package["dataset_intendedUse"] = Answer(facts_, "dataset.uses");
    for (const std::string& bias : Answers(facts_, "statements.biases")) {
      package["dataset_knownBias"].Push(bias);
    }
    package["dataset_knownBias"].Push("Measured: " + LanguageWords(facts_));
    package["dataset_hasSensitivePersonalInformation"] =
        OptionalAnswer(facts_, "statements.sensitive_personal_data").value_or("noAssertion");
    Tree hash{{"type", "Hash"}, {"algorithm", "sha256"}};
    hash["hashValue"] = facts_.Words("inputs.digest").substr(std::string_view("sha256:").size());
    hash["comment"] = "SHA-256 over the lines NAME TAB BYTES TAB XXH3-128 LF of the files read";
    package["verifiedUsing"].Push(std::move(hash));
    graph_.Push(std::move(package));
  }

  // The profile requires what a person has not answered: what stands there is said to be no answer.
  std::optional<std::string> Placeholders() const {
    std::string out;
    for (const auto& [question, field, stands] :
         {std::tuple("dataset.creators", "originatedBy", "an organization of no name"),
          std::tuple("dataset.released", "releaseTime", "the date of this card"),
          std::tuple("dataset.download", "downloadLocation", "a name that leads nowhere")}) {
      if (OptionalAnswer(facts_, question)) continue;
      out += fmt::format("{}{}: Not provided; {} stands there.", out.empty() ? "" : " ", field,
                         stands);
    }
    if (!facts_.Date("dates.last")) {
      out += fmt::format("{}builtTime: Not known; the date of this card stands there.",
                         out.empty() ? "" : " ");
    }
    return out.empty() ? std::nullopt : std::optional(std::move(out));
  }

  void AddLicences() {
    std::string declared = kNoAssertionLicence;
    const auto licence = OptionalAnswer(facts_, "dataset.license");
    if (licence) {
      const auto spdx = SpdxExpressionOf(*licence);
      Tree expression = Element(
          spdx ? "simplelicensing_LicenseExpression" : "simplelicensing_SimpleLicensingText",
          "licence");
      expression["name"] = *licence;
      if (spdx) {
        expression["simplelicensing_licenseExpression"] = *spdx;
      } else {
        // Not on the list: the words of the person, and where the terms are.
        const auto url = OptionalAnswer(facts_, "dataset.license_url");
        expression["simplelicensing_licenseText"] = url ? *licence + " (" + *url + ")" : *licence;
      }
      declared = Id("licence");
      has_licence_ = true;
      graph_.Push(std::move(expression));
    }
    AddRelationship("declared", "hasDeclaredLicense", declared);
    // Nobody concluded anything: the tool does not.
    AddRelationship("concluded", "hasConcludedLicense", kNoAssertionLicence);
  }

  void AddRelationship(std::string_view name, const char* type, const std::string& to) {
    Tree relationship = Element("Relationship", name);
    relationship["from"] = Id("dataset");
    relationship["relationshipType"] = type;
    relationship["to"].Push(to);
    graph_.Push(std::move(relationship));
  }

  void AddDocument() {
    Tree document = Element("SpdxDocument", "document");
    for (const char* profile : {"core", "software", "dataset", "simpleLicensing"}) {
      document["profileConformance"].Push(profile);
    }
    document["rootElement"].Push(Id("dataset"));
    for (const char* element : {"agent", "tool", "maker", "dataset", "declared", "concluded"}) {
      document["element"].Push(Id(element));
    }
    if (has_licence_) document["element"].Push(Id("licence"));
    graph_.Push(std::move(document));
  }

  const Facts& facts_;
  std::string base_;
  Tree graph_;
  bool has_licence_ = false;
};

}  // namespace

std::string RenderSpdx(const FormInput& input) {
  return SpdxGraph(input.facts).Write();
}

}  // namespace crawlcard::card
