// page/html/tokenizer.cc - see tokenizer.h. State names are those of the HTML Standard.
#include "page/html/tokenizer.h"

#include <algorithm>

#include "base/find.h"
#include "base/text.h"
#include "page/html/picked_tag.h"
#include "page/html/script_data.h"
#include "page/limits.h"

namespace crawlcard::page::html {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;

constexpr bool EndsTagName(char c) {
  return IsAsciiSpace(c) || c == '/' || c == '>';
}

struct RawTextElement {
  Element element;
  TextMode mode;
};
// Section 13.2.6.4: elements whose start tag switches the tokenizer, scripting being off.
constexpr RawTextElement kRawTextElements[] = {
    {Element::kTitle, TextMode::kRcdata},       {Element::kTextarea, TextMode::kRcdata},
    {Element::kStyle, TextMode::kRawtext},      {Element::kXmp, TextMode::kRawtext},
    {Element::kIframe, TextMode::kRawtext},     {Element::kNoembed, TextMode::kRawtext},
    {Element::kNoframes, TextMode::kRawtext},   {Element::kScript, TextMode::kScript},
    {Element::kPlaintext, TextMode::kPlaintext}};

}  // namespace

namespace {

TextMode TextModeAfter(Element element) {
  if (!Is(element, kRawTextElement)) return TextMode::kData;
  for (const RawTextElement& known : kRawTextElements) {
    if (known.element == element) return known.mode;
  }
  return TextMode::kData;
}

}  // namespace

TextMode TextModeAfter(std::string_view name) {
  return TextModeAfter(ElementOf(name));
}

Tokenizer::Tokenizer(std::string_view body, AttributeMode attributes)
    : attribute_mode_(attributes) {
  attributes_.reserve(limits::kAttributesMax);
  Reset(body);
}

void Tokenizer::Reset(std::string_view body) {
  body_ = body;
  pos_ = 0;
  mode_ = TextMode::kData;
  end_name_ = {};
  foreign_ = false;
  attributes_dropped_ = false;
  token_ = Token{};
}

void Tokenizer::SwitchTo(TextMode mode, std::string_view end_name) {
  mode_ = mode;
  end_name_ = end_name;
}

const Token& Tokenizer::Next() {
  // Most tokens are tags of a page.
  if (attribute_mode_ == AttributeMode::kPicked && mode_ == TextMode::kData && AtTag() &&
      TakePickedTag()) {
    return token_;
  }
  while (pos_ < body_.size()) {
    if (mode_ == TextMode::kData ? NextData() : NextRaw()) return token_;
  }
  EmitEnd();
  return token_;
}

bool Tokenizer::OpensMarkup(std::size_t at) const {
  const char next = at + 1 < body_.size() ? body_[at + 1] : '\0';
  return IsAsciiAlpha(next) || next == '!' || next == '?' || (next == '/' && at + 2 < body_.size());
}

// Reads one token in the data state. False: nothing was emitted, go on.
bool Tokenizer::NextData() {
  const std::size_t begin = pos_;
  std::size_t at = begin;
  while (true) {
    if (body_[at] != '<') at = FindByte(body_, '<', at + 1);
    if (at == kNpos) {
      EmitText(begin, body_.size());
      return true;
    }
    if (OpensMarkup(at)) break;
    ++at;  // a '<' that is text
    if (at == body_.size()) {
      EmitText(begin, at);
      return true;
    }
  }
  if (at > begin) {
    EmitText(begin, at);
    return true;
  }
  const char next = body_[at + 1];
  if (next == '!') return ReadMarkupDeclaration();
  if (next == '?') {
    const std::size_t close = std::min(body_.find('>', at + 1), body_.size());
    EmitComment(at + 1, close, std::min(close + 1, body_.size()));
    return true;
  }
  if (next != '/' || IsAsciiAlpha(body_[at + 2])) return ReadTag();
  if (body_[at + 2] == '>') {  // "</>" is nothing
    pos_ = at + 3;
    return false;
  }
  const std::size_t close = std::min(body_.find('>', at + 2), body_.size());
  EmitComment(at + 2, close, std::min(close + 1, body_.size()));
  return true;
}

