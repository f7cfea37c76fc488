// page/licence/collector.cc - see collector.h.
#include "page/licence/collector.h"

#include <algorithm>
#include <utility>

#include "base/find.h"
#include "base/letter_pairs.h"
#include "base/text.h"
#include "page/licence/phrase.h"
#include "page/licence/ranking.h"
#include "page/licence/spdx.h"
#include "page/limits.h"
#include "page/url.h"

namespace crawlcard::page::licence {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;

// A mention of this many different licences is a page about licences (policy).
constexpr std::size_t kCatalogueSize = 3;

// Without scheme, "www.", fragment and final slash.
std::string_view PageKey(std::string_view url) {
  url = url.substr(0, std::min(url.find('#'), url.size()));
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (StartsWithIgnoreCase(url, scheme)) url.remove_prefix(scheme.size());
  }
  if (StartsWithIgnoreCase(url, "www.")) url.remove_prefix(4);
  while (url.ends_with('/')) url.remove_suffix(1);
  return url;
}

bool LooksLikeUrl(std::string_view value) {
  if (value.find_first_of(" \n\t\"<>") != kNpos) return false;
  return StartsWithIgnoreCase(value, "http://") || StartsWithIgnoreCase(value, "https://") ||
         value.starts_with('/');
}

// Every licence URL we know holds one of these words (signals.md 11.2, 11.3), each with a pair of
// letters that is rare in other URLs.
struct LicenceUrlWord {
  std::string_view text;
  std::size_t pair_at;  // of the pair in the word
};
constexpr std::array<LicenceUrlWord, 10> kLicenceUrlWords = {{
    {"licen", 2},
    {"commons.org", 2},
    {"copyleft", 3},
    {"cdla.", 1},
    {"dl-de", 0},
    {"nlod", 0},
    {"mpl/", 1},
    {"rightsstatements", 5},
    {"gemma/", 2},
    {"government-works", 5},
}};
constexpr std::array<LetterPair, 8> kLicenceUrlPairs = {{{'c', 'e'},
                                                         {'m', 'm'},
                                                         {'y', 'l'},
                                                         {'d', 'l'},
                                                         {'n', 'l'},
                                                         {'p', 'l'},
                                                         {'s', 's'},
                                                         {'n', 'm'}}};
constexpr bool EveryWordHasItsPair() {
  for (const LicenceUrlWord& word : kLicenceUrlWords) {
    bool found = false;
    for (const LetterPair& pair : kLicenceUrlPairs) {
      found = found || word.text.substr(word.pair_at, 2) == std::string_view(pair.data(), 2);
    }
    if (!found) return false;
  }
  return true;
}
static_assert(EveryWordHasItsPair());

// The first URL inside running text, or empty.
std::string_view UrlInText(std::string_view text, std::size_t from) {
  const std::size_t begin = std::min(FindIgnoreCase(text, "http", from), text.size());
  const std::string_view rest = text.substr(begin);
  const std::size_t end = std::min(rest.find_first_of(" \n\t\r\"'<>,;)"), rest.size());
  return rest.substr(0, end);
}

bool SameStatement(const Licence& a, const Licence& b) {
  return a.spdx == b.spdx && a.name == b.name && a.url == b.url && a.location == b.location &&
         a.scope == b.scope && a.region == b.region && a.subject == b.subject &&
         a.node_type == b.node_type && a.value_form == b.value_form;
}

bool AboutPage(const Licence& licence) {
  return (licence.scope == "page" || licence.scope == "response") &&
         licence.confidence != Confidence::kLow;
}

}  // namespace

bool MayBeLicenceUrl(std::string_view href, const char* end) {
  return AnyLetterPair(href, kLicenceUrlPairs, end, [href](std::size_t at) {
    for (const LicenceUrlWord& word : kLicenceUrlWords) {
      if (at < word.pair_at) continue;
      const std::string_view rest = href.substr(at - word.pair_at);
      if (AsciiLower(rest.front()) == word.text.front() && StartsWithIgnoreCase(rest, word.text)) {
        return true;
      }
    }
    return false;
  });
}

bool MayBeLicenceUrl(std::string_view href) {
  return MayBeLicenceUrl(href, href.data() + href.size());
}

void Collector::Begin(std::string_view page_url, Arena& arena) {
  page_url_ = page_url;
  page_key_ = {};
  base_.assign(page_url);
  arena_ = &arena;
  rights_ = Rights{};
  found_.clear();
  notes_.clear();
  prose_.clear();
  finished_ = {};
}

