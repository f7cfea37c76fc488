#include "dataset/fields.h"

#include <algorithm>

#include "base/find.h"
#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

// RFC 6901 section 4: "~1" is a slash, "~0" a tilde, anything else behind a tilde an error.
Result<std::string> DecodeToken(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      out += token[i];
      continue;
    }
    ++i;
    if (i >= token.size() || (token[i] != '0' && token[i] != '1')) {
      return Fail(ErrorCode::kInvalidArgument, "'{}' is no part of a JSON pointer: '~' is ~0",
                  token);
    }
    out += token[i] == '0' ? '~' : '/';
  }
  return out;
}

}  // namespace

std::string_view FieldNames::Of(Field field) const {
  switch (field) {
    case Field::kUrl:
      return url;
    case Field::kDate:
      return date;
    case Field::kTokens:
      return tokens;
    case Field::kText:
      return text;
    case Field::kLanguage:
      return language;
  }
  return {};
}

Result<std::vector<std::string>> FieldPath(std::string_view name) {
  if (name.size() > limits::kFieldNameBytesMax) {
    return Fail(ErrorCode::kInvalidArgument, "name of a field too long: {} bytes, limit {}",
                name.size(), limits::kFieldNameBytesMax);
  }
  std::vector<std::string> path;
  if (!name.starts_with('/')) {
    path.emplace_back(name);
    return path;
  }
  std::string_view rest = name;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    CRAWLCARD_ASSIGN(std::string token, DecodeToken(rest.substr(0, slash)));
    path.push_back(std::move(token));
    rest.remove_prefix(slash);
  }
  if (path.size() <= limits::kPointerLevelsMax) return path;
  return Fail(ErrorCode::kInvalidArgument, "'{}' has {} levels, limit {}", name, path.size(),
              limits::kPointerLevelsMax);
}

Result<FieldTree> FieldTree::Of(const FieldNames& names) {
  FieldTree tree;
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    const std::string_view name = names.Of(field);
    if (name.empty()) continue;
    CRAWLCARD_ASSIGN(const std::vector<std::string> path, FieldPath(name));
    Node* node = &tree.root;
    for (const std::string& token : path) {
      auto found = std::ranges::find(node->children, token, &Node::name);
      if (found == node->children.end()) {
        node->children.push_back({token, 0, {}});
        found = node->children.end() - 1;
      }
      node = &*found;
    }
    node->fields |= BitOf(field);
    tree.wanted |= BitOf(field);
  }
  return tree;
}

}  // namespace crawlcard::dataset
