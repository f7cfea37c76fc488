// tests/vectors/signals_json.h - Signals in the words of the vectors.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "robots/observe.h"
#include "robots/signal.h"
#include "tests/vectors/runner.h"

namespace crawlcard::vectors {

// {axis: value} of everything addressed to everybody; the stricter of two values stays, and
// refusals and conditions are widened to contained axes (signals.md 0.1).
Json Axes(std::span<const robots::Signal> signals);
// The same with what a careful reader takes.
Json CarefulAxes(std::span<const robots::Signal> signals);

Json FlagsOf(std::span<const robots::Signal> signals);
void AddFlags(std::span<const std::string_view> flags, Json& answer);
void AddFlagList(const Json& flags, Json& answer);
// Lowest confidence among `signals`.
std::string ConfidenceOf(std::span<const robots::Signal> signals);
// "a, b" as a list.
Json CommaParts(std::string_view text);

// robots::ObserveHeaders over `headers` of a vector. `input` must outlive the signals.
void ObserveHeadersOf(const Json& input, Arena& arena, robots::SignalList& signals_out);

}  // namespace crawlcard::vectors
