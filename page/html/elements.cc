// page/html/elements.cc - see elements.h.
#include "page/html/elements.h"

#include <array>
#include <cstddef>
#include <span>

#include "base/text.h"
#include "page/html/packed_name.h"

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
    {"a", Element::kA, kEndsOwnKind},
    {"address", Element::kAddress, kSpecialElement | kClosesParagraph | kBlockElement},
    {"applet", Element::kApplet, kSpecialElement | kScopeBarrier},
    {"area", Element::kArea, kVoidElement | kSpecialElement},
    {"article", Element::kArticle, kSpecialElement | kClosesParagraph | kBlockElement},
    {"aside", Element::kAside, kSpecialElement | kClosesParagraph | kBlockElement | kRegionElement},
    {"base", Element::kBase, kVoidElement | kSpecialElement | kHeadElement | kReadElement},
    {"basefont", Element::kBasefont, kVoidElement | kSpecialElement | kHeadElement},
    {"bgsound", Element::kBgsound, kVoidElement | kSpecialElement | kHeadElement},
    {"blockquote", Element::kBlockquote,
     kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"body", Element::kBody, kSpecialElement | kBlockElement | kRootElement | kLeavesForeign},
    {"br", Element::kBr, kVoidElement | kSpecialElement | kBlockElement | kLeavesForeign},
    {"button", Element::kButton, kSpecialElement | kBlockElement},
    {"caption", Element::kCaption, kSpecialElement | kScopeBarrier | kBlockElement},
    {"center", Element::kCenter,
     kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"col", Element::kCol, kVoidElement | kSpecialElement},
    {"colgroup", Element::kColgroup, kSpecialElement},
    {"dd", Element::kDd,
     kSpecialElement | kClosesParagraph | kBlockElement | kEndsOwnKind | kLeavesForeign},
    {"details", Element::kDetails, kSpecialElement | kClosesParagraph | kBlockElement},
    {"dialog", Element::kDialog, kClosesParagraph | kBlockElement},
    {"dir", Element::kDir, kSpecialElement | kClosesParagraph | kBlockElement},
    {"div", Element::kDiv, kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"dl", Element::kDl, kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"dt", Element::kDt,
     kSpecialElement | kClosesParagraph | kBlockElement | kEndsOwnKind | kLeavesForeign},
    {"embed", Element::kEmbed, kVoidElement | kSpecialElement | kLeavesForeign},
    {"fieldset", Element::kFieldset, kSpecialElement | kClosesParagraph | kBlockElement},
    {"figcaption", Element::kFigcaption,
     kSpecialElement | kClosesParagraph | kBlockElement | kRegionElement},
    {"figure", Element::kFigure,
     kSpecialElement | kClosesParagraph | kBlockElement | kRegionElement},
    {"footer", Element::kFooter,
     kSpecialElement | kClosesParagraph | kBlockElement | kRegionElement},
    {"form", Element::kForm, kSpecialElement | kClosesParagraph | kBlockElement},
    {"frame", Element::kFrame, kVoidElement | kSpecialElement},
    {"frameset", Element::kFrameset, kSpecialElement},
    {"h1", Element::kH1, kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"h2", Element::kH2, kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"h3", Element::kH3, kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"h4", Element::kH4, kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"h5", Element::kH5, kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"h6", Element::kH6, kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"head", Element::kHead, kSpecialElement | kHeadElement | kRootElement | kLeavesForeign},
    {"header", Element::kHeader,
     kSpecialElement | kClosesParagraph | kBlockElement | kRegionElement},
    {"hr", Element::kHr,
     kVoidElement | kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"html", Element::kHtml,
     kSpecialElement | kScopeBarrier | kBlockElement | kHeadElement | kRootElement | kReadElement},
    {"iframe", Element::kIframe,
     kSpecialElement | kBlockElement | kHiddenElement | kRawTextElement},
    {"img", Element::kImg, kVoidElement | kSpecialElement | kLeavesForeign},
    {"input", Element::kInput, kVoidElement | kSpecialElement},
    {"li", Element::kLi,
     kSpecialElement | kClosesParagraph | kBlockElement | kEndsOwnKind | kLeavesForeign},
    {"link", Element::kLink, kVoidElement | kSpecialElement | kHeadElement},
    {"main", Element::kMain, kSpecialElement | kClosesParagraph | kBlockElement},
    {"marquee", Element::kMarquee, kSpecialElement | kScopeBarrier},
    {"math", Element::kMath, kScopeBarrier | kForeignRoot},
    {"menu", Element::kMenu, kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"meta", Element::kMeta,
     kVoidElement | kSpecialElement | kHeadElement | kReadElement | kLeavesForeign},
    {"nav", Element::kNav, kSpecialElement | kClosesParagraph | kBlockElement},
    {"noembed", Element::kNoembed, kSpecialElement | kHiddenElement | kRawTextElement},
    {"noframes", Element::kNoframes,
     kSpecialElement | kHeadElement | kHiddenElement | kRawTextElement},
    {"noscript", Element::kNoscript, kSpecialElement | kHeadElement},
    {"object", Element::kObject, kSpecialElement | kScopeBarrier | kBlockElement},
    {"ol", Element::kOl, kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"option", Element::kOption, kBlockElement},
    {"p", Element::kP, kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"param", Element::kParam, kVoidElement | kSpecialElement},
    {"plaintext", Element::kPlaintext,
     kSpecialElement | kClosesParagraph | kBlockElement | kRawTextElement},
    {"pre", Element::kPre, kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"script", Element::kScript, kSpecialElement | kHeadElement | kHiddenElement | kRawTextElement},
    {"search", Element::kSearch, kSpecialElement | kClosesParagraph | kBlockElement},
    {"section", Element::kSection, kSpecialElement | kClosesParagraph | kBlockElement},
    {"select", Element::kSelect, kSpecialElement | kBlockElement},
    {"source", Element::kSource, kVoidElement | kSpecialElement},
    {"style", Element::kStyle, kSpecialElement | kHeadElement | kHiddenElement | kRawTextElement},
    {"summary", Element::kSummary, kSpecialElement | kClosesParagraph | kBlockElement},
    {"svg", Element::kSvg, kScopeBarrier | kForeignRoot},
    {"table", Element::kTable,
     kSpecialElement | kScopeBarrier | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"tbody", Element::kTbody, kSpecialElement | kBlockElement},
    {"td", Element::kTd, kSpecialElement | kScopeBarrier | kBlockElement},
    {"template", Element::kTemplate,
     kSpecialElement | kScopeBarrier | kHeadElement | kHiddenElement},
    {"textarea", Element::kTextarea, kSpecialElement | kBlockElement | kRawTextElement},
    {"tfoot", Element::kTfoot, kSpecialElement | kBlockElement},
    {"th", Element::kTh, kSpecialElement | kScopeBarrier | kBlockElement},
    {"thead", Element::kThead, kSpecialElement | kBlockElement},
    {"title", Element::kTitle,
     kSpecialElement | kHeadElement | kHiddenElement | kRawTextElement | kHoldsHtml},
    {"tr", Element::kTr, kSpecialElement | kBlockElement},
    {"track", Element::kTrack, kVoidElement | kSpecialElement},
    {"ul", Element::kUl, kSpecialElement | kClosesParagraph | kBlockElement | kLeavesForeign},
    {"wbr", Element::kWbr, kVoidElement | kSpecialElement},
    {"xmp", Element::kXmp, kSpecialElement | kClosesParagraph | kBlockElement | kRawTextElement},
};
// Of other names, those that matter inside svg and math.
constexpr Row kOtherRows[] = {
    {"b", Element::kOther, kLeavesForeign},
    {"big", Element::kOther, kLeavesForeign},
    {"code", Element::kOther, kLeavesForeign},
    {"em", Element::kOther, kLeavesForeign},
    {"i", Element::kOther, kLeavesForeign},
    {"listing", Element::kOther, kLeavesForeign},
    {"nobr", Element::kOther, kLeavesForeign},
    {"ruby", Element::kOther, kLeavesForeign},
    {"s", Element::kOther, kLeavesForeign},
    {"small", Element::kOther, kLeavesForeign},
    {"span", Element::kOther, kLeavesForeign},
    {"strike", Element::kOther, kLeavesForeign},
    {"strong", Element::kOther, kLeavesForeign},
    {"sub", Element::kOther, kLeavesForeign},
    {"sup", Element::kOther, kLeavesForeign},
    {"tt", Element::kOther, kLeavesForeign},
    {"u", Element::kOther, kLeavesForeign},
    {"var", Element::kOther, kLeavesForeign},
    {"annotation-xml", Element::kOther, kHoldsHtml},
    {"desc", Element::kOther, kHoldsHtml},
    {"foreignobject", Element::kOther, kHoldsHtml},
    {"mi", Element::kOther, kHoldsHtml},
    {"mn", Element::kOther, kHoldsHtml},
    {"mo", Element::kOther, kHoldsHtml},
    {"ms", Element::kOther, kHoldsHtml},
    {"mtext", Element::kOther, kHoldsHtml},
};
constexpr std::size_t kRowCount = std::size(kRows);
static_assert(kRowCount + 1 == static_cast<std::size_t>(Element::kCount));

