// card/check/check_forms.h - do all forms of one card state the same figures?
//
// Reads the files of `card --format all` back and compares each figure that they state with the
// facts of card.json: known sentences by the facts they are about, rows of tables as wholes, values
// at known paths of the JSON forms, and every other figure (thousands, shares, bytes, dates,
// digests) by whether any fact has it. Works on bytes alone, so it can be run on files from
// elsewhere.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace crawlcard::card {

struct FormFile {
  std::string name;  // within the directory: "card.json"
  std::string bytes;
};

struct Difference {
  std::string file;
  std::string where;   // a path, the cells of a row, or the words around
  std::string said;    // by the file
  std::string fact;    // id; empty where no single fact is meant
  std::string wanted;  // what card.json says; empty where no single fact is meant
};

struct CheckedFile {
  std::string name;
  std::uint64_t by_fact = 0;   // figures compared with the one fact they are
  std::uint64_t by_row = 0;    // figures found together in one row of one fact
  std::uint64_t by_value = 0;  // figures that some fact has
};

struct Consistency {
  std::vector<CheckedFile> files;  // that were there, in the order of Formats()
  std::vector<std::string> missing;
  std::vector<Difference> differences;
};

// kInvalidArgument without a readable card.json.
Result<Consistency> CheckForms(std::span<const FormFile> files);

std::string ConsistencyText(const Consistency& consistency);
std::string ConsistencyJson(const Consistency& consistency);  // crawlcard.card-check.v1

}  // namespace crawlcard::card
