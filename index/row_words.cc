#include "index/internal/row_words.h"

#include <cstddef>
#include <unordered_map>

#include "index/internal/row_word_table.h"

namespace crawlcard::index {
namespace {

const std::unordered_map<std::string_view, std::uint32_t>& Numbers() {
  static const auto numbers = [] {
    std::unordered_map<std::string_view, std::uint32_t> map;
    for (std::size_t i = 0; i < kWords.size(); ++i) {
      map.emplace(kWords[i], static_cast<std::uint32_t>(i + 1));
    }
    return map;
  }();
  return numbers;
}

}  // namespace

constinit const std::span<const std::string_view> kRowWords = kWords;

std::uint32_t WordNumber(std::string_view word) {
  const auto found = Numbers().find(word);
  return found == Numbers().end() ? 0 : found->second;
}

std::uint32_t WordCount() {
  return static_cast<std::uint32_t>(kWords.size());
}

void WriteWord(std::string_view word, ByteWriter& writer) {
  const std::uint32_t number = WordNumber(word);
  writer.Varint(number);
  if (number == 0) writer.Bytes(word);
}

}  // namespace crawlcard::index
