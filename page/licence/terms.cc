// page/licence/terms.cc - see terms.h.
#include "page/licence/terms.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string>

#include "base/letter_pairs.h"
#include "base/text.h"

namespace crawlcard::page::licence {
namespace {

struct TermRow {
  std::string_view text;
  Term term;
};
// Section 11.1 of signals.md; prefixes are the customary ones.
constexpr TermRow kTerms[] = {
    {"cc:license", Term::kLicence},
    {"dct:license", Term::kLicence},
    {"dcterms:license", Term::kLicence},
    {"dc:license", Term::kLicence},
    {"xhv:license", Term::kLicence},
    {"schema:license", Term::kLicence},
    {"http://creativecommons.org/ns#license", Term::kLicence},
    {"https://creativecommons.org/ns#license", Term::kLicence},
    {"http://purl.org/dc/terms/license", Term::kLicence},
    {"http://www.w3.org/1999/xhtml/vocab#license", Term::kLicence},
    {"http://schema.org/license", Term::kLicence},
    {"https://schema.org/license", Term::kLicence},
    {"dct:rights", Term::kRights},
    {"dcterms:rights", Term::kRights},
    {"dc:rights", Term::kRights},
    {"http://purl.org/dc/terms/rights", Term::kRights},
    {"http://purl.org/dc/elements/1.1/rights", Term::kRights},
    {"cc:attributionname", Term::kAttributionName},
    {"http://creativecommons.org/ns#attributionname", Term::kAttributionName},
    {"cc:attributionurl", Term::kAttributionUrl},
    {"http://creativecommons.org/ns#attributionurl", Term::kAttributionUrl},
};

// Whether a term of that many bytes is there.
constexpr auto kTermSizes = [] {
  std::array<bool, 64> sizes{};
  for (const TermRow& row : kTerms) sizes[row.text.size()] = true;
  return sizes;
}();

// Calls `use` for each white-space separated token until it returns true.
template <class Use>
bool AnyToken(std::string_view list, Use use) {
  std::size_t i = 0;
  while (i < list.size()) {
    while (i < list.size() && IsAsciiSpace(list[i])) ++i;
    const std::size_t begin = i;
    while (i < list.size() && !IsAsciiSpace(list[i])) ++i;
    if (i > begin && use(list.substr(begin, i - begin))) return true;
  }
  return false;
}

// Class and id words of the comment parts of common site software, and of footers.
constexpr std::string_view kCommentsWords[] = {
    "comments",        "comment",         "comment-list",  "commentlist",
    "comments-area",   "comment-body",    "comments-list", "comments-section",
    "comment-section", "comment-content", "disqus_thread"};
constexpr std::string_view kFooterWords[] = {"footer",        "site-footer",   "page-footer",
                                             "main-footer",   "global-footer", "footer-wrapper",
                                             "footer-bottom", "colophon"};

// What page/html/body_map.cc looks for, and where.
constexpr bool ShowsItsPart(std::string_view word) {
  for (const std::string_view part : {"comment", "disqus", "footer", "colophon"}) {
    if (word.starts_with(part)) return true;
    if (word.ends_with(part) && word[word.size() - part.size() - 1] == '-') return true;
  }
  return false;
}
static_assert(std::all_of(std::begin(kCommentsWords), std::end(kCommentsWords), ShowsItsPart));
static_assert(std::all_of(std::begin(kFooterWords), std::end(kFooterWords), ShowsItsPart));

template <std::size_t N>
bool IsOneOf(std::string_view word, const std::string_view (&words)[N]) {
  for (const std::string_view known : words) {
    if (EqualsIgnoreCase(known, word)) return true;
  }
  return false;
}
// Whether a word of that many bytes is there.
constexpr auto kRegionWordSizes = [] {
  std::array<bool, 32> sizes{};
  for (const std::string_view word : kCommentsWords) sizes[word.size()] = true;
  for (const std::string_view word : kFooterWords) sizes[word.size()] = true;
  return sizes;
}();

bool IsCommentsWord(std::string_view word) {
  return IsOneOf(word, kCommentsWords);
}
bool IsFooterWord(std::string_view word) {
  return IsOneOf(word, kFooterWords);
}

}  // namespace

bool IsRegionWord(std::string_view word) {
  if (word.size() >= kRegionWordSizes.size() || !kRegionWordSizes[word.size()]) return false;
  return IsCommentsWord(word) || IsFooterWord(word);
}

namespace {

// One pair of letters of each word of the two lists: coMMent, disQUs_thread, fOOter, coloPHon.
constexpr std::array<LetterPair, 4> kRegionWordPairs = {
    {{'m', 'm'}, {'q', 'u'}, {'o', 'o'}, {'p', 'h'}}};
constexpr std::size_t kRegionWordBytesMin = 6;

std::string_view WithoutDublinCore(std::string_view name) {
  // Written with a colon where somebody had RDFa in mind.
  for (const std::string_view prefix : {"dcterms.", "dc.", "dcterms:", "dc:"}) {
    if (name.starts_with(prefix)) return name.substr(prefix.size());
  }
  return {};
}

}  // namespace

Term QualifiedTerm(std::string_view list) {
  Term found = Term::kNone;
  AnyToken(list, [&found](std::string_view token) {
    // "license", "rights", "attributionname" or "attributionurl": few others end in these letters.
    const char last = AsciiLower(token.back());
    if (last != 'e' && last != 's' && last != 'l') return false;
    if (token.size() >= kTermSizes.size() || !kTermSizes[token.size()]) return false;
    for (const TermRow& row : kTerms) {
      if (row.text.size() == token.size() && EqualsIgnoreCase(row.text, token)) {
        found = row.term;
        return true;
      }
    }
    return false;
  });
  return found;
}

bool HasLicenceTerm(std::string_view vocabulary) {
  vocabulary = TrimAscii(vocabulary);
  if (vocabulary.empty() || vocabulary.size() > 64) return false;
  std::string term(vocabulary);
  if (term.back() != '/' && term.back() != '#') term += '/';
  return QualifiedTerm(term + "license") == Term::kLicence;
}

html::Region RegionOf(html::Element element, std::string_view class_name, std::string_view id,
                      const char* end) {
  switch (element) {
    case html::Element::kHeader:
      return html::Region::kHeader;
    case html::Element::kFooter:
      return html::Region::kFooter;
    case html::Element::kAside:
      return html::Region::kAside;
    case html::Element::kFigcaption:
      return html::Region::kFigcaption;
    case html::Element::kFigure:
      return html::Region::kFigure;
    case html::Element::kHtml:
    case html::Element::kBody:
    case html::Element::kA:
      return html::Region::kBody;
    default:
      break;
  }
  const bool may_name =
      (class_name.size() >= kRegionWordBytesMin &&
       HasLetterPair(class_name, kRegionWordPairs, end)) ||
      (id.size() >= kRegionWordBytesMin && HasLetterPair(id, kRegionWordPairs, end));
  if (!may_name) return html::Region::kBody;
  if (AnyToken(class_name, IsCommentsWord) || AnyToken(id, IsCommentsWord)) {
    return html::Region::kComments;
  }
  if (AnyToken(class_name, IsFooterWord) || AnyToken(id, IsFooterWord)) {
    return html::Region::kFooter;
  }
  return html::Region::kBody;
}

MetaTerm MetaTermOf(std::string_view name) {
  if (name == "license" || name == "og:license") return MetaTerm::kLicence;
  if (name == "rights" || name == "copyright" || name == "prism.copyright") {
    return MetaTerm::kRights;
  }
  const std::string_view term = WithoutDublinCore(name);
  if (term == "rights.license" || term == "license" || term == "rights.licence") {
    return MetaTerm::kLicence;
  }
  return term == "rights" ? MetaTerm::kRights : MetaTerm::kNone;
}

bool IsDublinCore(std::string_view name) {
  return !WithoutDublinCore(name).empty();
}

}  // namespace crawlcard::page::licence
