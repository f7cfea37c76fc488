// card/formats/ab2013.cc - the twelve items of California Civil Code 3111(a) (Assembly Bill 2013).
//
// In JSON by docs/schemas/ab2013.v1.schema.json, and for readers. An item that only a person can
// answer is "not provided" until somebody does; nothing is concluded from the data.
#include <fmt/format.h>

#include "card/formats/form.h"
#include "card/formats/format.h"
#include "card/formats/json_tree.h"
#include "card/formats/words.h"
#include "card/text.h"

namespace crawlcard::card {
namespace {

std::string Choice(const Facts& facts, std::string_view id) {
  return OptionalAnswer(facts, id).value_or("not provided");
}

std::string Sources(const Facts& facts) {
  return fmt::format("{} registrable domains; the largest are listed in domains.csv. {}",
                     facts.Words("captures.domains"), CollectionWords(facts));
}

std::string DataTypes(const Facts& facts) {
  std::string out = "Captures of the web, not labelled: ";
  for (const auto& row : facts.Table("content.modalities").rows) {
    const std::string count = CellWords(row[1], FactUnit::kCount);
    if (count == "0") continue;
    out += fmt::format("{} {}, ", count, CellWords(row[0], FactUnit::kNone));
  }
  return out + "by media type. " + LanguageWords(facts);
}

std::string SystemName(const Facts& facts) {
  const FactTable& models = facts.Table("about.models");
  std::string out;
  for (const auto& row : models.rows) {
    if (!out.empty()) out += "; ";
    out += CellWords(row[0], FactUnit::kNone);
  }
  return out.empty() ? std::string(kNotProvided) : out;
}

std::string Period(std::optional<UnixSeconds> date) {
  return date ? FormatRfc3339(*date) : std::string(kNotKnown);
}

void AddDataPoints(const Facts& facts, const std::string& dataset, Tree& root) {
  const auto point = [&](const char* id, const char* unit) {
    Tree one{{"dataset", dataset}, {"unit", unit}, {"dynamic_estimate", false}};
    one["count"] = facts.Number(id).value_or(0);
    root["i3_data_points"].Push(std::move(one));
  };
  point("pages.count", "pages captured");
  point("captures.count", "captures");
  point("captures.tokens", "tokens, estimated as text bytes divided by 4");
}

}  // namespace

std::string RenderAb2013Json(const FormInput& input) {
  const Facts& facts = input.facts;
  const std::string dataset = TitleOf(facts);
  Tree root{{"developer", Answer(facts, "provider.name")}, {"system", SystemName(facts)}};
  root["published"] = DateOf(facts);
  root["i1_sources_or_owners"].Push({{"dataset", dataset}, {"source_or_owner", Sources(facts)}});
  root["i2_purpose"] = Answer(facts, "dataset.purpose");
  AddDataPoints(facts, dataset, root);
  Tree types{{"dataset", dataset}, {"labelled", false}};
  types["description"] = DataTypes(facts);
  root["i4_types_of_data_points"].Push(std::move(types));
  for (const char* kind : {"copyright", "trademark", "patent", "entirely_public_domain"}) {
    root["i5_ip"][kind] = Choice(facts, fmt::format("california.{}", kind));
  }
  root["i5_ip"]["note"] = LicenceWords(facts);
  root["i6_purchased_or_licensed"] = Choice(facts, "california.purchased_or_licensed");
  root["i7_personal_information"] = Choice(facts, "california.personal_information");
  root["i8_aggregate_consumer_information"] =
      Choice(facts, "california.aggregate_consumer_information");
  root["i9_cleaning"] = {{"done", Choice(facts, "california.cleaned")},
                         {"what", PreprocessingWords(facts)},
                         {"purpose", Answer(facts, "california.cleaning")}};
  root["i10_collection_period"] = {{"from", Period(facts.Date("dates.first"))},
                                   {"to", Period(facts.Date("dates.last"))}};
  if (const auto ongoing = OptionalAnswer(facts, "california.ongoing")) {
    root["i10_collection_period"]["ongoing"] = *ongoing == "yes";
  }
  for (const std::string& date : Answers(facts, "california.first_used")) {
    root["i11_first_used"].Push({{"dataset", dataset}, {"date", date}});
  }
  if (Answers(facts, "california.first_used").empty()) {
    root["i11_first_used"].Push({{"dataset", dataset}, {"date", "Not provided"}});
  }
  root["i12_synthetic"] = {{"used", Choice(facts, "california.synthetic")},
                           {"need_or_purpose", Answer(facts, "describe.synthetic_data")}};
  return root.Dump();
}

std::string RenderAb2013Markdown(const FormInput& input) {
  const Facts& facts = input.facts;
  Form form;
  form.title = "Training data documentation: " + TitleOf(facts);
  form.preface.push_back("After California Civil Code 3111(a). Developer: " +
                         Answer(facts, "provider.name") + ". System: " + SystemName(facts) + ".");
  form.preface.push_back(ReproductionWords(facts));
  form.sections.push_back({"The twelve items", {}});
  std::vector<FormItem>& items = form.sections.back().items;
  const auto item = [&](const char* number, const char* label, const char* basis,
                        std::vector<std::string> texts) {
    items.push_back({number, label, basis, std::move(texts), nullptr, 0});
  };
  item("1.", "Sources or owners of the datasets", "M", {Sources(facts)});
  items.back().table = &facts.Table("domains.top");
  item("2.", "How they further the intended purpose", "H", {Answer(facts, "dataset.purpose")});
  item("3.", "Number of data points", "M, E",
       {fmt::format("{} pages; {} captures; about {} tokens (text bytes divided by 4)",
                    facts.Words("pages.count"), facts.Words("captures.count"),
                    facts.Words("captures.tokens"))});
  item("4.", "Types of data points", "M, E", {DataTypes(facts)});
  item("5.", "Data protected by copyright, trademark or patent, or entirely public domain", "H, O",
       {"Copyright: " + Choice(facts, "california.copyright"),
        "Trademark: " + Choice(facts, "california.trademark"),
        "Patent: " + Choice(facts, "california.patent"),
        "Entirely in the public domain: " + Choice(facts, "california.entirely_public_domain"),
        LicenceWords(facts)});
  item("6.", "Purchased or licensed", "H", {Answer(facts, "california.purchased_or_licensed")});
  item("7.", "Personal information", "H",
       {Answer(facts, "california.personal_information"), PersonalDataWords(facts)});
  item("8.", "Aggregate consumer information", "H",
       {Answer(facts, "california.aggregate_consumer_information")});
  item("9.", "Cleaning, processing or modification, and its purpose", "C, H",
       {Answer(facts, "california.cleaned"), Answer(facts, "california.cleaning"),
        PreprocessingWords(facts)});
  item("10.", "Period of collection, and whether it goes on", "M, H",
       {Period(facts.Date("dates.first")) + " to " + Period(facts.Date("dates.last")),
        "Goes on: " + Answer(facts, "california.ongoing")});
  item("11.", "Dates of first use", "H", {Answer(facts, "california.first_used")});
  item("12.", "Synthetic data generation", "H",
       {Answer(facts, "california.synthetic"), Answer(facts, "describe.synthetic_data")});
  return FormMarkdown(form);
}

}  // namespace crawlcard::card