void Collector::SetBase(std::string_view base) {
  base_ = ResolveUrl(page_url_, base);
}

std::string Collector::Resolve(std::string_view reference) const {
  return ResolveUrl(base_, reference);
}

bool Collector::IsPage(std::string_view url) {
  if (page_key_.empty()) page_key_ = PageKey(page_url_);
  if (IsResolved(url)) return PageKey(url) == page_key_;
  return PageKey(Resolve(url)) == page_key_;
}

void Collector::Note(std::string_view static_note) {
  if (std::find(notes_.begin(), notes_.end(), static_note) == notes_.end()) {
    notes_.push_back(static_note);
  }
}

void Collector::SetOnce(std::string_view& member, std::string_view value) {
  value = Utf8Prefix(TrimAscii(value), limits::kRawBytesMax);
  if (member.empty() && !value.empty()) member = arena_->Copy(value);
}

void Collector::AddProse(std::string_view passage) {
  if (prose_.size() >= limits::kProsePassagesMax) return;
  prose_.push_back(arena_->Copy(Utf8Prefix(passage, limits::kRawBytesMax)));
}

void Collector::AddCopyright(std::string_view text) {
  if (SaysAllRightsReserved(text)) rights_.all_rights_reserved = true;
  SetOnce(rights_.copyright_text, text);
  const CopyrightNotice notice = ReadCopyrightNotice(text);
  SetOnce(rights_.copyright_holder, notice.holder);
  if (rights_.copyright_year == 0) rights_.copyright_year = notice.year;
}

// Fills in the place, copies what is new, and drops what was said before.
void Collector::Add(const Place& place, Licence licence, std::span<const std::string_view> flags) {
  if (found_.size() >= limits::kLicencesMax) {
    Note("licence.too_many");
    return;
  }
  licence.location = place.location;
  licence.scope = place.scope;
  licence.region = place.region;
  licence.confidence = std::min(licence.confidence, place.confidence);
  licence.node_type = place.node_type;
  licence.subject = place.subject;
  licence.raw = Utf8Prefix(licence.raw, limits::kRawBytesMax);
  for (const Licence& have : found_) {
    if (SameStatement(have, licence)) return;
  }
  flag_scratch_.assign(flags.begin(), flags.end());
  if (!place.flag.empty()) flag_scratch_.push_back(place.flag);
  for (const std::string_view flag : flag_scratch_) Note(flag);
  licence.flags = arena_->CopySpan(std::span<const std::string_view>(flag_scratch_));
  licence.spdx = arena_->Copy(licence.spdx);
  licence.name = arena_->Copy(licence.name);
  licence.url = arena_->Copy(licence.url);
  licence.node_type = arena_->Copy(licence.node_type);
  licence.subject = arena_->Copy(licence.subject);
  licence.raw = arena_->Copy(licence.raw);
  found_.push_back(licence);
}

bool Collector::AddUrl(const Place& place, std::string_view href, Accept accept) {
  href = TrimAscii(href);
  if (href.empty() || href.size() > limits::kLicenceUrlBytesMax) return false;
  if (accept == Accept::kKnownOnly && !MayBeLicenceUrl(href)) return false;
  const std::string url = Resolve(href);
  const LicenceUrl read = ReadLicenceUrl(url);
  if (!read.known && accept == Accept::kKnownOnly) return false;
  Licence licence;
  licence.spdx = read.spdx;
  if (read.spdx.empty()) licence.name = read.known ? std::string_view(read.family) : "custom";
  licence.url = url;
  licence.raw = href;
  licence.confidence = read.confidence == "low" ? Confidence::kLow : Confidence::kHigh;
  Place where = place;
  const bool plain = place.location == "a-plain";
  if (plain && place.scope == "page" && IsSoftwareLicence(read.spdx)) {
    where.scope = "mention";
    where.confidence = Confidence::kLow;
  }
  Add(where, licence, read.flags);
  return read.known;
}

bool Collector::AddPhrase(const Place& place, std::string_view value) {
  const auto name = FindLicenceName(value);
  if (!name) return false;
  AddNamed(place, name->spdx, name->family, value);
  return true;
}

void Collector::AddNamed(const Place& place, std::string_view spdx, std::string_view family,
                         std::string_view raw) {
  Licence licence;
  licence.spdx = spdx;
  if (spdx.empty()) licence.name = family;
  licence.confidence = Confidence::kHigh;
  licence.value_form = "text";
  licence.raw = raw;
  Add(place, licence, {});
}

