#include "index/internal/alike_rows.h"

#include <array>
#include <string_view>

#include "index/limits.h"

namespace crawlcard::index {

std::uint64_t AlikeRows::NumberOf(const RowFacts& facts, std::uint64_t codes_number) {
  if (facts.words.empty() || codes_number == 0) return 0;
  if (codes_number == last_codes_ && facts.numbers == last_.numbers && facts.words == last_.words &&
      facts.said == last_.said) {
    return last_number_;
  }
  const std::array<std::uint64_t, 3> numbers = {codes_number, facts.numbers, facts.words.size()};
  key_.assign(reinterpret_cast<const char*>(numbers.data()), sizeof numbers);
  key_.append(facts.words).append(facts.said);
  auto found = numbers_.find(key_);
  if (found == numbers_.end()) {
    if (numbers_.size() >= limits::kScanAlikeMax) numbers_.clear();
    found = numbers_.emplace(key_, ++given_).first;
  }
  last_codes_ = codes_number;
  last_number_ = found->second;
  const std::string_view kept = found->first;
  last_.numbers = facts.numbers;
  last_.words = kept.substr(sizeof numbers, facts.words.size());
  last_.said = kept.substr(sizeof numbers + facts.words.size());
  return last_number_;
}

}  // namespace crawlcard::index
