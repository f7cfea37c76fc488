// base/base64.h - RFC 4648 section 4: padded Base64, no white space.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crawlcard {

std::string Base64(std::string_view bytes);
template <std::size_t N>
std::string Base64(const std::array<std::uint8_t, N>& bytes) {
  return Base64(std::string_view(reinterpret_cast<const char*>(bytes.data()), N));
}

// nullopt for anything that Base64() does not write: other letters, missing padding, bits left.
std::optional<std::string> DecodeBase64(std::string_view text);

}  // namespace crawlcard
