// page/html/char_ref.cc - see char_ref.h. Section numbers are those of the HTML Standard.
#include "page/html/char_ref.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "base/find.h"
#include "base/text.h"

namespace crawlcard::page::html {
namespace {

struct NamedReference {
  std::string_view name;  // without '&', with ';' where the name has one
  char32_t first;
  char32_t second;
};

constexpr NamedReference kNamed[] = {
#include "page/html/entities.inc"
};

// The longest name that `text` begins with, or null (section 13.2.5.73).
const NamedReference* FindNamed(std::string_view text) {
  const NamedReference* low = std::begin(kNamed);
  const NamedReference* high = std::end(kNamed);
  const NamedReference* best = nullptr;
  for (std::size_t i = 0; i < text.size() && low != high; ++i) {
    const char c = text[i];
    const auto key = [i](const NamedReference& entry) {
      return i < entry.name.size() ? static_cast<unsigned char>(entry.name[i]) : 0U;
    };
    const unsigned wanted = static_cast<unsigned char>(c);
    low = std::lower_bound(low, high, wanted,
                           [&](const NamedReference& entry, unsigned w) { return key(entry) < w; });
    high = std::upper_bound(
        low, high, wanted, [&](unsigned w, const NamedReference& entry) { return w < key(entry); });
    if (low != high && low->name.size() == i + 1) best = low;
  }
  return best;
}

// The names that pages are full of. No longer name begins with one of them.
constexpr NamedReference kCommon[] = {{"amp;", U'&', 0},  {"nbsp;", 0xA0, 0}, {"quot;", U'"', 0},
                                      {"lt;", U'<', 0},   {"gt;", U'>', 0},   {"copy;", 0xA9, 0},
                                      {"raquo;", 0xBB, 0}};

const NamedReference* FindReference(std::string_view text) {
  for (const NamedReference& entry : kCommon) {
    if (text.front() == entry.name.front() && text.starts_with(entry.name)) return &entry;
  }
  return FindNamed(text);
}

// Section 13.2.5.80: numbers of the C1 range mean what windows-1252 has there.
constexpr std::array<std::uint16_t, 32> kC1 = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

char32_t NumericMeaning(std::uint32_t number) {
  if (number >= 0x80 && number <= 0x9F) return kC1[number - 0x80];
  if (number == 0) return 0xFFFD;
  return number;  // AppendUtf8 replaces surrogates and what lies past U+10FFFF
}

// Decodes "#..." at the start of `text`; returns the bytes used, 0 where it is no reference.
std::size_t DecodeNumeric(std::string_view text, std::string& out) {
  std::size_t i = 1;
  const bool hex = i < text.size() && (text[i] == 'x' || text[i] == 'X');
  if (hex) ++i;
  const std::size_t digits_begin = i;
  std::uint32_t number = 0;
  for (; i < text.size(); ++i) {
    const int digit = hex ? HexValue(text[i]) : (IsAsciiDigit(text[i]) ? text[i] - '0' : -1);
    if (digit < 0) break;
    if (number <= 0x10FFFF) number = number * (hex ? 16U : 10U) + static_cast<std::uint32_t>(digit);
  }
  if (i == digits_begin) return 0;
  if (i < text.size() && text[i] == ';') ++i;
  AppendUtf8(NumericMeaning(number), out);
  return i;
}

constexpr std::array<char, 3> kSpecial = {'&', '\r', '\0'};

}  // namespace

std::size_t DecodeReference(std::string_view text, RefContext context, std::string& out) {
  if (text.empty()) return 0;
  if (text[0] == '#') return DecodeNumeric(text, out);
  if (!IsAsciiAlpha(text[0])) return 0;
  const NamedReference* found = FindReference(text);
  if (found == nullptr) return 0;
  const std::size_t used = found->name.size();
  if (context == RefContext::kAttribute && found->name.back() != ';' && used < text.size()) {
    const char next = text[used];
    if (next == '=' || IsAsciiAlpha(next) || IsAsciiDigit(next)) return 0;
  }
  AppendUtf8(found->first, out);
  if (found->second != 0) AppendUtf8(found->second, out);
  return used;
}

ReferenceBytes KnownReferences::Decode(std::string_view text) {
  decoded_.clear();
  const std::size_t used = DecodeReference(text, RefContext::kText, decoded_);
  if (used == 0) return {};
  return {used, decoded_.size(), IsAsciiSpace(decoded_.front())};
}

void AppendDecoded(std::string_view raw, RefContext context, NulRule nul, std::string& out) {
  std::size_t i = 0;
  while (i < raw.size()) {
    const std::size_t special = std::min(FindFirstOf(raw, kSpecial, i), raw.size());
    out.append(raw, i, special - i);
    i = special;
    if (i == raw.size()) return;
    const char c = raw[i++];
    if (c == '\r') {
      out += '\n';
      if (i < raw.size() && raw[i] == '\n') ++i;
      continue;
    }
    if (c == '\0') {
      if (nul == NulRule::kKeep) {
        out += c;
      } else {
        AppendUtf8(0xFFFD, out);
      }
      continue;
    }
    const std::size_t used =
        context == RefContext::kNone ? 0 : DecodeReference(raw.substr(i), context, out);
    if (used == 0) out += '&';
    i += used;
  }
}

std::string_view AttributeValue(std::string_view raw, std::string& scratch) {
  if (FindFirstOf(raw, kSpecial) == std::string_view::npos) return raw;
  scratch.clear();
  AppendDecoded(raw, RefContext::kAttribute, NulRule::kReplace, scratch);
  return scratch;
}

}  // namespace crawlcard::page::html
