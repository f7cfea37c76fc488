#include "card/dates.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "card/limits.h"

namespace crawlcard::card {

void Extend(std::optional<UnixSeconds> date, std::optional<UnixSeconds>& first,
            std::optional<UnixSeconds>& last) {
  if (!date) return;
  first = first ? std::min(*first, *date) : *date;
  last = last ? std::max(*last, *date) : *date;
}

std::optional<int> MonthOf(UnixSeconds date) {
  // Checked before the calendar: a hostile date would leave the range of std::chrono::year.
  constexpr UnixSeconds kSecondsMax = 5'000'000'000;
  if (date < 0 || date > kSecondsMax) return std::nullopt;
  const std::chrono::sys_days days{std::chrono::days(static_cast<int>(date / 86'400))};
  const std::chrono::year_month_day day(days);
  const int year = static_cast<int>(day.year());
  if (year < limits::kYearMin || year > limits::kYearMax) return std::nullopt;
  return year * 12 + static_cast<int>(static_cast<unsigned>(day.month())) - 1;
}

std::string FormatMonth(int month) {
  return fmt::format("{:04d}-{:02d}", month / 12, month % 12 + 1);
}

std::string FormatDay(UnixSeconds date) {
  return FormatRfc3339(date).substr(0, 10);
}

}  // namespace crawlcard::card
