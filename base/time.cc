#include "base/time.h"

#include <array>
#include <cstring>

#include <fmt/format.h>

#include "base/text.h"

namespace crawlcard {
namespace {

struct Civil {
  int year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
};

// Days since 1970-01-01 in the proleptic Gregorian calendar; eras of 400 years keep it exact.
std::int64_t DaysFromCivil(int year, int month, int day) {
  const int y = month <= 2 ? year - 1 : year;
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return static_cast<std::int64_t>(era) * 146097 + day_of_era - 719468;
}

Civil CivilFromUnix(UnixSeconds time) {
  std::int64_t days = time / 86400;
  std::int64_t rest = time % 86400;
  if (rest < 0) {
    rest += 86400;
    --days;
  }
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const auto day_of_era = static_cast<int>(shifted - era * 146097);
  const int year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int month_index = (5 * day_of_year + 2) / 153;
  Civil civil;
  civil.day = day_of_year - (153 * month_index + 2) / 5 + 1;
  civil.month = month_index < 10 ? month_index + 3 : month_index - 9;
  civil.year = static_cast<int>(era * 400) + year_of_era + (civil.month <= 2 ? 1 : 0);
  civil.hour = static_cast<int>(rest / 3600);
  civil.minute = static_cast<int>(rest / 60 % 60);
  civil.second = static_cast<int>(rest % 60);
  return civil;
}

int DaysInMonth(int year, int month) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

std::optional<UnixSeconds> ToUnix(const Civil& c) {
  if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > DaysInMonth(c.year, c.month)) {
    return std::nullopt;
  }
  // 60 is a leap second; it becomes the first second of the next minute.
  if (c.hour > 23 || c.minute > 59 || c.second > 60) return std::nullopt;
  return DaysFromCivil(c.year, c.month, c.day) * 86400 + c.hour * 3600 + c.minute * 60 + c.second;
}

// Takes exactly `digits` decimal digits off the front of `text`.
bool TakeNumber(std::string_view& text, std::size_t digits, int& out) {
  if (text.size() < digits) return false;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!IsAsciiDigit(text[i])) return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  out = value;
  return true;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// Eight bytes against a shape in which '0' stands for any digit, all at once: what differs from it
// is at most 9 where it is a digit, and nothing elsewhere.
bool HasShape(const char* text, std::string_view shape) {
  std::uint64_t bytes = 0;
  std::uint64_t wanted = 0;
  std::memcpy(&bytes, text, sizeof(bytes));
  std::memcpy(&wanted, shape.data(), sizeof(wanted));
  constexpr std::uint64_t kEach = 0x0101010101010101;
  // Of the characters of a shape the digit alone has bit 4, and neither bit 3 (':') nor 6
  // (letters).
  const std::uint64_t digits = (wanted >> 4) & ~(wanted >> 3) & ~(wanted >> 6) & kEach;
  const std::uint64_t differs = bytes ^ wanted;
  const std::uint64_t sums = differs + kEach * 0x7F - digits * 9;
  return ((differs | sums) & kEach * 0x80) == 0;
}

// The form of every archive, "2024-05-18T01:58:10Z".
bool ReadUsual(std::string_view text, Civil& out) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00Z";
  if (text.size() != kShape.size()) return false;
  for (const std::size_t at : {std::size_t{0}, std::size_t{8}, std::size_t{12}}) {
    if (!HasShape(text.data() + at, kShape.substr(at))) return false;
  }
  const auto two = [text](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  out = {two(0) * 100 + two(2), two(5), two(8), two(11), two(14), two(17)};
  return true;
}

// "Z", "+hh:mm", "-hh:mm" or nothing; the rest of the text must be gone after it.
std::optional<int> TakeZone(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return 0;
  const int sign = text.front() == '-' ? -1 : 1;
  if (!TakeChar(text, '+') && !TakeChar(text, '-')) return std::nullopt;
  int hours = 0;
  int minutes = 0;
  if (!TakeNumber(text, 2, hours)) return std::nullopt;
  TakeChar(text, ':');
  if (!TakeNumber(text, 2, minutes) || !text.empty()) return std::nullopt;
  if (hours > 23 || minutes > 59) return std::nullopt;
  return sign * (hours * 3600 + minutes * 60);
}

int MonthFromName(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (EqualsIgnoreCase(name, kMonths[i])) return static_cast<int>(i) + 1;
  }
  return 0;
}

bool TakeClock(std::string_view& text, Civil& civil) {
  return TakeNumber(text, 2, civil.hour) && TakeChar(text, ':') &&
         TakeNumber(text, 2, civil.minute) && TakeChar(text, ':') &&
         TakeNumber(text, 2, civil.second);
}

