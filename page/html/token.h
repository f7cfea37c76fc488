// page/html/token.h - one token of a page: what page/html/tokenizer.h gives.
//
// Thread rule: a view of the source; the attributes die with the next token.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/attributes.h"
#include "page/html/elements.h"
#include "page/html/tag.h"

namespace crawlcard::page::html {

enum class TokenKind : std::uint8_t { kText, kStartTag, kEndTag, kComment, kDoctype, kEnd };

// How text is read: kData and kRcdata hold references, the others are literal.
enum class TextMode : std::uint8_t { kData, kRcdata, kRawtext, kScript, kPlaintext, kCdata };

// A tag by its name and place alone. Borrows the key.
struct TagSpan {
  const NameKey& key;
  std::string_view name;   // case as written
  std::size_t offset = 0;  // of its '<'
  std::size_t end = 0;     // behind its '>'
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  TextMode mode = TextMode::kData;  // of text
  bool self_closing = false;
  std::string_view name;  // of a tag, case as written
  std::string_view data;  // of text and comments; of a doctype: what follows the word
  std::span<const Attribute> attributes;  // kAll: first of each name; empty for end tags
  const TagAttributes* picked = nullptr;  // kPicked: of a start tag
  NameKey key;                            // of a tag, by its name alone
  std::size_t offset = 0;                 // of the token's first byte
  std::size_t end = 0;                    // past its last byte

  TagSpan span() const CRAWLCARD_LIFETIME_BOUND { return {key, name, offset, end}; }
};

}  // namespace crawlcard::page::html
