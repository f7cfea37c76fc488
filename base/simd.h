// base/simd.h - which vector instructions the searches of this process use.
//
// Code with several versions asks SimdLevel() and takes the best it has that is not above; another
// instruction set (NEON) gets a level of its own and the same functions.
//
// Thread rule: SimdLevel() is thread-safe; LimitSimdLevel() is for start-up and tests.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace crawlcard {

enum class Simd : std::uint8_t { kScalar, kSse2, kAvx2 };
std::string_view SimdName(Simd level);  // "scalar", "sse2", "avx2"

namespace internal {
// Scalar until the start of the program has asked the processor.
extern std::atomic<Simd> simd_level;
}  // namespace internal

// The best level that this processor has, at most what LimitSimdLevel() was told last.
inline Simd SimdLevel() {
  return internal::simd_level.load(std::memory_order_relaxed);
}
void LimitSimdLevel(Simd level);

}  // namespace crawlcard
