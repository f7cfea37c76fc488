// card/formats/osaid.cc - "data information" of the Open Source AI Definition 1.0 (its three
// lists), with the components of the Model Openness Framework that a dataset touches.
// https://opensource.org/ai/open-source-ai-definition
#include <fmt/format.h>

#include "card/formats/form.h"
#include "card/formats/format.h"
#include "card/formats/words.h"

namespace crawlcard::card {
namespace {

void AddDescription(const Facts& facts, Form& form) {
  form.sections.push_back({"1. All training data, described", {}});
  std::vector<FormItem>& items = form.sections.back().items;
  const auto item = [&](const char* label, const char* basis, std::string text,
                        const FactTable* table) {
    items.push_back({"", label, basis, {std::move(text)}, table, 0});
  };
  item("Provenance", "M, C", CollectionWords(facts), &facts.Table("inputs.snapshots"));
  item("Scope and characteristics", "M", DescriptionOf(facts), &facts.Table("content.modalities"));
  item("Languages", "E", LanguageWords(facts), &facts.Table("content.languages"));
  item("How it was obtained and selected", "M",
       "Every capture of the archive files named below is counted; none was selected. " +
           DomainListWords(facts),
       &facts.Table("domains.top"));
  item("Labelling", "M", "Not applicable: captures carry no labels.", nullptr);
  item("Processing and filtering", "C, O",
       PreprocessingWords(facts) + " " + ReservationWords(facts), &facts.Table("policies"));
  item("Other processing", "H", Answer(facts, "policies.other_processing"), nullptr);
}

void AddAvailable(const Facts& facts, Form& form) {
  form.sections.push_back({"2. Publicly available training data, and where it is", {}});
  std::vector<FormItem>& items = form.sections.back().items;
  items.push_back({"",
                   "Archive files",
                   "M",
                   {fmt::format("{} files; digest of their list: {}", facts.Words("inputs.files"),
                                facts.Words("inputs.digest"))},
                   &facts.Table("inputs.list"),
                   0});
  items.push_back(
      {"", "Public datasets, as stated", "H", {}, &facts.Table("about.public_datasets"), 0});
  items.push_back({"", "Download address", "H", {Answer(facts, "dataset.download")}, nullptr, 0});
  items.push_back(
      {"", "Licence of the collection", "H", {Answer(facts, "dataset.license")}, nullptr, 0});
  form.sections.push_back({"3. Data that can be had from third parties, also for a fee", {}});
  form.sections.back().items.push_back(
      {"",
       "Private datasets",
       "H",
       {Answer(facts, "answers.other_private"), Answer(facts, "describe.private_datasets")},
       nullptr,
       0});
}

void AddComponents(const Facts& facts, Form& form) {
  form.sections.push_back({"Model Openness Framework: components of the data", {}});
  std::vector<FormItem>& items = form.sections.back().items;
  items.push_back(
      {"", "Data card (class III)", "M", {"This document, and the card beside it."}, nullptr, 0});
  items.push_back({"",
                   "Datasets (class I)",
                   "H",
                   {"Address: " + Answer(facts, "dataset.download"),
                    "Licence: " + Answer(facts, "dataset.license")},
                   nullptr,
                   0});
  items.push_back(
      {"",
       "Data preprocessing code (class I)",
       "C",
       {fmt::format("crawlcard {}: {}", facts.Words("run.tool_version"), facts.command())},
       nullptr,
       0});
}

}  // namespace

std::string RenderOsaid(const FormInput& input) {
  const Facts& facts = input.facts;
  Form form;
  form.title = "Data information: " + TitleOf(facts);
  form.preface.push_back(
      "After the Open Source AI Definition 1.0 and the Model Openness Framework.");
  form.preface.push_back(ReproductionWords(facts));
  AddDescription(facts, form);
  AddAvailable(facts, form);
  AddComponents(facts, form);
  return FormMarkdown(form);
}

}  // namespace crawlcard::card