// Where a name is looked for. The multiplier gives every name a slot of its own.
constexpr std::uint64_t kMultiplier = 0xE2905E62D61ED503ULL;
constexpr unsigned kSlotBits = 9;
constexpr std::size_t SlotOf(const PackedName& name) {
  return static_cast<std::size_t>(name.Hash(kMultiplier) >> (64 - kSlotBits));
}

struct Slot {
  PackedName name;
  std::uint8_t size = 0;  // 0: none of these names
  Element element = Element::kOther;
  std::uint16_t classes = 0;
};
using Slots = std::array<Slot, std::size_t{1} << kSlotBits>;
// False: two names in one slot.
constexpr bool FillSlots(std::span<const Row> rows, Slots& slots_out) {
  for (const Row& row : rows) {
    const PackedName name = PackName(row.name);
    Slot& slot = slots_out[SlotOf(name)];
    if (slot.size != 0) return false;
    slot = {name, static_cast<std::uint8_t>(row.name.size()), row.element, row.classes};
  }
  return true;
}
constexpr Slots MakeSlots() {
  Slots slots{};
  if (!FillSlots(kRows, slots) || !FillSlots(kOtherRows, slots)) return {};  // caught below
  return slots;
}
constexpr auto kSlots = MakeSlots();
static_assert(kSlots[SlotOf(PackName("a"))].element == Element::kA, "names share a slot");

