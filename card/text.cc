#include "card/text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace crawlcard::card {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode 15, chapter 23: controls, bidirectional formatting (UAX 9), invisible operators,
// variation selectors, separators that break lines, private use, noncharacters, tags.
constexpr std::array<Range, 21> kDeceptive{{
    {0x0000, 0x001F},    {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x034F, 0x034F},   {0x061C, 0x061C},
    {0x115F, 0x1160},    {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F},    {0x3164, 0x3164}, {0xE000, 0xF8FF}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},    {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
    {0xF0000, 0x10FFFF},
}};

// Reads one code point of valid UTF-8 and moves `at` past it.
char32_t NextCodePoint(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t value = size == 1 ? lead : lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) value = (value << 6) | (byte(at + i) & 0x3FU);
  at += size;
  return value;
}

bool IsAsciiAlnum(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c);
}

void AppendJsonEscape(char32_t code_point, std::string& out) {
  if (code_point < 0x10000) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(code_point));
    return;
  }
  const unsigned rest = static_cast<unsigned>(code_point) - 0x10000;
  fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10),
                 0xDC00 + (rest & 0x3FF));
}

constexpr std::array<std::string_view, 6> kUnits{"kB", "MB", "GB", "TB", "PB", "EB"};

// "1.9" before "%" or "%).", as FormatShare() and FormatBytes() write them.
bool IsUnitOfNumber(std::string_view number, std::string_view unit) {
  if (number.empty() || !IsAsciiDigit(number.back())) return false;
  unit = unit.substr(0, unit.find_first_of(").,;:"));
  return unit == "%" || unit == "bytes" || std::ranges::find(kUnits, unit) != kUnits.end();
}

// A short word that a browser would break behind a hyphen, and a reader would not: a date, a flag.
bool IsBrokenByHyphen(std::string_view word) {
  constexpr std::size_t kBytesMax = 24;  // fits a phone
  return word.size() <= kBytesMax && word.find('-') != std::string_view::npos &&
         (word.starts_with("--") || std::any_of(word.begin(), word.end(), IsAsciiDigit));
}

}  // namespace

bool IsDeceptive(char32_t code_point) {
  return std::any_of(kDeceptive.begin(), kDeceptive.end(), [&](const Range& range) {
    return code_point >= range.first && code_point <= range.last;
  });
}

std::string VisibleText(std::string_view text, std::size_t bytes_max) {
  std::string valid;
  const bool cut = text.size() > bytes_max;
  AppendValidUtf8(Utf8Prefix(text, bytes_max), valid);
  std::string out;
  out.reserve(valid.size());
  for (std::size_t at = 0; at < valid.size();) {
    const std::size_t start = at;
    const char32_t code_point = NextCodePoint(valid, at);
    if (IsDeceptive(code_point)) {
      fmt::format_to(std::back_inserter(out), "\\u{{{:04X}}}", static_cast<unsigned>(code_point));
    } else {
      out.append(valid, start, at - start);
    }
  }
  if (cut) out += "\xE2\x80\xA6";
  return out;
}

std::string EscapeHtml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : VisibleText(text, std::string_view::npos)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string MarkdownText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : VisibleText(text, std::string_view::npos)) {
    if (std::string_view("\\`*_{}[]<>#|~&!$@").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string EscapeHtmlWrapping(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t mark = text.find_first_of("./_:", at);
    const std::size_t end = mark == std::string_view::npos ? text.size() : mark + 1;
    out += EscapeHtml(text.substr(at, end - at));
    if (end < text.size()) out += "<wbr>";
    at = end;
  }
  return out;
}

std::string EscapeHtmlProse(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view next = text.substr(std::min(end + 1, text.size()));
    const std::string_view unit = next.substr(0, next.find(' '));
    const bool pair = IsUnitOfNumber(text.substr(0, end), unit);
    if (pair) end += 1 + unit.size();
    const std::string_view words = text.substr(0, end);
    if (pair || IsBrokenByHyphen(words)) {
      out += "<span class=\"nb\">" + EscapeHtml(words) + "</span>";
    } else {
      out += EscapeHtml(words);
    }
    if (end < text.size()) out += ' ';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// GFM 4.10 and 6.3: a code span may be fenced by any number of backticks; a pipe in a table must be
// escaped even within it.
std::string MarkdownCode(std::string_view foreign) {
  if (foreign.empty()) return "";
  const std::string text = VisibleText(foreign, std::string_view::npos);
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  const bool pad = text.front() == '`' || text.back() == '`';
  std::string out = fence + (pad ? " " : "");
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out + (pad ? " " : "") + fence;
}

std::string CsvCell(std::string_view text) {
  std::string safe;
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) {
    safe += '\'';
  }
  safe += text;
  const bool plain = std::all_of(safe.begin(), safe.end(), [](char c) {
    return IsAsciiAlnum(c) || c == '.' || c == '-' || c == '_' || c == ':' || c == '/' || c == ' ';
  });
  if (plain) return safe;
  std::string out = "\"";
  for (const char c : safe) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string NeutraliseJson(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t at = 0; at < json.size();) {
    const std::size_t start = at;
    if (static_cast<unsigned char>(json[at]) < 0x80) {
      out += json[at++];
      continue;
    }
    const char32_t code_point = NextCodePoint(json, at);
    if (IsDeceptive(code_point)) {
      AppendJsonEscape(code_point, out);
    } else {
      out.append(json, start, at - start);
    }
  }
  return out;
}

std::string FormatCount(std::uint64_t value) {
  const std::string digits = std::to_string(value);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

std::string FormatNoun(std::uint64_t value, std::string_view noun) {
  return fmt::format("{} {}{}", FormatCount(value), noun, value == 1 ? "" : "s");
}

std::string FormatBytes(std::uint64_t value) {
  if (value < 1000) return FormatNoun(value, "byte");
  std::uint64_t unit = 1000;
  std::size_t name = 0;
  // Moves on where rounding would print 1000.0 of the smaller unit.
  while (name + 1 < kUnits.size() && value / unit >= 1000) {
    unit *= 1000;
    ++name;
  }
  std::uint64_t tenths = value / (unit / 10) + (value % (unit / 10) >= unit / 20 ? 1 : 0);
  if (tenths >= 10'000 && name + 1 < kUnits.size()) {
    tenths = 10;
    ++name;
  }
  return fmt::format("{}.{} {}", tenths / 10, tenths % 10, kUnits[name]);
}

std::string FormatShare(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::string(kNotApplicable);
  if (part == 0) return "0 %";
  // Through long double: products of byte counts overflow 64 bits; the result has four digits.
  const auto tenths = static_cast<std::uint64_t>(
      static_cast<long double>(part) * 1000.0L / static_cast<long double>(whole) + 0.5L);
  if (tenths == 0) return "< 0.1 %";
  if (tenths >= 1000 && part < whole) return "> 99.9 %";
  return fmt::format("{}.{} %", tenths / 10, tenths % 10);
}

}  // namespace crawlcard::card
