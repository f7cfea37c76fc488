// index/internal/row_place.h - where a row came from, as its key ends with it: read for each row.
//
// Layout: index/schema.h; schema_keys.cc writes it. Thread rule: functions are thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/attributes.h"
#include "index/schema.h"

namespace crawlcard::index {

// Dates are years 0 to 9999 (base/time.h): they and their sign fit into forty bits.
inline constexpr std::int64_t kTimeZero = 1LL << 39;
inline constexpr std::int64_t kTimeMax = (1LL << 38) - 1;

// Written so that compilers make one load of it.
CRAWLCARD_INLINE inline std::uint64_t LoadBigEndian(const char* bytes) {
  const auto at = [bytes](int i) {
    return std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << 8 * (7 - i);
  };
  return at(0) | at(1) | at(2) | at(3) | at(4) | at(5) | at(6) | at(7);
}

// A number of a key, with at least eight octets of the key before `bytes`. Takes it off them.
CRAWLCARD_INLINE inline bool ReadNumber(std::string_view& bytes, std::uint64_t& number_out) {
  if (bytes.empty()) return false;
  const auto length = static_cast<std::uint8_t>(bytes.front());
  if (length > 8 || bytes.size() <= length) return false;
  // One way to write a number: the key is the row's name.
  if (length > 0 && bytes[1] == '\0') return false;
  bytes.remove_prefix(1U + length);
  const std::uint64_t last = LoadBigEndian(bytes.data() - 8);
  number_out = length == 8 ? last : last & ((1ULL << 8 * length) - 1);
  return true;
}

// Asked for each row of a scan: lengths are checked once.
CRAWLCARD_INLINE inline bool ReadPlace(std::string_view bytes, RowPlace& place_out) {
  constexpr std::size_t kFixed = kKeyTimeBytes + 8;
  if (bytes.size() <= kFixed) return false;
  // The time is the first five of eight octets: they are all there.
  const std::uint64_t time = LoadBigEndian(bytes.data()) >> 8 * (8 - kKeyTimeBytes);
  const std::uint64_t file = LoadBigEndian(bytes.data() + kKeyTimeBytes);
  bytes.remove_prefix(kFixed);
  place_out.date.reset();
  if (time != 0) place_out.date = static_cast<UnixSeconds>(time) - kTimeZero;
  place_out.file_id = file;
  place_out.inner_offset = 0;
  if (!ReadNumber(bytes, place_out.offset)) return false;
  if (bytes.empty()) return true;
  return ReadNumber(bytes, place_out.inner_offset) && place_out.inner_offset != 0 && bytes.empty();
}

// A key of `pages` whose URL takes `url_bytes`; npos: it has no end.
CRAWLCARD_INLINE inline bool ReadPageKey(std::string_view key, std::size_t url_bytes,
                                         PageKeyView& key_out) {
  if (url_bytes == std::string_view::npos) return false;
  key_out.stored_surt = key.substr(0, url_bytes);
  return ReadPlace(key.substr(url_bytes + 1), key_out.place);
}

}  // namespace crawlcard::index
