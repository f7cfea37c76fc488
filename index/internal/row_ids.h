// index/internal/row_ids.h - digests and record ids as the bytes that their letters stand for.
//
// Only the one spelling that comes out again is taken; anything else is kept as text by the caller.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/arena.h"

namespace crawlcard::index {

enum DigestForm : unsigned { kNoDigest, kSha1Base32, kTextDigest };
inline constexpr std::size_t kSha1Bytes = 20;
inline constexpr std::size_t kUuidBytes = 16;

// For kSha1Base32 ("sha1:" and 32 letters), `raw_out` gets the 20 bytes.
DigestForm FormOfDigest(std::string_view digest, std::string& raw_out);
std::string_view WriteBase32(std::string_view raw, Arena& arena);

// "<urn:uuid:...>" in lower case: its 16 bytes are appended, or false.
bool ReadUuid(std::string_view id, std::string& raw_out);
std::string_view WriteUuid(std::string_view raw, Arena& arena);

}  // namespace crawlcard::index
