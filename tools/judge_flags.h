// tools/judge_flags.h - the flags of a question (--use, --agent, --policy, ...) as JudgeOptions.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "index/history.h"
#include "index/scan.h"
#include "tools/settings.h"

namespace crawlcard::tools {

// `now` is what --as-of now means. Errors: kInvalidArgument.
[[nodiscard]] Result<index::JudgeOptions> JudgeOptionsFrom(const Settings& settings,
                                                           UnixSeconds now);

// The same question under each --policy, in their order.
[[nodiscard]] Result<std::vector<index::JudgeOptions>> JudgeOptionsForEach(const Settings& settings,
                                                                           UnixSeconds now);

// The same question under another policy.
[[nodiscard]] Result<index::JudgeOptions> JudgeOptionsUnder(const Settings& settings,
                                                            UnixSeconds now, robots::Policy policy);

// --as-of and --known-by of a command that shows what was seen. Errors: kInvalidArgument.
[[nodiscard]] Result<index::TimelineOptions> TimelineOptionsFrom(const Settings& settings,
                                                                 UnixSeconds now);

// The same, and how meaning is read: --dialect, and --agent where it was given.
[[nodiscard]] Result<index::HistoryOptions> HistoryOptionsFrom(const Settings& settings,
                                                               UnixSeconds now);

// `text`, the value of `flag`, as an instant: "now" or a date. `others` are the words that the flag
// takes beside them, each followed by ", ". Errors: kInvalidArgument.
[[nodiscard]] Result<UnixSeconds> InstantFrom(std::string_view flag, std::string_view text,
                                              std::string_view others, UnixSeconds now);

// --known-by, where it was given. Errors: kInvalidArgument.
[[nodiscard]] Result<std::optional<UnixSeconds>> KnownByFrom(const Settings& settings,
                                                             UnixSeconds now);

// The system's clock. Rooms take time as a value; this is where it comes from.
UnixSeconds Now();

// --jobs, or the number of cores.
unsigned JobsFrom(const Settings& settings);

}  // namespace crawlcard::tools
