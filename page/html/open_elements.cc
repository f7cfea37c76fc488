// page/html/open_elements.cc - see open_elements.h. Section numbers are those of the HTML Standard.
#include "page/html/open_elements.h"

namespace crawlcard::page::html {
namespace {

// 13.2.6.4.5: what may stand in a noscript of the head.
bool MayStandInHeadNoscript(Element element) {
  switch (element) {
    case Element::kBasefont:
    case Element::kBgsound:
    case Element::kLink:
    case Element::kMeta:
    case Element::kNoframes:
    case Element::kStyle:
    case Element::kHead:
    case Element::kNoscript:
    case Element::kHtml:
      return true;
    default:
      return false;
  }
}

bool IsTableScoped(Element element) {
  switch (element) {
    case Element::kTable:
    case Element::kTbody:
    case Element::kThead:
    case Element::kTfoot:
    case Element::kTr:
    case Element::kTd:
    case Element::kTh:
    case Element::kCaption:
      return true;
    default:
      return false;
  }
}

// Whether an end tag of `wanted` may not reach past `entry`.
bool StopsAt(Element wanted, Element entry) {
  if (IsTableScoped(wanted)) return entry == Element::kTable || entry == Element::kTemplate;
  if (wanted == Element::kTemplate || wanted == Element::kHtml || wanted == Element::kBody) {
    return false;
  }
  if (Is(wanted, kSpecialElement)) return Is(entry, kScopeBarrier);
  return Is(entry, kSpecialElement);
}

}  // namespace

std::string_view RegionName(Region region) {
  static constexpr std::string_view kNames[] = {"body",  "head",       "header", "footer",
                                                "aside", "figcaption", "figure", "comments"};
  return kNames[static_cast<std::size_t>(region)];
}

OpenElements::OpenElements() {
  stack_.resize(limits::kOpenElementsMax);
}

void OpenElements::Reset() {
  phase_ = Phase::kBeforeHead;
  foreign_ = false;
  hidden_ = 0;
  licence_links_ = 0;
  item_ = -1;
  overflow_ = 0;
  depth_ = 0;
  counts_.fill(0);
  regions_.fill(0);
}

Element OpenElements::Enter(const NameKey& key) {
  if (foreign_) {
    if (!key.Is(kLeavesForeign)) return Element::kOther;
    while (foreign_) PopOne();
  }
  const Element element = key.element;
  if (!in_template()) MovePhase(element);
  CloseImplied(element);
  return element;
}

void OpenElements::MovePhase(Element element) {
  if (phase_ == Phase::kInBody || element == Element::kHtml) return;
  if (phase_ == Phase::kInHeadNoscript) {
    if (MayStandInHeadNoscript(element)) return;
    PopInScope(Element::kNoscript);
    phase_ = Phase::kInHead;
  }
  if (element == Element::kHead) {
    if (phase_ == Phase::kBeforeHead) phase_ = Phase::kInHead;
    return;
  }
  if (!Is(element, kHeadElement)) {
    phase_ = Phase::kInBody;
    return;
  }
  if (phase_ == Phase::kBeforeHead) phase_ = Phase::kInHead;
  if (element != Element::kNoscript) return;
  phase_ = phase_ == Phase::kInHead ? Phase::kInHeadNoscript : Phase::kInBody;
}

// Elements that end when another begins (13.2.6.4.7).
void OpenElements::CloseImplied(Element element) {
  if (overflow_ > 0) return;
  if (Is(element, kClosesParagraph) && Count(Element::kP) > 0) PopInScope(Element::kP);
  if (element == Element::kA && Count(Element::kA) > 0) PopInScope(Element::kA);
  const bool closes_li = element == Element::kLi;
  const bool closes_description = element == Element::kDd || element == Element::kDt;
  if (!closes_li && !closes_description) return;
  for (std::size_t i = depth_; i-- > 0;) {
    const Element open = stack_[i].key.element;
    const bool found =
        closes_li ? open == Element::kLi : open == Element::kDd || open == Element::kDt;
    if (found) {
      PopTo(i);
      return;
    }
    const bool passes = open == Element::kAddress || open == Element::kDiv || open == Element::kP;
    if (Is(open, kSpecialElement) && !passes) return;
  }
}

void OpenElements::Push(Element element, const NameKey& name, bool self_closing,
                        const ElementMarks& marks) {
  const bool becomes_foreign = !foreign_ && (element == Element::kSvg || element == Element::kMath);
  if (Is(element, kVoidElement)) return;
  if (self_closing && (foreign_ || becomes_foreign)) return;
  // These three are never closed by an end tag of their own: phase_ stands for them.
  if (Is(element, kRootElement)) {
    if (marks.item >= 0) item_ = marks.item;
    return;
  }
  if (depth_ >= limits::kOpenElementsMax) {
    ++overflow_;
    return;
  }
  OpenElement& entry = stack_[depth_++];
  const NameKey key{element, SlotOf(element, name.hash), ClassesOf(element), name.hash};
  entry = {key, {}, marks.region, Leaving::kPlain, 0, item_};
  ++counts_[key.slot];
  unsigned leaving = Leaving::kPlain;
  const bool hidden = Is(element, kHiddenElement);
  if (hidden || marks.licence_link || marks.region != Region::kBody) {
    leaving |= Leaving::kCounted;
    if (hidden) ++hidden_;
    if (marks.licence_link) ++licence_links_;
    ++regions_[static_cast<std::size_t>(marks.region)];
  }
  if (marks.licence_link) leaving |= Leaving::kLicenceLink;
  if (foreign_) leaving |= Leaving::kOuterForeign;
  if (foreign_ || becomes_foreign || marks.item >= 0) leaving |= Leaving::kState;
  entry.leaving = static_cast<std::uint8_t>(leaving);
  if (marks.item >= 0) item_ = marks.item;
  if (becomes_foreign) foreign_ = true;
  // HTML content inside foreign content.
  if (entry.outer_foreign() && name.Is(kHoldsHtml)) foreign_ = false;
}

// What else an element takes back that ends.
void OpenElements::Leave(const OpenElement& entry) {
  if ((entry.leaving & Leaving::kState) != 0) {
    item_ = entry.outer_item;
    foreign_ = entry.outer_foreign();
  }
  if ((entry.leaving & Leaving::kCounted) == 0) return;
  if (Is(entry.key.element, kHiddenElement)) --hidden_;
  if (entry.licence_link()) --licence_links_;
  --regions_[static_cast<std::size_t>(entry.region)];
}

void OpenElements::PopTo(std::size_t size) {
  while (depth_ > size) PopOne();
}

void OpenElements::PopInScope(Element element) {
  for (std::size_t i = depth_; i-- > 0;) {
    const Element open = stack_[i].key.element;
    if (open == element) {
      PopTo(i);
      return;
    }
    if (StopsAt(element, open)) return;
  }
}

void OpenElements::CloseAnywhere(const NameKey& key) {
  const Element element = key.element;
  if (overflow_ > 0) {
    --overflow_;
    return;
  }
  if (!in_template() && !foreign_) {
    if (element == Element::kHead && (phase_ == Phase::kBeforeHead || phase_ == Phase::kInHead)) {
      phase_ = Phase::kAfterHead;
    } else if (element == Element::kNoscript && phase_ == Phase::kInHeadNoscript) {
      phase_ = Phase::kInHead;
    } else if (element == Element::kBody || element == Element::kHtml || element == Element::kBr) {
      phase_ = Phase::kInBody;
    }
  }
  // What follows </body> or </html> is put back into the body (13.2.6.4.19).
  if (Is(element, kRootElement)) return;
  // Inside foreign content names are those of svg, kept as kOther.
  if (Count(element) == 0 && counts_[SlotOf(Element::kOther, key.hash)] == 0) return;
  for (std::size_t i = depth_; i-- > 0;) {
    const OpenElement& entry = stack_[i];
    if (entry.key.hash == key.hash) {
      PopTo(i);
      return;
    }
    if (!entry.outer_foreign() && StopsAt(element, entry.key.element)) return;
  }
}

void OpenElements::Text() {
  if (phase_ == Phase::kInBody || in_template() || in_hidden()) return;
  if (phase_ == Phase::kInHeadNoscript) PopInScope(Element::kNoscript);
  phase_ = Phase::kInBody;
}

Region OpenElements::region() const {
  if (phase_ != Phase::kInBody) return Region::kHead;
  for (const Region strong :
       {Region::kComments, Region::kAside, Region::kFigcaption, Region::kFigure}) {
    if (regions_[static_cast<std::size_t>(strong)] > 0) return strong;
  }
  const bool header = regions_[static_cast<std::size_t>(Region::kHeader)] > 0;
  const bool footer = regions_[static_cast<std::size_t>(Region::kFooter)] > 0;
  if (!header && !footer) return Region::kBody;
  if (header != footer) return header ? Region::kHeader : Region::kFooter;
  for (std::size_t i = depth_; i-- > 0;) {
    const Region open = stack_[i].region;
    if (open == Region::kHeader || open == Region::kFooter) return open;
  }
  return Region::kBody;
}

}  // namespace crawlcard::page::html
