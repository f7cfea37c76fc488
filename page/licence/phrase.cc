// page/licence/phrase.cc - see phrase.h.
#include "page/licence/phrase.h"

#include <algorithm>
#include <iterator>

#include "base/find.h"
#include "base/text.h"
#include "page/licence/creative_commons.h"

namespace crawlcard::page::licence {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;

bool IsWordByte(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) || static_cast<unsigned char>(c) >= 0x80;
}

// Names of jurisdictions as the deeds write them.
constexpr std::string_view kCountries[][2] = {
    {"argentina", "ar"},   {"australia", "au"}, {"austria", "at"},        {"belgium", "be"},
    {"brazil", "br"},      {"bulgaria", "bg"},  {"canada", "ca"},         {"chile", "cl"},
    {"colombia", "co"},    {"croatia", "hr"},   {"denmark", "dk"},        {"deutschland", "de"},
    {"ecuador", "ec"},     {"estonia", "ee"},   {"finland", "fi"},        {"france", "fr"},
    {"germany", "de"},     {"greece", "gr"},    {"guatemala", "gt"},      {"hungary", "hu"},
    {"igo", "igo"},        {"india", "in"},     {"ireland", "ie"},        {"israel", "il"},
    {"italia", "it"},      {"italy", "it"},     {"japan", "jp"},          {"luxembourg", "lu"},
    {"malaysia", "my"},    {"malta", "mt"},     {"mexico", "mx"},         {"netherlands", "nl"},
    {"norway", "no"},      {"peru", "pe"},      {"philippines", "ph"},    {"poland", "pl"},
    {"portugal", "pt"},    {"romania", "ro"},   {"scotland", "scotland"}, {"serbia", "rs"},
    {"singapore", "sg"},   {"slovenia", "si"},  {"spain", "es"},          {"sweden", "se"},
    {"switzerland", "ch"}, {"taiwan", "tw"},    {"thailand", "th"},       {"uganda", "ug"},
    {"ukraine", "ua"},     {"venezuela", "ve"}, {"vietnam", "vn"},        {"us", "us"},
    {"uk", "uk"}};

// Takes one word after another; "3.0" is one word, hyphens part words.
class Words {
 public:
  Words(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  // The next word in lower case; empty at the end or where a sentence ends.
  std::string Next() {
    std::size_t i = at_;
    while (i < text_.size() && !IsWordByte(text_[i])) {
      const bool ends = text_[i] == '.' || text_[i] == ';' || text_[i] == ',' || text_[i] == ':';
      if (ends) return {};
      ++i;
    }
    const std::size_t begin = i;
    while (i < text_.size() && i - begin < kWordBytesMax && IsInWord(begin, i)) ++i;
    next_ = i;
    return AsciiLowerCopy(text_.substr(begin, i - begin));
  }
  void Accept() { at_ = next_; }
  std::size_t at() const { return at_; }

 private:
  static constexpr std::size_t kWordBytesMax = 40;

  bool IsInWord(std::size_t begin, std::size_t i) const {
    if (IsWordByte(text_[i])) return true;
    return text_[i] == '.' && i > begin && IsAsciiDigit(text_[i - 1]) && i + 1 < text_.size() &&
           IsAsciiDigit(text_[i + 1]);
  }

  std::string_view text_;
  std::size_t at_;
  std::size_t next_ = 0;
};

// The parts of a name met so far.
struct Parts {
  bool by = false;
  bool nc = false;
  bool nd = false;
  bool sa = false;
  bool zero = false;
  bool mark = false;
  std::string version;
  std::string port;