// Reads text up to the end tag that closes a raw text element.
bool Tokenizer::NextRaw() {
  if (mode_ == TextMode::kCdata) {
    const std::size_t close = body_.find("]]>", pos_);
    const std::size_t end = std::min(close, body_.size());
    const std::size_t begin = pos_;
    EmitText(begin, end);
    pos_ = std::min(end + 3, body_.size());
    mode_ = TextMode::kData;
    return end > begin;
  }
  std::size_t end = body_.size();
  if (mode_ == TextMode::kRcdata || mode_ == TextMode::kRawtext) {
    end = RawTextEnd(body_, pos_, end_name_);
  }
  if (mode_ == TextMode::kScript) end = ScriptDataEnd(body_, pos_, end_name_);
  if (end > pos_) {
    EmitText(pos_, end);
    return true;
  }
  mode_ = TextMode::kData;
  return ReadTag();
}

// Reads a tag at pos_. False where the body ends inside it: such a tag is dropped.
bool Tokenizer::ReadTag() {
  if (attribute_mode_ == AttributeMode::kPicked) return TakePickedTag();
  const std::size_t offset = pos_;
  const bool is_end = body_[pos_ + 1] == '/';
  const std::size_t name_begin = pos_ + (is_end ? 2 : 1);
  pos_ = name_begin;
  while (pos_ < body_.size() && !EndsTagName(body_[pos_])) ++pos_;
  const std::string_view name = body_.substr(name_begin, pos_ - name_begin);
  token_ = Token{};
  token_.kind = is_end ? TokenKind::kEndTag : TokenKind::kStartTag;
  token_.name = name;
  token_.offset = offset;
  attributes_.clear();
  attributes_seen_ = 0;
  if (!ReadAttributes()) return false;
  token_.key = KeyOfName(name, name.data() + name.size());
  if (!is_end) token_.attributes = attributes_;
  return FinishTag(body_.data() + pos_);
}

// Completes the tag that ends at `end`.
bool Tokenizer::FinishTag(const char* end) {
  pos_ = static_cast<std::size_t>(end - body_.data());
  token_.end = pos_;
  if (token_.kind == TokenKind::kEndTag) {
    token_.self_closing = false;
    return true;
  }
  SwitchBy(token_.key.element, token_.name);
  return true;
}

void Tokenizer::SwitchBy(Element element, std::string_view name) {
  if (!switching_ || foreign_) return;
  mode_ = TextModeAfter(element);
  end_name_ = name;
}

// The tag at pos_, in AttributeMode::kPicked.
bool Tokenizer::TakePickedTag() {
  const char* const end = body_.data() + body_.size();
  token_.offset = pos_;
  const char* const behind =
      ReadPickedTag(body_.data() + pos_, end, token_, picked_, attributes_dropped_);
  if (behind == nullptr) {
    pos_ = body_.size();
    return false;
  }
  token_.picked = &picked_;
  pos_ = static_cast<std::size_t>(behind - body_.data());
  token_.end = pos_;
  if (token_.kind == TokenKind::kStartTag) SwitchBy(token_.key.element, token_.name);
  return true;
}

// Whether a tag begins at pos_.
bool Tokenizer::AtTag() const {
  if (body_.size() - pos_ < 3 || body_[pos_] != '<') return false;
  return IsAsciiAlpha(body_[pos_ + 1]) || (body_[pos_ + 1] == '/' && IsAsciiAlpha(body_[pos_ + 2]));
}

// From "before attribute name" to past the '>'. False at the body's end.
bool Tokenizer::ReadAttributes() {
  while (pos_ < body_.size()) {
    const char c = body_[pos_];
    if (IsAsciiSpace(c)) {
      ++pos_;
      continue;
    }
    if (c == '>') {
      ++pos_;
      return true;
    }
    if (c == '/') {
      ++pos_;
      if (pos_ < body_.size() && body_[pos_] == '>') {
        token_.self_closing = true;
        ++pos_;
        return true;
      }
      continue;
    }
    if (!ReadAttribute()) return false;
  }
  return false;
}

