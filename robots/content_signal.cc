#include "robots/content_signal.h"

#include <array>
#include <initializer_list>

#include "base/text.h"
#include "robots/aipref.h"
#include "robots/internal/flags.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

struct PairReading {
  std::string_view key;
  std::string_view value;
  Axis use;
  Says says;
};

constexpr std::string_view kName = "content-signal";

// docs/formats/signals.md 6. ai-train speaks of all training or tuning of models.
constexpr std::array kReadings = {
    PairReading{"search", "yes", Axis::kSearch, Says::kAllow},
    PairReading{"search", "no", Axis::kSearch, Says::kDeny},
    PairReading{"ai-input", "yes", Axis::kAiInput, Says::kAllow},
    PairReading{"ai-input", "no", Axis::kAiInput, Says::kDeny},
    PairReading{"ai-train", "yes", Axis::kTrain, Says::kAllow},
    PairReading{"ai-train", "yes", Axis::kTrainAny, Says::kAllow},
    PairReading{"ai-train", "no", Axis::kTrain, Says::kDeny},
    PairReading{"ai-train", "no", Axis::kTrainAny, Says::kDeny},
    PairReading{"use", "immediate", Axis::kArchive, Says::kDeny},
    PairReading{"use", "immediate", Axis::kAiIndex, Says::kDeny},
    PairReading{"use", "reference", Axis::kSnippet, Says::kLimited},
    PairReading{"use", "full", Axis::kNone, Says::kNothing},
};

void AppendPair(std::string_view pair, const Signal& base, Arena& arena, SignalList& signals_out) {
  const std::size_t equals = pair.find('=');
  const std::string key = AsciiLowerCopy(TrimAscii(pair.substr(0, equals)));
  const std::string_view written_value =
      equals == std::string_view::npos ? std::string_view() : TrimAscii(pair.substr(equals + 1));
  const std::string value = AsciiLowerCopy(written_value);
  Signal signal = base;
  // "=no" has no key: the name of the line stands for it.
  signal.key = key.empty() ? kName : arena.Copy(key);
  signal.value = written_value;
  bool known = false;
  for (const PairReading& reading : kReadings) {
    if (reading.key != key || reading.value != value) continue;
    signal.use = reading.use;
    signal.says = reading.says;
    signals_out.push_back(signal);
    known = true;
  }
  if (known) return;

  const RetiredLabel* retired = FindRetiredLabel(key);
  const Axis foreign = retired != nullptr ? retired->axis : AxisOfUsageLabel(key);
  if (foreign != Axis::kNone && (value == "n" || value == "y")) {
    signal.use = foreign;
    if (value == "n") signal.careful = Says::kDeny;
    signal.flags = internal::WithFlags(signal.flags, {"contentsignal.foreign_vocabulary"}, arena);
  } else {
    signal.flags = internal::WithFlags(signal.flags, {"contentsignal.bad_value"}, arena);
  }
  signals_out.push_back(signal);
}

}  // namespace

void AppendContentSignal(std::string_view pairs, const Signal& base, Arena& arena,
                         SignalList& signals_out) {
  std::size_t count = 0;
  while (!pairs.empty()) {
    const std::size_t comma = pairs.find(',');
    const std::string_view pair = TrimAscii(pairs.substr(0, comma));
    if (!pair.empty() && ++count > limits::kContentSignalPairsMax) {
      Signal signal = base;
      signal.key = kName;
      signal.flags = internal::WithFlags(signal.flags, {"contentsignal.truncated"}, arena);
      signals_out.push_back(signal);
      return;
    }
    if (!pair.empty()) AppendPair(pair, base, arena, signals_out);
    if (comma == std::string_view::npos) return;
    pairs.remove_prefix(comma + 1);
  }
}

PathAndRest SplitLeadingPath(std::string_view value) {
  if (value.empty() || value.front() != '/') return {{}, value};
  const std::size_t end = value.find_first_of(" \t");
  if (end == std::string_view::npos) return {value, {}};
  return {value.substr(0, end), TrimAscii(value.substr(end))};
}

}  // namespace crawlcard::robots
