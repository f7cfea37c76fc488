// card/formats/datasheet.cc - Datasheet for Datasets (Gebru et al., arXiv 1803.09010, version 8):
// the questions in our own short words, what an archive can answer, and what people said.
#include <fmt/format.h>

#include "card/formats/form.h"
#include "card/formats/format.h"
#include "card/formats/words.h"

namespace crawlcard::card {
namespace {

class Datasheet {
 public:
  explicit Datasheet(const Facts& facts) : facts_(facts) {}

  Form Build() {
    form_.title = "Datasheet: " + TitleOf(facts_);
    form_.preface.push_back(DescriptionOf(facts_));
    form_.preface.push_back(ReproductionWords(facts_));
    Motivation();
    Composition();
    Collection();
    Uses();
    return std::move(form_);
  }

 private:
  void Section(const char* title) { form_.sections.push_back({title, {}}); }
  FormItem& Item(const char* label, const char* basis, std::vector<std::string> texts) {
    form_.sections.back().items.push_back({"", label, basis, std::move(texts), nullptr, 0});
    return form_.sections.back().items.back();
  }
  void Human(const char* label, std::string_view id) { Item(label, "H", {Answer(facts_, id)}); }

  void Motivation() {
    Section("Motivation");
    Human("Purpose", "dataset.purpose");
    Human("Creators", "dataset.creators");
    Human("Funding", "dataset.funding");
  }

  void Composition() {
    Section("Composition");
    Item("What the instances are", "M", {DescriptionOf(facts_)});
    Item("How many there are", "M",
         {fmt::format("{} captures, {} pages, {} payload bytes, {} text bytes",
                      facts_.Words("captures.count"), facts_.Words("pages.count"),
                      facts_.Number("captures.payload_bytes").value_or(0),
                      facts_.Number("captures.text_bytes").value_or(0))})
        .table = &facts_.Table("content.modalities");
    Item("Languages", "E", {LanguageWords(facts_)}).table = &facts_.Table("content.languages");
    Item("Labels", "M", {"Not applicable: captures carry no labels."});
    Item("Missing data, errors and noise", "M", {DamageWords(facts_)});
    Item("Duplicates", "M", {DuplicateWords(facts_)});
    Item("Licences stated in the data", "O", {LicenceWords(facts_)}).table =
        &facts_.Table("licences.statements");
    Item("Personal and sensitive information", "H, M", {PersonalDataWords(facts_)});
    Human("Confidential data", "statements.confidentiality");
  }

  void Collection() {
    Section("Collection");
    Item("How it was collected", "C", {CollectionWords(facts_)}).table =
        &facts_.Table("crawl.runs");
    Item("When", "M", {PeriodOf(facts_).value_or("Not known")});
    Item("From where", "M", {DomainListWords(facts_)}).table = &facts_.Table("domains.top");
    Item("Consent and reservations of publishers", "O", {ReservationWords(facts_)}).table =
        &facts_.Table("signals.families");
    Item("What robots.txt files say", "O", {RobotsWords(facts_)}).table =
        &facts_.Table("robots.operators");
    Human("Ethical review", "statements.ethical_review");
    Human("Legal basis", "statements.legal_basis");
    Section("Preprocessing, cleaning, labelling");
    Item("What was done", "C", {PreprocessingWords(facts_)});
    Human("What else was done", "policies.other_processing");
    Item("Is the raw data kept", "M", {"The archive files are left as they are."});
  }

  void Uses() {
    Section("Uses");
    Human("Intended uses", "dataset.uses");
    Human("Uses out of scope", "dataset.out_of_scope");
    Human("Biases", "statements.biases");
    Human("Limitations", "statements.limitations");
    Human("Social impact", "statements.social_impact");
    Section("Distribution");
    Human("Where", "dataset.url");
    Human("When", "dataset.released");
    Human("Licence of the collection", "dataset.license");
    Section("Maintenance");
    Human("Who maintains it, how often", "statements.maintenance");
    Human("Contact", "dataset.contact");
    Human("Removal on request", "policies.removal_form");
  }

  const Facts& facts_;
  Form form_;
};

}  // namespace

std::string RenderDatasheet(const FormInput& input) {
  return FormMarkdown(Datasheet(input.facts).Build());
}

}  // namespace crawlcard::card
