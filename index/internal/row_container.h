// index/internal/row_container.h - the record that a WAT capture tells of, as a part of a row.
//
//   beside:1  [file]  offset  length  form of the id:1  id
//
// The WARC beside a WAT file is not named: it follows from the name of the WAT file.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "base/byte_codec.h"
#include "index/capture.h"

namespace crawlcard::index {

void WriteContainer(const CaptureView& capture, ByteWriter& writer);

// False for bytes that are none. It is one of the texts of a row: read, and passed over, where
// `texts` are not wanted.
[[nodiscard]] bool ReadContainer(ByteReader& reader, std::string_view file_name, bool texts,
                                 Arena& arena, ContainerView& container);

}  // namespace crawlcard::index
