// base/assert.h - checks of our own arithmetic, on in every build type.
//
// An assertion is about the program, never about input: bad input is an Error. A failed
// assertion prints the condition with its place and aborts.
#pragma once

namespace crawlcard::internal {
[[noreturn]] void AssertFailed(const char* condition, const char* file, int line);
}  // namespace crawlcard::internal

#define CRAWLCARD_ASSERT(condition)                                        \
  do {                                                                     \
    if (!(condition)) [[unlikely]] {                                       \
      ::crawlcard::internal::AssertFailed(#condition, __FILE__, __LINE__); \
    }                                                                      \
  } while (false)
