// card/dates.h - spans of time and the months in them.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <optional>
#include <string>

#include "base/time.h"

namespace crawlcard::card {

// Widens [first, last] to hold `date`; nothing happens without a date.
void Extend(std::optional<UnixSeconds> date, std::optional<UnixSeconds>& first,
            std::optional<UnixSeconds>& last);

// Months since year 0, or nullopt outside limits::kYearMin to kYearMax.
std::optional<int> MonthOf(UnixSeconds date);

std::string FormatMonth(int month);       // "2024-05"
std::string FormatDay(UnixSeconds date);  // "2024-05-18"

}  // namespace crawlcard::card
