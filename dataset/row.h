// dataset/row.h - one row of somebody's data set, as far as a judge looks at it.
//
// Thread rule: values; views belong to the block of the row.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace crawlcard::dataset {

// Why a row cannot be judged.
enum class RowFault : std::uint8_t {
  kNone,
  kEmpty,    // a line with nothing in it
  kBadRow,   // no JSON object, no cell where the column should be
  kTooLong,  // over limits::kRowBytesMax
  kCutRow,   // the input is damaged or ends inside the row
  kNoUrl,    // no URL field, or none that names a host
};
inline constexpr std::size_t kRowFaultCount = 6;

// "empty-row", "bad-row", ...
std::string_view RowFaultName(RowFault fault);

// True for what makes a run end with exit 3; empty lines are no damage.
constexpr bool IsDamage(RowFault fault) {
  return fault != RowFault::kNone && fault != RowFault::kEmpty;
}

struct Row {
  RowFault fault = RowFault::kNone;
  std::string_view url;
  std::optional<UnixSeconds> date;
  std::string_view language;
  std::uint64_t tokens = 0;
  std::uint64_t bytes = 0;   // of the row with its line end; of a Parquet row those of its text
  std::uint64_t number = 0;  // from 1, in its file
};

// A date as data sets write it: RFC 3339 or shortened forms of it (a blank for the T too), 14
// digits, an HTTP date, seconds since 1970 or milliseconds. nullopt where it is none.
std::optional<UnixSeconds> ParseRowDate(std::string_view text);

}  // namespace crawlcard::dataset
