// card/formats/json_tree.h - a JSON value in memory whose members are sorted when it is written.
//
// For documents of a few kilobytes whose members depend on what is known: a member that is never
// set is not written. Same value, same bytes.
//
// Thread rule: a value, thread-compatible.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_writer.h"

namespace crawlcard::card {

class Tree {
 public:
  using Array = std::vector<Tree>;
  using Object = std::map<std::string, Tree, std::less<>>;
  struct Fixed {  // a fraction with `decimals` digits
    double value = 0;
    int decimals = 6;
  };

  Tree() = default;  // null
  Tree(const char* text) : value_(std::string(text)) {}
  Tree(std::string_view text) : value_(std::string(text)) {}
  Tree(std::string text) : value_(std::move(text)) {}
  Tree(std::uint64_t number) : value_(number) {}
  Tree(bool truth) : value_(truth) {}
  Tree(Fixed number) : value_(number) {}
  Tree(Array items) : value_(std::move(items)) {}
  // Members: {{"@type", "sc:Dataset"}, {"name", title}}.
  Tree(std::initializer_list<std::pair<const std::string, Tree>> members)
      : value_(Object(members)) {}

  static Tree List(std::initializer_list<Tree> items) { return {Array(items)}; }
  static Tree EmptyObject() {
    Tree tree;
    tree.value_ = Object();
    return tree;
  }

  // The member, made when there is none. Null becomes an object.
  Tree& operator[](std::string_view key);
  // Sets the member unless there is no value.
  template <class T>
  void Set(std::string_view key, const std::optional<T>& value) {
    if (value) (*this)[key] = Tree(*value);
  }
  // Appends; null becomes an array.
  void Push(Tree item);
  bool empty() const;  // null, or an array or object without members

  // Indented by one, deceptive characters escaped, ended by LF.
  std::string Dump() const;

 private:
  void Write(JsonWriter& json) const;

  std::variant<std::monostate, bool, std::uint64_t, Fixed, std::string, Array, Object> value_;
};

}  // namespace crawlcard::card
