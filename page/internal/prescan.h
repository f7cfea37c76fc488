// page/internal/prescan.h - reads attributes as the meta prescan does.
//
// WHATWG HTML section 13.2.3.2 "get an attribute": its own small tokenizer, which differs from the
// real one in places. Thread rule: thread-compatible.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace crawlcard::page::internal {

struct PrescanAttribute {
  std::string_view name;  // as written
  std::string_view value;
};

class PrescanReader {
 public:
  explicit PrescanReader(std::string_view bytes) : bytes_(bytes) {}

  bool AtEnd() const { return position_ >= bytes_.size(); }
  std::string_view rest() const { return bytes_.substr(position_); }
  void Skip(std::size_t bytes) { position_ += bytes; }

  // Moves to the next '<'. False when there is none.
  bool NextTag();

  // Moves behind the next `end`. False, at the end of the bytes, when there is none.
  bool SkipPast(std::string_view end);

  // Moves to the white space or '>' that ends a tag name.
  void SkipTagName();

  // The next attribute of a tag. nullopt at its '>', or when the bytes run out (then AtEnd()).
  std::optional<PrescanAttribute> NextAttribute();

 private:
  void SkipSpaces();
  std::optional<std::string_view> ReadValue();

  std::string_view bytes_;
  std::size_t position_ = 0;
};

// WHATWG HTML section 2.4.4 "extracting a character encoding from a meta element": the label in a
// content attribute. Empty when there is none.
std::string_view LabelOfMetaContent(std::string_view content);

// The encoding label of an XML declaration at the front of `bytes`. Empty when there is none.
std::string_view LabelOfXmlDeclaration(std::string_view bytes);

}  // namespace crawlcard::page::internal
