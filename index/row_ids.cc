#include "index/internal/row_ids.h"

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"

namespace crawlcard::index {
namespace {

constexpr std::string_view kSha1Prefix = "sha1:";
constexpr std::size_t kSha1Chars = 32;
// "<urn:uuid:5b49b8e9-423e-4367-b9b7-11c629276b7b>"
constexpr std::string_view kUuidPrefix = "<urn:uuid:";
constexpr std::size_t kUuidChars = 36;

constexpr bool DashBefore(std::size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

int Base32Value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

// 20 bytes of 32 letters, or false.
bool ReadBase32(std::string_view letters, std::string& out) {
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : letters) {
    const int value = Base32Value(c);
    if (value < 0) return false;
    bits = bits << 5 | static_cast<std::uint32_t>(value);
    count += 5;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>(bits >> count & 0xFF));
  }
  return true;
}

}  // namespace

DigestForm FormOfDigest(std::string_view digest, std::string& raw_out) {
  if (digest.empty()) return kNoDigest;
  const bool sha1 =
      digest.size() == kSha1Prefix.size() + kSha1Chars && digest.starts_with(kSha1Prefix);
  return sha1 && ReadBase32(digest.substr(kSha1Prefix.size()), raw_out) ? kSha1Base32 : kTextDigest;
}

std::string_view WriteBase32(std::string_view raw, Arena& arena) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  char text[kSha1Prefix.size() + kSha1Chars];
  char* out = std::copy(kSha1Prefix.begin(), kSha1Prefix.end(), text);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : raw) {
    bits = bits << 8 | static_cast<std::uint8_t>(c);
    for (count += 8; count >= 5;) {
      count -= 5;
      *out++ = kLetters[bits >> count & 31];
    }
  }
  return arena.Copy({text, sizeof text});
}

std::string_view WriteUuid(std::string_view raw, Arena& arena) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  char text[kUuidPrefix.size() + kUuidChars + 1];
  char* out = std::copy(kUuidPrefix.begin(), kUuidPrefix.end(), text);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (DashBefore(i)) *out++ = '-';
    *out++ = kDigits[static_cast<std::uint8_t>(raw[i]) >> 4];
    *out++ = kDigits[static_cast<std::uint8_t>(raw[i]) & 15];
  }
  *out = '>';
  return arena.Copy({text, sizeof text});
}

// False when it is not in the form that WriteUuid() gives.
bool ReadUuid(std::string_view id, std::string& raw_out) {
  if (id.size() != kUuidPrefix.size() + kUuidChars + 1 || !id.starts_with(kUuidPrefix) ||
      id.back() != '>') {
    return false;
  }
  const auto digit = [](char c) { return c >= 'A' && c <= 'F' ? -1 : HexValue(c); };
  std::size_t at = kUuidPrefix.size();
  for (std::size_t i = 0; i < kUuidBytes; ++i) {
    if (DashBefore(i) && id[at++] != '-') return false;
    const int high = digit(id[at]);
    const int low = digit(id[at + 1]);
    if (high < 0 || low < 0) return false;
    raw_out.push_back(static_cast<char>(high << 4 | low));
    at += 2;
  }
  return true;
}

}  // namespace crawlcard::index
