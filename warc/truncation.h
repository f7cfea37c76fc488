// warc/truncation.h - why a block is shorter than what was sent: WARC 1.1 section 5.13.
//
// Thread rule: values.
#pragma once

#include <cstdint>
#include <string_view>

namespace crawlcard::warc {

enum class Truncation : std::uint8_t { kNone, kLength, kTime, kDisconnect, kUnspecified };

// The value of WARC-Truncated: "length", "time", "disconnect", "unspecified"; empty for kNone.
constexpr std::string_view TruncationName(Truncation truncation) {
  switch (truncation) {
    case Truncation::kNone:
      return "";
    case Truncation::kLength:
      return "length";
    case Truncation::kTime:
      return "time";
    case Truncation::kDisconnect:
      return "disconnect";
    case Truncation::kUnspecified:
      return "unspecified";
  }
  return "unspecified";
}

}  // namespace crawlcard::warc
