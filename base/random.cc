#include "base/random.h"

#include <cerrno>

#include <sys/random.h>

#include "base/assert.h"

namespace crawlcard {

// Requests of up to 256 bytes are never cut short once the pool is ready (getrandom(2)).
std::array<std::uint8_t, 16> RandomSeed() {
  std::array<std::uint8_t, 16> seed{};
  ssize_t got = 0;
  do {
    got = ::getrandom(seed.data(), seed.size(), 0);
  } while (got < 0 && errno == EINTR);
  CRAWLCARD_ASSERT(got == static_cast<ssize_t>(seed.size()));
  return seed;
}

}  // namespace crawlcard
