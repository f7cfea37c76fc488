// robots/observe.h - gives meaning to the directives that page/ found: strings in, Signals out.
//
// Text of the Signals lives in `arena` or in the inputs. Nothing fails: what is malformed is kept
// as a Signal without a reading, with flags. Thread rule: thread-safe.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "robots/signal.h"

namespace crawlcard::robots {

using SignalList = std::pmr::vector<Signal>;

struct NamedValue {
  std::string_view name;
  std::string_view value;
  std::uint32_t line = 0;
  bool in_head = true;       // metas: false for body and noscript
  bool by_property = false;  // metas: the name stood in `property`
};

// True for names worth handing to ObserveHeaders: X-Robots-Tag, Robots-Tag, TDM-Reservation,
// TDM-Policy, Content-Usage, Content-Signal, Link.
bool IsSignalHeader(std::string_view name);

// The same without fields that only help to read others (Content-Type).
bool StatesSignal(std::string_view name);

// Response fields in order. `page_url` resolves relative policies.
void ObserveHeaders(std::span<const NamedValue> fields, std::string_view page_url, Arena& arena,
                    SignalList& signals_out);

// Metas in document order; the names are lower case. Names that no family knows are passed over,
// except crawler tokens of the agent registry.
void ObserveMetas(std::span<const NamedValue> metas, std::string_view page_url, Arena& arena,
                  SignalList& signals_out);

// Files with a fixed place on an origin.
enum class WellKnown : std::uint8_t {
  kRobotsTxt,
  kTdmrep,
  kAiTxt,
  kWellKnownAiTxt,
  kWellKnownAiJson,
  kTrustTxt,
  kWellKnownTrustTxt,
  kLlmsTxt,
};
std::string_view WellKnownPath(WellKnown file);  // "/.well-known/tdmrep.json"
std::string_view WellKnownName(
    WellKnown file);  // carrier name in coverage: "robots.txt", "tdmrep.json"
// By the path of a URL, query ignored; exact case.
struct WellKnownMatch {
  bool found = false;
  WellKnown file = WellKnown::kRobotsTxt;
};
WellKnownMatch WellKnownFromPath(std::string_view path);

// Every statement in such a file. An HTML body gives none, with a flag in `flags_out`.
void ObserveWellKnown(WellKnown file, std::string_view body, std::string_view file_url,
                      Arena& arena, SignalList& signals_out,
                      std::pmr::vector<std::string_view>& flags_out);

}  // namespace crawlcard::robots
