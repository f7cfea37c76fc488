// page/html/page_reader.cc - see page_reader.h.
#include "page/html/page_reader.h"

#include <algorithm>

#include "base/find.h"
#include "base/text.h"
#include "page/html/char_ref.h"
#include "page/limits.h"

namespace crawlcard::page::html {

namespace {

// RSL 1.0, named or written into a page (page/rsl_places.h).
constexpr std::string_view kRslMediaType = "application/rsl+xml";

}  // namespace

PageReader::PageReader() = default;

void PageReader::Begin(std::string_view body, licence::Collector& collector, Arena& arena,
                       std::size_t text_sample_bytes) {
  body_ = body;
  collector_ = &collector;
  arena_ = &arena;
  open_.Reset();
  text_sample_bytes_ = text_sample_bytes;
  // A few bytes more, so that the cut can be made between characters.
  text_.Reset(text_sample_bytes == 0 ? 0 : text_sample_bytes + 4);
  rights_.Begin(body, collector);
  pending_ = Pending::kNone;
  has_base_ = false;
  has_title_ = false;
  title_ = {};
  html_lang_ = {};
  metas_.clear();
  links_.clear();
  fragments_.clear();
  names_rsl_ = false;
  json_ld_blocks_ = 0;
  json_ld_broken_ = 0;
  line_offset_ = 0;
  line_ = 1;
}

void PageReader::OnStartTag(const Token& tag) {
  pending_ = Pending::kNone;
  const Element element = open_.Enter(tag.key);
  BeginBlockIf(Is(element, kBlockElement), tag.offset, tag.end);
  ElementMarks marks;
  // What stands in a template is not part of the page (HTML Standard, 4.12.3).
  if (!open_.in_template()) {
    const TagAttributes& attributes = *tag.picked;
    ReadElement(element, tag, attributes);
    if (attributes.no_snippet()) ReadFragment(tag);
    marks = rights_.OnStartTag(element, tag, attributes, open_);
  }
  open_.Push(element, tag.key, tag.self_closing, marks);
}

void PageReader::OnBareStartTag(TagSpan tag, bool self_closing) {
  pending_ = Pending::kNone;
  const Element element = open_.Enter(tag.key);
  BeginBlockIf(Is(element, kBlockElement), tag.offset, tag.end);
  ElementMarks marks;
  if (!open_.in_template()) {
    if (Is(element, kRegionElement)) marks.region = licence::RegionOf(element, {}, {}, nullptr);
    if (element == Element::kTitle) BeginTitle();
  }
  open_.Push(element, tag.key, self_closing, marks);
}

void PageReader::OnEndTag(TagSpan tag) {
  pending_ = Pending::kNone;
  if (rights_.awaits_text_value() && !open_.in_template()) rights_.OnEndTag(tag);
  BeginBlockIf(tag.key.Is(kBlockElement), tag.offset, tag.end);
  open_.Close(tag.key);
}

void PageReader::OnComment(std::string_view comment) {
  if (!open_.in_template()) rights_.OnComment(comment);
}

void PageReader::OnText(const Token& text) {
  if (open_.in_template()) return;
  switch (pending_) {
    case Pending::kTitle:
      ReadTitle(text.data);
      return;
    case Pending::kJsonLd:
      pending_ = Pending::kNone;
      if (TrimAscii(text.data).empty()) return;  // a script with src has no text of its own
      ++json_ld_blocks_;
      if (json_ld_blocks_ > limits::kJsonLdBlocksMax) {
        collector_->Note("jsonld.too_many");
        return;
      }
      if (!json_ld_.Read(text.data, *collector_)) ++json_ld_broken_;
      return;
    case Pending::kNone:
      break;
  }
  if (open_.in_hidden()) return;
  const bool references = text.mode == TextMode::kData || text.mode == TextMode::kRcdata;
  ReadVisibleText(text.data, text.offset, ScanText(text.data), references);
}

void PageReader::OnData(std::string_view text, std::size_t offset, const TextScan& scan) {
  // Title and scripts, which are waited for, are never in this state.
  if (!open_.in_hidden()) ReadVisibleText(text, offset, scan, true);
}

void PageReader::ReadVisibleText(std::string_view text, std::size_t offset, const TextScan& scan,
                                 bool references) {
  // Between tags there is mostly nothing.
  if (scan.words == 0 && !rights_.wants(scan)) return text_.Break();
  if (!open_.has_body()) {
    if (scan.words == 0) return;
    open_.Text();
  }
  if (references && scan.has_reference) {
    AddWithReferences(text, scan);
  } else {
    text_.Add(text, scan);
  }
  if (rights_.wants(scan)) rights_.OnText(text, offset, scan, open_);
}

void PageReader::AddWithReferences(std::string_view text, const TextScan& scan) {
  // Where no reference means white space, the words stay the same, of another length.
  TextScan decoded = scan;
  bool same_words = !text_.wants_bytes();
  std::size_t at = 0;
  while (same_words && (at = text.find('&', at)) != std::string_view::npos) {
    const ReferenceBytes reference = references_.Measure(text.substr(++at));
    if (reference.used == 0) continue;
    decoded.word_bytes = decoded.word_bytes + reference.meaning - (reference.used + 1);
    same_words = !reference.begins_with_space;
    at += reference.used;
  }
  if (same_words) return text_.AddWords(decoded);
  decoded_.clear();
  AppendDecoded(text, RefContext::kText, NulRule::kKeep, decoded_);
  text_.Add(decoded_);
}

void PageReader::ReadElement(Element element, const Token& tag, const TagAttributes& attributes) {
  switch (element) {
    case Element::kHtml:
      if (html_lang_.empty() && Present(attributes.lang)) {
        html_lang_ = Keep(TrimAscii(attributes.lang), limits::kMetaNameBytesMax);
      }
      break;
    case Element::kBase:
      if (!has_base_ && Present(attributes.href)) {
        has_base_ = true;
        collector_->SetBase(AttributeValue(attributes.href, decoded_));
      }
      break;
    case Element::kMeta:
      ReadMeta(tag, attributes);
      break;
    case Element::kLink:
      ReadLink(tag, attributes);
      break;
    case Element::kTitle:
      BeginTitle();
      break;
    case Element::kScript: {
      std::string_view type = AttributeValue(attributes.type, decoded_);
      type = TrimAscii(type.substr(0, std::min(type.find(';'), type.size())));
      if (EqualsIgnoreCase(type, "application/ld+json")) pending_ = Pending::kJsonLd;
      if (EqualsIgnoreCase(type, kRslMediaType)) names_rsl_ = true;
      break;
    }
    default:
      break;
  }
}

void PageReader::ReadMeta(const Token& tag, const TagAttributes& attributes) {
  AddMeta(tag, attributes, "name", attributes.name);
  AddMeta(tag, attributes, "property", attributes.property);
  AddMeta(tag, attributes, "http-equiv", attributes.http_equiv);
  AddMeta(tag, attributes, "itemprop", attributes.itemprop);
}

void PageReader::AddMeta(const Token& tag, const TagAttributes& attributes,
                         std::string_view attribute, std::string_view raw_name) {
  if (!Present(raw_name)) return;
  if (metas_.size() >= limits::kMetasMax) {
    collector_->Note("html.metas_dropped");
    return;
  }
  Meta meta;
  meta.name = KeepLower(raw_name, limits::kMetaNameBytesMax);
  if (meta.name.empty()) return;
  meta.attribute = attribute;
  meta.content = Keep(attributes.content, limits::kMetaContentBytesMax);
  if (kept_cut_) collector_->Note("html.meta_cut");
  meta.where = where();
  meta.line = LineOf(tag.offset);
  metas_.push_back(meta);
  rights_.OnMeta(attribute, meta.name, meta.content, open_);
}

void PageReader::ReadLink(const Token& tag, const TagAttributes& attributes) {
  if (!Present(attributes.href)) return;
  const std::string rel = AsciiLowerCopy(AttributeValue(attributes.rel, decoded_));
  std::string type = AsciiLowerCopy(TrimAscii(AttributeValue(attributes.type, decoded_)));
  const bool rsl = type.starts_with(kRslMediaType);
  names_rsl_ = names_rsl_ || rsl;
  const bool rights = HasToken(rel, "license") || HasToken(rel, "copyright") || rsl;
  if (!rights) return;
  if (links_.size() >= limits::kRightsLinksMax) {
    collector_->Note("html.rights_links_dropped");
    return;
  }
  RightsLink link;
  link.rel = arena_->Copy(Utf8Prefix(TrimAscii(rel), limits::kMetaNameBytesMax));
  link.type = arena_->Copy(Utf8Prefix(type, limits::kMetaNameBytesMax));
  const std::string_view href =
      Utf8Prefix(AttributeValue(attributes.href, decoded_), limits::kLicenceUrlBytesMax);
  valid_.clear();
  AppendValidUtf8(collector_->Resolve(href), valid_);
  link.href = arena_->Copy(valid_);
  link.where = where();
  link.line = LineOf(tag.offset);
  links_.push_back(link);
}

void PageReader::ReadFragment(const Token& tag) {
  if (fragments_.size() >= limits::kFragmentsMax) {
    collector_->Note("html.fragments_dropped");
    return;
  }
  Fragment fragment;
  fragment.rule = "data-nosnippet";
  fragment.element = arena_->Copy(AsciiLowerCopy(Utf8Prefix(tag.name, limits::kMetaNameBytesMax)));
  fragment.line = LineOf(tag.offset);
  fragments_.push_back(fragment);
}

void PageReader::BeginTitle() {
  if (!has_title_) pending_ = Pending::kTitle;
  has_title_ = true;
}

void PageReader::ReadTitle(std::string_view raw) {
  pending_ = Pending::kNone;
  // References make a text shorter, never four times longer.
  raw = raw.substr(0, limits::kTitleBytesMax * 8);
  decoded_.clear();
  AppendDecoded(raw, RefContext::kText, NulRule::kReplace, decoded_);
  TextCounter collapse;
  collapse.Reset(decoded_.size());
  collapse.Add(decoded_);
  valid_.clear();
  AppendValidUtf8(collapse.sample(), valid_);
  title_ = arena_->Copy(Utf8Prefix(valid_, limits::kTitleBytesMax));
}

Where PageReader::where() const {
  switch (open_.phase()) {
    case Phase::kInBody:
      return Where::kBody;
    case Phase::kInHeadNoscript:
      return Where::kNoscript;
    default:
      return Where::kHead;
  }
}

std::uint32_t PageReader::LineOf(std::size_t offset) {
  line_ += static_cast<std::uint32_t>(
      CountByte(body_.substr(line_offset_, offset - line_offset_), '\n'));
  line_offset_ = offset;
  return line_;
}

std::string_view PageReader::Keep(std::string_view raw, std::size_t bytes_max) {
  // A reference takes at most 33 bytes and gives at least 1.
  std::string_view value = AttributeValue(raw.substr(0, bytes_max * 33), decoded_);
  kept_cut_ = value.size() > bytes_max;
  if (!IsUtf8(value)) {
    valid_.clear();
    AppendValidUtf8(value, valid_);
    value = valid_;
  }
  return arena_->Copy(Utf8Prefix(value, bytes_max));
}

std::string_view PageReader::KeepLower(std::string_view raw, std::size_t bytes_max) {
  const std::string_view kept = TrimAscii(Keep(raw, bytes_max));
  char* const lower = static_cast<char*>(arena_->allocate(kept.size() + 1, 1));
  std::transform(kept.begin(), kept.end(), lower, AsciiLower);
  return {lower, kept.size()};
}

void PageReader::Finish(PageFacts& facts) {
  rights_.Finish();
  facts.title = title_;
  facts.html_lang = html_lang_;
  facts.text_bytes = text_.bytes();
  valid_.clear();
  AppendValidUtf8(Utf8Prefix(text_.sample(), text_sample_bytes_), valid_);
  facts.text_sample = arena_->Copy(Utf8Prefix(valid_, text_sample_bytes_));
  facts.metas = arena_->CopySpan(std::span<const Meta>(metas_));
  facts.rights_links = arena_->CopySpan(std::span<const RightsLink>(links_));
  facts.names_rsl = names_rsl_;
  facts.fragments = arena_->CopySpan(std::span<const Fragment>(fragments_));
  facts.json_ld_blocks = json_ld_blocks_;
  facts.json_ld_broken_blocks = json_ld_broken_;
}

}  // namespace crawlcard::page::html
