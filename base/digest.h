// base/digest.h - SHA-1, SHA-256 and XXH3-128 with their usual spellings.
//
// SHA-1 joins with what archives claim, SHA-256 is what we state ourselves, XXH3-128 names files.
// Thread rule: hashers are thread-compatible, functions are thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crawlcard {

using Sha1Digest = std::array<std::uint8_t, 20>;
using Sha256Digest = std::array<std::uint8_t, 32>;
using Xxh3Digest = std::array<std::uint8_t, 16>;  // big-endian (canonical)

Sha1Digest Sha1(std::string_view bytes);
Sha256Digest Sha256(std::string_view bytes);
Xxh3Digest Xxh3(std::string_view bytes);

class Xxh3Hasher {
 public:
  Xxh3Hasher();
  ~Xxh3Hasher();
  Xxh3Hasher(Xxh3Hasher&&) noexcept;
  Xxh3Hasher& operator=(Xxh3Hasher&&) noexcept;

  void Update(std::string_view bytes);
  Xxh3Digest Digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Lower-case hexadecimal of any bytes.
std::string Hex(std::string_view bytes);
template <std::size_t N>
std::string Hex(const std::array<std::uint8_t, N>& bytes) {
  return Hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), N));
}

// The bytes of lower-case hexadecimal; nullopt for anything that Hex() does not write.
std::optional<std::string> ParseHex(std::string_view text);

// RFC 4648 Base32, upper case, padded only where 5 does not divide the length.
std::string Base32(std::string_view bytes);
template <std::size_t N>
std::string Base32(const std::array<std::uint8_t, N>& bytes) {
  return Base32(std::string_view(reinterpret_cast<const char*>(bytes.data()), N));
}

}  // namespace crawlcard
