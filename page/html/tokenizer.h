// page/html/tokenizer.h - the HTML Standard's tokenizer (section 13.2.5) without a tree.
//
// Pulls tokens from a whole body in memory. Every token is a piece of the source: names, values and
// text are raw views, to be cleaned by page/html/char_ref.h only where they are kept. Nothing is
// allocated for a token; the views die with the body, the attributes with the next call.
//
// Without a tree two things must come from outside: which start tags switch to raw text (done here
// by name, as the tree builder would with scripting off, so that noscript holds markup), and
// whether the parser stands in foreign content. SetForeign(true) turns the switching off and reads
// CDATA sections; by default "<![CDATA[" is a bogus comment.
//
//   <a href=/x  REL='license'>     token: offset..end   name "a"
//   ^offset                   ^end  attributes {href, /x} {REL, license}
//
// Thread rule: thread-compatible.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/attributes.h"
#include "page/html/elements.h"
#include "page/html/tag.h"
#include "page/html/token.h"

namespace crawlcard::page::html {

// Which attributes tokens give.
enum class AttributeMode : std::uint8_t {
  kAll,     // every one, as written
  kPicked,  // those of TagAttributes, at a fraction of the cost
};

// The mode that the start tag `name` (any case) switches to; kData for most.
TextMode TextModeAfter(std::string_view name);

class Tokenizer {
 public:
  // Borrows `body`.
  explicit Tokenizer(std::string_view body, AttributeMode attributes = AttributeMode::kAll);

  // Starts over with another body, keeping memory.
  void Reset(std::string_view body);

  // The next token; kEnd for ever after the last. Text may come in several tokens.
  const Token& Next() CRAWLCARD_LIFETIME_BOUND;

  // Foreign content (svg, math) begins or ends after the token just returned.
  void SetForeign(bool foreign) {
    foreign_ = foreign;
    if (foreign) mode_ = TextMode::kData;
  }

  // For a caller that finds most tags by itself: goes on at `at`, which is in the data state, and
  // tells how far that was.
  void Seek(std::size_t at) { pos_ = at; }
  // The same behind a start tag that was found.
  void SeekBehind(const TagSpan& start_tag) {
    pos_ = start_tag.end;
    SwitchBy(start_tag.key.element, start_tag.name);
  }
  // Whether the '<' at `at` begins a tag, a comment or the like, in the data state.
  bool OpensMarkup(std::size_t at) const;
  std::size_t position() const { return pos_; }
  bool in_data() const { return mode_ == TextMode::kData; }

  // Forces the mode of what follows; `end_name` is the tag that ends it. For tests and for callers
  // that know better than TextModeAfter().
  void SwitchTo(TextMode mode, std::string_view end_name);
  void DisableSwitching() { switching_ = false; }

  // A tag had more than limits::kAttributesMax attributes; the rest was dropped.
  bool attributes_dropped() const { return attributes_dropped_; }

 private:
  bool NextData();
  bool NextRaw();
  bool ReadTag();
  bool FinishTag(const char* end);
  void SwitchBy(Element element, std::string_view name);
  bool TakePickedTag();
  bool AtTag() const;
  bool ReadAttributes();
  bool ReadAttribute();
  std::string_view ReadAttributeValue();
  void AddAttribute(std::string_view name, std::string_view value);
  bool ReadMarkupDeclaration();
  void EmitText(std::size_t begin, std::size_t end);
  void EmitComment(std::size_t data_begin, std::size_t data_end, std::size_t end);
  void EmitEnd();

  std::string_view body_;
  std::size_t pos_ = 0;
  TextMode mode_ = TextMode::kData;
  std::string_view end_name_;  // of the element whose raw text is being read
  bool foreign_ = false;
  bool switching_ = true;
  bool attributes_dropped_ = false;
  const AttributeMode attribute_mode_;
  Token token_;
  std::vector<Attribute> attributes_;
  std::size_t attributes_seen_ = 0;  // in the tag being read
  TagAttributes picked_;
};

}  // namespace crawlcard::page::html
