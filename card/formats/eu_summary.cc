// card/formats/eu_summary.cc - the EU summary for people: the template's sections and numbers.
#include "card/formats/eu_summary.h"

#include <fmt/format.h>

#include "card/formats/form.h"
#include "card/formats/format.h"
#include "card/formats/language_codes.h"
#include "card/formats/words.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

std::string OrNotKnown(std::string_view text) {
  return std::string(text.empty() ? kNotKnown : text);
}

class EuForm {
 public:
  explicit EuForm(const Facts& facts) : facts_(facts) {}

  Form Build() {
    form_.title = "Public summary of training content: " + TitleOf(facts_);
    form_.preface.push_back(
        "After the template for Article 53(1)(d) of Regulation (EU) 2024/1689. What was measured "
        "was measured as crawled; what only a person can say is taken from the about file.");
    form_.preface.push_back(ReproductionWords(facts_));
    Head();
    Provider();
    Overall();
    PublicDatasets();
    PrivateDatasets();
    Crawlers();
    OtherSources();
    Processing();
    return std::move(form_);
  }

 private:
  void Section(std::string title) { form_.sections.push_back({std::move(title), {}}); }
  FormItem& Item(const char* number, const char* label, const char* basis,
                 std::vector<std::string> texts) {
    form_.sections.back().items.push_back({number, label, basis, std::move(texts), nullptr, 0});
    return form_.sections.back().items.back();
  }
  void Human(const char* number, const char* label, std::string_view id) {
    Item(number, label, "H", {Answer(facts_, id)});
  }
  void YesNo(const char* number, const char* label, std::string_view id) {
    Item(number, label, "H", {EuYesNo(facts_, id)});
  }
  std::string Modalities() const {
    std::string out;
    for (const std::string& modality : ModalitiesOf(facts_)) {
      out += (out.empty() ? "" : ", ") + modality;
    }
    return OrNotKnown(out);
  }

  void Head() {
    Section("0. The summary");
    Human("0.a", "Version of the summary", "summary.version");
    Item("0.b", "Last update (DD/MM/YY)", "M", {OrNotKnown(EuDay(facts_.Date("run.date")))});
    Human("", "Changes from the version before", "summary.changes");
    Human("", "Authoritative location", "summary.location");
  }

  void Provider() {
    Section("1. General information");
    Item("1.1.a", "Provider and contact", "H",
         {Answer(facts_, "provider.name"), Answer(facts_, "provider.contact")});
    Item("1.1.b", "Authorised representative and contact", "H",
         {Answer(facts_, "provider.representative_name"),
          Answer(facts_, "provider.representative_contact")});
    FormItem& models = Item("1.2", "Models, their dependencies and dates of placement", "H", {});
    models.table = &facts_.Table("about.models");
  }

  void Overall() {
    Item("1.3.a", "Modalities", "M", {Modalities()});
    std::vector<std::string> sizes;
    for (const EuSize& size : EuSizes(facts_)) {
      sizes.push_back(fmt::format("{}: {}{} {}; {}", size.modality,
                                  size.range_words.empty() ? "" : size.range_words + "; ",
                                  FormatCount(size.value), size.unit, size.method));
    }
    Item("1.3.b", "Size of each modality", "E", std::move(sizes));
    Item("1.3.c", "Types of content", "E, H",
         {Answer(facts_, "describe.content_types"), ContentWords(facts_)});
    Item("1.3.d", "Latest acquisition (MM/YYYY), and whether training goes on afterwards", "M, H",
         {OrNotKnown(EuMonth(facts_.Date("dates.last"))),
          "Continuous training: " + EuYesNo(facts_, "answers.continuous_training")});
    FormItem& languages =
        Item("1.3.e", "Linguistic characteristics", "E, H",
             {Answer(facts_, "describe.languages"), LanguageWords(facts_), EuLanguages()});
    languages.table = &facts_.Table("content.languages");
    Human("1.3.f", "Other characteristics", "describe.other_characteristics");
    Item("1.3.g", "Comments", "C, H",
         {"Sizes are as crawled, before any processing. " + DuplicateWords(facts_),
          Answer(facts_, "describe.comments")});
  }

  std::string EuLanguages() const {
    std::string seen;
    for (const std::string& code : LanguagesOf(facts_)) {
      if (IsEuLanguage(code)) seen += (seen.empty() ? "" : ", ") + LanguageLabel(code);
    }
    return "Official languages of the Union among them: " + (seen.empty() ? "none" : seen) + ".";
  }

