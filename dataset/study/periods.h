// dataset/study/periods.h - dates that a curve is drawn over: "2016-01..2026-11/month".
//
// Thread rule: values; the function is thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace crawlcard::dataset {

// A stretch of time and its two ends, both of which belong to it.
struct Period {
  std::string name;  // "2016-01", "2016", "2026-10-02"
  UnixSeconds begin = 0;
  UnixSeconds end = 0;

  bool operator==(const Period&) const = default;
};

// Parts separated by commas, each a year, a month or a day, or two of a kind with ".." between and
// "/year", "/month" or "/day" behind; without that the step is what the ends are written in. In the
// order of time, each once. Errors: kInvalidArgument, also beyond limits::kPeriodsMax.
[[nodiscard]] Result<std::vector<Period>> ParsePeriods(std::string_view text);

}  // namespace crawlcard::dataset
