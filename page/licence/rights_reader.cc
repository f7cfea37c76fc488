// page/licence/rights_reader.cc - see rights_reader.h.
#include "page/licence/rights_reader.h"

#include <algorithm>

#include "base/find.h"
#include "base/text.h"
#include "page/html/char_ref.h"
#include "page/html/text_counter.h"
#include "page/licence/node_types.h"
#include "page/licence/phrase.h"
#include "page/licence/rdf_comment.h"
#include "page/licence/terms.h"
#include "page/limits.h"

namespace crawlcard::page::licence {
namespace {

using html::Element;
using html::ElementMarks;
using html::OpenElements;
using html::Present;
using html::Region;
using html::TagAttributes;

// Elements that a start tag of the same name ends (HTML Standard, 13.1.2.4).
bool EndsItself(std::string_view name) {
  for (const std::string_view known : {"p", "li", "dd", "dt", "td", "th", "tr", "option"}) {
    if (EqualsIgnoreCase(name, known)) return true;
  }
  return false;
}

bool IsMediaRegion(Region region) {
  return region == Region::kFigure || region == Region::kFigcaption;
}

bool IsItemRegion(Region region) {
  return region == Region::kAside || region == Region::kComments;
}

}  // namespace

RightsReader::RightsReader() : span_tokenizer_({}) {}

void RightsReader::Begin(std::string_view body, Collector& collector) {
  body_ = body;
  collector_ = &collector;
  items_.clear();
  text_value_ = {};
  vocabulary_has_licence_ = false;
  has_itemref_ = false;
  tag_ends_ = {};
  span_ = 0;
}

std::string_view RightsReader::Decoded(std::string_view raw) {
  return html::AttributeValue(raw, scratch_);
}

ElementMarks RightsReader::OnStartTag(Element element, const html::Token& tag,
                                      const TagAttributes& attributes, const OpenElements& open) {
  if (text_value_.open && EqualsIgnoreCase(tag.name, text_value_.element)) {
    if (EndsItself(tag.name)) {
      FinishText(tag.offset);
    } else {
      ++text_value_.nested;
    }
  }
  ElementMarks marks;
  if (Is(element, html::kRegionElement) || Present(attributes.class_name) ||
      Present(attributes.id)) {
    marks.region = RegionOf(element, attributes.class_name, attributes.id, body_end());
  }
  // Most tags end here.
  if (!attributes.says_rights()) {
    if (element == Element::kA && ReadPlainLink(attributes, open)) {
      marks.licence_link = true;
      SetSpan(kHasLink, true);
    }
    if (element == Element::kImg) ReadBadge(attributes, open);
    return marks;
  }
  if (Present(attributes.vocab)) {
    vocabulary_has_licence_ = HasLicenceTerm(Decoded(attributes.vocab));
  }
  has_itemref_ = has_itemref_ || (attributes.itemscope() && Present(attributes.itemref));
  marks.item = OpenItem(attributes);
  const Item* own = marks.item >= 0 ? &items_[static_cast<std::size_t>(marks.item)] : nullptr;
  if (Present(attributes.rel) || Present(attributes.property)) ReadCcRel(attributes);
  if (element == Element::kMeta) {
    // Metas come through OnMeta(), but for microdata.
    if (Present(attributes.itemprop)) ReadMicrodata(element, tag, attributes, open);
    return marks;
  }
  bool licence = ReadMicrodata(element, tag, attributes, open) ||
                 ReadRdfa(tag, attributes, open, own) || ReadRel(element, attributes, open, own);
  if (element == Element::kA && !licence) licence = ReadPlainLink(attributes, open);
  if (element == Element::kA && licence) {
    marks.licence_link = true;
    SetSpan(kHasLink, true);
  }
  if (element == Element::kImg) ReadBadge(attributes, open);
  return marks;
}

// A picture that shows a licence, outside a link to it.
void RightsReader::ReadBadge(const TagAttributes& attributes, const OpenElements& open) {
  if (!Present(attributes.src) || open.in_licence_link()) return;
  const std::string_view src = attributes.src;
  const bool decoded = FindByte(src, '&') == std::string_view::npos;
  if (decoded && !MayBeLicenceUrl(src, body_end())) return;
  Place place = PlaceOf("badge", open, Confidence::kLow);
  if (place.scope == "page") place.scope = "mention";
  collector_->AddBadge(place, Decoded(attributes.src));
}

// The index of a new subject that the element sets, or -1.
std::int32_t RightsReader::OpenItem(const TagAttributes& attributes) {
  const bool rdfa =
      Present(attributes.about) || Present(attributes.type_of) ||
      (Present(attributes.resource) && !Present(attributes.rel) && !Present(attributes.property));
  if (!attributes.itemscope() && !rdfa) return -1;
  if (items_.size() >= limits::kItemsMax) {
    collector_->Note("html.items_dropped");
    return -1;
  }
  Item item;
  item.microdata = attributes.itemscope();
  std::string_view type =
      TrimAscii(Decoded(attributes.itemscope() ? attributes.itemtype : attributes.type_of));
  type = type.substr(0, static_cast<std::size_t>(
                            std::find_if(type.begin(), type.end(), IsAsciiSpace) - type.begin()));
  Arena& arena = collector_->arena();
  item.type = arena.Copy(Utf8Prefix(WithoutVocabulary(type), limits::kMetaNameBytesMax));
  std::string_view subject = attributes.itemscope() ? attributes.itemid : attributes.about;
  const bool named = Present(subject) || Present(attributes.resource);
  if (!Present(subject)) subject = attributes.resource;
  if (named && subject.size() <= limits::kLicenceUrlBytesMax) {
    const std::string url = collector_->Resolve(Decoded(subject));
    item.about_page = collector_->IsPage(url);
    if (!item.about_page) item.subject = arena.Copy(url);
  }
  items_.push_back(item);
  return static_cast<std::int32_t>(items_.size() - 1);
}

const RightsReader::Item* RightsReader::ItemOf(const OpenElements& open) const {
  return open.item() < 0 ? nullptr : &items_[static_cast<std::size_t>(open.item())];
}

// What a statement without a subject of its own speaks about, by its region.
Place RightsReader::PlaceOf(std::string_view location, const OpenElements& open,
                            Confidence confidence) const {
  const Region region = open.region();
  Place place;
  place.location = location;
  place.region = html::RegionName(region);
  place.confidence = confidence;
  place.scope = "page";
  if (IsMediaRegion(region)) place.scope = "media";
  if (IsItemRegion(region)) {
    place.scope = "item";
    place.confidence = Confidence::kLow;
  }
  return place;
}

// What a statement about `item` speaks about.
Place RightsReader::ItemPlace(const Item& item, std::string_view location,
                              const OpenElements& open) const {
  Place place = PlaceOf(location, open, Confidence::kHigh);
  place.node_type = item.type;
  const NodeKind kind = KindOfNode(item.type);
  if (kind == NodeKind::kMedia) {
    place.scope = "media";
    place.subject = item.subject;
  } else if (!item.subject.empty() && !(item.microdata && kind == NodeKind::kPage)) {
    place.scope = "other-resource";
    place.subject = item.subject;
  } else if (kind == NodeKind::kOther && item.microdata && !item.about_page) {
    place.scope = "item";
    place.confidence = std::min(place.confidence, Confidence::kMedium);
  }
  return place;
}

// itemprop on an element with a URL, content or text (HTML Standard, 5.2.4). True: it named a
// licence we know.
bool RightsReader::ReadMicrodata(Element element, const html::Token& tag,
                                 const TagAttributes& attributes, const OpenElements& open) {
  if (!Present(attributes.itemprop)) return false;
  const Item* item = ItemOf(open);
  Item elsewhere;  // an item before this that refers here: which one is not followed
  elsewhere.microdata = true;
  if (item == nullptr && has_itemref_) item = &elsewhere;
  if (item == nullptr || !item->microdata) return false;
  const std::string_view names = attributes.itemprop;
  const bool licence = HasToken(names, "license") || HasToken(names, "http://schema.org/license") ||
                       HasToken(names, "https://schema.org/license");
  Rights& rights = collector_->rights();
  std::string_view value = attributes.href;
  if (!Present(value)) value = attributes.src;
  if (element == Element::kMeta || !Present(value)) value = attributes.content;
  if (!Present(value) && attributes.itemscope()) value = attributes.itemid;
  if (!Present(value)) {
    // The value of an element that is an item of its own is that item, not its text.
    if (licence && !attributes.itemscope()) {
      AwaitText(ItemPlace(*item, "microdata", open), Accept::kAny, tag);
    }
    return false;
  }
  value = Decoded(value);
  if (value.size() > limits::kMetaContentBytesMax) return false;
  if (HasToken(names, "usageInfo"))
    collector_->SetOnce(rights.usage_info, collector_->Resolve(value));
  if (HasToken(names, "acquireLicensePage")) {
    collector_->SetOnce(rights.acquire, collector_->Resolve(value));
  }
  if (HasToken(names, "isAccessibleForFree") && KindOfNode(item->type) == NodeKind::kPage) {
    const std::string_view truth = WithoutVocabulary(value);
    if (EqualsIgnoreCase(truth, "false")) rights.access = Access::kPaid;
    if (EqualsIgnoreCase(truth, "true") && rights.access == Access::kUnsaid) {
      rights.access = Access::kFree;
    }
  }
  if (HasToken(names, "copyrightYear") && rights.copyright_year == 0) {
    const auto year = ParseUint(TrimAscii(value.substr(0, std::min<std::size_t>(4, value.size()))));
    rights.copyright_year = static_cast<std::int32_t>(year.value_or(0));
  }
  if (!licence) return false;
  return collector_->AddValue(ItemPlace(*item, "microdata", open), value, Accept::kAny);
}

// rel or property with a qualified term, or property=license of a schema.org node.
bool RightsReader::ReadRdfa(const html::Token& tag, const TagAttributes& attributes,
                            const OpenElements& open, const Item* own) {
  const bool has_rel = Present(attributes.rel);
  const bool has_property = Present(attributes.property);
  if (!has_rel && !has_property) return false;
  Term term = has_rel ? QualifiedTerm(attributes.rel) : Term::kNone;
  if (term == Term::kNone && has_property) term = QualifiedTerm(attributes.property);
  const Item* item = own != nullptr ? own : ItemOf(open);
  if (item != nullptr && item->microdata) item = nullptr;
  const bool vocabulary = vocabulary_has_licence_ || (item != nullptr && !item->type.empty());
  if (term == Term::kNone && has_property && vocabulary &&
      HasToken(attributes.property, "license")) {
    term = Term::kLicence;
  }
  if (term != Term::kLicence && term != Term::kRights) return false;
  std::string_view value = attributes.content;
  if (!Present(value)) value = attributes.resource;
  if (!Present(value)) value = attributes.href;
  const Place place =
      item != nullptr ? ItemPlace(*item, "rdfa", open) : PlaceOf("rdfa", open, Confidence::kHigh);
  const Accept accept = term == Term::kLicence ? Accept::kAny : Accept::kKnownOnly;
  if (!Present(value)) {
    // RDFa Core 1.1, 7.5, step 11: property without a value of its own takes the text.
    if (has_property && !Present(attributes.type_of)) AwaitText(place, accept, tag);
    return false;
  }
  return collector_->AddValue(place, Decoded(value), accept);
}

void RightsReader::AwaitText(const Place& place, Accept accept, const html::Token& tag) {
  if (text_value_.open || Is(tag.key.element, html::kVoidElement)) return;
  text_value_ = {true, place, accept, tag.name, tag.end, 0};
}

void RightsReader::FinishText(std::size_t end) {
  text_value_.open = false;
  // Whole articles are no name of a licence.
  if (end - text_value_.begin > limits::kProseSpanBytesMax) return;
  const std::string_view text = TextOfSpan(text_value_.begin, end);
  if (text.empty()) return;
  const bool read = collector_->AddValue(text_value_.place, text, text_value_.accept);
  if (text_value_.accept == Accept::kKnownOnly && (!read || SaysAllRightsReserved(text))) {
    collector_->AddCopyright(text);
  }
}

void RightsReader::OnEndTag(html::TagSpan tag) {
  if (!EqualsIgnoreCase(tag.name, text_value_.element)) return;
  if (text_value_.nested > 0) {
    --text_value_.nested;
  } else {
    FinishText(tag.offset);
  }
}

// rel=license and its synonym on link, a and area; with a subject it is RDFa.
bool RightsReader::ReadRel(Element element, const TagAttributes& attributes,
                           const OpenElements& open, const Item* own) {
  if (!Present(attributes.rel)) return false;
  const std::string rel(Decoded(attributes.rel));
  const bool licence = HasToken(rel, "license");
  const bool copyright = element == Element::kLink && HasToken(rel, "copyright");
  if (!licence && !copyright) return false;
  const std::string_view target =
      Present(attributes.resource) ? attributes.resource : attributes.href;
  if (!Present(target)) return false;
  if (StartsWithIgnoreCase(TrimAscii(Decoded(attributes.type)), "application/rsl+xml"))
    return false;
  const Item* item = own != nullptr ? own : ItemOf(open);
  if (item != nullptr && (item->microdata || item->subject.empty())) item = nullptr;
  Place place;
  if (Present(attributes.src)) {  // RDFa: src is the subject
    place = PlaceOf("rdfa", open, Confidence::kMedium);
    place.scope = "other-resource";
    const std::string subject = collector_->Resolve(Decoded(attributes.src));
    place.subject = subject;
    return collector_->AddUrl(place, Decoded(target), Accept::kAny);
  }
  if (item != nullptr) {
    place = ItemPlace(*item, "rdfa", open);
    place.confidence = std::min(place.confidence, Confidence::kMedium);
  } else if (element == Element::kLink) {
    const bool head = open.phase() != html::Phase::kInBody;
    place = PlaceOf("link-rel", open, head ? Confidence::kHigh : Confidence::kMedium);
    if (!licence) place.flag = "html.rel_copyright";
  } else if (element == Element::kA) {
    place = PlaceOf("a-rel", open, Confidence::kMedium);
  } else if (element == Element::kArea) {
    place = PlaceOf("area-rel", open, Confidence::kMedium);
  } else {
    place = PlaceOf("rdfa", open, Confidence::kMedium);
  }
  collector_->AddUrl(place, Decoded(target), Accept::kAny);
  return true;
}

// ccREL: who wants to be named, and by which address.
void RightsReader::ReadCcRel(const TagAttributes& attributes) {
  Rights& rights = collector_->rights();
  const Term rel = QualifiedTerm(attributes.rel);
  const Term property = QualifiedTerm(attributes.property);
  if (property == Term::kAttributionName) {
    if (Present(attributes.content)) {
      collector_->SetOnce(rights.attribution_name, Decoded(attributes.content));
    } else {
      SetSpan(kWantsName, rights.attribution_name.empty());
    }
  }
  const bool url = rel == Term::kAttributionUrl || property == Term::kAttributionUrl;
  const std::string_view target =
      Present(attributes.resource) ? attributes.resource : attributes.href;
  if (url && Present(target) && target.size() <= limits::kLicenceUrlBytesMax) {
    collector_->SetOnce(rights.attribution_url, collector_->Resolve(Decoded(target)));
  }
}

bool RightsReader::ReadPlainLink(const TagAttributes& attributes, const OpenElements& open) {
  if (!Present(attributes.href) || !MayBeLicenceUrl(attributes.href, body_end())) return false;
  Place place = PlaceOf("a-plain", open, Confidence::kLow);
  if (open.region() == Region::kFooter) {
    place.confidence = Confidence::kMedium;
  } else if (place.scope != "media") {
    place.scope = "mention";
  }
  return collector_->AddUrl(place, Decoded(attributes.href), Accept::kKnownOnly);
}

void RightsReader::OnMeta(std::string_view attribute, std::string_view name,
                          std::string_view content, const OpenElements& open) {
  if (attribute == "http-equiv" || attribute == "itemprop") return;
  const Term qualified = attribute == "property" ? QualifiedTerm(name) : Term::kNone;
  const MetaTerm term = MetaTermOf(name);
  if (qualified == Term::kLicence || qualified == Term::kRights) {
    collector_->AddValue(PlaceOf("rdfa", open, Confidence::kHigh), content,
                         qualified == Term::kLicence ? Accept::kAny : Accept::kKnownOnly);
    return;
  }
  if (term == MetaTerm::kNone) return;
  const Place place = PlaceOf(IsDublinCore(name) ? "meta-dc" : "meta", open, Confidence::kMedium);
  const Accept accept = term == MetaTerm::kLicence ? Accept::kAny : Accept::kKnownOnly;
  const bool read = collector_->AddValue(place, content, accept);
  if (term == MetaTerm::kRights && (!read || SaysAllRightsReserved(content))) {
    collector_->AddCopyright(content);
  }
}

void RightsReader::OnComment(std::string_view data) {
  ReadRdfComment(data, *collector_);
}

void RightsReader::OnText(std::string_view text, std::size_t offset, const html::TextScan& scan,
                          const OpenElements& open) {
  if (wants_name()) {
    collector_->SetOnce(collector_->rights().attribution_name, Decoded(text));
    SetSpan(kWantsName, collector_->rights().attribution_name.empty());
  }
  if (!scan.has_marks() || (Has(kHasLicence) && Has(kHasReserved))) return;
  const bool capitals = scan.capitals_at != html::TextScan::kNone;
  const bool licence = capitals || scan.commons_at != html::TextScan::kNone;
  if (!licence && !scan.has_reserved) return;
  const std::size_t hit = capitals ? scan.capitals_at : scan.commons_at;
  if (!Has(kHasLicence) && !Has(kHasReserved)) {
    span_region_ = open.region();
    span_hit_ = offset + (licence ? hit : 0);
  }
  if (licence) SetSpan(kHasLicence, true);
  if (scan.has_reserved) SetSpan(kHasReserved, true);
}

void RightsReader::Finish() {
  if (text_value_.open) FinishText(body_.size());
  EndSpan(body_.size());
}

void RightsReader::EndSpan(std::size_t end) {
  if (Has(kHasLicence) || Has(kHasReserved)) ReadSpan(end);
  span_ = 0;
}

// Reads the line of text that ends at `end`.
void RightsReader::ReadSpan(std::size_t end) {
  const std::size_t half = limits::kProseSpanBytesMax / 2;
  // A span that begins in the middle of a tag would show it as text: rather start at the word.
  const std::size_t begin = span_hit_ - span_begin() <= half ? span_begin() : span_hit_;
  const std::string_view text =
      TextOfSpan(begin, std::min(end, begin + limits::kProseSpanBytesMax));
  if (Has(kHasReserved) && SaysAllRightsReserved(text) && !IsItemRegion(span_region_) &&
      !IsMediaRegion(span_region_)) {
    collector_->AddCopyright(text);
  }
  if (Has(kHasLicence) && !Has(kHasLink)) {
    const LicenceSentence found = FindLicenceSentence(text);
    if (found.kind == SentenceKind::kNegated) collector_->AddProse(found.sentence);
    if (found.kind == SentenceKind::kStatement || found.kind == SentenceKind::kDoubtful) {
      Place place;
      place.location = "text";
      place.region = html::RegionName(span_region_);
      place.scope = IsMediaRegion(span_region_) || found.about_media ? "media" : "page";
      place.confidence =
          found.kind == SentenceKind::kDoubtful ? Confidence::kLow : Confidence::kMedium;
      if (IsItemRegion(span_region_)) {
        place.scope = "item";
        place.confidence = Confidence::kLow;
      }
      collector_->AddNamed(place, found.name.spdx, found.name.family, found.sentence);
    }
  }
}

// The text of a piece of markup, white space collapsed.
std::string_view RightsReader::TextOfSpan(std::size_t begin, std::size_t end) {
  span_tokenizer_.Reset(body_.substr(begin, end - begin));
  scratch_.clear();
  while (true) {
    const html::Token& token = span_tokenizer_.Next();
    if (token.kind == html::TokenKind::kEnd) break;
    if (token.kind != html::TokenKind::kText || token.mode != html::TextMode::kData) continue;
    html::AppendDecoded(token.data, html::RefContext::kText, html::NulRule::kReplace, scratch_);
  }
  html::TextCounter collapse;
  collapse.Reset(scratch_.size());
  collapse.Add(scratch_);
  span_text_.clear();
  AppendValidUtf8(collapse.sample(), span_text_);
  return span_text_;
}

}  // namespace crawlcard::page::licence
