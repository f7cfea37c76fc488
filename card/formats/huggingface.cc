// card/formats/huggingface.cc - README.md of a Hugging Face dataset: YAML between two lines "---",
// then Markdown by the hub's template.
//
// Every text in the YAML block is a double-quoted scalar (YAML 1.2 section 7.3.1): so "no" stays
// Norwegian, and no text can end its line. https://huggingface.co/docs/hub/datasets-cards
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/json_writer.h"
#include "base/text.h"
#include "card/formats/form.h"
#include "card/formats/format.h"
#include "card/formats/language_codes.h"
#include "card/formats/words.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

// Ids of huggingface/hub-docs but "other" and "unknown", each between blanks.
constexpr std::string_view kLicences =
    " "
    "afl-3.0 agpl-3.0 apache-2.0 apple-amlr apple-ascl artistic-2.0 bigcode-openrail-m "
    "bigscience-bloom-rail-1.0 bigscience-openrail-m bsd bsd-2-clause bsd-3-clause "
    "bsd-3-clause-clear bsl-1.0 c-uda cc cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-nc-2.0 "
    "cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 "
    "cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cc-by-nd-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc0-1.0 "
    "cdla-permissive-1.0 cdla-permissive-2.0 cdla-sharing-1.0 creativeml-openrail-m "
    "deepfloyd-if-license ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 eupl-1.2 "
    "fair-noncommercial-research-license gemma gfdl gpl gpl-2.0 gpl-3.0 grok2-community "
    "h-research intel-research isc lgpl lgpl-2.1 lgpl-3.0 lgpl-lr llama2 llama3 llama3.1 "
    "llama3.2 llama3.3 llama4 lppl-1.3c mit mpl-2.0 ms-pl ncsa odbl odc-by ofl-1.1 "
    "openmdw-1.0 openmdw-1.1 openrail openrail++ osl-3.0 pddl postgresql unlicense wtfpl zlib ";

