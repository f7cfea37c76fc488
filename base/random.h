// base/random.h - random bytes from the system, for names that nobody else has.
//
// Only what makes ids asks here; whatever must replay takes a seed.
#pragma once

#include <array>
#include <cstdint>

namespace crawlcard {

// 16 bytes of getrandom(2).
std::array<std::uint8_t, 16> RandomSeed();

}  // namespace crawlcard
