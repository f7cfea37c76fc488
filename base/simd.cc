#include "base/simd.h"

#include <algorithm>
#include <atomic>

namespace crawlcard {
namespace {

Simd BestLevel() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") != 0 ? Simd::kAvx2 : Simd::kSse2;
#else
  return Simd::kScalar;
#endif
}

std::atomic<Simd>& Level() {
  static std::atomic<Simd> level{BestLevel()};
  return level;
}

}  // namespace

std::string_view SimdName(Simd level) {
  switch (level) {
    case Simd::kScalar:
      return "scalar";
    case Simd::kSse2:
      return "sse2";
    case Simd::kAvx2:
      return "avx2";
  }
  return "scalar";
}

Simd SimdLevel() {
  return Level().load(std::memory_order_relaxed);
}

void LimitSimdLevel(Simd level) {
  Level().store(std::min(level, BestLevel()), std::memory_order_relaxed);
}

}  // namespace crawlcard