constexpr bool RowsMatchEnum() {
  for (std::size_t i = 0; i < kRowCount; ++i) {
    if (static_cast<std::size_t>(kRows[i].element) != i + 1) return false;
  }
  return true;
}
static_assert(RowsMatchEnum());

Element ElementOf(const PackedName& name, std::size_t size) {
  const Slot& slot = kSlots[SlotOf(name)];
  return slot.name == name && slot.size == size ? slot.element : Element::kOther;
}

}  // namespace

Element ElementOf(std::string_view name) {
  if (name.empty() || name.size() > kPackedBytesMax) return Element::kOther;
  return ElementOf(PackName(name), name.size());
}

namespace {

// The hashes of kOther have the highest bit, and those of elements are their numbers.
NameKey KeyOfOther(std::uint64_t hash, std::size_t size, std::uint16_t classes) {
  constexpr std::uint32_t kOtherBit = 0x80000000U;
  const std::uint32_t number =
      (static_cast<std::uint32_t>(hash >> 32) + static_cast<std::uint32_t>(size)) | kOtherBit;
  return {Element::kOther, SlotOf(Element::kOther, number), classes, number};
}

}  // namespace

NameKey KeyOfName(std::string_view name, const char* end) {
  if (name.size() > kPackedBytesMax) {
    std::uint64_t hash = name.size();
    for (const char c : name) {
      hash = (hash ^ static_cast<unsigned char>(AsciiLower(c))) * kMultiplier;
    }
    return KeyOfOther(hash, 0, 0);
  }
  const PackedName packed = PackNameIn(name, end);
  const std::uint64_t hash = packed.Hash(kMultiplier);
  const Slot& slot = kSlots[hash >> (64 - kSlotBits)];
  const bool is_listed = slot.name == packed && slot.size == name.size();
  if (!is_listed || slot.element == Element::kOther) {
    return KeyOfOther(hash, name.size(), is_listed ? slot.classes : std::uint16_t{0});
  }
  return {slot.element, SlotOf(slot.element), slot.classes,
          static_cast<std::uint32_t>(slot.element)};
}

namespace internal {
constinit const std::array<std::uint16_t, static_cast<std::size_t>(Element::kCount)>
    kElementClasses = [] {
      std::array<std::uint16_t, static_cast<std::size_t>(Element::kCount)> classes{};
      for (const Row& row : kRows) classes[static_cast<std::size_t>(row.element)] = row.classes;
      return classes;
    }();
}  // namespace internal

}  // namespace crawlcard::page::html
