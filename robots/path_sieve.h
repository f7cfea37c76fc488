// robots/path_sieve.h - tells at a glance that no rule of some files can tell a path from others.
//
// Pages are asked about by the thousand, and most stand where no rule speaks of them. A sieve holds
// how each pattern that not all paths match begins behind the slash, or a piece of text that a
// pattern with a leading star cannot do without: of either the first eight octets. The first two
// tell most paths; only where these are met are the others looked up, in a filter that may take a
// path for one that is spoken of, never the other way. All paths that a sieve calls plain are
// matched by the same patterns: those that match every path.
//
// Thread rule: a value, thread-compatible; Plain() may be asked by any number of threads.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/attributes.h"

namespace crawlcard::robots {

namespace internal {
struct PathPattern;

inline constexpr std::uint8_t kPathClasses = 32;
inline constexpr std::uint8_t kChangingOctet = 32;  // compared in another form, or ends a path

// Octets by class: letters without their case and some marks have their own.
constexpr std::array<std::uint8_t, 256> MakePathClasses() {
  std::array<std::uint8_t, 256> classes{};
  constexpr std::string_view kMarks = "/.-?";
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const bool plain = c > 0x20 && c < 0x7F && c != '%' && c != '*' && c != '$' && c != '#';
    classes[c] = plain ? std::uint8_t{kPathClasses - 1} : kChangingOctet;
    if (c >= 'a' && c <= 'z') classes[c] = static_cast<std::uint8_t>(c - 'a');
    if (c >= 'A' && c <= 'Z') classes[c] = static_cast<std::uint8_t>(c - 'A');
    if (c >= '0' && c <= '9') classes[c] = 26;
  }
  for (std::size_t i = 0; i < kMarks.size(); ++i) {
    classes[static_cast<unsigned char>(kMarks[i])] = static_cast<std::uint8_t>(27 + i);
  }
  return classes;
}
inline constexpr std::array<std::uint8_t, 256> kPathClassOf = MakePathClasses();
}  // namespace internal

class PathSieve {
 public:
  // Holds a pattern as RFC 9309 compares it.
  void Hold(const internal::PathPattern& pattern);
  // Holds what may match any path: none is plain then.
  void HoldAny() { none_plain_ = true; }

  // No path is plain.
  bool holds_any() const { return none_plain_; }
  // Whether a path with its query is plain. It begins with a slash; the case of letters is not
  // looked at.
  CRAWLCARD_INLINE bool Plain(std::string_view path) const {
    if (none_plain_ || path.empty()) return false;
    return PlainStart<true>(path) && (!by_pieces_ || PlainPieces(path));
  }
  // Whether all paths are plain that begin with what stands before the first `?` of `start`, or
  // with all of it. False where they have to be looked at whole.
  CRAWLCARD_INLINE bool PlainFrom(std::string_view start) const {
    return !none_plain_ && !by_pieces_ && !start.empty() && PlainStart<false>(start);
  }

 private:
  static constexpr std::size_t kClasses = internal::kPathClasses;
  static constexpr std::uint8_t kChanging = internal::kChangingOctet;
  static constexpr std::size_t kOctets = 8;

  // Texts that something begins with.
  struct Beginnings {
    // By the class of the first octet, those of the second: all, where there is none.
    std::array<std::uint32_t, kClasses> pairs{};
    std::uint8_t lengths = 0;  // bit n: one of n + 1 octets is held
    std::uint64_t salt = 0;    // keeps texts of others in filter_ apart
  };

  static std::uint8_t ClassOf(char c) {
    return internal::kPathClassOf[static_cast<unsigned char>(c)];
  }
  // The same where nothing behind a `?` is known.
  template <bool kWhole>
  static std::uint8_t KnownClassOf(char c) {
    return !kWhole && c == '?' ? kChanging : ClassOf(c);
  }

  template <bool kWhole>
  CRAWLCARD_INLINE bool PlainStart(std::string_view path) const {
    if (path.size() == 1) return kWhole && !root_;
    const std::uint8_t first = KnownClassOf<kWhole>(path[1]);
    if (first == kChanging) return false;
    const std::uint32_t held = starts_.pairs[first];
    if (held == 0) return true;
    if (path.size() > 2) {
      const std::uint8_t second = KnownClassOf<kWhole>(path[2]);
      if (second != kChanging && (held >> second & 1) == 0) return true;
    }
    return !MayBegin<kWhole>(starts_, path.substr(1));
  }
  bool PlainPieces(std::string_view path) const;

  void Add(std::string_view text, Beginnings& beginnings);
  // Whether `text` may begin with one of them.
  template <bool kWhole>
  bool MayBegin(const Beginnings& beginnings, std::string_view text) const;

  bool none_plain_ = false;
  bool root_ = false;                                 // "/" alone is told from others
  bool by_pieces_ = false;                            // there are patterns that begin with a star
  Beginnings starts_;                                 // behind the slash
  Beginnings pieces_ = {.salt = 0x5A17D3C96B2E8F41};  // anywhere behind it
  // Two bits of one word for each text that is held.
  std::array<std::uint64_t, 32> filter_{};
};

}  // namespace crawlcard::robots
