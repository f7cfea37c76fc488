// warc/internal/line_feeds.h - the line feeds of a header, one after the other.
//
// Looks at 64 bytes at once and keeps what it saw of them: lines of a header are short, and a
// search begun anew for each costs more than the line. Memory is never read past the text.
//
// Thread rule: values.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/simd.h"

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace crawlcard::warc::internal {

class LineFeeds {
 public:
  explicit LineFeeds(std::string_view text, std::size_t from = 0) : text_(text), ahead_(from) {}

  // The position of the next one, or npos.
  std::size_t Next() {
    while (feeds_ == 0) {
      if (ahead_ >= text_.size()) return std::string_view::npos;
      LookAhead();
    }
    const auto at = static_cast<std::size_t>(std::countr_zero(feeds_));
    feeds_ &= feeds_ - 1;
    return block_ + at;
  }

 private:
  static constexpr std::size_t kBlock = 64;

  // Moves to the block at `ahead_`; of the last one less than 64 bytes may be new.
  void LookAhead() {
    const std::size_t left = text_.size() - ahead_;
    block_ = ahead_;
    ahead_ += std::min(left, kBlock);
#if defined(__x86_64__)
    if (SimdLevel() != Simd::kScalar && text_.size() >= kBlock) {
      const std::size_t known = kBlock - std::min(left, kBlock);
      feeds_ = FeedsAt(text_.data() + block_ - known) >> known;
      return;
    }
#endif
    for (std::size_t i = block_; i < ahead_; ++i) {
      if (text_[i] == '\n') feeds_ |= std::uint64_t{1} << (i - block_);
    }
  }

#if defined(__x86_64__)
  static std::uint64_t FeedsAt(const char* bytes) {
    const __m128i feed = _mm_set1_epi8('\n');
    std::uint64_t feeds = 0;
    for (unsigned part = 0; part < kBlock; part += 16) {
      const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + part));
      const int mask = _mm_movemask_epi8(_mm_cmpeq_epi8(some, feed));
      feeds |= std::uint64_t{static_cast<std::uint32_t>(mask)} << part;
    }
    return feeds;
  }
#endif

  std::string_view text_;
  std::size_t ahead_;        // the first byte that was not looked at
  std::size_t block_ = 0;    // where bit 0 of `feeds_` stands
  std::uint64_t feeds_ = 0;  // those not given yet
};

}  // namespace crawlcard::warc::internal
