// page/internal/wide_vectors.cc - see wide_vectors.h.
#include "page/internal/wide_vectors.h"

#include <atomic>

#include "base/simd.h"

namespace crawlcard::page::internal {
namespace {

bool ProcessorHasThem() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vbmi") != 0;
#else
  return false;
#endif
}

std::atomic<bool> in_use{ProcessorHasThem()};

}  // namespace

bool HasWideVectors() {
  return in_use.load(std::memory_order_relaxed) && SimdLevel() == Simd::kAvx2;
}

void AllowWideVectors(bool allowed) {
  in_use.store(allowed && ProcessorHasThem(), std::memory_order_relaxed);
}

}  // namespace crawlcard::page::internal
