// robots/internal/flags.h - flag lists of Signals, kept in an arena.
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"

namespace crawlcard::robots::internal {

using FlagSpan = std::span<const std::string_view>;

// `flags` and `more` as one list. The names must be literals or live in `arena`.
inline FlagSpan WithFlags(FlagSpan flags, std::initializer_list<std::string_view> more,
                          Arena& arena) {
  if (more.size() == 0) return flags;
  std::vector<std::string_view> all(flags.begin(), flags.end());
  for (const std::string_view flag : more) {
    bool known = false;
    for (const std::string_view one : all) known = known || one == flag;
    if (!known && !flag.empty()) all.push_back(flag);
  }
  return arena.CopySpan(FlagSpan(all));
}

}  // namespace crawlcard::robots::internal