// "Sun Nov  6 08:49:37 1994" after the day name (RFC 9110, asctime-date).
std::optional<UnixSeconds> ParseAsctime(std::string_view rest) {
  Civil civil;
  civil.month = MonthFromName(rest.substr(0, 3));
  if (civil.month == 0) return std::nullopt;
  rest = TrimAscii(rest.substr(3));
  const std::size_t digits = rest.size() > 1 && IsAsciiDigit(rest[1]) ? 2 : 1;
  if (!TakeNumber(rest, digits, civil.day) || !TakeChar(rest, ' ')) return std::nullopt;
  if (!TakeClock(rest, civil) || !TakeChar(rest, ' ')) return std::nullopt;
  if (!TakeNumber(rest, 4, civil.year)) return std::nullopt;
  return ToUnix(civil);
}

}  // namespace

std::optional<UnixSeconds> ParseRfc3339(std::string_view text) {
  text = TrimAscii(text);
  Civil civil;
  if (ReadUsual(text, civil)) return ToUnix(civil);
  if (!TakeNumber(text, 4, civil.year)) return std::nullopt;
  if (text.empty()) return ToUnix(civil);
  if (!TakeChar(text, '-') || !TakeNumber(text, 2, civil.month)) return std::nullopt;
  if (text.empty()) return ToUnix(civil);
  if (!TakeChar(text, '-') || !TakeNumber(text, 2, civil.day)) return std::nullopt;
  if (text.empty()) return ToUnix(civil);
  if (!TakeChar(text, 'T') && !TakeChar(text, 't') && !TakeChar(text, ' ')) return std::nullopt;
  if (!TakeNumber(text, 2, civil.hour) || !TakeChar(text, ':') ||
      !TakeNumber(text, 2, civil.minute)) {
    return std::nullopt;
  }
  if (TakeChar(text, ':') && !TakeNumber(text, 2, civil.second)) return std::nullopt;
  if (TakeChar(text, '.')) {
    while (!text.empty() && IsAsciiDigit(text.front())) text.remove_prefix(1);
  }
  const std::optional<int> zone = TakeZone(text);
  const std::optional<UnixSeconds> local = ToUnix(civil);
  if (!zone || !local) return std::nullopt;
  return *local - *zone;
}

std::optional<UnixSeconds> ParseTimestamp14(std::string_view text) {
  Civil civil;
  const std::array<int*, 5> parts = {&civil.month, &civil.day, &civil.hour, &civil.minute,
                                     &civil.second};
  if (!TakeNumber(text, 4, civil.year)) return std::nullopt;
  for (int* part : parts) {
    if (text.empty()) break;
    if (!TakeNumber(text, 2, *part)) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return ToUnix(civil);
}

std::optional<UnixSeconds> ParseHttpDate(std::string_view text) {
  text = TrimAscii(text);
  const std::size_t name_end = text.find_first_of(", ");
  if (name_end == std::string_view::npos) return std::nullopt;
  const bool asctime = text[name_end] == ' ';
  text = TrimAscii(text.substr(name_end + 1));
  if (asctime) return text.size() < 3 ? std::nullopt : ParseAsctime(text);
  Civil civil;
  const std::size_t digits = text.size() > 1 && IsAsciiDigit(text[1]) ? 2 : 1;
  if (!TakeNumber(text, digits, civil.day)) return std::nullopt;
  const bool rfc850 = TakeChar(text, '-');
  if (!rfc850 && !TakeChar(text, ' ')) return std::nullopt;
  if (text.size() < 3) return std::nullopt;
  civil.month = MonthFromName(text.substr(0, 3));
  if (civil.month == 0) return std::nullopt;
  text.remove_prefix(3);
  if (!TakeChar(text, rfc850 ? '-' : ' ')) return std::nullopt;
  if (rfc850 && text.size() > 2 && text[2] == ' ') {
    if (!TakeNumber(text, 2, civil.year)) return std::nullopt;
    civil.year += civil.year < 70 ? 2000 : 1900;
  } else if (!TakeNumber(text, 4, civil.year)) {
    return std::nullopt;
  }
  if (!TakeChar(text, ' ') || !TakeClock(text, civil)) return std::nullopt;
  return ToUnix(civil);
}

std::string FormatRfc3339(UnixSeconds time) {
  const Civil c = CivilFromUnix(time);
  if (c.year < 0 || c.year > 9999) {
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", c.year, c.month, c.day, c.hour,
                       c.minute, c.second);
  }
  // By hand: there are several in every verdict.
  std::string text = "0000-00-00T00:00:00Z";
  const auto put = [&text](std::size_t last, std::int64_t number) {
    for (; number != 0; number /= 10) text[last--] = static_cast<char>('0' + number % 10);
  };
  put(3, c.year);
  put(6, c.month);
  put(9, c.day);
  put(12, c.hour);
  put(15, c.minute);
  put(18, c.second);
  return text;
}

std::string FormatTimestamp14(UnixSeconds time) {
  const Civil c = CivilFromUnix(time);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", c.year, c.month, c.day, c.hour, c.minute,
                     c.second);
}

}  // namespace crawlcard
