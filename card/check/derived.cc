#include "card/check/derived.h"

#include <map>

namespace crawlcard::card {
namespace {

const std::vector<StatedRow>& RowsOf(const Reference& reference, std::string_view id) {
  static const std::vector<StatedRow> kNone;
  const auto found = reference.rows.find(id);
  return found == reference.rows.end() ? kNone : found->second;
}

void AddDomains(const Reference& reference, Derived& out) {
  const StatedValue* all = reference.Find("captures.payload_bytes");
  if (all == nullptr || all->number.value_or(0) == 0) return;
  const auto whole = static_cast<double>(*all->number);
  const std::vector<StatedRow>& domains = RowsOf(reference, "domains.top");
  std::uint64_t sum = 0;
  for (const StatedRow& row : domains) {
    const std::uint64_t bytes = row[1].number.value_or(0);
    sum += bytes;
    out.fractions.push_back(static_cast<double>(bytes) / whole);
    out.rows.push_back(row);
    out.rows.back().push_back({{}, out.fractions.back(), {}});
    out.fractions.push_back(static_cast<double>(sum) / whole);
  }
  out.numbers.push_back(domains.size());
}

// What each policy removes is drawn with its share, the other part of the one that is a fact.
void AddPolicies(const Reference& reference, Derived& out) {
  for (const StatedRow& row : RowsOf(reference, "policies")) {
    if (row.size() < 4 || !row[2].fraction) continue;
    out.fractions.push_back(1 - *row[2].fraction);
    out.rows.push_back({row[3], {{}, out.fractions.back(), {}}});
  }
}

// Months are drawn by year where they are too many.
void AddYears(const Reference& reference, Derived& out) {
  std::map<std::string, std::uint64_t> sums;
  for (const StatedRow& row : RowsOf(reference, "dates.months")) {
    if (row.size() > 1) sums[row[0].text.value_or("").substr(0, 4)] += row[1].number.value_or(0);
  }
  for (const auto& [year, sum] : sums) {
    out.numbers.push_back(sum);
    StatedRow row(2);
    row[0].text = year;
    row[1].number = sum;
    out.rows.push_back(std::move(row));
  }
}

}  // namespace

Derived DeriveRows(const Reference& reference) {
  Derived out;
  AddDomains(reference, out);
  AddPolicies(reference, out);
  AddYears(reference, out);
  return out;
}

}  // namespace crawlcard::card
