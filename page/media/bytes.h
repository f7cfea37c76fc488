// page/media/bytes.h - bounds-checked reading of the numbers in binary formats.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace crawlcard::page::media {

// Whether `count` bytes stand at `at`; no sum can overflow.
constexpr bool Has(std::string_view bytes, std::uint64_t at, std::uint64_t count) {
  return at <= bytes.size() && count <= bytes.size() - at;
}

// The bytes from `at` on, at most `count`; empty past the end.
constexpr std::string_view Clip(std::string_view bytes, std::uint64_t at, std::uint64_t count) {
  if (at >= bytes.size()) return {};
  return bytes.substr(static_cast<std::size_t>(at),
                      count > bytes.size() ? bytes.size() : static_cast<std::size_t>(count));
}

// `width` bytes, most significant first. 0 where they are not there: check with Has() first.
constexpr std::uint64_t BigEndian(std::string_view bytes, std::uint64_t at, std::size_t width) {
  if (!Has(bytes, at, width)) return 0;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    value = value << 8 | static_cast<std::uint8_t>(bytes[static_cast<std::size_t>(at) + i]);
  }
  return value;
}
constexpr std::uint64_t LittleEndian(std::string_view bytes, std::uint64_t at, std::size_t width) {
  if (!Has(bytes, at, width)) return 0;
  std::uint64_t value = 0;
  for (std::size_t i = width; i > 0; --i) {
    value = value << 8 | static_cast<std::uint8_t>(bytes[static_cast<std::size_t>(at) + i - 1]);
  }
  return value;
}

}  // namespace crawlcard::page::media