bool Collector::AddValue(const Place& place, std::string_view value, Accept accept) {
  value = TrimAscii(value);
  if (value.empty()) return false;
  if (LooksLikeUrl(value)) {
    if (AddUrl(place, value, accept)) return true;
    return accept == Accept::kAny;
  }
  if (const std::string_view id = SpdxId(value); !id.empty() && EqualsIgnoreCase(id, value)) {
    Licence licence;
    licence.spdx = id;
    licence.confidence = Confidence::kHigh;
    licence.value_form = "spdx-id";
    licence.raw = value;
    Add(place, licence, {});
    return true;
  }
  const std::string_view url = UrlInText(value, 0);
  if (!url.empty() && AddUrl(place, url, Accept::kKnownOnly)) return true;
  if (AddPhrase(place, value)) return true;
  const bool reserved = SaysAllRightsReserved(value);
  if (!reserved && accept == Accept::kKnownOnly) return false;
  Licence licence;
  licence.name = reserved ? "all-rights-reserved" : "custom";
  licence.confidence = Confidence::kHigh;
  licence.value_form = "text";
  licence.raw = value;
  Add(place, licence, {});
  if (reserved) rights_.all_rights_reserved = true;
  return true;
}

bool Collector::AddBadge(const Place& place, std::string_view src) {
  src = TrimAscii(src);
  if (src.size() > limits::kLicenceUrlBytesMax || !MayBeLicenceUrl(src)) return false;
  const std::string url = Resolve(src);
  const LicenceUrl read = ReadLicenceUrl(url);
  if (read.hint.empty()) return false;
  Licence licence;
  licence.spdx = read.hint;
  licence.url = url;
  licence.raw = src;
  Add(place, licence, {});
  return true;
}

// Three or more different licences merely linked to: the page explains or lists licences.
void Collector::MarkCatalogue() {
  std::size_t different = 0;
  for (std::size_t i = 0; i < found_.size() && different < kCatalogueSize; ++i) {
    const Licence& licence = found_[i];
    if (licence.location != "a-plain" || licence.spdx.empty() || licence.scope == "media") continue;
    bool seen = false;
    for (std::size_t j = 0; j < i && !seen; ++j) {
      seen = found_[j].location == "a-plain" && found_[j].spdx == licence.spdx;
    }
    if (!seen) ++different;
  }
  if (different < kCatalogueSize) return;
  Note("licence.catalogue");
  static constexpr std::string_view kCatalogue = "licence.catalogue";
  for (Licence& licence : found_) {
    if (licence.location != "a-plain") continue;
    if (licence.scope == "page") licence.scope = "mention";
    licence.confidence = Confidence::kLow;
    flag_scratch_.assign(licence.flags.begin(), licence.flags.end());
    flag_scratch_.push_back(kCatalogue);
    licence.flags = arena_->CopySpan(std::span<const std::string_view>(flag_scratch_));
  }
}

void Collector::FindDisagreements() {
  for (std::size_t i = 0; i < found_.size(); ++i) {
    const Licence& a = found_[i];
    const bool page = AboutPage(a);
    if ((!page && a.subject.empty()) || a.spdx.empty()) continue;
    for (std::size_t j = 0; j < i; ++j) {
      const Licence& b = found_[j];
      if (b.spdx.empty() || a.spdx == b.spdx) continue;
      const bool same_subject = page ? AboutPage(b) : (!AboutPage(b) && b.subject == a.subject);
      if (!same_subject) continue;
      rights_.disagreement = true;
      if (WithoutVersion(a.spdx) == WithoutVersion(b.spdx)) rights_.version_disagreement = true;
    }
  }
}

void Collector::Rank() {
  const Licence* best = nullptr;
  const Licence* strictest = nullptr;
  for (const Licence& licence : found_) {
    if (!AboutPage(licence) || licence.spdx.empty()) continue;
    if (best == nullptr || PlaceRank(licence) < PlaceRank(*best)) best = &licence;
    if (strictest == nullptr || Strictness(licence.spdx) > Strictness(strictest->spdx)) {
      strictest = &licence;
    }
  }
  if (best == nullptr) return;
  rights_.page_licence = best->spdx;
  rights_.careful = strictest->spdx;
  if (rights_.all_rights_reserved && IsOpen(best->spdx)) Note("licence.all_rights_reserved");
}

void Collector::Finish() {
  MarkCatalogue();
  FindDisagreements();
  Rank();
  std::sort(notes_.begin(), notes_.end());
  finished_ = arena_->CopySpan(std::span<const Licence>(found_));
  rights_.prose = arena_->CopySpan(std::span<const std::string_view>(prose_));
}

}  // namespace crawlcard::page::licence
