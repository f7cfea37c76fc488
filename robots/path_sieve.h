// robots/path_sieve.h - tells at a glance that no rule of some files can tell a path from others.
//
// Pages are asked about by the thousand, and most stand where no rule speaks of them. A sieve holds
// the first two octets behind the slash of every pattern that not all paths match, and two octets
// that a pattern with a leading star cannot do without. All paths that it calls plain are matched
// by the same patterns: those that match every path.
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

inline constexpr std::uint8_t kPathClasses = 64;
inline constexpr std::uint8_t kChangingOctet = 64;  // compared in another form, or ends a path

// Octets by class: letters without their case, digits and some marks have their own.
constexpr std::array<std::uint8_t, 256> MakePathClasses() {
  std::array<std::uint8_t, 256> classes{};
  constexpr std::string_view kMarks = "/.-_?&=+,:;~!@()'|";
  for (std::size_t c = 0; c < classes.size(); ++c) {
    const bool plain = c > 0x20 && c < 0x7F && c != '%' && c != '*' && c != '$' && c != '#';
    classes[c] = plain ? std::uint8_t{kPathClasses - 1} : kChangingOctet;
    if (c >= 'a' && c <= 'z') classes[c] = static_cast<std::uint8_t>(c - 'a');
    if (c >= 'A' && c <= 'Z') classes[c] = static_cast<std::uint8_t>(c - 'A');
    if (c >= '0' && c <= '9') classes[c] = static_cast<std::uint8_t>(26 + c - '0');
  }
  for (std::size_t i = 0; i < kMarks.size(); ++i) {
    classes[static_cast<unsigned char>(kMarks[i])] = static_cast<std::uint8_t>(36 + i);
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
  // Whether plain paths are told by their first three octets: nothing behind these matters.
  bool by_start() const { return !by_pairs_; }
  // Whether a path with its query is plain. It begins with a slash; the case of letters is not
  // looked at.
  CRAWLCARD_INLINE bool Plain(std::string_view path) const {
    if (none_plain_ || path.empty()) return false;
    return PlainStart(path) && (!by_pairs_ || PlainPairs(path));
  }

 private:
  static constexpr std::size_t kClasses = internal::kPathClasses;
  static constexpr std::uint8_t kChanging = internal::kChangingOctet;
  static constexpr std::uint64_t kAll = ~std::uint64_t{0};

  static std::uint8_t ClassOf(char c) {
    return internal::kPathClassOf[static_cast<unsigned char>(c)];
  }

  CRAWLCARD_INLINE bool PlainStart(std::string_view path) const {
    if (path.size() == 1) return !root_;
    const std::uint8_t first = ClassOf(path[1]);
    if (first == kChanging) return false;
    const std::uint64_t held = starts_[first];
    if (held == 0) return true;
    if (held == kAll || path.size() == 2) return held != kAll;
    const std::uint8_t second = ClassOf(path[2]);
    return second != kChanging && (held >> second & 1) == 0;
  }
  bool PlainPairs(std::string_view path) const;

  bool none_plain_ = false;
  bool root_ = false;      // "/" alone is told from others
  bool by_pairs_ = false;  // there are patterns that begin with a star
  // By the class of the first octet behind the slash, those of the second.
  std::array<std::uint64_t, kClasses> starts_{};
  // Likewise, of two octets anywhere.
  std::array<std::uint64_t, kClasses> pairs_{};
};

}  // namespace crawlcard::robots
