#include "robots/axes.h"

namespace crawlcard::robots {
namespace {

int Strictness(Says says) {
  switch (says) {
    case Says::kNothing:
      return 0;
    case Says::kAllow:
      return 1;
    case Says::kLimited:
      return 2;
    case Says::kConditional:
      return 3;
    case Says::kDeny:
      return 4;
  }
  return 0;
}

}  // namespace

bool Contains(Axis outer, Axis inner) {
  if (outer == inner || inner == Axis::kNone) return false;
  switch (outer) {
    case Axis::kAll:
      return true;
    case Axis::kTdm:
      return inner == Axis::kTrainAny || inner == Axis::kTrain;
    case Axis::kTrainAny:
      return inner == Axis::kTrain;
    default:
      return false;
  }
}

Says Stricter(Says a, Says b) {
  return Strictness(a) >= Strictness(b) ? a : b;
}

void AxisMap::Add(Axis axis, Says says) {
  Says& here = says_[static_cast<std::size_t>(axis)];
  here = Stricter(here, says);
}

void AxisMap::Widen() {
  const std::array<Says, kAxisCount> own = says_;
  for (std::size_t inner = 1; inner < kAxisCount; ++inner) {
    if (own[inner] != Says::kNothing) continue;
    for (std::size_t outer = 1; outer < kAxisCount; ++outer) {
      const bool widens = own[outer] == Says::kDeny || own[outer] == Says::kConditional;
      if (!widens || !Contains(static_cast<Axis>(outer), static_cast<Axis>(inner))) continue;
      says_[inner] = Stricter(says_[inner], own[outer]);
    }
  }
}

}  // namespace crawlcard::robots
