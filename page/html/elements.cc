// page/html/elements.cc - see elements.h.
#include "page/html/elements.h"

#include <array>
#include <cstddef>

#include "base/text.h"

namespace crawlcard::page::html {
namespace {

struct Row {
  std::string_view name;
  Element element;
  std::uint16_t classes;
};

// Ordered by name; the order of enum Element is the same.
// Hidden: rendered nowhere (script, style, template) or not in the page's own text (title, and the
// fall-back content of iframe, noembed and noframes, which browsers skip).
constexpr Row kRows[] = {
    {"a", Element::kA, 0},
    {"address", Element::kAddress, kSpecialElement | kClosesParagraph | kBlockElement},
    {"applet", Element::kApplet, kSpecialElement | kScopeBarrier},
    {"area", Element::kArea, kVoidElement | kSpecialElement},
    {"article", Element::kArticle, kSpecialElement | kClosesParagraph | kBlockElement},
    {"aside", Element::kAside, kSpecialElement | kClosesParagraph | kBlockElement},
    {"base", Element::kBase, kVoidElement | kSpecialElement | kHeadElement},
    {"basefont", Element::kBasefont, kVoidElement | kSpecialElement | kHeadElement},
    {"bgsound", Element::kBgsound, kVoidElement | kSpecialElement | kHeadElement},
    {"blockquote", Element::kBlockquote, kSpecialElement | kClosesParagraph | kBlockElement},
    {"body", Element::kBody, kSpecialElement | kBlockElement},
    {"br", Element::kBr, kVoidElement | kSpecialElement | kBlockElement},
    {"button", Element::kButton, kSpecialElement | kBlockElement},
    {"caption", Element::kCaption, kSpecialElement | kScopeBarrier | kBlockElement},
    {"center", Element::kCenter, kSpecialElement | kClosesParagraph | kBlockElement},
    {"col", Element::kCol, kVoidElement | kSpecialElement},
    {"colgroup", Element::kColgroup, kSpecialElement},
    {"dd", Element::kDd, kSpecialElement | kClosesParagraph | kBlockElement},
    {"details", Element::kDetails, kSpecialElement | kClosesParagraph | kBlockElement},
    {"dialog", Element::kDialog, kClosesParagraph | kBlockElement},
    {"dir", Element::kDir, kSpecialElement | kClosesParagraph | kBlockElement},
    {"div", Element::kDiv, kSpecialElement | kClosesParagraph | kBlockElement},
    {"dl", Element::kDl, kSpecialElement | kClosesParagraph | kBlockElement},
    {"dt", Element::kDt, kSpecialElement | kClosesParagraph | kBlockElement},
    {"embed", Element::kEmbed, kVoidElement | kSpecialElement},
    {"fieldset", Element::kFieldset, kSpecialElement | kClosesParagraph | kBlockElement},
    {"figcaption", Element::kFigcaption, kSpecialElement | kClosesParagraph | kBlockElement},
    {"figure", Element::kFigure, kSpecialElement | kClosesParagraph | kBlockElement},
    {"footer", Element::kFooter, kSpecialElement | kClosesParagraph | kBlockElement},
    {"form", Element::kForm, kSpecialElement | kClosesParagraph | kBlockElement},
    {"frame", Element::kFrame, kVoidElement | kSpecialElement},
    {"frameset", Element::kFrameset, kSpecialElement},
    {"h1", Element::kH1, kSpecialElement | kClosesParagraph | kBlockElement},
    {"h2", Element::kH2, kSpecialElement | kClosesParagraph | kBlockElement},
    {"h3", Element::kH3, kSpecialElement | kClosesParagraph | kBlockElement},
    {"h4", Element::kH4, kSpecialElement | kClosesParagraph | kBlockElement},
    {"h5", Element::kH5, kSpecialElement | kClosesParagraph | kBlockElement},
    {"h6", Element::kH6, kSpecialElement | kClosesParagraph | kBlockElement},
    {"head", Element::kHead, kSpecialElement | kHeadElement},
    {"header", Element::kHeader, kSpecialElement | kClosesParagraph | kBlockElement},
    {"hr", Element::kHr, kVoidElement | kSpecialElement | kClosesParagraph | kBlockElement},
    {"html", Element::kHtml, kSpecialElement | kScopeBarrier | kBlockElement | kHeadElement},
    {"iframe", Element::kIframe, kSpecialElement | kBlockElement | kHiddenElement},
    {"img", Element::kImg, kVoidElement | kSpecialElement},
    {"input", Element::kInput, kVoidElement | kSpecialElement},
    {"li", Element::kLi, kSpecialElement | kClosesParagraph | kBlockElement},
    {"link", Element::kLink, kVoidElement | kSpecialElement | kHeadElement},
    {"main", Element::kMain, kSpecialElement | kClosesParagraph | kBlockElement},
    {"marquee", Element::kMarquee, kSpecialElement | kScopeBarrier},
    {"math", Element::kMath, kScopeBarrier},
    {"menu", Element::kMenu, kSpecialElement | kClosesParagraph | kBlockElement},
    {"meta", Element::kMeta, kVoidElement | kSpecialElement | kHeadElement},
    {"nav", Element::kNav, kSpecialElement | kClosesParagraph | kBlockElement},
    {"noembed", Element::kNoembed, kSpecialElement | kHiddenElement},
    {"noframes", Element::kNoframes, kSpecialElement | kHeadElement | kHiddenElement},
    {"noscript", Element::kNoscript, kSpecialElement | kHeadElement},
    {"object", Element::kObject, kSpecialElement | kScopeBarrier | kBlockElement},
    {"ol", Element::kOl, kSpecialElement | kClosesParagraph | kBlockElement},
    {"option", Element::kOption, kBlockElement},
    {"p", Element::kP, kSpecialElement | kClosesParagraph | kBlockElement},
    {"param", Element::kParam, kVoidElement | kSpecialElement},
    {"plaintext", Element::kPlaintext, kSpecialElement | kClosesParagraph | kBlockElement},
    {"pre", Element::kPre, kSpecialElement | kClosesParagraph | kBlockElement},
    {"script", Element::kScript, kSpecialElement | kHeadElement | kHiddenElement},
    {"search", Element::kSearch, kSpecialElement | kClosesParagraph | kBlockElement},
    {"section", Element::kSection, kSpecialElement | kClosesParagraph | kBlockElement},
    {"select", Element::kSelect, kSpecialElement | kBlockElement},
    {"source", Element::kSource, kVoidElement | kSpecialElement},
    {"style", Element::kStyle, kSpecialElement | kHeadElement | kHiddenElement},
    {"summary", Element::kSummary, kSpecialElement | kClosesParagraph | kBlockElement},
    {"svg", Element::kSvg, kScopeBarrier},
    {"table", Element::kTable, kSpecialElement | kScopeBarrier | kClosesParagraph | kBlockElement},
    {"tbody", Element::kTbody, kSpecialElement | kBlockElement},
    {"td", Element::kTd, kSpecialElement | kScopeBarrier | kBlockElement},
    {"template", Element::kTemplate,
     kSpecialElement | kScopeBarrier | kHeadElement | kHiddenElement},
    {"textarea", Element::kTextarea, kSpecialElement | kBlockElement},
    {"tfoot", Element::kTfoot, kSpecialElement | kBlockElement},
    {"th", Element::kTh, kSpecialElement | kScopeBarrier | kBlockElement},
    {"thead", Element::kThead, kSpecialElement | kBlockElement},
    {"title", Element::kTitle, kSpecialElement | kHeadElement | kHiddenElement},
    {"tr", Element::kTr, kSpecialElement | kBlockElement},
    {"track", Element::kTrack, kVoidElement | kSpecialElement},
    {"ul", Element::kUl, kSpecialElement | kClosesParagraph | kBlockElement},
    {"wbr", Element::kWbr, kVoidElement | kSpecialElement},
    {"xmp", Element::kXmp, kSpecialElement | kClosesParagraph | kBlockElement},
};
constexpr std::size_t kRowCount = std::size(kRows);
static_assert(kRowCount + 1 == static_cast<std::size_t>(Element::kCount));

constexpr std::size_t kNameBytesMax = 10;

// First row of each first letter, so that a lookup looks at a few rows only.
constexpr std::array<std::uint8_t, 27> MakeLetterIndex() {
  std::array<std::uint8_t, 27> index{};
  std::size_t row = 0;
  for (std::size_t letter = 0; letter < 27; ++letter) {
    while (row < kRowCount && kRows[row].name[0] < static_cast<char>('a' + letter)) ++row;
    index[letter] = static_cast<std::uint8_t>(row);
  }
  return index;
}
constexpr std::array<std::uint8_t, 27> kLetterIndex = MakeLetterIndex();

constexpr bool RowsMatchEnum() {
  for (std::size_t i = 0; i < kRowCount; ++i) {
    if (static_cast<std::size_t>(kRows[i].element) != i + 1) return false;
  }
  return true;
}
static_assert(RowsMatchEnum());

}  // namespace

Element ElementOf(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax || !IsAsciiAlpha(name[0])) return Element::kOther;
  const std::size_t letter = static_cast<std::size_t>(AsciiLower(name[0]) - 'a');
  for (std::size_t row = kLetterIndex[letter]; row < kLetterIndex[letter + 1]; ++row) {
    if (kRows[row].name.size() == name.size() && EqualsIgnoreCase(kRows[row].name, name)) {
      return kRows[row].element;
    }
  }
  return Element::kOther;
}

std::uint16_t ClassesOf(Element element) {
  if (element == Element::kOther) return 0;
  return kRows[static_cast<std::size_t>(element) - 1].classes;
}

}  // namespace crawlcard::page::html