  void PublicDatasets() {
    Section("2. Sources of data");
    YesNo("2.1.a", "Publicly available datasets used", "answers.public_datasets");
    Item("2.1.b", "Modalities", "M", {Modalities()});
    std::vector<std::string> listed;
    for (const EuDataset& one : EuPublicDatasets(facts_)) {
      listed.push_back(fmt::format("{}; version: {}; link: {}; part: {}; {}", one.name,
                                   OrNotKnown(one.version), OrNotKnown(one.link),
                                   OrNotKnown(one.selection),
                                   one.measured ? "seen in the archive files" : "as stated"));
    }
    Item("2.1.c", "Large public datasets", "M, H", std::move(listed));
    Human("2.1.d", "Other public datasets", "describe.public_datasets");
    Item("2.1.e", "Comments", "M",
         {"Whether a dataset is large depends on all data of its kind, which the archive does not "
          "show: all of them are listed."});
  }

  void PrivateDatasets() {
    YesNo("2.2.1", "Commercially licensed datasets", "answers.licensed_datasets");
    YesNo("2.2.2", "Other private datasets of third parties", "answers.other_private");
    Human("", "Description of private datasets", "describe.private_datasets");
  }

  void Crawlers() {
    YesNo("2.3.a", "Crawlers used by or for the provider", "answers.crawlers_by_us");
    FormItem& names = Item("2.3.b", "Crawlers and their identifiers", "C, H",
                           {Answer(facts_, "crawler.name"), CollectionWords(facts_)});
    names.table = &facts_.Table("crawl.runs");
    Human("2.3.c", "Purposes", "crawler.purposes");
    Item("2.3.d", "Behaviour", "C, O, H",
         {"robots.txt: " + Answer(facts_, "crawler.robots_txt"), RobotsWords(facts_),
          "Other protocols: " + Answer(facts_, "crawler.other_protocols"),
          "Captchas: " + Answer(facts_, "crawler.captcha"),
          "Passwords: " + Answer(facts_, "crawler.password"),
          "Paywalls: " + Answer(facts_, "crawler.paywall")});
    const auto first = EuMonth(facts_.Date("dates.first"));
    Item("2.3.e", "Period (MM/YYYY)", "M",
         {first.empty() ? std::string(kNotKnown)
                        : first + " to " + OrNotKnown(EuMonth(facts_.Date("dates.last")))});
    Item("2.3.f", "Content and kinds of sources", "E, H",
         {Answer(facts_, "crawler.sources"), ContentWords(facts_)});
    Item("2.3.g", "Modalities", "M", {Modalities()});
    FormItem& domains =
        Item("2.3.h", "Most relevant domain names", "M",
             {DomainListWords(facts_), "The whole list is in the file domains.csv."});
    domains.table = &facts_.Table("domains.top");
    domains.rows_max = limits::kFormRowsMax;
    Item("2.3.i", "Comments", "M",
         {"Domains are registrable domains; their order is by payload bytes. Finding a domain in "
          "an archive says that it was fetched, not who trained on it."});
  }

  void OtherSources() {
    Item("2.4", "Data of users", "H",
         {"Dealings with the model: " + EuYesNo(facts_, "answers.user_prompts"),
          "Other services: " + EuYesNo(facts_, "answers.user_services"),
          Answer(facts_, "describe.user_data")});
    Item("2.5", "Synthetic data", "H",
         {EuYesNo(facts_, "answers.synthetic"), Answer(facts_, "describe.synthetic_data")});
    Item("2.6", "Other sources", "H",
         {EuYesNo(facts_, "answers.other_sources"), Answer(facts_, "describe.other_sources")});
  }

  void Processing() {
    Section("3. Processing of data");
    YesNo("3.1.a", "Signatory of the Code of Practice", "answers.code_signatory");
    FormItem& measures = Item("3.1.b", "Measures for reservations of rights", "C, O, M, H",
                              {Answer(facts_, "policies.reservations"), ReservationWords(facts_)});
    measures.table = &facts_.Table("signals.families");
    FormItem& policies = Item("", "What each policy would keep", "O", {});
    policies.table = &facts_.Table("policies");
    Item("3.1.c", "Copyright policy, contact and removal", "H",
         {"Policy: " + Answer(facts_, "policies.copyright_policy"),
          "Contact for rightsholders: " + Answer(facts_, "policies.complaints_contact"),
          "Removal form: " + Answer(facts_, "policies.removal_form")});
    Human("3.2", "Removal of illegal content", "policies.illegal_content");
    Item("3.3", "Other processing", "C, H",
         {Answer(facts_, "policies.other_processing"), PreprocessingWords(facts_)});
  }

  const Facts& facts_;
  Form form_;
};

}  // namespace

std::string RenderEuSummaryMarkdown(const FormInput& input) {
  return FormMarkdown(EuForm(input.facts).Build());
}

std::string RenderEuSummaryHtml(const FormInput& input) {
  return FormHtml(EuForm(input.facts).Build());
}

}  // namespace crawlcard::card
