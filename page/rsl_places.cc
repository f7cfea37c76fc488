#include "page/rsl_places.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/find.h"
#include "base/text.h"
#include "page/html/char_ref.h"
#include "page/html/elements.h"
#include "page/html/tag.h"
#include "page/html/tokenizer.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

using html::Token;
using html::TokenKind;

constexpr std::string_view kMediaType = "application/rsl+xml";

// The names of the open elements, as far as start and end tags tell.
class OpenNames {
 public:
  void Open(std::string_view name, bool self_closing) {
    const bool foreign = InForeign() || IsForeignRoot(name);
    if (foreign ? self_closing : IsVoid(name)) return;
    if (names_.size() < limits::kOpenElementsMax) names_.push_back(name);
    if (IsForeignRoot(name)) ++foreign_;
  }
  void Close(std::string_view name) {
    const auto found = std::find_if(names_.rbegin(), names_.rend(), [&](std::string_view open) {
      return EqualsIgnoreCase(open, name);
    });
    if (found == names_.rend()) return;
    const auto keep = static_cast<std::size_t>(names_.rend() - found) - 1;
    while (names_.size() > keep) {
      if (IsForeignRoot(names_.back())) --foreign_;
      names_.pop_back();
    }
  }
  bool InForeign() const { return foreign_ > 0; }
  std::string_view Innermost() const {
    if (names_.empty()) return {};
    return EqualsIgnoreCase(names_.back(), "head") ? std::string_view("head") : names_.back();
  }

 private:
  static bool IsForeignRoot(std::string_view name) {
    return EqualsIgnoreCase(name, "svg") || EqualsIgnoreCase(name, "math");
  }
  static bool IsVoid(std::string_view name) {
    return html::Is(html::ElementOf(name), html::kVoidElement);
  }

  std::vector<std::string_view> names_;
  int foreign_ = 0;
};

class Finder {
 public:
  Finder(std::string_view body, Arena& arena) : body_(body), arena_(arena), tokenizer_(body) {}

  std::span<const RslElement> Run() {
    for (;;) {
      const Token& token = tokenizer_.Next();
      if (token.kind == TokenKind::kEnd || found_.size() >= limits::kRightsLinksMax) break;
      switch (token.kind) {
        case TokenKind::kStartTag:
          Start(token);
          break;
        case TokenKind::kEndTag:
          open_.Close(token.name);
          break;
        case TokenKind::kText:
          Text(token);
          break;
        default:
          break;
      }
      tokenizer_.SetForeign(open_.InForeign());
    }
    return arena_.CopySpan(std::span<const RslElement>(found_));
  }

 private:
  void Start(const Token& token) {
    in_script_ = false;
    const bool link = EqualsIgnoreCase(token.name, "link");
    if (link || EqualsIgnoreCase(token.name, "script")) Keep(token, !link);
    open_.Open(token.name, token.self_closing);
  }

  void Keep(const Token& token, bool is_script) {
    const html::TagAttributes attributes = html::PickAttributes(token.attributes);
    RslElement element;
    element.is_script = is_script;
    element.rel = Value(attributes.rel);
    element.type = Value(attributes.type);
    const bool wanted = is_script
                            ? FindIgnoreCase(element.type, kMediaType) == 0
                            : FindIgnoreCase(element.rel, "license") != std::string_view::npos;
    if (!wanted) return;
    element.href = Value(attributes.href);
    element.parent = arena_.Copy(AsciiLowerCopy(open_.Innermost()));
    element.line = Line(token.offset);
    found_.push_back(element);
    in_script_ = is_script;
  }

  // The text of a script may come in pieces that follow one another.
  void Text(const Token& token) {
    if (!in_script_) return;
    std::string_view& text = found_.back().text;
    text = text.empty() ? token.data
                        : body_.substr(static_cast<std::size_t>(text.data() - body_.data()),
                                       text.size() + token.data.size());
  }

  std::string_view Value(std::string_view raw) {
    if (raw.empty()) return {};
    return arena_.Copy(
        Utf8Prefix(html::AttributeValue(raw.substr(0, limits::kMetaContentBytesMax), scratch_),
                   limits::kMetaContentBytesMax));
  }

  std::uint32_t Line(std::size_t offset) {
    line_ += static_cast<std::uint32_t>(
        std::count(body_.begin() + static_cast<std::ptrdiff_t>(counted_),
                   body_.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
    counted_ = offset;
    return line_;
  }

  std::string_view body_;
  Arena& arena_;
  html::Tokenizer tokenizer_;
  OpenNames open_;
  std::vector<RslElement> found_;
  std::string scratch_;
  bool in_script_ = false;
  std::size_t counted_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace

std::span<const RslElement> FindRslElements(std::string_view body, Arena& arena) {
  return Finder(body, arena).Run();
}

}  // namespace crawlcard::page
