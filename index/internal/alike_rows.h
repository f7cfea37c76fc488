// index/internal/alike_rows.h - numbers the rows of a scan that say the same.
//
// Thread rule: thread-compatible; one a range.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "index/schema.h"

namespace crawlcard::index {

class AlikeRows {
 public:
  // Rows that get the same number say the same and have the same codes, by their number. Rows that
  // do so get the same number, unless there were too many others in between. 0: like none.
  std::uint64_t NumberOf(const RowFacts& facts, std::uint64_t codes_number);

 private:
  std::unordered_map<std::string, std::uint64_t> numbers_;
  std::string key_;
  // Of the row before, of which most are like: views of its key.
  RowFacts last_;
  std::uint64_t last_codes_ = 0;
  std::uint64_t last_number_ = 0;
  std::uint64_t given_ = 0;
};

}  // namespace crawlcard::index
