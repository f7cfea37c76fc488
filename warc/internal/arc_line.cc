#include "warc/internal/arc_line.h"

#include <algorithm>
#include <cstddef>

#include "base/text.h"

namespace crawlcard::warc::internal {
namespace {

constexpr std::size_t kDateDigitsMin = 12;
constexpr std::size_t kDateDigitsMax = 18;

bool IsDate(std::string_view token) {
  return token.size() >= kDateDigitsMin && token.size() <= kDateDigitsMax &&
         std::all_of(token.begin(), token.end(), IsAsciiDigit);
}

// An IPv4 or IPv6 address by its letters; "0.0.0.0" stands where none was known.
bool IsAddress(std::string_view token) {
  if (token.find_first_of(".:") == std::string_view::npos) return false;
  return std::all_of(token.begin(), token.end(),
                     [](char c) { return HexValue(c) >= 0 || c == '.' || c == ':'; });
}

// Takes the last blank-separated word off `text`.
std::string_view TakeLastWord(std::string_view& text) {
  const std::size_t blank = text.rfind(' ');
  const std::size_t start = blank == std::string_view::npos ? 0 : blank + 1;
  const std::string_view word = text.substr(start);
  text = text.substr(0, blank == std::string_view::npos ? 0 : blank);
  return word;
}

bool HasScheme(std::string_view url) {
  const std::size_t colon = url.find(':');
  if (colon == std::string_view::npos || colon == 0 || !IsAsciiAlpha(url[0])) return false;
  return std::all_of(url.begin(), url.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
    return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '+' || c == '-' || c == '.';
  });
}

}  // namespace

std::optional<ArcLine> ParseArcLine(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  if (!HasScheme(line)) return std::nullopt;
  ArcLine parsed;
  std::string_view rest = line;
  parsed.length = TakeLastWord(rest);
  std::string_view after;  // the word right of the one looked at
  while (!rest.empty()) {
    const std::string_view word = TakeLastWord(rest);
    if (IsDate(word) && !after.empty()) {
      std::string_view before = rest;
      const std::string_view ip = TakeLastWord(before);
      if (IsAddress(ip) && !before.empty()) {
        parsed.url = before;
        parsed.ip = ip;
        parsed.date = word;
        parsed.type = after;
        return parsed;
      }
    }
    after = word;
  }
  return std::nullopt;
}

}  // namespace crawlcard::warc::internal
