// Any lines as header fields, as metas and as each well-known file: Signals stay within their
// limits, say something only about a use, and those of fields and metas know their line.
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/assert.h"
#include "base/text.h"
#include "robots/limits.h"
#include "robots/observe.h"

namespace {

using namespace crawlcard::robots;

// "name: value" lines, or bare ones as an X-Robots-Tag.
std::vector<NamedValue> Fields(std::string_view text) {
  std::vector<NamedValue> fields;
  std::uint32_t number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::size_t colon = line.find(':');
    NamedValue field;
    field.name = colon == std::string_view::npos ? "x-robots-tag" : line.substr(0, colon);
    field.value = colon == std::string_view::npos ? line : line.substr(colon + 1);
    field.line = ++number;
    field.in_head = number % 2 == 0;
    field.by_property = number % 3 == 0;
    fields.push_back(field);
  }
  return fields;
}

void Check(const SignalList& signals) {
  for (const Signal& signal : signals) {
    CRAWLCARD_ASSERT(signal.raw.size() <= limits::kRawBytesMax);
    CRAWLCARD_ASSERT(signal.says == Says::kNothing || signal.use != Axis::kNone);
    for (const std::string_view flag : signal.flags) CRAWLCARD_ASSERT(!flag.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr std::string_view kUrl = "https://h.example/a/b?c=d";
  const std::vector<NamedValue> fields = Fields(text);
  crawlcard::Arena arena;
  SignalList headers;
  ObserveHeaders(fields, kUrl, arena, headers);
  Check(headers);
  for (const Signal& signal : headers) CRAWLCARD_ASSERT(!signal.location.empty());
  // One more of each kind of field says what was left out, and one TDMRep statement.
  CRAWLCARD_ASSERT(headers.size() <= limits::kObservedSignalsMax + 8);
  SignalList metas;
  ObserveMetas(fields, kUrl, arena, metas);
  Check(metas);
  for (const Signal& signal : metas) CRAWLCARD_ASSERT(!signal.location.empty());
  CRAWLCARD_ASSERT(metas.size() <= limits::kObservedSignalsMax + 2);
  for (const WellKnown file :
       {WellKnown::kTdmrep, WellKnown::kAiTxt, WellKnown::kWellKnownAiTxt,
        WellKnown::kWellKnownAiJson, WellKnown::kTrustTxt, WellKnown::kLlmsTxt}) {
    SignalList signals;
    std::pmr::vector<std::string_view> flags;
    ObserveWellKnown(file, text, kUrl, arena, signals, flags);
    Check(signals);
    for (const Signal& signal : signals) CRAWLCARD_ASSERT(!signal.location.empty());
  }
  return 0;
}
