#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace crawlcard::internal {

void AssertFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "crawlcard: assertion failed: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace crawlcard::internal
