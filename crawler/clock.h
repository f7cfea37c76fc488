// crawler/clock.h - what time it is, for code that waits.
//
// Milliseconds since 1970, so that due times mean the same after a restart. Everything that decides
// takes the time as an argument; only the code that drives it holds a Clock, so that a simulation
// runs on virtual time.
//
// Thread rule: a Clock is thread-safe where its class says so; SystemClock is.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.h"

namespace crawlcard::crawler {

using UnixMillis = std::int64_t;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixMillis Now() const = 0;
};

// The wall clock as it stood at construction, moved on by the steady clock: never goes back while
// the process lives, whoever sets the machine's clock.
class SystemClock final : public Clock {
 public:
  SystemClock()
      : wall_(std::chrono::system_clock::now().time_since_epoch()),
        steady_(std::chrono::steady_clock::now()) {}

  UnixMillis Now() const override {
    const auto passed = std::chrono::steady_clock::now() - steady_;
    return std::chrono::duration_cast<std::chrono::milliseconds>(wall_ + passed).count();
  }

 private:
  std::chrono::nanoseconds wall_;
  std::chrono::steady_clock::time_point steady_;
};

constexpr UnixSeconds SecondsOf(UnixMillis time) {
  return time >= 0 ? time / 1000 : (time - 999) / 1000;
}

}  // namespace crawlcard::crawler