  std::string Unit() const {
    std::string unit;
    const auto add = [&unit](std::string_view part) {
      if (!unit.empty()) unit += '-';
      unit += part;
    };
    if (by) add("by");
    if (nc) add("nc");
    if (sa) add("sa");
    if (nd) add("nd");
    return unit;
  }
};

bool IsVersion(std::string_view word) {
  return word.size() == 3 && IsAsciiDigit(word[0]) && word[1] == '.' && IsAsciiDigit(word[2]);
}

// Reads one word into `parts`. False: the word is no part of a name.
bool TakePart(const std::string& word, Parts& parts) {
  static constexpr std::string_view kFiller[] = {
      "creative",     "commons",       "cc",        "license",
      "licence",      "public",        "domain",    "non",
      "no",           "share",         "works",     "work",
      "unported",     "international", "generic",   "intergovernmental",
      "organization", "dedication",    "universal", "v",
      "version"};
  if (word.empty()) return false;
  if (word == "by" || word == "attribution") {
    parts.by = true;
  } else if (word == "nc" || word == "noncommercial" || word == "commercial") {
    parts.nc = true;
  } else if (word == "nd" || word == "noderivs" || word == "noderivatives" || word == "derivs" ||
             word == "derivatives" || word == "derivative") {
    parts.nd = true;
  } else if (word == "sa" || word == "sharealike" || word == "alike") {
    parts.sa = true;
  } else if (word == "zero" || word == "cc0") {
    parts.zero = true;
  } else if (word == "mark") {
    parts.mark = true;
  } else if (IsVersion(word) && parts.version.empty()) {
    parts.version = word;
  } else if (word.size() == 4 && word[0] == 'v' && IsVersion(std::string_view(word).substr(1)) &&
             parts.version.empty()) {
    parts.version = word.substr(1);
  } else {
    const auto* filler = std::find(std::begin(kFiller), std::end(kFiller), word);
    if (filler != std::end(kFiller)) return true;
    if (parts.version.empty() || !parts.port.empty()) return false;
    for (const auto& country : kCountries) {
      if (country[0] == word) {
        parts.port = country[1];
        return true;
      }
    }
    return false;
  }
  return true;
}

// Words that begin a port's name of two words.
bool IsPortPrefix(const std::string& word) {
  return word == "united" || word == "south" || word == "new" || word == "costa" ||
         word == "hong" || word == "czech" || word == "puerto" || word == "england";
}

std::optional<LicenceName> ReadNameAt(std::string_view text, std::size_t begin) {
  Parts parts;
  Words words(text, begin);
  // The longest name has 14 words; the bound keeps "CC CC CC ..." linear.
  for (int count = 0; count < 24; ++count) {
    const std::string word = words.Next();
    if (!parts.version.empty() && word == "united") {
      words.Accept();
      const std::string second = words.Next();
      if (second == "states") parts.port = "us";
      if (parts.port.empty()) return std::nullopt;
      words.Accept();
      continue;
    }
    // A port that is not in the table must not be read as the unported text.
    if (!parts.version.empty() && IsPortPrefix(word)) return std::nullopt;
    if (!TakePart(word, parts)) break;
    words.Accept();
  }
  LicenceName name;
  name.begin = begin;
  name.end = words.at();
  if (parts.zero) {
    name.family = "CC0";
    name.spdx = "CC0-1.0";
    return name;
  }
  if (parts.mark) {
    name.family = "CC-PDM";
    name.spdx = "CC-PDM-1.0";
    return name;
  }
  const std::string unit = parts.Unit();
  if (!parts.by) return std::nullopt;
  name.family = "CC-" + unit;
  std::transform(name.family.begin(), name.family.end(), name.family.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  if (!parts.version.empty()) name.spdx = CreativeCommonsId(unit, parts.version, parts.port);
  return name;
}

bool IsAlone(std::string_view text, std::size_t at, std::size_t size) {
  const bool starts = at == 0 || !IsWordByte(text[at - 1]);
  const std::size_t end = at + size;
  return starts && (end >= text.size() || !IsWordByte(text[end]));
}

// Where "creative commons", "CC" or "CC0" stands next, or npos.
std::size_t FindNameStart(std::string_view text, std::size_t from) {
  for (std::size_t i = from; i + 1 < text.size(); ++i) {
    const char c = text[i];
    if (c != 'c' && c != 'C') continue;
    if (StartsWithIgnoreCase(text.substr(i), "creative commons")) return i;
    if (text.substr(i, 3) == "CC0" && IsAlone(text, i, 3)) return i;
    if (text.substr(i, 2) == "CC" && IsAlone(text, i, 2)) return i;
  }
  return kNpos;
}

bool HasWord(std::string_view text, std::string_view word) {
  for (std::size_t at = FindIgnoreCase(text, word); at != kNpos;
       at = FindIgnoreCase(text, word, at + 1)) {
    if (IsAlone(text, at, word.size())) return true;
  }
  return false;
}

bool HasNegation(std::string_view text) {
  for (const std::string_view word : {"not", "never", "no longer", "cannot", "nor"}) {
    if (HasWord(text, word)) return true;
  }
  return FindIgnoreCase(text, "n't") != kNpos || text.find("n\xE2\x80\x99t") != kNpos;
}

// Position of the verb in "... licensed under", or npos.
std::size_t FindVerb(std::string_view before) {
  std::size_t best = kNpos;
  for (const std::string_view verb :
       {"licensed", "licenced", "license", "licence", "released", "available", "distributed",
        "published", "provided", "shared", "dedicated"}) {
    for (std::size_t at = FindIgnoreCase(before, verb); at != kNpos;
         at = FindIgnoreCase(before, verb, at + 1)) {
      if (best == kNpos || at > best) best = at;
    }
  }
  return best;
}

std::string_view SentenceAround(std::string_view text, std::size_t begin, std::size_t end) {
  constexpr std::size_t kReach = 300;
  std::size_t from = begin > kReach ? begin - kReach : 0;
  for (std::size_t i = begin; i-- > from;) {
    if ((text[i] == '.' || text[i] == '!' || text[i] == '?') && i + 1 < text.size() &&
        text[i + 1] == ' ') {
      from = i + 2;
      break;
    }
  }
  std::size_t to = std::min(text.size(), end + kReach);
  for (std::size_t i = end; i < to; ++i) {
    if ((text[i] == '.' || text[i] == '!' || text[i] == '?') &&
        (i + 1 == text.size() || text[i + 1] == ' ')) {
      to = i + 1;
      break;
    }
  }
  while (from < text.size() && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80) ++from;
  if (from > begin) from = begin;
  return TrimAscii(Utf8Prefix(text.substr(from), to - from));
}

bool AboutMedia(std::string_view subject) {
  for (const std::string_view word :
       {"image", "images", "photo", "photos", "photograph", "photographs", "picture", "pictures",
        "video", "videos", "illustration", "illustrations", "icons", "audio"}) {
    if (HasWord(subject, word)) return true;
  }
  return false;
}

}  // namespace

std::optional<LicenceName> FindLicenceName(std::string_view text, std::size_t from) {
  for (std::size_t at = FindNameStart(text, from); at != kNpos; at = FindNameStart(text, at + 2)) {
    if (auto name = ReadNameAt(text, at)) return name;
  }
  return std::nullopt;
}

LicenceSentence FindLicenceSentence(std::string_view text) {
  LicenceSentence out;
  std::size_t from = 0;
  while (const auto name = FindLicenceName(text, from)) {
    from = std::max(name->end, name->begin + 2);
    constexpr std::size_t kVerbReach = 100;
    const std::size_t window_begin = name->begin > kVerbReach ? name->begin - kVerbReach : 0;
    const std::string_view window = text.substr(window_begin, name->begin - window_begin);
    const std::size_t verb = FindVerb(window);
    if (verb == kNpos) continue;
    const std::string_view between = window.substr(verb);
    if (!HasWord(between, "under") && !HasWord(between, "by") && !HasWord(between, "to")) continue;
    if (between.find(". ") != kNpos) continue;
    out.name = *name;
    out.sentence = SentenceAround(text, window_begin + verb, name->end);
    const std::size_t offset = static_cast<std::size_t>(out.sentence.data() - text.data());
    const std::size_t verb_at = window_begin + verb;
    const std::string_view subject =
        verb_at > offset ? text.substr(offset, verb_at - offset) : std::string_view();
    out.about_media = AboutMedia(subject);
    constexpr std::size_t kNegationReach = 20;
    const std::string_view near =
        subject.size() > kNegationReach ? subject.substr(subject.size() - kNegationReach) : subject;
    if (HasNegation(near)) {
      out.kind = SentenceKind::kNegated;
    } else {
      out.kind = HasNegation(out.sentence) ? SentenceKind::kDoubtful : SentenceKind::kStatement;
    }
    return out;
  }
  return out;
}

bool SaysAllRightsReserved(std::string_view text) {
  return FindIgnoreCase(text, "all rights reserved") != kNpos;
}

CopyrightNotice ReadCopyrightNotice(std::string_view text) {
  CopyrightNotice out;
  std::size_t at = kNpos;
  for (const std::string_view sign : {"\xC2\xA9", "(c)", "copyright"}) {
    const std::size_t found = FindIgnoreCase(text, sign);
    if (found != kNpos) at = std::max(at == kNpos ? 0 : at, found + sign.size());
  }
  if (at == kNpos) return out;
  std::string_view rest = text.substr(at);
  const auto skip = [&rest] {
    while (!rest.empty() && !IsWordByte(rest.front())) rest.remove_prefix(1);
  };
  skip();
  // Years come as "2026", "2019-2026" or "2019, 2026": the last one counts.
  while (
      rest.size() >= 4 && std::all_of(rest.begin(), rest.begin() + 4, IsAsciiDigit) &&
      (rest.size() == 4 || !IsWordByte(rest[4]) || static_cast<unsigned char>(rest[4]) >= 0x80)) {
    out.year = static_cast<int>(ParseUint(rest.substr(0, 4)).value_or(0));
    rest.remove_prefix(4);
    if (rest.starts_with("\xE2\x80\x93")) rest.remove_prefix(3);  // en dash
    skip();
  }
  if (StartsWithIgnoreCase(rest, "by ")) rest.remove_prefix(3);
  std::size_t end = std::min({rest.find(". "), rest.find(" - "), rest.find('|'),
                              FindIgnoreCase(rest, "all rights"), rest.size()});
  out.holder = TrimAscii(rest.substr(0, end));
  while (out.holder.ends_with('.') || out.holder.ends_with(',')) out.holder.remove_suffix(1);
  return out;
}

}  // namespace crawlcard::page::licence