struct SizeClass {
  std::uint64_t below;
  std::string_view name;
};
constexpr std::array<SizeClass, 10> kSizes{{{1'000, "n<1K"},
                                            {10'000, "1K<n<10K"},
                                            {100'000, "10K<n<100K"},
                                            {1'000'000, "100K<n<1M"},
                                            {10'000'000, "1M<n<10M"},
                                            {100'000'000, "10M<n<100M"},
                                            {1'000'000'000, "100M<n<1B"},
                                            {10'000'000'000, "1B<n<10B"},
                                            {100'000'000'000, "10B<n<100B"},
                                            {1'000'000'000'000, "100B<n<1T"}}};

// A JSON string is a YAML double-quoted scalar; what deceives is spelt out first. '<' is escaped
// for readers that take the block for Markdown.
std::string Quoted(std::string_view text) {
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '\n', ' ');
  std::replace(plain.begin(), plain.end(), '\t', ' ');
  std::string json;
  AppendJsonString(VisibleText(plain), json);
  std::string out;
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003C";
    } else {
      out += c;
    }
  }
  return out;
}

void AppendList(std::string_view key, const std::vector<std::string>& values, std::string& out) {
  if (values.empty()) return;
  out += fmt::format("{}:\n", key);
  for (const std::string& value : values) out += "- " + Quoted(value) + "\n";
}

std::string_view SizeName(std::uint64_t examples) {
  for (const SizeClass& size : kSizes) {
    if (examples < size.below) return size.name;
  }
  return "n>1T";
}

void AppendLicence(const Facts& facts, std::string& out) {
  const auto licence = OptionalAnswer(facts, "dataset.license");
  if (!licence) {
    out += "license: \"unknown\"\n";
    return;
  }
  std::string id = AsciiLowerCopy(*licence);
  if (id == "odc-by-1.0") id = "odc-by";
  if (id == "odbl-1.0") id = "odbl";
  if (id == "pddl-1.0") id = "pddl";
  if (id.find(' ') == std::string::npos &&
      kLicences.find(' ' + id + ' ') != std::string_view::npos) {
    out += "license: " + Quoted(id) + "\n";
    return;
  }
  out += "license: \"other\"\nlicense_name: " + Quoted(*licence) + "\n";
  if (const auto url = LicenceUrlOf(facts)) out += "license_link: " + Quoted(*url) + "\n";
}

std::string FrontMatter(const Facts& facts) {
  std::string out = "---\n";
  out += "pretty_name: " + Quoted(TitleOf(facts)) + "\n";
  std::vector<std::string> languages = LanguagesOf(facts);
  for (std::string& code : languages) code = ShortLanguageCode(code);
  AppendList("language", languages, out);
  AppendLicence(facts, out);
  AppendList("annotations_creators", {"no-annotation"}, out);
  AppendList("language_creators", {"found"}, out);
  AppendList("multilinguality", {languages.size() == 1 ? "monolingual" : "multilingual"}, out);
  AppendList("size_categories", {std::string(SizeName(facts.Number("captures.count").value_or(0)))},
             out);
  AppendList("source_datasets", {"original"}, out);
  std::vector<std::string> tags{"web-crawl", "crawlcard"};
  for (const std::string& modality : ModalitiesOf(facts)) {
    if (modality != "other") tags.push_back(modality);
  }
  AppendList("tags", tags, out);
  if (facts.Text("domain_list.sha256")) {
    out +=
        "configs:\n- config_name: \"domains\"\n  data_files:\n  - split: \"train\"\n    path: "
        "\"domains.csv\"\n";
  }
  return out + "---\n\n";
}

class HubCard {
 public:
  explicit HubCard(const Facts& facts) : facts_(facts) {}

  Form Build() {
    Details();
    Creation();
    Limits();
    return std::move(form_);
  }

 private:
  void Section(const char* title) { form_.sections.push_back({title, {}}); }
  FormItem& Item(const char* label, const char* basis, std::vector<std::string> texts) {
    form_.sections.back().items.push_back({"", label, basis, std::move(texts), nullptr, 0});
    return form_.sections.back().items.back();
  }
  void Human(const char* label, std::string_view id) { Item(label, "H", {Answer(facts_, id)}); }

  void Details() {
    Section("Dataset Details");
    Item("Dataset Description", "M, H",
         {DescriptionOf(facts_), "Curated by: " + Answer(facts_, "dataset.creators"),
          "Funded by: " + Answer(facts_, "dataset.funding"),
          "Shared by: " + Answer(facts_, "dataset.publisher"), LanguageWords(facts_),
          "Licence: " + Answer(facts_, "dataset.license")});
    Item("Dataset Sources", "H", {"Repository: " + Answer(facts_, "dataset.url")});
    Section("Uses");
    Human("Direct Use", "dataset.uses");
    Human("Out-of-Scope Use", "dataset.out_of_scope");
    Section("Dataset Structure");
    Item("Kinds of content", "M", {ContentWords(facts_)}).table =
        &facts_.Table("content.modalities");
    Item("Languages", "E", {LanguageWords(facts_)}).table = &facts_.Table("content.languages");
  }

  void Creation() {
    Section("Dataset Creation");
    Human("Curation Rationale", "dataset.purpose");
    Item("Data Collection and Processing", "C, O",
         {CollectionWords(facts_), PreprocessingWords(facts_), ReservationWords(facts_)})
        .table = &facts_.Table("policies");
    Item("Who are the source data producers?", "M", {DomainListWords(facts_)}).table =
        &facts_.Table("domains.top");
    Item("Licences stated by pages", "O", {LicenceWords(facts_)}).table =
        &facts_.Table("licences.statements");
    Item("Annotations", "M", {"Not applicable: captures carry no annotations."});
    Item("Personal and Sensitive Information", "H, M", {PersonalDataWords(facts_)});
  }

  void Limits() {
    Section("Bias, Risks, and Limitations");
    Item("Biases", "H, E", {Answer(facts_, "statements.biases"), LanguageWords(facts_)});
    Item("Limitations", "H, M", {Answer(facts_, "statements.limitations"), DamageWords(facts_)});
    Item("Recommendations", "C",
         {"What is usable is so under the policy and for the use named above, and for no other. A "
          "page for which nobody could look is cleared for nothing. Publishers change their "
          "statements: judge again as of the day of use."});
    Section("Citation");
    Human("Citation", "dataset.citation");
    Section("More Information");
    Item("How this card was made", "C", {ReproductionWords(facts_)});
    Section("Dataset Card Authors");
    Item("Authors", "C, H",
         {"Counts and observations: crawlcard " + facts_.Words("run.tool_version") + ".",
          "Answers: " + Answer(facts_, "provider.name")});
    Section("Dataset Card Contact");
    Human("Contact", "dataset.contact");
  }

  const Facts& facts_;
  Form form_;
};

}  // namespace

std::string RenderHuggingFace(const FormInput& input) {
  const Facts& facts = input.facts;
  std::string out = FrontMatter(facts);
  out += "# Dataset Card for " + MarkdownText(TitleOf(facts)) + "\n\n";
  AppendFormSections(HubCard(facts).Build(), 2, out);
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace crawlcard::card
