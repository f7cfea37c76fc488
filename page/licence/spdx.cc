// page/licence/spdx.cc - see spdx.h. Source: SPDX licence list.
#include "page/licence/spdx.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "base/text.h"

namespace crawlcard::page::licence {
namespace {

constexpr std::string_view kIds[] = {
#include "page/licence/spdx_ids.inc"
};

// No identifier has more letters and digits.
constexpr std::size_t kKeyBytesMax = 64;

constexpr bool IsKeyByte(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) || c == '+';
}

// Letters, digits and '+' of an identifier, in lower case, in a buffer of its own.
struct Key {
  explicit Key(std::string_view text) {
    for (const char c : text) {
      if (!IsKeyByte(c)) continue;
      if (size == bytes.size()) {
        size = 0;
        return;
      }
      bytes[size++] = AsciiLower(c);
    }
  }
  std::string_view view() const { return {bytes.data(), size}; }

  std::array<char, kKeyBytesMax> bytes{};
  std::size_t size = 0;
};

}  // namespace

std::string_view SpdxId(std::string_view text) {
  if (text.empty() || text.size() > 2 * kKeyBytesMax) return {};
  const Key wanted(text);
  if (wanted.size == 0) return {};
  const auto* found = std::lower_bound(
      std::begin(kIds), std::end(kIds), wanted.view(),
      [](std::string_view id, std::string_view key) { return Key(id).view() < key; });
  if (found == std::end(kIds) || Key(*found).view() != wanted.view()) return {};
  return *found;
}

bool IsSpdxId(std::string_view id) {
  return SpdxId(id) == id && !id.empty();
}

std::string_view WithoutDeprecatedGnuName(std::string_view id) {
  static constexpr std::string_view kRenamed[][2] = {
      {"GPL-1.0", "GPL-1.0-only"},   {"GPL-2.0", "GPL-2.0-only"},   {"GPL-3.0", "GPL-3.0-only"},
      {"LGPL-2.0", "LGPL-2.0-only"}, {"LGPL-2.1", "LGPL-2.1-only"}, {"LGPL-3.0", "LGPL-3.0-only"},
      {"AGPL-1.0", "AGPL-1.0-only"}, {"AGPL-3.0", "AGPL-3.0-only"}, {"GFDL-1.1", "GFDL-1.1-only"},
      {"GFDL-1.2", "GFDL-1.2-only"}, {"GFDL-1.3", "GFDL-1.3-only"}};
  for (const auto& pair : kRenamed) {
    if (pair[0] == id) return pair[1];
  }
  return id;
}

}  // namespace crawlcard::page::licence
