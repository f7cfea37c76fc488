#include "base/simd.h"

#include <algorithm>

namespace crawlcard {
namespace {

Simd BestLevel() {
#if defined(__x86_64__)
  // What came with AVX2 or before it, code of that level uses too.
  const bool avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi2") != 0 &&
                    __builtin_cpu_supports("pclmul") != 0;
  return avx2 ? Simd::kAvx2 : Simd::kSse2;
#else
  return Simd::kScalar;
#endif
}

}  // namespace

std::atomic<Simd> internal::simd_level{BestLevel()};

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

void LimitSimdLevel(Simd level) {
  internal::simd_level.store(std::min(level, BestLevel()), std::memory_order_relaxed);
}

}  // namespace crawlcard
