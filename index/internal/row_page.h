// index/internal/row_page.h - a row of `pages`, and the languages and rights in its value.
//
//   languages  n (three letters in two bytes, or two zeros and a text; share in percent:1, or 255
//              and a float)*
//   rights     flags:1  which texts: varint  [year: varint]  word*  [n word*]
//
// Thread rule: functions are thread-safe.
#pragma once

#include <span>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/byte_codec.h"
#include "index/capture.h"
#include "index/schema.h"

namespace crawlcard::index {

void WriteLanguages(const page::LanguageGuess& guess, ByteWriter& writer);
// Views into what is read and into `arena`. Clears `valid` for bytes that no writer makes.
std::span<const page::Language> ReadLanguages(ByteReader& reader, Arena& arena, bool& valid);
void SkipLanguages(ByteReader& reader);
// The same where all are three letters and a share in percent, as they nearly always are. Otherwise
// false, with nothing read.
CRAWLCARD_INLINE inline bool SkipPlainLanguages(const char*& at, const char* end) {
  const std::size_t count = at == end ? 0x80 : static_cast<std::uint8_t>(*at);
  if (count >= 0x80 || static_cast<std::size_t>(end - at) <= 3 * count) return false;
  const char* const behind = at + 1 + 3 * count;
  for (const char* one = at + 1; one != behind; one += 3) {
    if ((one[0] | one[1]) == 0 || one[2] == '\xFF') return false;
  }
  at = behind;
  return true;
}

void WriteRights(const page::Rights& rights, ByteWriter& writer);
// False for bytes that no writer makes.
bool ReadRights(ByteReader& reader, Arena& arena, page::Rights& rights);

// DecodePageRow() for a scan: that says why, where this is false.
[[nodiscard]] bool ReadPageRow(const PageKeyView& key, std::string_view value,
                               std::string_view file_name, Arena& arena, CaptureView& capture_out,
                               RowParts parts, RowMarks* marks_out);

}  // namespace crawlcard::index
