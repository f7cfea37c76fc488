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
#include "base/byte_codec.h"
#include "index/capture.h"
#include "index/schema.h"

namespace crawlcard::index {

void WriteLanguages(const page::LanguageGuess& guess, ByteWriter& writer);
// Views into what is read and into `arena`. Clears `valid` for bytes that no writer makes.
std::span<const page::Language> ReadLanguages(ByteReader& reader, Arena& arena, bool& valid);
void SkipLanguages(ByteReader& reader);

void WriteRights(const page::Rights& rights, ByteWriter& writer);
// False for bytes that no writer makes.
bool ReadRights(ByteReader& reader, Arena& arena, page::Rights& rights);

// DecodePageRow() for a scan: that says why, where this is false.
[[nodiscard]] bool ReadPageRow(const PageKeyView& key, std::string_view value,
                               std::string_view file_name, Arena& arena, CaptureView& capture_out,
                               RowParts parts, RowMarks* marks_out);

}  // namespace crawlcard::index
