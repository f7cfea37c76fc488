// tests/random.h - the same numbers on every run and machine, from a seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace crawlcard {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  // From 0 to before `end`.
  std::size_t Below(std::size_t end) { return static_cast<std::size_t>(engine_() % end); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace crawlcard
