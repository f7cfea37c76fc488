// card/formats/form.h - a disclosure form as titled questions with answers, for people.
//
// One Form is written as Markdown or as one self-contained HTML file, so both say the same. Texts
// may be foreign: the writers escape everything.
//
// Thread rule: values; functions are thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "card/facts.h"

namespace crawlcard::card {

struct FormItem {
  std::string number;  // "2.3.a"; may be empty
  std::string label;
  std::string basis;  // letters: "M, O"
  std::vector<std::string> texts;
  const FactTable* table = nullptr;  // shown below the texts; borrowed from the facts
  std::size_t rows_max = 0;          // of that table; 0: limits::kShownRowsMax
};

struct FormSection {
  std::string title;
  std::vector<FormItem> items;
};

struct Form {
  std::string title;
  std::vector<std::string> preface;
  std::vector<FormSection> sections;
};

// Basis letters of the form's answers, explained at the end of both.
std::string FormMarkdown(const Form& form);
std::string FormHtml(const Form& form);

// The same sections, for a document that has a head of its own.
void AppendFormSections(const Form& form, int level, std::string& out);
void AppendMarkdownTable(const FactTable& table, std::size_t rows_max, std::string& out);

}  // namespace crawlcard::card
