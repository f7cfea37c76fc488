// Real archives as pieces of any bytes, and pieces with bytes changed, put in or taken out.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/codec.h"
#include "base/file.h"

namespace crawlcard::test {

inline constexpr std::size_t kPieceBytes = 64 * 1024;
inline constexpr std::size_t kArchiveBytesMax = 80 << 20;

// The unpacked bytes of a gzip file; none, and a failed test, where it cannot be read.
inline std::vector<std::string> PiecesOf(const std::string& archive) {
  std::vector<std::string> pieces;
  std::string bytes;
  const Result<std::string> packed = ReadFile(archive, kArchiveBytesMax);
  const bool read = packed && Decode(Coding::kGzip, *packed, kArchiveBytesMax, bytes);
  EXPECT_TRUE(read) << archive;
  for (std::size_t at = 0; at < bytes.size(); at += kPieceBytes) {
    pieces.push_back(bytes.substr(at, kPieceBytes));
  }
  return pieces;
}

inline std::string Damaged(std::string_view body, std::mt19937& random) {
  constexpr std::string_view kBytes("<>/=\"' \t\n\f\r\0&!-?a\x01\x80", 20);
  std::string out(body);
  for (std::size_t left = 1 + body.size() / 200; left > 0 && !out.empty(); --left) {
    const std::size_t at = random() % out.size();
    switch (random() % 3) {
      case 0:
        out[at] = kBytes[random() % kBytes.size()];
        break;
      case 1:
        out.insert(at, 1, kBytes[random() % kBytes.size()]);
        break;
      default:
        out.erase(at, 1 + random() % 3);
        break;
    }
  }
  return out;
}

}  // namespace crawlcard::test
