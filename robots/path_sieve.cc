#include "robots/path_sieve.h"

#include <algorithm>

#include "robots/path_match.h"

namespace crawlcard::robots {
namespace {

// Whether a path matches that is nothing but a slash and what follows it.
bool MatchesAll(const internal::PathPattern& pattern) {
  std::string_view text = pattern.text;
  if (text.starts_with('/')) text.remove_prefix(1);
  if (text.find_first_not_of('*') != std::string_view::npos) return false;
  return !pattern.anchored || text.ends_with('*');
}

}  // namespace

void PathSieve::Hold(const internal::PathPattern& pattern) {
  std::string_view text = pattern.text;
  if (MatchesAll(pattern)) return;
  if (!text.empty() && text[0] != '/' && text[0] != '*') return;  // matches no path
  if (text.size() < 2 && !text.starts_with('*')) {
    // "/$", and what ends before the slash.
    root_ = true;
    return;
  }
  if (text[0] == '/' && text[1] != '*') {
    const std::uint8_t first = ClassOf(text[1]);
    if (first == kChanging) return;  // so it is in the paths that match: none of them is plain
    const std::uint8_t second = text.size() > 2 && text[2] != '*' ? ClassOf(text[2]) : kChanging;
    starts_[first] |= second == kChanging ? kAll : std::uint64_t{1} << second;
    return;
  }
  // What stands behind the stars has to be somewhere in the path.
  text.remove_prefix(text.find('*'));
  text.remove_prefix(std::min(text.find_first_not_of('*'), text.size()));
  text = text.substr(0, text.find('*'));
  by_pairs_ = true;
  const std::uint8_t first = text.empty() ? kChanging : ClassOf(text[0]);
  if (first == kChanging) return;
  const std::uint8_t second = text.size() > 1 ? ClassOf(text[1]) : kChanging;
  if (text.size() > 1 && second == kChanging) return;
  pairs_[first] |= text.size() == 1 ? kAll : std::uint64_t{1} << second;
}

bool PathSieve::PlainPairs(std::string_view path) const {
  std::uint8_t last = ClassOf(path[0]);
  for (const char c : path.substr(1)) {
    const std::uint8_t next = ClassOf(c);
    if (next == kChanging || (pairs_[last] >> next & 1) != 0) return false;
    last = next;
  }
  return pairs_[last] != kAll;
}

}  // namespace crawlcard::robots
