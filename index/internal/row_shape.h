// index/internal/row_shape.h - the first bytes of a row: which form it has, and what is in it.
//
// Layout: index/schema.h. Numbers are on disk.
#pragma once

#include <cstdint>

namespace crawlcard::index {

inline constexpr std::uint8_t kHtmlBit = 1 << 6;
inline constexpr std::uint8_t kReliableBit = 1 << 7;

inline constexpr std::uint8_t kRegularHost = 1 << 0;
inline constexpr unsigned kLabelsShift = 1;
inline constexpr unsigned kDigestShift = 4;
inline constexpr unsigned kSourceShift = 6;

enum RowPart : std::uint32_t {
  kLanguages = 1U << 0,
  kStatements = 1U << 1,
  kRights = 1U << 2,
  kUnobserved = 1U << 3,
  kNotes = 1U << 4,
  kRedirect = 1U << 5,
  kUuid = 1U << 6,
  kTruncated = 1U << 7,
  kWellKnown = 1U << 8,
  kDocument = 1U << 9,
  kBody = 1U << 10,
  kContainer = 1U << 11,
  kTextId = 1U << 12,
  kPartsMax = (1U << 13) - 1,
};

}  // namespace crawlcard::index
