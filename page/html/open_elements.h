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

class OpenElements {
 public:
  OpenElements();
  void Reset();

  // Moves the phase and closes what `name` closes by itself. Call before asking where the tag
  // stands. `element` is that of `name`. Returns it, or kOther for foreign ones.
  Element Enter(Element element, std::string_view name);

  // Pushes the element just entered, unless it is void or closed itself. Names matter in foreign
  // content alone.
  void Push(const NameKey& key, std::string_view name, bool self_closing,
            const ElementMarks& marks);

  // In the body and in no svg or math, below the limit: where EnterPlain() and PushPlain() do.
  bool in_plain_body() const {
    return phase_ == Phase::kInBody && !foreign_ && depth_ < limits::kOpenElementsMax;
  }
  // Enter() for such a place.
  void EnterPlain(const NameKey& key) {
    const bool ends_paragraph = key.Is(kClosesParagraph) && Count(Element::kP) > 0;
    const bool ends_own =
        key.Is(kEndsOwnKind) && (key.element != Element::kA || Count(key.element) > 0);
    if (ends_paragraph || ends_own) CloseImplied(key.element);
  }
  // Push() for such a place, of an element without marks that is none of a kind of its own.
  void PushPlain(const NameKey& key) {
    stack_[depth_++] = {key.hash, item_, key.element, Region::kBody, false, false, false};
    if (key.element == Element::kOther) ++OtherCount(key.hash);
    ++counts_[static_cast<std::size_t>(key.element)];
  }

  void Close(const NameKey& key) {
    // Nearly always what ends is the innermost element.
    if (depth_ > 0 && overflow_ == 0 && phase_ == Phase::kInBody &&
        IsNamed(stack_[depth_ - 1], key)) {
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
  // Sixteen bytes: pages push some thousand of them.
  struct Entry {
    std::uint32_t name_hash = 0;
    std::int32_t outer_item = -1;
    Element element = Element::kOther;
    Region region = Region::kBody;
    bool outer_foreign = false;
    bool licence_link = false;
    bool counted = false;  // has a region, is hidden or a licence link
  };
  static_assert(sizeof(Entry) <= 16);

  std::size_t Count(Element element) const { return counts_[static_cast<std::size_t>(element)]; }
  // Names of elements that are not known are told apart by their hashes.
  static bool IsNamed(const Entry& entry, const NameKey& key) {
    return entry.element == Element::kOther ? entry.name_hash == key.hash
                                            : entry.element == key.element;
  }
  std::uint32_t& OtherCount(std::uint32_t hash) {
    return other_counts_[hash % other_counts_.size()];
  }
  void CloseAnywhere(const NameKey& key);
  void MovePhase(Element element);
  void CloseImplied(Element element);
  void PopTo(std::size_t size);
  void PopOne() {
    CRAWLCARD_ASSERT(depth_ > 0);
    const Entry& entry = stack_[--depth_];
    if (entry.element == Element::kOther) --OtherCount(entry.name_hash);
    --counts_[static_cast<std::size_t>(entry.element)];
    item_ = entry.outer_item;
    foreign_ = entry.outer_foreign;
    if (entry.counted) Uncount(entry);
  }
  void Uncount(const Entry& entry);
  // Pops up to and with the innermost `element`, unless a barrier stands before it.
  void PopInScope(Element element);

  Phase phase_ = Phase::kBeforeHead;
  bool foreign_ = false;
  std::uint32_t hidden_ = 0;
  std::uint32_t licence_links_ = 0;
  std::int32_t item_ = -1;
  std::size_t overflow_ = 0;  // open elements past the limit
  std::vector<Entry> stack_;  // of its full size from the start
  std::size_t depth_ = 0;     // entries in use
  std::array<std::uint32_t, static_cast<std::size_t>(Element::kCount)> counts_{};
  std::array<std::uint32_t, 64> other_counts_{};  // of kOther, by their names' hashes
  std::array<std::uint32_t, static_cast<std::size_t>(Region::kCount)> regions_{};  // but kBody
};

}  // namespace crawlcard::page::html
