#include "index/internal/alike_rows.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "index/limits.h"

namespace crawlcard::index {
namespace {

constexpr std::size_t kWord = sizeof(std::uint64_t);

}  // namespace

std::size_t AlikeRows::PlaceOf(const RowFacts& facts) {
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15;
  std::uint64_t hash = facts.numbers + (facts.words.size() << 32) + (facts.said.size() << 40);
  for (const std::string_view text : {facts.words, facts.said}) {
    if (text.empty()) continue;
    // Both ends: pages mostly differ in a word or two.
    for (const std::size_t at : {std::size_t{0}, text.size() - std::min(text.size(), kWord)}) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + at, std::min(text.size(), kWord));
      hash = (hash ^ word) * kMix;
      hash ^= hash >> 29;
    }
  }
  return hash % kRecent;
}

std::uint64_t AlikeRows::FindFacts(const RowFacts& facts) {
  Recent& recent = recent_[PlaceOf(facts)];
  if (recent.number == 0 || recent.facts != facts) {
    const std::array<std::uint64_t, 2> numbers = {facts.numbers, facts.words.size()};
    key_.assign(reinterpret_cast<const char*>(numbers.data()), sizeof numbers);
    key_.append(facts.words).append(facts.said);
    auto found = facts_.find(key_);
    if (found == facts_.end()) {
      if (facts_.size() >= limits::kScanAlikeMax) {
        facts_.clear();
        recent_.assign(kRecent, {});
      }
      found = facts_.emplace(key_, ++facts_given_).first;
    }
    const std::string_view kept = found->first;
    recent.number = found->second;
    recent.facts.numbers = facts.numbers;
    recent.facts.words = kept.substr(sizeof numbers, facts.words.size());
    recent.facts.said = kept.substr(sizeof numbers + facts.words.size());
  }
  last_ = recent.facts;
  return last_facts_ = recent.number;
}

std::uint64_t AlikeRows::NumberOf(std::uint64_t facts_number, std::uint64_t codes_number) {
  if (facts_number == 0 || codes_number == 0) return 0;
  const Pair pair{facts_number, codes_number};
  const auto found = numbers_.find(pair);
  if (found != numbers_.end()) return found->second;
  if (numbers_.size() >= limits::kScanAlikeMax) numbers_.clear();
  return numbers_[pair] = ++given_;
}

}  // namespace crawlcard::index
