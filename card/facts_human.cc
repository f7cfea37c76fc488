// card/facts_human.cc - what people stated: one fact a question, answered or not.
#include "card/fact_list.h"

namespace crawlcard::card {
namespace {

std::string Joined(const AnswerTexts& answer) {
  std::string out;
  for (const std::string& text : answer) {
    if (!out.empty()) out += "; ";
    out += text;
  }
  return out;
}

// An answer is text; a list joins its elements, and has them one by one as a table.
FactCell AnswerCell(const AnswerTexts* answer) {
  if (answer == nullptr || answer->empty()) return Absence::kUnanswered;
  return FactText{Joined(*answer), true};
}

FactTable ListTable(const AnswerTexts& answer) {
  FactTable table;
  table.columns = {{"value", "Value"}};
  for (const std::string& text : answer) table.rows.push_back({FactText{text, true}});
  return table;
}

// One row an element of an array of tables.
FactTable GroupTable(std::string_view group, const std::vector<About::Row>& rows) {
  FactTable table;
  for (const Question& question : Questions()) {
    if (question.group == group) table.columns.push_back({question.key, question.title});
  }
  for (const About::Row& row : rows) {
    std::vector<FactCell> cells;
    for (const FactColumn& column : table.columns) {
      const auto found = row.find(column.name);
      cells.push_back(AnswerCell(found == row.end() ? nullptr : &found->second));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

bool IsList(AnswerKind kind) {
  return kind == AnswerKind::kTexts || kind == AnswerKind::kDates;
}

}  // namespace

void AddHumanFacts(const Card& card, FactList& list) {
  const About& about = card.run.about;
  list.Add("about.digest", "Digest of the about file", "run",
           about.digest.empty() ? FactCell(Absence::kUnanswered) : OwnText(about.digest));
  std::string_view group;
  for (const Question& question : Questions()) {
    if (question.repeated) {
      if (question.group == group) continue;
      group = question.group;
      const std::string id = "about." + std::string(group);
      const std::vector<About::Row>& rows = about.Rows(group);
      const std::string title(GroupTitle(group));
      if (rows.empty()) {
        list.Add(id, title, "human", Absence::kUnanswered);
      } else {
        list.Add(id, title, "human", GroupTable(group, rows));
      }
      continue;
    }
    const std::string key = std::string(question.group) + "." + std::string(question.key);
    const auto found = about.answers.find(key);
    const bool answered = found != about.answers.end() && !found->second.empty();
    const std::string title(question.title);
    if (answered && IsList(question.kind)) {
      list.Add("about." + key, title, "human", ListTable(found->second));
    } else {
      list.Add("about." + key, title, "human", AnswerCell(answered ? &found->second : nullptr));
    }
  }
}

}  // namespace crawlcard::card
