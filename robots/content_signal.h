// robots/content_signal.h - Cloudflare's Content-Signal pairs.
//
// Policy text of 24 September 2025 and the deployed forms of 2026; docs/formats/signals.md 6.
// Thread rule: functions are thread-safe.
#pragma once

#include <string_view>

#include "base/arena.h"
#include "robots/observe.h"
#include "robots/signal.h"

namespace crawlcard::robots {

// Appends the Signals of a list of pairs; carrier, location, agent, scope, confidence, raw and
// flags come from `base`. A pair that speaks about two uses gives two Signals.
void AppendContentSignal(std::string_view pairs, const Signal& base, Arena& arena,
                         SignalList& signals_out);

// The path in front of the pairs or of a usage preference, and what follows it.
struct PathAndRest {
  std::string_view path;  // empty: none
  std::string_view rest;
};
PathAndRest SplitLeadingPath(std::string_view value);

}  // namespace crawlcard::robots
