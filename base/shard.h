// base/shard.h - one worker's share of a numbered list of work.
//
// The same list gives the same split on every machine and every day: what belongs to a worker
// follows from the number of the item alone.
//
// Thread rule: values.
#pragma once

#include <cstdint>

namespace crawlcard {

// Work unit I of N: the items whose number, from 0, leaves I when divided by N.
struct Shard {
  std::uint64_t index = 0;
  std::uint64_t count = 1;

  bool Has(std::uint64_t number) const { return number % count == index; }

  bool operator==(const Shard&) const = default;
};

}  // namespace crawlcard
