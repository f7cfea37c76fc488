#include "robots/internal/json.h"

#include <simdjson.h>

namespace crawlcard::robots::internal {

struct JsonValue::Impl {
  simdjson::dom::element element;
};

struct JsonDocument::Impl {
  simdjson::dom::parser parser;
  JsonValue::Impl root;
};

bool JsonValue::IsArray() const {
  return impl_->element.is_array();
}
bool JsonValue::IsObject() const {
  return impl_->element.is_object();
}

std::optional<std::string_view> JsonValue::String() const {
  std::string_view text;
  if (impl_->element.get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

std::optional<std::string_view> JsonValue::StringMember(std::string_view name) const {
  std::string_view text;
  if (impl_->element[name].get_string().get(text) != simdjson::SUCCESS) return std::nullopt;
  return text;
}

std::optional<std::int64_t> JsonValue::IntMember(std::string_view name) const {
  std::int64_t number = 0;
  if (impl_->element[name].get_int64().get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

bool JsonValue::WithMember(std::string_view name,
                           const std::function<void(const JsonValue&)>& visit) const {
  Impl member;
  if (impl_->element[name].get(member.element) != simdjson::SUCCESS) return false;
  visit(JsonValue(member));
  return true;
}

void JsonValue::ForEachElement(const std::function<bool(const JsonValue&)>& visit) const {
  simdjson::dom::array array;
  if (impl_->element.get_array().get(array) != simdjson::SUCCESS) return;
  for (const simdjson::dom::element element : array) {
    const Impl one{element};
    if (!visit(JsonValue(one))) return;
  }
}

void JsonValue::ForEachMember(
    const std::function<bool(std::string_view, const JsonValue&)>& visit) const {
  simdjson::dom::object object;
  if (impl_->element.get_object().get(object) != simdjson::SUCCESS) return;
  for (const auto& field : object) {
    const Impl one{field.value};
    if (!visit(field.key, JsonValue(one))) return;
  }
}

std::string JsonValue::Minified() const {
  return simdjson::minify(impl_->element);
}

JsonDocument::JsonDocument() : impl_(std::make_unique<Impl>()) {}
JsonDocument::~JsonDocument() = default;

std::optional<JsonValue> JsonDocument::Parse(std::string_view text, std::size_t depth_max) {
  if (impl_->parser.allocate(text.size() + 64, depth_max) != simdjson::SUCCESS) return std::nullopt;
  const auto error = impl_->parser.parse(text.data(), text.size(), true).get(impl_->root.element);
  if (error != simdjson::SUCCESS) return std::nullopt;
  return JsonValue(impl_->root);
}

}  // namespace crawlcard::robots::internal
