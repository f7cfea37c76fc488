// robots/axes.h - uses, what contains what, and how statements of one carrier fill them.
//
// docs/formats/signals.md 0.1: `all` contains everything, `tdm` contains `train-any` contains
// `train`. A refusal or a condition fills the contained uses about which the same carrier says
// nothing itself; permissions are never widened. Thread rule: values.
#pragma once

#include <array>
#include <cstddef>

#include "robots/signal.h"

namespace crawlcard::robots {

inline constexpr std::size_t kAxisCount = static_cast<std::size_t>(Axis::kAll) + 1;

// True when a statement about `outer` also speaks about `inner`. An axis does not contain itself.
bool Contains(Axis outer, Axis inner);

// The stricter of two values: deny, conditional, limited, allow, nothing.
Says Stricter(Says a, Says b);

class AxisMap {
 public:
  // Keeps the stricter of what is there and `says`.
  void Add(Axis axis, Says says);
  // Fills contained axes; call once, after the last Add().
  void Widen();

  Says At(Axis axis) const { return says_[static_cast<std::size_t>(axis)]; }

 private:
  std::array<Says, kAxisCount> says_{};
};

}  // namespace crawlcard::robots
