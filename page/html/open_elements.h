// page/html/open_elements.h - which elements are open, near enough to the tree builder's stack.
//
// Follows start and end tags without building a tree: end tags find their element across unclosed
// ones, tables and templates bound their reach, p and li close by themselves, head ends where the
// standard ends it, svg and math are foreign. What it leaves out: the adoption agency, foster
// parenting, and the select modes; none moves a meta or a licence link between regions.
//
//   html  body  div.comments  aside  p        innermost last
//               ^ region      ^ region
//
// At most limits::kOpenElementsMax entries; deeper elements are counted, not kept.
// Thread rule: thread-compatible.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "page/html/elements.h"
#include "page/limits.h"

namespace crawlcard::page::html {

// Parts of a page that change what a licence there speaks about.
enum class Region : std::uint8_t {
  kBody,
  kHead,
  kHeader,
  kFooter,
  kAside,
  kFigcaption,
  kFigure,
  kComments,
  kCount,
};
std::string_view RegionName(Region region);

// Where the tree builder would be (HTML Standard, 13.2.4.1, the modes up to "in body").
enum class Phase : std::uint8_t { kBeforeHead, kInHead, kInHeadNoscript, kAfterHead, kInBody };

// What the caller knows about an element it opens.
struct ElementMarks {
  Region region = Region::kBody;  // kBody: no region of its own
  std::int32_t item = -1;         // a microdata or RDFa subject; -1: none of its own
  bool licence_link = false;      // an <a> that names a licence
};

// What changes when an element ends, beside the counts of its kind; bits.
struct Leaving {
  static constexpr std::uint8_t kPlain = 0;
  static constexpr std::uint8_t kState = 1;         // the item, or whether content is foreign
  static constexpr std::uint8_t kOuterForeign = 2;  // it is foreign outside
  static constexpr std::uint8_t kLicenceLink = 4;
  static constexpr std::uint8_t kCounted = 8;  // has a region, is hidden or a licence link
};
// Small: pages push some thousand of them.
struct OpenElement {
  NameKey key;
  EndTagText end_tag;  // set for those alone that leave nothing behind
  Region region = Region::kBody;
  std::uint8_t leaving = Leaving::kPlain;
  std::uint8_t end_tag_bytes = 0;
  std::int32_t outer_item = -1;

  bool outer_foreign() const { return (leaving & Leaving::kOuterForeign) != 0; }
  bool licence_link() const { return (leaving & Leaving::kLicenceLink) != 0; }
};
static_assert(sizeof(OpenElement) <= 32);

class OpenElements {
 public:
  OpenElements();
  void Reset();

  // Moves the phase and closes what `name` closes by itself. Call before asking where the tag
  // stands. Returns the element of the name, or kOther for foreign ones.
  Element Enter(const NameKey& name);

  // Pushes the element just entered, unless it is void or closed itself.
  void Push(Element element, const NameKey& name, bool self_closing, const ElementMarks& marks);

