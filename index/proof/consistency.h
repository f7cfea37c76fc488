// index/proof/consistency.h - two snapshots of an index beside each other: rows added and removed.
//
// A sorted tree is no log: what was committed to once may be missing later. So two roots are joined
// by what changed between their leaves.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "index/store.h"

namespace crawlcard::index {

enum class RowChange : std::uint8_t { kAdded, kRemoved, kChanged };
std::string_view RowChangeName(RowChange change);

// One side: an index, and what it knew by an instant.
struct Snapshot {
  const Store* store = nullptr;
  std::optional<UnixSeconds> known_by;
};

struct Consistency {
  std::uint64_t same = 0;
  std::uint64_t added = 0;
  std::uint64_t removed = 0;
  std::uint64_t changed = 0;  // same key, other facts
};

// Calls `on_row` for each difference, in the order of the leaves, with the facts of the later side
// as one line of text (of the earlier side for a removed row). Errors: kCorrupt, kIo, those of
// `on_row`.
[[nodiscard]] Result<Consistency> CompareRows(
    const Snapshot& before, const Snapshot& after,
    const std::function<Status(RowChange change, std::string_view leaf)>& on_row);

}  // namespace crawlcard::index
