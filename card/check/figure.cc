#include "card/check/figure.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "card/check/pattern.h"

namespace crawlcard::card {

bool JoinsWord(char c) {
  return IsAsciiAlpha(c) || c == '_' || c == '/' || c == ':' || c == '@' || c == '#' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::size_t EndOfFigure(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && (InNumber(text[end]) || JoinsWord(text[end]) || text[end] == '-'))
    ++end;
  while (end > at && (text[end - 1] == '.' || text[end - 1] == ',' || text[end - 1] == ':' ||
                      text[end - 1] == '-' || text[end - 1] == '/')) {
    --end;
  }
  for (const std::string_view unit : {" %", " bytes", " byte", " kB", " MB", " GB", " TB"}) {
    if (text.substr(end).starts_with(unit)) return end + unit.size();
  }
  return end;
}

std::string_view LastFigure(std::string_view text) {
  std::size_t start = text.size();
  if (text.ends_with(" %")) start -= 2;
  while (start > 0 && InNumber(text[start - 1])) --start;
  if (text.substr(0, start).ends_with("< ") || text.substr(0, start).ends_with("> ")) start -= 2;
  const std::string_view figure = text.substr(start);
  const bool begins = start == 0 || text[start - 1] == ' ';
  return begins && figure.find_first_of("0123456789") != std::string_view::npos ? figure : "";
}

bool LooksMeasured(std::string_view figure) {
  if (figure.ends_with(" %") || figure.ends_with('B') || figure.ends_with(" bytes")) return true;
  if (figure.size() == 20 && figure[10] == 'T' && figure.ends_with('Z')) return true;
  if (figure.size() == 41 && figure[20] == '/') return true;  // a period
  return std::all_of(figure.begin(), figure.end(),
                     [](char c) { return IsAsciiDigit(c) || c == ','; }) &&
         figure.find(',') != std::string_view::npos;
}

bool IsPlainNumber(std::string_view figure) {
  return std::ranges::all_of(figure, IsAsciiDigit);
}

bool IsFigure(std::string_view cell) {
  if (cell == "< 0.1 %" || cell == "> 99.9 %") return true;
  const std::size_t start = cell.starts_with("about ") ? 6 : 0;
  if (start == cell.size() || !IsAsciiDigit(cell[start])) return false;
  return EndOfFigure(cell, start) == cell.size();
}

}  // namespace crawlcard::card
