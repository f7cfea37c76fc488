// tests/page/levels.h - the vector instructions that searches of a page are tested with.
//
// Thread rule: for the main thread of a test.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "base/simd.h"
#include "page/internal/wide_vectors.h"

namespace crawlcard::page {

struct Level {
  Simd simd = Simd::kAvx2;
  bool wide = true;  // as far as this machine has them
};

inline void UseLevel(Level level) {
  LimitSimdLevel(level.simd);
  internal::AllowWideVectors(level.wide);
}

inline auto AllLevels() {
  return ::testing::Values(Level{Simd::kScalar, false}, Level{Simd::kSse2, false},
                           Level{Simd::kAvx2, false}, Level{Simd::kAvx2, true});
}

inline std::string LevelName(const ::testing::TestParamInfo<Level>& info) {
  return std::string(SimdName(info.param.simd)) + (info.param.wide ? "_wide" : "");
}

}  // namespace crawlcard::page
