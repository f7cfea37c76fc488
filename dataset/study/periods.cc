#include "dataset/study/periods.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"
#include "dataset/limits.h"

namespace crawlcard::dataset {
namespace {

enum class Step : std::uint8_t { kYear, kMonth, kDay };
constexpr std::array<std::string_view, 3> kStepNames = {"year", "month", "day"};
constexpr std::array<std::size_t, 3> kWritten = {4, 7, 10};  // bytes of "2016", "2016-01", ...
constexpr UnixSeconds kDaySeconds = 86'400;
constexpr int kMonths = 12;

struct Month {
  int year = 0;
  int month = 1;
};

Error Bad(std::string_view text) {
  return Error(
      ErrorCode::kInvalidArgument,
      fmt::format("--dates: '{}' is no date and no range such as 2016-01..2026-11/month", text));
}

std::optional<Step> StepOf(std::string_view written) {
  for (std::size_t i = 0; i < kWritten.size(); ++i) {
    if (written.size() == kWritten[i]) return static_cast<Step>(i);
  }
  return std::nullopt;
}

// The first second of what is written.
std::optional<UnixSeconds> BeginOf(std::string_view written) {
  if (!StepOf(written)) return std::nullopt;
  return ParseRfc3339(written);
}

Month MonthOf(UnixSeconds time) {
  const std::string text = FormatRfc3339(time);
  Month month;
  month.year = static_cast<int>(ParseUint(std::string_view(text).substr(0, 4)).value_or(0));
  month.month = static_cast<int>(ParseUint(std::string_view(text).substr(5, 2)).value_or(1));
  return month;
}

UnixSeconds BeginOf(const Month& month) {
  return ParseRfc3339(fmt::format("{:04}-{:02}", month.year, month.month)).value_or(0);
}

// The first second after the period of `step` that begins with `begin`.
UnixSeconds NextOf(UnixSeconds begin, Step step) {
  if (step == Step::kDay) return begin + kDaySeconds;
  Month month = MonthOf(begin);
  if (step == Step::kYear || month.month == kMonths) {
    ++month.year;
    month.month = 1;
  } else {
    ++month.month;
  }
  return BeginOf(month);
}

// Where the period of `step` begins that `time` is in.
UnixSeconds FloorOf(UnixSeconds time, Step step) {
  if (step == Step::kDay) return time;
  Month month = MonthOf(time);
  if (step == Step::kYear) month.month = 1;
  return BeginOf(month);
}

Status AppendRange(std::string_view part, std::vector<Period>& periods_out) {
  std::string_view range = part;
  std::optional<Step> step;
  if (const std::size_t slash = range.find('/'); slash != std::string_view::npos) {
    const auto found = std::ranges::find(kStepNames, range.substr(slash + 1));
    if (found == kStepNames.end()) return tl::unexpected(Bad(part));
    step = static_cast<Step>(found - kStepNames.begin());
    range = range.substr(0, slash);
  }
  const std::size_t dots = range.find("..");
  const std::string_view first = range.substr(0, dots);
  const std::string_view last = dots == std::string_view::npos ? first : range.substr(dots + 2);
  const std::optional<UnixSeconds> from = BeginOf(first);
  const std::optional<UnixSeconds> to = BeginOf(last);
  if (!from || !to || *to < *from) return tl::unexpected(Bad(part));
  // "2016..2017/month" goes to the last month of 2017.
  const UnixSeconds stop = NextOf(*to, *StepOf(last));
  if (!step) step = StepOf(first);
  for (UnixSeconds at = FloorOf(*from, *step); at < stop; at = NextOf(at, *step)) {
    if (periods_out.size() >= limits::kPeriodsMax) {
      return Fail(ErrorCode::kInvalidArgument, "--dates: more than {} of them",
                  limits::kPeriodsMax);
    }
    Period period;
    period.name = FormatRfc3339(at).substr(0, kWritten[static_cast<std::size_t>(*step)]);
    period.begin = at;
    period.end = NextOf(at, *step) - 1;
    periods_out.push_back(std::move(period));
  }
  return {};
}

}  // namespace

Result<std::vector<Period>> ParsePeriods(std::string_view text) {
  std::vector<Period> periods;
  std::string_view rest = text;
  for (bool more = true; more;) {
    const std::size_t comma = rest.find(',');
    CRAWLCARD_TRY(AppendRange(TrimAscii(rest.substr(0, comma)), periods));
    more = comma != std::string_view::npos;
    if (more) rest.remove_prefix(comma + 1);
  }
  if (periods.empty()) return tl::unexpected(Bad(text));
  std::ranges::sort(periods, [](const Period& a, const Period& b) {
    return a.end != b.end ? a.end < b.end : a.begin < b.begin;
  });
  periods.erase(std::unique(periods.begin(), periods.end()), periods.end());
  return periods;
}

}  // namespace crawlcard::dataset
