#include "card/formats/json_tree.h"

#include "base/assert.h"
#include "card/text.h"

namespace crawlcard::card {

Tree& Tree::operator[](std::string_view key) {
  if (std::holds_alternative<std::monostate>(value_)) value_ = Object();
  auto* object = std::get_if<Object>(&value_);
  CRAWLCARD_ASSERT(object != nullptr);
  return (*object)[std::string(key)];
}

void Tree::Push(Tree item) {
  if (std::holds_alternative<std::monostate>(value_)) value_ = Array();
  auto* items = std::get_if<Array>(&value_);
  CRAWLCARD_ASSERT(items != nullptr);
  items->push_back(std::move(item));
}

bool Tree::empty() const {
  if (const auto* items = std::get_if<Array>(&value_)) return items->empty();
  if (const auto* object = std::get_if<Object>(&value_)) return object->empty();
  return std::holds_alternative<std::monostate>(value_);
}

// Depth is that of the formats, which our own code fixes.
// NOLINTNEXTLINE(misc-no-recursion)
void Tree::Write(JsonWriter& json) const {
  if (const auto* truth = std::get_if<bool>(&value_)) {
    json.Bool(*truth);
  } else if (const auto* number = std::get_if<std::uint64_t>(&value_)) {
    json.Uint(*number);
  } else if (const auto* fixed = std::get_if<Fixed>(&value_)) {
    json.Fixed(fixed->value, fixed->decimals);
  } else if (const auto* text = std::get_if<std::string>(&value_)) {
    json.String(*text);
  } else if (const auto* items = std::get_if<Array>(&value_)) {
    json.BeginArray();
    for (const Tree& item : *items) item.Write(json);
    json.EndArray();
  } else if (const auto* object = std::get_if<Object>(&value_)) {
    json.BeginObject();
    for (const auto& [key, member] : *object) {
      json.Key(key);
      member.Write(json);
    }
    json.EndObject();
  } else {
    json.Null();
  }
}

std::string Tree::Dump() const {
  std::string out;
  JsonWriter json(out, 1);
  Write(json);
  return NeutraliseJson(out) + "\n";
}

}  // namespace crawlcard::card
