// index/internal/alike_rows.h - numbers the rows of a scan that say the same.
//
// Thread rule: thread-compatible; one a range.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/attributes.h"
#include "index/schema.h"

namespace crawlcard::index {

class AlikeRows {
 public:
  // A number for what a row says: the same for rows that say the same, unless there were too many
  // others in between, and for no others. 0: facts of this row alone.
  CRAWLCARD_INLINE std::uint64_t FactsNumber(const RowFacts& facts) {
    if (facts.words.empty()) return 0;
    if (facts.numbers == last_.numbers && facts.words == last_.words && facts.said == last_.said) {
      return last_facts_;
    }
    return FindFacts(facts);
  }
  // Likewise of rows that say the same and have the same codes, by the numbers of both.
  std::uint64_t NumberOf(std::uint64_t facts_number, std::uint64_t codes_number);

 private:
  struct Pair {
    std::uint64_t facts = 0;
    std::uint64_t codes = 0;
    bool operator==(const Pair& other) const = default;
  };
  struct HashPair {
    std::size_t operator()(const Pair& pair) const {
      return (pair.facts * 0x9E3779B97F4A7C15 + pair.codes) * 0xBF58476D1CE4E5B9 >> 16;
    }
  };

  // Where facts like these were met last: those of other sites that are built alike.
  struct Recent {
    RowFacts facts;  // views of a key of facts_
    std::uint64_t number = 0;
  };
  static constexpr std::size_t kRecent = 512;

  std::uint64_t FindFacts(const RowFacts& facts);
  static std::size_t PlaceOf(const RowFacts& facts);

  std::unordered_map<std::string, std::uint64_t> facts_;
  std::unordered_map<Pair, std::uint64_t, HashPair> numbers_;
  std::vector<Recent> recent_ = std::vector<Recent>(kRecent);
  std::string key_;
  // Of the row before, which most are like: views of its key.
  RowFacts last_;
  std::uint64_t last_facts_ = 0;
  std::uint64_t facts_given_ = 0;
  std::uint64_t given_ = 0;
};

}  // namespace crawlcard::index
