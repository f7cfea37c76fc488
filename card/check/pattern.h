// card/check/pattern.h - finds the sentences and paths of card/check/sentences.h in a text.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace crawlcard::card {

// literals[0] {ids[0]} literals[1] ... literals[n]
struct Pattern {
  std::vector<std::string_view> literals;
  std::vector<std::string_view> ids;
};

Pattern ReadPattern(std::string_view text);

// The words of `text` that stand for the ids of `pattern`, where it matches with literals[1] at
// `at`; empty when it does not match there.
std::vector<std::string_view> MatchAt(const Pattern& pattern, std::string_view text,
                                      std::size_t at);

// Marks what stands between `words`, which MatchAt() found in `text`: the words are ours, so
// numbers in them are no figures. `seen` has a place for each byte of `text`.
void MarkLiterals(const Pattern& pattern, std::string_view text,
                  const std::vector<std::string_view>& words, std::vector<bool>& seen);

// `rule` with * for the numbers of arrays.
bool PathMatches(std::string_view rule, std::string_view path);

// Digits and what separates them.
bool InNumber(char c);

}  // namespace crawlcard::card
