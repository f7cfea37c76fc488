// page/html/elements.h - the HTML elements this room knows, as small numbers with their classes.
//
// Names not listed share Element::kOther, some of them with classes of their own. Source of the
// classes: HTML Standard, sections 13.1.2 (void elements), 13.2.4.2 (special elements, scopes)
// and 13.2.6.4.7 (what closes a paragraph). Thread rule: thread-safe.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace crawlcard::page::html {

enum class Element : std::uint8_t {
  kOther,
  kA,
  kAddress,
  kApplet,
  kArea,
  kArticle,
  kAside,
  kBase,
  kBasefont,
  kBgsound,
  kBlockquote,
  kBody,
  kBr,
  kButton,
  kCaption,
  kCenter,
  kCol,
  kColgroup,
  kDd,
  kDetails,
  kDialog,
  kDir,
  kDiv,
  kDl,
  kDt,
  kEmbed,
  kFieldset,
  kFigcaption,
  kFigure,
  kFooter,
  kForm,
  kFrame,
  kFrameset,
  kH1,
  kH2,
  kH3,
  kH4,
  kH5,
  kH6,
  kHead,
  kHeader,
  kHr,
  kHtml,
  kIframe,
  kImg,
  kInput,
  kLi,
  kLink,
  kMain,
  kMarquee,
  kMath,
  kMenu,
  kMeta,
  kNav,
  kNoembed,
  kNoframes,
  kNoscript,
  kObject,
  kOl,
  kOption,
  kP,
  kParam,
  kPlaintext,
  kPre,
  kScript,
  kSearch,
  kSection,
  kSelect,
  kSource,
  kStyle,
  kSummary,
  kSvg,
  kTable,
  kTbody,
  kTd,
  kTemplate,
  kTextarea,
  kTfoot,
  kTh,
  kThead,
  kTitle,
  kTr,
  kTrack,
  kUl,
  kWbr,
  kXmp,
  kCount,
};

// `name` in any case.
Element ElementOf(std::string_view name);

// Classes, as bits.
enum ElementClass : std::uint16_t {
  kVoidElement = 1 << 0,     // has no end tag
  kSpecialElement = 1 << 1,  // an end tag of an ordinary element does not reach past it
  kScopeBarrier = 1 << 2,    // the end tag of a block does not reach past it
  kClosesParagraph = 1 << 3,
  kBlockElement = 1 << 4,    // begins and ends a line of text
  kHeadElement = 1 << 5,     // may stand in head
  kHiddenElement = 1 << 6,   // its content is no visible text
  kRawTextElement = 1 << 7,  // its content is no markup
  kRegionElement = 1 << 8,   // a part of the page by its name (page/html/open_elements.h)
  kEndsOwnKind = 1 << 9,     // a start tag ends an open element of the same kind
  kRootElement = 1 << 10,    // html, head and body: no end tag of theirs closes them
  kReadElement = 1 << 11,    // its attributes always count
  kForeignRoot = 1 << 12,    // svg and math: what is inside is not HTML
  kLeavesForeign = 1 << 13,  // a start tag ends svg and math (13.2.6.5)
  kHoldsHtml = 1 << 14,      // inside svg and math, what is inside is HTML again (13.2.4.2)
};
namespace internal {
extern const std::array<std::uint16_t, static_cast<std::size_t>(Element::kCount)> kElementClasses;
}  // namespace internal

inline std::uint16_t ClassesOf(Element element) {
  return internal::kElementClasses[static_cast<std::size_t>(element)];
}
inline bool Is(Element element, ElementClass wanted) {
  return (ClassesOf(element) & wanted) != 0;
}

// Where elements of a kind are counted: names of kOther share some places by their hashes, and dt
// and dd have one place, since either ends the other.
inline constexpr std::size_t kOtherSlots = 64;
inline constexpr std::size_t kElementSlots =
    static_cast<std::size_t>(Element::kCount) + kOtherSlots;
constexpr std::uint8_t SlotOf(Element element, std::uint32_t hash = 0) {
  if (element == Element::kOther) {
    return static_cast<std::uint8_t>(static_cast<std::size_t>(Element::kCount) +
                                     hash % kOtherSlots);
  }
  return static_cast<std::uint8_t>(element == Element::kDt ? Element::kDd : element);
}

// A name as numbers: its element with its slot and classes, and a hash that tells all names apart,
// those of kOther nearly. Classes of kOther are those that matter inside svg and math alone.
struct NameKey {
  Element element = Element::kOther;
  std::uint8_t slot = 0;
  std::uint16_t classes = 0;
  std::uint32_t hash = 0;

  bool Is(std::uint16_t wanted) const { return (classes & wanted) != 0; }
};
// What stands behind "</" in the end tag of an element: its name, written as in its start tag, and
// '>'; as a number, the first byte lowest.
struct EndTagText {
  std::uint64_t text = 0;
  std::uint64_t mask = ~std::uint64_t{0};  // the bytes that count

  // Of eight bytes behind "</", the first of which is a letter: no tag is one that was not set.
  bool IsIn(std::uint64_t bytes) const { return ((bytes ^ text) & mask) == 0; }
  std::size_t size() const { return static_cast<std::size_t>(std::popcount(mask)) / 8; }
};
// Of a name that is a number itself, without zero bytes above: of seven bytes at most, else not
// set.
constexpr EndTagText EndTagOf(std::uint64_t name) {
  const auto bits = static_cast<unsigned>(std::bit_width(name) + 7) / 8 * 8;
  if (bits == 0 || bits > 56) return {};
  return {name | std::uint64_t{'>'} << bits, ~std::uint64_t{0} >> (56 - bits)};
}

// Of a name, in any case, in a text that ends at `end`.
NameKey KeyOfName(std::string_view name, const char* end);

}  // namespace crawlcard::page::html
