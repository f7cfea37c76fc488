#include "card/check/pattern.h"

#include "base/text.h"

namespace crawlcard::card {
namespace {

// The figure that ends at `end`: digits with separators.
std::string_view FigureBefore(std::string_view text, std::size_t end) {
  std::size_t start = end;
  while (start > 0 && InNumber(text[start - 1])) --start;
  return text.substr(start, end - start);
}

}  // namespace

bool InNumber(char c) {
  return IsAsciiDigit(c) || c == ',' || c == '.';
}

Pattern ReadPattern(std::string_view text) {
  Pattern out;
  while (true) {
    const std::size_t open = text.find('{');
    out.literals.push_back(text.substr(0, open));
    if (open == std::string_view::npos) return out;
    const std::size_t close = text.find('}', open);
    out.ids.push_back(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

std::vector<std::string_view> MatchAt(const Pattern& pattern, std::string_view text,
                                      std::size_t at) {
  constexpr std::size_t kWordsMax = 200;
  std::vector<std::string_view> words;
  const std::string_view first = pattern.literals[0];
  if (first.empty()) {
    words.push_back(FigureBefore(text, at));
    if (words[0].empty()) return {};
  } else {
    const std::size_t start = text.substr(0, at).rfind(first);
    if (start == std::string_view::npos || at - start > first.size() + kWordsMax) return {};
    words.push_back(text.substr(start + first.size(), at - start - first.size()));
  }
  at += pattern.literals[1].size();
  for (std::size_t i = 1; i < pattern.ids.size(); ++i) {
    // A sentence that ends with a figure ends the text.
    const std::string_view literal = pattern.literals[i + 1];
    const std::size_t next = literal.empty() ? text.size() : text.find(literal, at);
    if (next == std::string_view::npos || next - at > kWordsMax) return {};
    words.push_back(text.substr(at, next - at));
    at = next + literal.size();
  }
  return words;
}

void MarkLiterals(const Pattern& pattern, std::string_view text,
                  const std::vector<std::string_view>& words, std::vector<bool>& seen) {
  if (words.empty()) return;
  const auto begin = static_cast<std::size_t>(words[0].data() - text.data());
  for (std::size_t j = 0; j < pattern.literals[0].size(); ++j) seen[begin - 1 - j] = true;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto end = static_cast<std::size_t>(words[i].data() - text.data()) + words[i].size();
    for (std::size_t j = 0; j < pattern.literals[i + 1].size(); ++j) seen[end + j] = true;
  }
}

bool PathMatches(std::string_view rule, std::string_view path) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < rule.size(); ++i) {
    if (rule[i] != '*') {
      if (at == path.size() || path[at] != rule[i]) return false;
      ++at;
      continue;
    }
    if (at == path.size() || !IsAsciiDigit(path[at])) return false;
    while (at < path.size() && IsAsciiDigit(path[at])) ++at;
  }
  return at == path.size();
}

}  // namespace crawlcard::card
