// page/outline.cc - see outline.h.
#include "page/outline.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "page/internal/head_reader.h"
#include "page/internal/rights_words.h"
#include "page/licence/collector.h"
#include "page/licence/phrase.h"
#include "page/licence/terms.h"
#include "page/limits.h"

namespace crawlcard::page {
namespace {

using licence::Accept;
using licence::Place;

constexpr std::string_view kRslType = "application/rsl+xml";
constexpr std::string_view kPlaceUnknown = "licence.place_unknown";

Place HeadPlace(std::string_view location, Confidence confidence) {
  Place place;
  place.location = location;
  place.scope = "page";
  place.region = "head";
  place.confidence = confidence;
  return place;
}

std::string_view Lower(std::string_view text, Arena& arena) {
  char* out = static_cast<char*>(arena.allocate(text.size() + 1, 1));
  std::transform(text.begin(), text.end(), out, AsciiLower);
  return {out, text.size()};
}

}  // namespace

bool MayNameLicence(const OutlineLink& link) {
  return HasToken(link.rel, "license") || HasToken(link.rel, "copyright") ||
         StartsWithIgnoreCase(TrimAscii(link.type), kRslType) ||
         licence::MayBeLicenceUrl(link.href);
}

std::size_t FindLicenceLink(std::string_view text, std::size_t from) {
  return internal::FindRightsWord(text, from);
}

class OutlineObserver::Impl {
 public:
  PageFacts Observe(const Outline& outline, Arena& arena) {
    PageFacts facts;
    metas_.clear();
    links_.clear();
    collector_.Begin(outline.url, arena);
    ReadType(outline, arena, facts);
    if (outline.head != nullptr) internal::ReadLinkFields(*outline.head, collector_);
    if (facts.is_html) {
      if (!outline.base.empty()) collector_.SetBase(outline.base);
      for (const OutlineMeta& meta : outline.metas) ReadMeta(meta, arena);
      for (const OutlineLink& link : outline.links) ReadLink(link, arena);
    }
    collector_.Finish();
    facts.metas = arena.CopySpan(std::span<const Meta>(metas_));
    facts.rights_links = arena.CopySpan(std::span<const RightsLink>(links_));
    facts.licences = collector_.licences();
    facts.rights = collector_.rights();
    facts.notes = arena.CopySpan(std::span<const std::string_view>(collector_.notes()));
    return facts;
  }

 private:
  // As for a page with bytes, but that there are none to look at.
  static void ReadType(const Outline& outline, Arena& arena, PageFacts& facts) {
    ContentType type;
    if (outline.head != nullptr) {
      type = ParseContentType(outline.head->Field("Content-Type"), arena);
    }
    const std::string_view identified = ParseContentType(outline.identified_type, arena).essence;
    facts.content_type = type.essence;
    if (internal::IsHtmlType(type.essence)) {
      facts.is_html = internal::MayBeHtml(identified);
      return;
    }
    if (!internal::IsUnsaidType(type.essence)) return;
    facts.is_html = internal::IsHtmlType(identified);
    facts.content_type = facts.is_html ? std::string_view("text/html") : identified;
  }

  void ReadMeta(const OutlineMeta& written, Arena& arena) {
    if (metas_.size() >= limits::kMetasMax) {
      collector_.Note("html.metas_dropped");
      return;
    }
    Meta meta;
    meta.name =
        Lower(TrimAscii(Utf8Prefix(TrimAscii(written.name), limits::kMetaNameBytesMax)), arena);
    if (meta.name.empty()) return;
    meta.attribute = written.attribute;
    meta.content = Utf8Prefix(written.content, limits::kMetaContentBytesMax);
    if (meta.content.size() < written.content.size()) collector_.Note("html.meta_cut");
    metas_.push_back(meta);
    ReadLicenceMeta(meta);
  }

  // The same rules as for metas of a page with bytes (signals.md 11.1).
  void ReadLicenceMeta(const Meta& meta) {
    if (meta.attribute == "http-equiv") return;
    const licence::Term qualified =
        meta.attribute == "property" ? licence::QualifiedTerm(meta.name) : licence::Term::kNone;
    if (qualified == licence::Term::kLicence || qualified == licence::Term::kRights) {
      collector_.AddValue(HeadPlace("rdfa", Confidence::kHigh), meta.content,
                          qualified == licence::Term::kLicence ? Accept::kAny : Accept::kKnownOnly);
      return;
    }
    const licence::MetaTerm term = licence::MetaTermOf(meta.name);
    if (term == licence::MetaTerm::kNone) return;
    const Place place =
        HeadPlace(licence::IsDublinCore(meta.name) ? "meta-dc" : "meta", Confidence::kMedium);
    const bool read = collector_.AddValue(
        place, meta.content,
        term == licence::MetaTerm::kLicence ? Accept::kAny : Accept::kKnownOnly);
    if (term == licence::MetaTerm::kRights &&
        (!read || licence::SaysAllRightsReserved(meta.content))) {
      collector_.AddCopyright(meta.content);
    }
  }

  void ReadLink(const OutlineLink& link, Arena& arena) {
    const bool licence = HasToken(link.rel, "license");
    const bool is_link = link.element == OutlineElement::kLink;
    const bool copyright = is_link && HasToken(link.rel, "copyright");
    const bool rsl = StartsWithIgnoreCase(TrimAscii(link.type), kRslType);
    if (is_link && (licence || copyright || rsl)) KeepRightsLink(link, arena);
    if (rsl) return;
    if (is_link && (licence || copyright)) {
      Place place = HeadPlace("link-rel", Confidence::kMedium);
      if (!licence) place.flag = "html.rel_copyright";
      collector_.AddUrl(place, link.href, Accept::kAny);
      return;
    }
    if (is_link) return;
    Place place;
    place.region = "body";
    place.confidence = Confidence::kLow;
    if (licence) {
      place.location = link.element == OutlineElement::kA ? "a-rel" : "area-rel";
      place.scope = "page";
      place.flag = kPlaceUnknown;
      collector_.AddUrl(place, link.href, Accept::kAny);
    } else if (link.element == OutlineElement::kA) {
      place.location = "a-plain";
      place.scope = "mention";
      collector_.AddUrl(place, link.href, Accept::kKnownOnly);
    }
  }

  void KeepRightsLink(const OutlineLink& link, Arena& arena) {
    if (links_.size() >= limits::kRightsLinksMax) {
      collector_.Note("html.rights_links_dropped");
      return;
    }
    RightsLink kept;
    kept.rel = Lower(Utf8Prefix(TrimAscii(link.rel), limits::kMetaNameBytesMax), arena);
    kept.type = Lower(Utf8Prefix(TrimAscii(link.type), limits::kMetaNameBytesMax), arena);
    const std::string_view href = Utf8Prefix(link.href, limits::kLicenceUrlBytesMax);
    kept.href = arena.Copy(collector_.Resolve(href));
    links_.push_back(kept);
  }

  licence::Collector collector_;
  std::vector<Meta> metas_;
  std::vector<RightsLink> links_;
};

OutlineObserver::OutlineObserver() : impl_(std::make_unique<Impl>()) {}
OutlineObserver::~OutlineObserver() = default;

PageFacts OutlineObserver::Observe(const Outline& outline, Arena& arena) {
  return impl_->Observe(outline, arena);
}

}  // namespace crawlcard::page
