#include "card/check/reference.h"

#include <cmath>

#include <fmt/format.h>
#include <simdjson.h>

#include "card/text.h"

namespace crawlcard::card {
namespace {

using simdjson::dom::element;

StatedValue ValueOf(const element& json) {
  StatedValue value;
  std::uint64_t number = 0;
  double fraction = 0;
  std::string_view text;
  bool truth = false;
  if (json.get(number) == simdjson::SUCCESS) {
    value.number = number;
  } else if (json.get(fraction) == simdjson::SUCCESS) {
    value.fraction = fraction;
  } else if (json.get(text) == simdjson::SUCCESS) {
    value.text = std::string(text);
  } else if (json.get(truth) == simdjson::SUCCESS) {
    value.text = truth ? "yes" : "no";
  }
  return value;
}

std::string TextAt(const element& json, std::string_view key) {
  std::string_view text;
  if (json[key].get(text) != simdjson::SUCCESS) return "";
  return std::string(text);
}

// A share with one decimal, as card/text.h rounds it; its sixth decimal may turn the last digit.
bool SaysFraction(std::string_view words, double fraction) {
  if (words == fmt::format("{:.6f}", fraction)) return true;
  if (!words.ends_with(" %")) return false;
  words.remove_suffix(2);
  if (words == "< 0.1") return fraction > 0 && fraction < 0.001001;
  if (words == "> 99.9") return fraction < 1 && fraction > 0.998999;
  double percent = 0;
  const std::string digits(words);
  char* end = nullptr;
  percent = std::strtod(digits.c_str(), &end);
  return end == digits.c_str() + digits.size() && std::abs(percent - fraction * 100) <= 0.0502;
}

bool SaysText(std::string_view words, std::string_view text) {
  if (words == text || words == VisibleText(text, limits::kAnswerBytesMax)) return true;
  if (words == VisibleText(text)) return true;
  // A date by its day, or as month and year.
  const bool date = text.size() == 20 && text[4] == '-' && text[7] == '-' && text[10] == 'T';
  if (!date) return false;
  return words == text.substr(0, 10) || words == text.substr(0, 7) ||
         words == fmt::format("{}/{}", text.substr(5, 2), text.substr(0, 4)) ||
         words == fmt::format("{}/{}/{}", text.substr(8, 2), text.substr(5, 2), text.substr(2, 2));
}

}  // namespace

const StatedValue* Reference::Find(std::string_view id) const {
  const auto found = values.find(id);
  return found == values.end() ? nullptr : &found->second;
}

Result<Reference> ReadReference(std::string_view card_json) {
  simdjson::dom::parser parser;
  element root;
  simdjson::dom::array facts;
  const simdjson::padded_string padded(card_json);
  if (parser.parse(padded).get(root) != simdjson::SUCCESS ||
      root["facts"].get(facts) != simdjson::SUCCESS) {
    return Fail(ErrorCode::kInvalidArgument, "card.json is no JSON card with facts");
  }
  Reference reference;
  reference.facts_digest = TextAt(root, "facts_digest");
  for (const element& fact : facts) {
    const std::string id = TextAt(fact, "id");
    element value;
    simdjson::dom::array rows;
    if (fact["value"].get(value) == simdjson::SUCCESS) {
      StatedValue stated = ValueOf(value);
      if (stated.absent()) stated.text = TextAt(fact, "absence");
      reference.values.emplace(id, std::move(stated));
    } else if (fact["rows"].get(rows) == simdjson::SUCCESS) {
      std::vector<StatedRow>& out = reference.rows[id];
      for (const element& row : rows) {
        simdjson::dom::array cells;
        if (row.get(cells) != simdjson::SUCCESS) continue;
        StatedRow& one = out.emplace_back();
        for (const element& cell : cells) one.push_back(ValueOf(cell));
      }
    }
  }
  return reference;
}

bool Says(std::string_view words, const StatedValue& value) {
  if (value.number) {
    return words == std::to_string(*value.number) || words == FormatCount(*value.number) ||
           words == FormatBytes(*value.number) || words == "about " + FormatCount(*value.number) ||
           words == FormatNoun(*value.number, "byte");
  }
  if (value.fraction) return SaysFraction(words, *value.fraction);
  if (value.text) return SaysText(words, *value.text);
  return words == kNotApplicable || words == kNotKnown || words == kNotProvided;
}

std::string Stated(const StatedValue& value) {
  if (value.number) return std::to_string(*value.number);
  if (value.fraction) return fmt::format("{:.6f}", *value.fraction);
  return value.text ? VisibleText(*value.text) : "null";
}

}  // namespace crawlcard::card
