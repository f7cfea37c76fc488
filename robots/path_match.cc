#include "robots/path_match.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"

namespace crawlcard::robots::internal {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

bool IsUnreserved(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

bool IsEscape(std::string_view text, std::size_t i) {
  return text[i] == '%' && i + 2 < text.size() && HexValue(text[i + 1]) >= 0 &&
         HexValue(text[i + 2]) >= 0;
}

char AsciiUpper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

void AppendEscaped(char c, std::string& out) {
  const auto byte = static_cast<unsigned char>(c);
  out.push_back('%');
  out.push_back(kHexDigits[byte >> 4]);
  out.push_back(kHexDigits[byte & 15]);
}

// Octets that the two normal forms may change. `Special`: a literal `$` or `*` is one.
template <bool Special>
bool MayChange(char c) {
  const bool work = c == '%' || (static_cast<unsigned char>(c) & 0x80) != 0;
  return Special ? work || c == '$' || c == '*' : work;
}

// Asked for each path. Blocks of one size without leaving early become vector instructions; the
// last one overlaps the one before it.
template <bool Special>
bool NeedsWork(std::string_view text) {
  constexpr std::size_t kBlock = 16;
  if (text.size() < kBlock) return std::any_of(text.begin(), text.end(), MayChange<Special>);
  std::array<unsigned char, kBlock> found{};
  const auto look = [&found](const char* block) {
    for (std::size_t i = 0; i < kBlock; ++i) {
      const char c = block[i];
      auto hit = static_cast<unsigned char>((c == '%' ? 0x80 : 0) | static_cast<unsigned char>(c));
      if (Special) hit = static_cast<unsigned char>(hit | (c == '$' || c == '*' ? 0x80 : 0));
      found[i] = static_cast<unsigned char>(found[i] | hit);
    }
  };
  const char* const last = text.data() + text.size() - kBlock;
  for (const char* at = text.data(); at < last; at += kBlock) look(at);
  look(last);
  std::array<std::uint64_t, 2> words{};
  static_assert(sizeof words == sizeof found);
  std::memcpy(words.data(), found.data(), sizeof words);
  return ((words[0] | words[1]) & 0x8080808080808080) != 0;
}

// Escapes high octets, raises hex digits and, where asked, unescapes unreserved ASCII.
void AppendNormal(std::string_view text, bool unescape, bool escape_stars, bool escape_dollars,
                  std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (IsEscape(text, i)) {
      const char octet = static_cast<char>(HexValue(text[i + 1]) * 16 + HexValue(text[i + 2]));
      if (unescape && IsUnreserved(octet)) {
        out.push_back(octet);
      } else {
        out.push_back('%');
        out.push_back(AsciiUpper(text[i + 1]));
        out.push_back(AsciiUpper(text[i + 2]));
      }
      i += 2;
    } else if ((static_cast<unsigned char>(c) & 0x80) != 0 || (c == '*' && escape_stars) ||
               (c == '$' && escape_dollars)) {
      AppendEscaped(c, out);
    } else {
      out.push_back(c);
    }
  }
}

// Cuts the final `$` and notes the star.
PathPattern Anchored(std::string_view text) {
  PathPattern pattern;
  pattern.length = static_cast<std::uint32_t>(text.size());
  pattern.anchored = !text.empty() && text.back() == '$';
  if (pattern.anchored) text.remove_suffix(1);
  pattern.text = text;
  pattern.has_star = text.find('*') != std::string_view::npos;
  return pattern;
}

// Position of `piece` in `text` from `from` on, or npos. memmem is linear, but builds a table
// first: it is left to texts in which the first octet stands in more than a few wrong places.
std::size_t FindPiece(std::string_view text, std::string_view piece, std::size_t from) {
  constexpr int kWrongPlacesMax = 8;
  if (piece.empty()) return from;
  for (int wrong = 0; wrong < kWrongPlacesMax; ++wrong) {
    if (from >= text.size() || text.size() - from < piece.size()) return std::string_view::npos;
    const void* first =
        std::memchr(text.data() + from, piece.front(), text.size() - from - piece.size() + 1);
    if (first == nullptr) return std::string_view::npos;
    from = static_cast<std::size_t>(static_cast<const char*>(first) - text.data());
    if (std::memcmp(text.data() + from, piece.data(), piece.size()) == 0) return from;
    ++from;
  }
  const void* found = memmem(text.data() + from, text.size() - from, piece.data(), piece.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace

PathPattern CompileGooglePattern(std::string_view written, Arena& arena) {
  if (!NeedsWork<false>(written)) return Anchored(written);
  std::string text;
  AppendNormal(written, false, false, false, text);
  return Anchored(arena.Copy(text));
}

PathPattern CompileRfcPattern(std::string_view written, Arena& arena) {
  PathPattern pattern = Anchored(written);
  const bool inner_dollar = pattern.text.find('$') != std::string_view::npos;
  if (!inner_dollar && !NeedsWork<false>(written)) return pattern;
  std::string text;
  AppendNormal(pattern.text, true, false, false, text);
  pattern.length = static_cast<std::uint32_t>(text.size() + (pattern.anchored ? 1 : 0));
  if (inner_dollar) {
    std::string escaped;
    AppendNormal(text, false, false, true, escaped);
    text = std::move(escaped);
  }
  pattern.text = arena.Copy(text);
  return pattern;
}

std::string_view NormaliseRfcPath(std::string_view path, std::string& scratch) {
  if (!NeedsWork<true>(path)) return path;
  scratch.clear();
  AppendNormal(path, true, true, true, scratch);
  return scratch;
}

bool Matches(const PathPattern& pattern, std::string_view path) {
  std::string_view rest = pattern.text;
  if (!pattern.has_star) {
    return pattern.anchored ? path == rest : path.substr(0, rest.size()) == rest;
  }
  std::size_t star = rest.find('*');
  if (path.substr(0, star) != rest.substr(0, star)) return false;
  std::size_t position = star;
  rest.remove_prefix(star + 1);
  while ((star = rest.find('*')) != std::string_view::npos) {
    const std::string_view piece = rest.substr(0, star);
    const std::size_t found = FindPiece(path, piece, position);
    if (found == std::string_view::npos) return false;
    position = found + piece.size();
    rest.remove_prefix(star + 1);
  }
  if (!pattern.anchored) return FindPiece(path, rest, position) != std::string_view::npos;
  return path.size() >= position + rest.size() && path.substr(path.size() - rest.size()) == rest;
}

}  // namespace crawlcard::robots::internal
