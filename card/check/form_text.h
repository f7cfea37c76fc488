// card/check/form_text.h - what a rendered form says, whatever it is written in: sentences, rows of
// tables, and values at paths.
//
// Reads bytes, not the structs they were rendered from. Lenient: what it cannot read is left out,
// and the caller sees how much was read.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crawlcard::card {

struct FormText {
  std::vector<std::string> texts;              // paragraphs and strings, without markup
  std::vector<std::vector<std::string>> rows;  // cells of tables, without head lines
  // JSON: "/a/0/b" and the value as printed; numbers of one object are neighbours.
  std::vector<std::pair<std::string, std::string>> values;
  // JSON: numbers that stand in one object.
  std::vector<std::vector<std::pair<std::string, std::string>>> objects;
  // HTML: values that name the fact they are.
  std::vector<std::pair<std::string, std::string>> named;
  bool readable = true;
};

// By the ending of the file's name; what is none of them is JSON.
FormText ReadForm(std::string_view name, std::string_view text);
FormText ReadMarkdown(std::string_view text);
FormText ReadHtml(std::string_view text);
FormText ReadJson(std::string_view text);
FormText ReadCsv(std::string_view text);

}  // namespace crawlcard::card
