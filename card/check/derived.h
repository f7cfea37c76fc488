// card/check/derived.h - figures that forms draw from facts by a sum or a share, for the check.
//
// Thread rule: values; functions are thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "card/check/reference.h"

namespace crawlcard::card {

struct Derived {
  std::vector<StatedRow> rows;
  std::vector<double> fractions;
  std::vector<std::uint64_t> numbers;
};

// Largest domains with their share of all payload, and that of the first n; what policies remove,
// as shares; captures by year.
Derived DeriveRows(const Reference& reference);

}  // namespace crawlcard::card
