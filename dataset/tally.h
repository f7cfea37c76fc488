// dataset/tally.h - what a pass over rows amounts to: rows, bytes and tokens, by reason and name.
//
// Partial tallies merge. Where they are merged in the order of the rows, the result does not depend
// on how many threads counted.
//
// Thread rule: values, thread-compatible.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dataset/row.h"
#include "robots/verdict.h"

namespace crawlcard::dataset {

struct Amount {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::uint64_t tokens = 0;

  void Add(const Row& row) { Add({1, row.bytes, row.tokens}); }
  void Add(const Amount& other) {
    rows += other.rows;
    bytes += other.bytes;
    tokens += other.tokens;
  }
  bool operator==(const Amount&) const = default;
};

using AmountsByName = std::map<std::string, Amount, std::less<>>;

// Amounts by names of which there may be any number: exact up to twice limits::kNamesMax of them.
// Beyond that the rarer half is dropped each time, and error_rows() bounds what any name, kept or
// dropped, may be short of.
class BoundedAmounts {
 public:
  void Add(std::string_view name, const Amount& amount);
  void Merge(const BoundedAmounts& other);

  // By rows, largest first, then by name.
  std::vector<std::pair<std::string, Amount>> Top(std::size_t count) const;

  const AmountsByName& all() const { return amounts_; }
  std::uint64_t error_rows() const { return error_rows_; }
  void AddError(std::uint64_t rows) { error_rows_ += rows; }
  bool operator==(const BoundedAmounts&) const = default;

 private:
  void Prune();

  AmountsByName amounts_;
  std::uint64_t error_rows_ = 0;
};

// One question's share.
struct QuestionTally {
  Amount usable;
  Amount lost;                  // judged, and not usable
  AmountsByName decisions;      // what publishers said, over all rows that were judged
  AmountsByName lost_reasons;   // a decision, or "takedown"
  AmountsByName lost_families;  // of the deciding reasons: a row counts once under each
  AmountsByName lost_languages;
  BoundedAmounts lost_domains;
  AmountsByName refused_agents;     // rows whose publisher refuses this agent, lost or not
  AmountsByName refused_operators;  // likewise
  bool operator==(const QuestionTally&) const = default;

  // `codes` are those of `amount` rows.
  void Add(const robots::VerdictCodes& codes, const Amount& amount);
  void Merge(const QuestionTally& other);
};

struct Tally {
  Amount all;
  Amount judged;
  Amount unknown_hosts;  // of the judged: no file of their origin was ever observed
  Amount without_page;   // of the judged: no capture of the URL stands behind the answer
  AmountsByName languages;
  std::array<Amount, kRowFaultCount> faults{};  // by RowFault
  std::vector<QuestionTally> questions;
  bool operator==(const Tally&) const = default;

  void Merge(const Tally& other);
  // Rows that are damaged or have no URL.
  std::uint64_t damaged_rows() const;
};

}  // namespace crawlcard::dataset
