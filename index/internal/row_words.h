// index/internal/row_words.h - words that rows hold as numbers.
//
// The table is part of the layout: words are only ever added at its end. A word that is not in it
// is written as text, so that nothing depends on the table being complete.
//
//   word     varint: place in the table + 1, or 0 and a counted text
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/byte_codec.h"

namespace crawlcard::index {

// Number of a word, or 0 when it is not in the table.
std::uint32_t WordNumber(std::string_view word);
// How many numbers there are; the last one is WordCount().
std::uint32_t WordCount();
// All words, by their numbers less one.
extern const std::span<const std::string_view> kRowWords;

void WriteWord(std::string_view word, ByteWriter& writer);
// Clears `valid` for a number that no word has.
inline std::string_view ReadWord(ByteReader& reader, bool& valid) {
  const std::uint64_t number = reader.Varint();
  if (number == 0) return reader.Bytes();
  if (number > kRowWords.size()) {
    valid = false;
    return {};
  }
  return kRowWords[static_cast<std::size_t>(number - 1)];
}

}  // namespace crawlcard::index
