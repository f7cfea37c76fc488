// tests/allocations.h - counts what is taken with new, for tests that promise to take nothing.
//
// Replaces the allocation functions of the program: one file of a test binary includes it.
// Sanitizers bring functions of their own, which must stay; nothing is counted then.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace crawlcard {

inline std::atomic<std::uint64_t> allocations{0};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kCountsAllocations = false;
#else
inline constexpr bool kCountsAllocations = true;
#endif

}  // namespace crawlcard

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void* operator new(std::size_t bytes) {
  crawlcard::allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}
// Out of line, since GCC takes an inlined free() of memory from new for a mistake.
__attribute__((noinline)) void operator delete(void* memory) noexcept {
  std::free(memory);
}
__attribute__((noinline)) void operator delete(void* memory, std::size_t /*bytes*/) noexcept {
  std::free(memory);
}
#endif