  // In the body, in no svg or math, and nothing but what is kept is open: where the two below do.
  bool is_plain() const { return phase_ == Phase::kInBody && !foreign_ && overflow_ == 0; }
  // Enter() and Push() for such a place, of an element without marks: if that changes no more than
  // the stack and the counts. Else nothing is done, and false.
  // `element` is copied as a whole, but for its item.
  [[gnu::always_inline]] bool PushPlain(const OpenElement& element) {
    const NameKey& key = element.key;
    // The kinds of tags are hard to foretell: rather arithmetic than a branch for each.
    const unsigned closing = (Count(Element::kP) > 0 ? unsigned{kClosesParagraph} : 0U) |
                             (counts_[key.slot] > 0 ? unsigned{kEndsOwnKind} : 0U);
    if (key.Is(static_cast<std::uint16_t>(kNotPlain | closing)) && !BeginsInnerList(key)) {
      return false;
    }
    if (depth_ >= limits::kOpenElementsMax) return false;
    const unsigned pushed = key.Is(kVoidElement) ? 0 : 1;
    stack_[depth_] = element;
    stack_[depth_].outer_item = item_;
    depth_ += pushed;
    counts_[key.slot] += pushed;
    return true;
  }
  // Close(), in the same way, for an end tag that begins with `bytes` behind its "</": the
  // innermost element, if it is the one that ends, whose entry is good until the next push. Else
  // null.
  [[gnu::always_inline]] const OpenElement* PopWritten(std::uint64_t bytes) {
    if (depth_ == 0 || !stack_[depth_ - 1].end_tag.IsIn(bytes)) return nullptr;
    --depth_;
    const OpenElement& top = stack_[depth_];
    --counts_[top.key.slot];
    return &top;
  }
  // The same for an end tag written in any way.
  [[gnu::always_inline]] bool PopPlain(const NameKey& key) {
    if (depth_ == 0) return false;
    const OpenElement& top = stack_[depth_ - 1];
    if (top.key.hash != key.hash || top.leaving != Leaving::kPlain) return false;
    --depth_;
    --counts_[top.key.slot];
    return true;
  }

  void Close(const NameKey& key) {
    // Nearly always what ends is the innermost element.
    if (depth_ > 0 && overflow_ == 0 && phase_ == Phase::kInBody &&
        stack_[depth_ - 1].key.hash == key.hash) {
      PopOne();
    } else {
      CloseAnywhere(key);
    }
  }

  // Text other than white space ends the head.
  void Text();

  Phase phase() const { return phase_; }
  bool in_foreign() const { return foreign_; }
  bool in_template() const { return Count(Element::kTemplate) > 0; }
  // Inside title, script, style and the like: no visible text.
  bool in_hidden() const { return hidden_ > 0; }
  bool in_licence_link() const { return licence_links_ > 0; }
  bool in_noscript() const { return Count(Element::kNoscript) > 0; }
  bool has_body() const { return phase_ == Phase::kInBody; }

  // The part that limits what is said there: comments, aside, figure parts, else the innermost of
  // header and footer, else body; kHead in head.
  Region region() const;

  // The innermost item, or -1.
  std::int32_t item() const { return item_; }

 private:
  // Elements that need more than PushPlain().
  static constexpr unsigned kNotPlain = kRootElement | kHiddenElement | kForeignRoot |
                                        kRegionElement | kReadElement | kRawTextElement;

  // The first item of a list inside an item ends nothing.
  bool BeginsInnerList(const NameKey& key) const {
    if (key.element != Element::kLi || Count(Element::kP) > 0 || depth_ == 0) return false;
    const Element top = stack_[depth_ - 1].key.element;
    return top == Element::kUl || top == Element::kOl;
  }
  std::size_t Count(Element element) const { return counts_[SlotOf(element)]; }
  void CloseAnywhere(const NameKey& key);
  void MovePhase(Element element);
  void CloseImplied(Element element);
  void PopTo(std::size_t size);
  void PopOne() {
    CRAWLCARD_ASSERT(depth_ > 0);
    const OpenElement& entry = stack_[--depth_];
    --counts_[entry.key.slot];
    if (entry.leaving != Leaving::kPlain) Leave(entry);
  }
  void Leave(const OpenElement& entry);
  // Pops up to and with the innermost `element`, unless a barrier stands before it.
  void PopInScope(Element element);

  Phase phase_ = Phase::kBeforeHead;
  bool foreign_ = false;
  std::uint32_t hidden_ = 0;
  std::uint32_t licence_links_ = 0;
  std::int32_t item_ = -1;
  std::size_t overflow_ = 0;        // open elements past the limit
  std::vector<OpenElement> stack_;  // of its full size from the start
  std::size_t depth_ = 0;           // entries in use
  std::array<std::uint32_t, kElementSlots> counts_{};
  std::array<std::uint32_t, static_cast<std::size_t>(Region::kCount)> regions_{};  // but kBody
};

}  // namespace crawlcard::page::html
