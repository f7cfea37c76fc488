// tools/shard.h - which share of the work is this worker's: --shard, and what batch systems tell.
//
// "I/N" is said by hand. "auto/N" takes the rank that a batch system gave, "auto" its total too;
// "auto+K/N" and "auto-K/N" move the rank, for arrays that do not count from 0. Every source that
// is set is looked at: two that contradict each other are refused with their names and values,
// never resolved by order. How each system counts: docs/operations/many-machines.md.
//
// Thread rule: functions are thread-safe as long as nobody sets the environment.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/shard.h"
#include "tools/settings.h"

namespace crawlcard::tools {

// The value of an environment variable, or nullopt.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// What `flag`, the text of --shard, amounts to in this environment.
// Errors: kInvalidArgument for a flag or a variable that cannot be read, for a rank or total that
// is missing, and for sources that disagree.
[[nodiscard]] Result<Shard> ResolveShard(std::string_view flag, const Environment& environment);

// The share of --shard in the environment of this process. Without the flag it is everything, and
// the environment is not looked at.
[[nodiscard]] Result<Shard> ShardFrom(const Settings& settings);

// True when --shard was given and leaves work to others.
bool IsShare(const Shard& shard);

}  // namespace crawlcard::tools
