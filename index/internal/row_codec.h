// index/internal/row_codec.h - small pieces that the encoders of rows share.
#pragma once

#include <cstdint>
#include <new>
#include <span>
#include <string_view>

#include "base/arena.h"
#include "base/byte_codec.h"
#include "index/internal/row_words.h"

namespace crawlcard::index {

// The digest of the blob that a row names, or empty.
std::string_view BlobOfRow(std::string_view value);

template <class Enum>
constexpr unsigned RowCode(Enum value) {
  return static_cast<unsigned>(value);
}

// A code that may be at most `last`; anything else makes the row unreadable.
template <class Enum>
Enum RowEnum(unsigned code, Enum last, bool& valid) {
  if (code > RowCode(last)) {
    valid = false;
    return last;
  }
  return static_cast<Enum>(code);
}

// `count` was bounded by the bytes that are left.
template <class T>
std::span<T> NewRowSpan(Arena& arena, std::size_t count) {
  if (count == 0) return {};
  T* values = static_cast<T*>(arena.allocate(count * sizeof(T), alignof(T)));
  for (std::size_t i = 0; i < count; ++i) new (values + i) T();
  return {values, count};
}

inline void WriteRowWords(std::span<const std::string_view> words, ByteWriter& writer) {
  writer.Varint(words.size());
  for (const std::string_view word : words) WriteWord(word, writer);
}

inline std::span<const std::string_view> ReadRowWords(ByteReader& reader, Arena& arena,
                                                      bool& valid) {
  const auto words = NewRowSpan<std::string_view>(arena, reader.Count(1));
  for (std::string_view& word : words) word = ReadWord(reader, valid);
  return words;
}

}  // namespace crawlcard::index
