#include "card/dates.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "card/limits.h"

namespace crawlcard::card {

namespace {

constexpr std::size_t kMonths = (limits::kYearMax - limits::kYearMin + 1) * 12;

// When each month begins, and the end of the last.
constexpr auto kMonthStarts = [] {
  std::array<UnixSeconds, kMonths + 1> starts{};
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const std::chrono::year year(limits::kYearMin + static_cast<int>(i / 12));
    const std::chrono::month month(static_cast<unsigned>(i % 12 + 1));
    const std::chrono::sys_days day(year / month / 1);
    starts[i] = UnixSeconds{day.time_since_epoch().count()} * 86'400;
  }
  return starts;
}();

}  // namespace

void Extend(std::optional<UnixSeconds> date, std::optional<UnixSeconds>& first,
            std::optional<UnixSeconds>& last) {
  if (!date) return;
  first = first ? std::min(*first, *date) : *date;
  last = last ? std::max(*last, *date) : *date;
}

std::optional<int> MonthOf(UnixSeconds date) {
  if (date < kMonthStarts.front() || date >= kMonthStarts.back()) return std::nullopt;
  // Asked of each capture: months are guessed by their mean length.
  constexpr UnixSeconds kMonthSeconds = 2'629'746;
  auto month = static_cast<std::size_t>((date - kMonthStarts.front()) / kMonthSeconds);
  while (date < kMonthStarts[month]) --month;
  while (date >= kMonthStarts[month + 1]) ++month;
  return limits::kYearMin * 12 + static_cast<int>(month);
}

std::string FormatMonth(int month) {
  return fmt::format("{:04d}-{:02d}", month / 12, month % 12 + 1);
}

std::string FormatDay(UnixSeconds date) {
  return FormatRfc3339(date).substr(0, 10);
}

}  // namespace crawlcard::card
