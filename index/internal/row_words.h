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
#include <string_view>

#include "base/byte_codec.h"

namespace crawlcard::index {

// Number of a word, or 0 when it is not in the table.
std::uint32_t WordNumber(std::string_view word);
// How many numbers there are; the last one is kWordCount().
std::uint32_t WordCount();

void WriteWord(std::string_view word, ByteWriter& writer);
// Clears `valid` for a number that no word has.
std::string_view ReadWord(ByteReader& reader, bool& valid);

}  // namespace crawlcard::index