bool Tokenizer::ReadAttribute() {
  const std::size_t name_begin = pos_;
  ++pos_;  // even '=' is a name's first character
  while (pos_ < body_.size() && !EndsTagName(body_[pos_]) && body_[pos_] != '=') ++pos_;
  const std::string_view name = body_.substr(name_begin, pos_ - name_begin);
  while (pos_ < body_.size() && IsAsciiSpace(body_[pos_])) ++pos_;
  if (pos_ == body_.size()) return false;
  std::string_view value;
  if (body_[pos_] == '=') {
    ++pos_;
    while (pos_ < body_.size() && IsAsciiSpace(body_[pos_])) ++pos_;
    if (pos_ == body_.size()) return false;
    value = ReadAttributeValue();
    if (pos_ > body_.size()) {
      pos_ = body_.size();
      return false;
    }
  }
  AddAttribute(name, value);
  return true;
}

// Reads a value at pos_. Moves pos_ past the body's end where a quote is never closed.
std::string_view Tokenizer::ReadAttributeValue() {
  const char quote = body_[pos_];
  if (quote == '>') return {};
  if (quote == '"' || quote == '\'') {
    const std::size_t begin = pos_ + 1;
    const std::size_t close = body_.find(quote, begin);
    if (close == kNpos) {
      pos_ = body_.size() + 1;
      return {};
    }
    pos_ = close + 1;
    return body_.substr(begin, close - begin);
  }
  const std::size_t begin = pos_;
  while (pos_ < body_.size() && !IsAsciiSpace(body_[pos_]) && body_[pos_] != '>') ++pos_;
  return body_.substr(begin, pos_ - begin);
}

// Keeps the first attribute of a name (section 13.2.5.33).
void Tokenizer::AddAttribute(std::string_view name, std::string_view value) {
  if (++attributes_seen_ > limits::kAttributesMax) {
    attributes_dropped_ = true;
    return;
  }
  for (const Attribute& attribute : attributes_) {
    if (attribute.name.size() == name.size() && EqualsIgnoreCase(attribute.name, name)) return;
  }
  attributes_.push_back({name, value});
}

// Comments, doctype, CDATA: what follows "<!".
bool Tokenizer::ReadMarkupDeclaration() {
  const std::size_t begin = pos_ + 2;
  const std::string_view rest = body_.substr(begin);
  if (rest.starts_with("--")) {
    const CommentSpan comment = FindCommentEnd(body_, begin + 2);
    EmitComment(begin + 2, comment.data_end, comment.end);
    return true;
  }
  const std::size_t close = std::min(body_.find('>', begin), body_.size());
  if (StartsWithIgnoreCase(rest, "doctype")) {
    token_ = Token{};
    token_.kind = TokenKind::kDoctype;
    token_.data = body_.substr(begin + 7, close - begin - 7);
    token_.offset = pos_;
    token_.end = std::min(close + 1, body_.size());
    pos_ = token_.end;
    return true;
  }
  if (foreign_ && rest.starts_with("[CDATA[")) {
    pos_ = begin + 7;
    mode_ = TextMode::kCdata;
    return false;
  }
  EmitComment(begin, close, std::min(close + 1, body_.size()));
  return true;
}

void Tokenizer::EmitText(std::size_t begin, std::size_t end) {
  token_.kind = TokenKind::kText;
  token_.mode = mode_;
  token_.data = body_.substr(begin, end - begin);
  token_.offset = begin;
  token_.end = end;
  pos_ = end;
}

void Tokenizer::EmitComment(std::size_t data_begin, std::size_t data_end, std::size_t end) {
  const std::size_t offset = pos_;
  token_ = Token{};
  token_.kind = TokenKind::kComment;
  token_.data = body_.substr(data_begin, data_end - data_begin);
  token_.offset = offset;
  token_.end = end;
  pos_ = end;
}

void Tokenizer::EmitEnd() {
  token_ = Token{};
  token_.offset = body_.size();
  token_.end = body_.size();
}

}  // namespace crawlcard::page::html
