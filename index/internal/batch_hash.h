// index/internal/batch_hash.h - a hash of bytes for tables in memory. Nothing on disk knows it.
//
// Thread rule: thread-safe.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/digest.h"

namespace crawlcard::index {

inline std::uint64_t HashOfBytes(std::string_view bytes) {
  const Xxh3Digest digest = Xxh3(bytes);
  std::uint64_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

}  // namespace crawlcard::index
