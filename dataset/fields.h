// dataset/fields.h - which fields of a row are looked at.
//
// A field is a name at the top of a row, or a JSON pointer (RFC 6901) such as /metadata/url. In CSV
// and Parquet it is the name of a column.
//
// Thread rule: values.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crawlcard::dataset {

enum class Field : std::uint8_t { kUrl, kDate, kTokens, kText, kLanguage };
inline constexpr std::size_t kFieldCount = 5;

// Empty: the rows have none.
struct FieldNames {
  std::string url = "url";
  std::string date;
  std::string tokens;
  std::string text;
  std::string language;

  std::string_view Of(Field field) const;
  bool operator==(const FieldNames&) const = default;
};

// The names on the way to a field, from the top of a row. Errors: kInvalidArgument for a pointer
// that is none, or a name over the limit.
[[nodiscard]] Result<std::vector<std::string>> FieldPath(std::string_view name);

// The paths of all fields as one tree, so that a row is walked once.
struct FieldTree {
  struct Node {
    std::string name;
    std::uint8_t fields = 0;  // one bit a Field that ends here
    std::vector<Node> children;
  };
  Node root;
  std::uint8_t wanted = 0;  // bits of all fields

  // Errors: as FieldPath().
  [[nodiscard]] static Result<FieldTree> Of(const FieldNames& names);
};

constexpr std::uint8_t BitOf(Field field) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(field));
}

}  // namespace crawlcard::dataset
