#include "robots/path_sieve.h"

#include <algorithm>

#include "robots/path_match.h"

namespace crawlcard::robots {

static_assert(sizeof(PathSieve) <= 560);  // one for each set of files in force

namespace {

// Whether a path matches that is nothing but a slash and what follows it.
bool MatchesAll(const internal::PathPattern& pattern) {
  std::string_view text = pattern.text;
  if (text.starts_with('/')) text.remove_prefix(1);
  if (text.find_first_not_of('*') != std::string_view::npos) return false;
  return !pattern.anchored || text.ends_with('*');
}

bool IsChanging(char c) {
  return internal::kPathClassOf[static_cast<unsigned char>(c)] == internal::kChangingOctet;
}

// What `text` begins with, up to a star or an octet that is compared in another form.
std::string_view Literal(std::string_view text) {
  return text.substr(0, static_cast<std::size_t>(
                            std::find_if(text.begin(), text.end(), IsChanging) - text.begin()));
}

// The longest piece of `text` between its stars; the first of several.
std::string_view LongestPiece(std::string_view text) {
  std::string_view longest;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('*'), text.size());
    if (end > longest.size()) longest = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return longest;
}

// Where a filter keeps a text.
struct Bits {
  std::size_t word = 0;
  std::uint64_t bits = 0;
};
Bits BitsOf(std::uint64_t octets, std::size_t words) {
  const std::uint64_t mixed = (octets ^ octets >> 29) * 0x9E3779B97F4A7C15;
  return {static_cast<std::size_t>(mixed >> 52) % words,
          std::uint64_t{1} << (mixed >> 46 & 63) | std::uint64_t{1} << (mixed >> 40 & 63)};
}

// An octet of a text that is held: without the case of letters. Some marks become one, too.
std::uint64_t OctetAt(char c, std::size_t i) {
  return std::uint64_t{static_cast<unsigned char>(static_cast<unsigned char>(c) | 0x20U)} << 8 * i;
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
    // None: the octet is in the paths that match, and none of them is plain.
    const std::string_view start = Literal(text.substr(1));
    if (!start.empty()) Add(start, starts_);
    return;
  }
  // All of the path is looked at: none with an octet that changes is plain.
  by_pieces_ = true;
  if (std::any_of(text.begin(), text.end(), [](char c) { return c != '*' && IsChanging(c); })) {
    return;
  }
  const bool with_slash = text[0] == '*';  // the first star may stand for nothing
  text.remove_prefix(with_slash ? 0 : 1);
  text.remove_prefix(std::min(text.find_first_not_of('*'), text.size()));
  const std::string_view piece = LongestPiece(text);
  if (piece.empty()) return HoldAny();
  Add(piece, pieces_);
  if (!with_slash || piece.data() != text.data() || piece[0] != '/') return;
  if (piece.size() == 1) return HoldAny();
  Add(piece.substr(1), starts_);
}

void PathSieve::Add(std::string_view text, Beginnings& beginnings) {
  text = text.substr(0, kOctets);
  std::uint64_t octets = beginnings.salt;
  for (std::size_t i = 0; i < text.size(); ++i) octets ^= OctetAt(text[i], i);
  const Bits at = BitsOf(octets, filter_.size());
  filter_[at.word] |= at.bits;
  beginnings.lengths |= static_cast<std::uint8_t>(1U << (text.size() - 1));
  beginnings.pairs[ClassOf(text[0])] |=
      text.size() == 1 ? ~std::uint32_t{0} : std::uint32_t{1} << ClassOf(text[1]);
}

template <bool kWhole>
bool PathSieve::MayBegin(const Beginnings& beginnings, std::string_view text) const {
  std::uint64_t octets = beginnings.salt;
  unsigned longer = beginnings.lengths;
  for (std::size_t i = 0; longer != 0; ++i, longer >>= 1) {
    if (i == text.size()) return !kWhole;
    if (KnownClassOf<kWhole>(text[i]) == kChanging) return true;
    octets ^= OctetAt(text[i], i);
    if ((longer & 1) == 0) continue;
    const Bits at = BitsOf(octets, filter_.size());
    if ((filter_[at.word] & at.bits) == at.bits) return true;
  }
  return false;
}
template bool PathSieve::MayBegin<true>(const Beginnings&, std::string_view) const;
template bool PathSieve::MayBegin<false>(const Beginnings&, std::string_view) const;

// What is met at the slash itself was held as a start.
bool PathSieve::PlainPieces(std::string_view path) const {
  for (std::size_t i = 1; i < path.size(); ++i) {
    const std::uint8_t first = ClassOf(path[i]);
    if (first == kChanging) return false;
    const std::uint32_t held = pieces_.pairs[first];
    if (held == 0) continue;
    const std::uint8_t second = i + 1 < path.size() ? ClassOf(path[i + 1]) : kChanging;
    const bool met = second == kChanging ? held == ~std::uint32_t{0} : (held >> second & 1) != 0;
    if (met && MayBegin<true>(pieces_, path.substr(i))) return false;
  }
  return true;
}

}  // namespace crawlcard::robots
