// robots/c2pa.h - training-mining assertions of content credentials.
//
// CAWG training and data mining assertion 1.1 (`cawg.training-mining`), and the older label of C2PA
// (`c2pa.training-mining`), as JSON or CBOR; signals.md 10.3. Only the active manifest speaks for
// the file; an ingredient's speaks for the ingredient. Signatures are not checked: that is separate
// evidence, and an unsigned wish is still a wish.
//
// Text lives in the arena. Thread rule: functions are thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "robots/axes.h"
#include "robots/observe.h"
#include "robots/signal.h"

namespace crawlcard::robots {

struct C2paEntry {
  std::string_view key;         // as written: "cawg.ai_training"
  std::string_view use;         // as written: "notAllowed"
  std::string_view constraint;  // constraint_info
  Axis axis = Axis::kNone;      // kNone: a key outside the vocabulary
  Says says = Says::kNothing;   // kNothing: a use outside the vocabulary
};

struct C2paAssertion {
  std::vector<C2paEntry> entries;
  std::vector<std::string_view> flags;
  bool readable = false;
};

// True for the two labels, with or without an instance number ("cawg.training-mining__2").
bool IsTrainingMiningLabel(std::string_view label);

// Reads the content of an assertion; never fails.
C2paAssertion ReadC2paJson(std::string_view label, std::string_view json, Arena& arena);
C2paAssertion ReadC2paCbor(std::string_view label, std::string_view cbor, Arena& arena);

// What the entries come to, widened. ai_training speaks of non-generative models alone: it fills
// `train-any` and never `train`.
AxisMap C2paAxes(const C2paAssertion& assertion);

// One Signal an entry. Those of an ingredient manifest have scope "ingredient", low confidence and
// no reading: they do not speak for the file.
void AppendC2paSignals(const C2paAssertion& assertion, bool active, const Signal& base,
                       Arena& arena, SignalList& signals_out);

}  // namespace crawlcard::robots
