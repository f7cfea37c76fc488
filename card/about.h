// card/about.h - what only people can say of a dataset: the questions, and the answers given.
//
// The questions are one fixed table (cards.md section 10 of our specification;
// docs/formats/about.md for readers). tools/ reads answers from a TOML file; a card prints each
// question, answered or "Not provided". Answers are foreign text: escape before printing.
//
// Thread rule: static data and values.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crawlcard::card {

enum class AnswerKind : std::uint8_t {
  kText,    // one text
  kTexts,   // a list of texts
  kUrl,     // http or https
  kDate,    // 2026-10-02
  kDates,   // a list of dates
  kYesNo,   // yes, no, not applicable
  kChoice,  // one of Question::choices
};

struct Question {
  std::string_view group;  // TOML table: "provider"
  std::string_view key;    // "name"
  AnswerKind kind = AnswerKind::kText;
  std::string_view title;    // "Provider: name"
  std::string_view help;     // one sentence for whoever answers
  std::string_view choices;  // "a|b|c" for kChoice
  std::string_view example;  // a TOML value
  // The group is an array of tables ([[models]]): any number of answers.
  bool repeated = false;
};

// Questions of one group are neighbours.
std::span<const Question> Questions();
const Question* FindQuestion(std::string_view group, std::string_view key);
// What a group is about: "Models that use the data".
std::string_view GroupTitle(std::string_view group);

// Why `text` is no answer of this kind, or empty when it is one. Only characters, length and form
// are looked at.
std::string WrongAnswer(const Question& question, std::string_view text);

// A TOML file with every question as a comment, ready to be filled in.
std::string AboutTemplate();

// Texts of one answer; one element unless the kind is a list.
using AnswerTexts = std::vector<std::string>;

struct About {
  // "provider.name" to its answer, for groups that are tables.
  std::map<std::string, AnswerTexts, std::less<>> answers;
  // Rows of groups that are arrays of tables: "models" to rows of key to text.
  using Row = std::map<std::string, AnswerTexts, std::less<>>;
  std::map<std::string, std::vector<Row>, std::less<>> rows;
  std::string digest;  // "sha256:HEX" of the file; empty without one

  // The first text, or nullopt when there is no answer.
  std::optional<std::string_view> Text(std::string_view id) const;
  // Rows of a repeated group; empty when there is none.
  const std::vector<Row>& Rows(std::string_view group) const;
};

}  // namespace crawlcard::card
