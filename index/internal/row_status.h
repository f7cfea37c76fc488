// index/internal/row_status.h - an HTTP status as a part of a row: one octet for the usual ones.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/byte_codec.h"

namespace crawlcard::index {

// Numbers of codes are on disk: add at the end.
inline constexpr std::array<std::uint16_t, 40> kStatuses = {
    200, 0,   301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 406,
    408, 409, 410, 412, 415, 418, 421, 422, 423, 426, 429, 451, 500, 501,
    502, 503, 504, 508, 520, 521, 522, 525, 530, 999, 201, 206};

inline void WriteStatus(std::uint16_t status, ByteWriter& writer) {
  const auto* const found = std::find(kStatuses.begin(), kStatuses.end(), status);
  writer.U8(found == kStatuses.end() ? std::uint8_t{0}
                                     : static_cast<std::uint8_t>(found - kStatuses.begin() + 1));
  if (found == kStatuses.end()) writer.Varint(status);
}

// `valid` becomes false for what is no status.
inline std::uint16_t ReadStatus(ByteReader& reader, bool& valid) {
  const std::uint8_t code = reader.U8();
  if (code != 0 && code <= kStatuses.size()) return kStatuses[code - 1U];
  const std::uint64_t status = code == 0 ? reader.Varint() : 0x10000;
  if (status > 0xFFFF) valid = false;
  return static_cast<std::uint16_t>(status);
}

}  // namespace crawlcard::index
