// card/check/reference.h - the facts of one card as its JSON form states them, for comparing.
//
// Read from the bytes of card.json alone: nothing of the renderers is used to know a figure, only
// card/text.h to know how a figure is printed.
//
// Thread rule: a value; reading is thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crawlcard::card {

// One value of card.json: a number, a fraction, a text, or null.
struct StatedValue {
  std::optional<std::uint64_t> number;
  std::optional<double> fraction;
  std::optional<std::string> text;

  bool absent() const { return !number && !fraction && !text; }
};

using StatedRow = std::vector<StatedValue>;

struct Reference {
  std::map<std::string, StatedValue, std::less<>> values;           // by id of the fact
  std::map<std::string, std::vector<StatedRow>, std::less<>> rows;  // of facts that are tables
  std::string facts_digest;

  // nullptr when card.json has no such fact of one value.
  const StatedValue* Find(std::string_view id) const;
};

// kInvalidArgument for bytes that are no JSON card.
Result<Reference> ReadReference(std::string_view card_json);

// True when a reader who sees `words` sees `value`: digits, thousands separators, rounded bytes
// ("12.3 MB"), shares ("12.3 %"), dates in whole or by their day or month, text, words for absence.
bool Says(std::string_view words, const StatedValue& value);

// `value` for messages.
std::string Stated(const StatedValue& value);

}  // namespace crawlcard::card
