// Files with a fixed place on an origin, as Signals.

#include <algorithm>
#include <array>
#include <string>

#include "base/find.h"
#include "base/text.h"
#include "robots/content_signal.h"
#include "robots/internal/flags.h"
#include "robots/internal/robots_data.h"
#include "robots/limits.h"
#include "robots/observe.h"
#include "robots/robots_flags.h"
#include "robots/tdmrep.h"
#include "robots/well_known.h"

namespace crawlcard::robots {
namespace {

struct FileName {
  std::string_view path;
  std::string_view name;
};
// In the order of WellKnown.
constexpr std::array<FileName, 8> kFiles = {{{"/robots.txt", "robots.txt"},
                                             {"/.well-known/tdmrep.json", "tdmrep.json"},
                                             {"/ai.txt", "ai.txt"},
                                             {"/.well-known/ai.txt", "well-known/ai.txt"},
                                             {"/.well-known/ai.json", "ai.json"},
                                             {"/trust.txt", "trust.txt"},
                                             {"/.well-known/trust.txt", "well-known/trust.txt"},
                                             {"/llms.txt", "llms.txt"}}};

using FlagList = std::pmr::vector<std::string_view>;

Signal FileSignal(Family family, Axis use, Says says) {
  Signal signal;
  signal.family = family;
  signal.carrier = Carrier::kWellKnown;
  signal.use = use;
  signal.says = says;
  signal.agent = "*";
  return signal;
}

std::string_view Location(const char* word, std::uint32_t number, Arena& arena) {
  return arena.Copy(word + std::to_string(number));
}

// The texts of the signals are those of the file, which lives in the arena as well.
internal::RobotsRecords ReadFlagged(std::string_view body, Arena& arena, FlagList& flags) {
  const std::string_view text = internal::ReadableLines(body, arena);
  internal::RobotsRecords read =
      internal::ReadRobotsRecords(text, limits::kRobotsRecordsMax, arena);
  if (text.size() < body.size()) read.flags |= internal::kFlagTruncated;
  if (read.flags != 0) {
    std::vector<std::string_view> names;
    internal::AppendFlagNames(read.flags, names);
    flags.insert(flags.end(), names.begin(), names.end());
  }
  return read;
}

void ObserveRobots(std::string_view body, Arena& arena, SignalList& out, FlagList& flags) {
  const internal::RobotsRecords read = ReadFlagged(body, arena, flags);
  internal::Derived derived(arena);
  internal::DeriveSignals(read, derived);
  for (Signal& signal : derived.signals) {
    for (std::string_view* part : {&signal.location, &signal.agent, &signal.scope, &signal.key,
                                   &signal.value, &signal.condition, &signal.raw}) {
      if (part->size() > limits::kSignalTextBytesMax) {
        *part = Utf8Prefix(*part, limits::kSignalTextBytesMax);
      }
    }
  }
  if (out.empty()) {
    out = std::move(derived.signals);
  } else {
    out.insert(out.end(), derived.signals.begin(), derived.signals.end());
  }
}

void ObserveTdmrep(std::string_view body, std::string_view file_url, Arena& arena, SignalList& out,
                   FlagList& flags) {
  const TdmrepFile file = TdmrepFile::Parse(body, file_url, arena);
  for (const std::string_view flag : file.flags()) flags.push_back(flag);
  const auto append = [&](const TdmrepRule& rule, bool careful_only) {
    const Says says = rule.reservation == Reservation::kReserved      ? Says::kDeny
                      : rule.reservation == Reservation::kNotReserved ? Says::kAllow
                                                                      : Says::kNothing;
    Signal signal = FileSignal(Family::kTdmrep, Axis::kTdm, careful_only ? Says::kNothing : says);
    if (careful_only && says == Says::kDeny) signal.careful = Says::kDeny;
    signal.location = Location("rule ", rule.index, arena);
    signal.scope = rule.location;
    signal.key = "tdm-reservation";
    signal.value = says == Says::kNothing ? "" : says == Says::kDeny ? "1" : "0";
    signal.condition = rule.policy;
    signal.raw = rule.raw;
    signal.flags = rule.flags;
    out.push_back(signal);
  };
  for (const TdmrepRule& rule : file.rules()) append(rule, false);
  for (const TdmrepRule& rule : file.lenient_rules()) append(rule, true);
}

void ObserveSpawning(std::string_view body, Arena& arena, SignalList& out) {
  for (const SpawningRule& rule : ParseSpawning(body, arena)) {
    Signal signal =
        FileSignal(Family::kAiTxt, Axis::kTrain, rule.allows ? Says::kAllow : Says::kDeny);
    signal.location = Location("line ", rule.line, arena);
    signal.agent = rule.agent;
    signal.scope = rule.pattern_text;
    signal.key = rule.allows ? "allow" : "disallow";
    signal.value = rule.pattern_text;
    signal.raw = rule.raw;
    out.push_back(signal);
  }
}

void ObserveCar(const CarFile& file, Arena& arena, SignalList& out) {
  for (const CarPolicy& policy : file.policies) {
    Signal signal = FileSignal(Family::kAiTxtCar, AxisOfCarPolicy(policy.name), policy.says);
    signal.agent = policy.agent;
    signal.key = policy.name;
    signal.value = policy.value;
    signal.raw = policy.raw;
    // JSON has no lines, and what a missing rule means stands nowhere: the file as a whole says so.
    signal.location = policy.line == 0 ? "file" : Location("line ", policy.line, arena);
    if (policy.implied) {
      signal.confidence = SignalConfidence::kLow;
      signal.flags = internal::WithFlags({}, {"aitxt.default"}, arena);
    }
    out.push_back(signal);
  }
}

void ObserveTrust(std::string_view body, Arena& arena, SignalList& out) {
  const TrustTxt trust = ParseTrustTxt(body);
  if (trust.says == Says::kNothing) return;
  Signal signal = FileSignal(Family::kTrustTxt, Axis::kTrain, trust.says);
  signal.location = Location("line ", trust.line, arena);
  signal.key = "datatrainingallowed";
  signal.value = arena.Copy(AsciiLowerCopy(trust.value));
  signal.raw = arena.Copy(trust.raw);
  if (!trust.flags.empty()) signal.flags = arena.CopySpan(internal::FlagSpan(trust.flags));
  out.push_back(signal);
}

// A guide for assistants: its prose is evidence, never a preference (docs/formats/signals.md 8.4).
void ObserveLlms(std::string_view body, Arena& arena, SignalList& out) {
  std::uint32_t line = 1;
  const char* counted = body.data();  // passages are pieces of the body, in order
  for (const std::string_view passage : PolicyProse(body)) {
    line += static_cast<std::uint32_t>(std::count(counted, passage.data(), '\n'));
    counted = passage.data();
    Signal signal = FileSignal(Family::kLlmsTxt, Axis::kNone, Says::kNothing);
    signal.location = Location("line ", line, arena);
    signal.key = "prose";
    signal.raw = arena.Copy(passage);
    out.push_back(signal);
    if (out.size() >= limits::kWellKnownLinesMax) return;
  }
}

void ObserveAiTxt(std::string_view body, Arena& arena, SignalList& out) {
  switch (DetectAiTxt(body)) {
    case AiTxtVariant::kSpawning:
      ObserveSpawning(body, arena, out);
      break;
    case AiTxtVariant::kCar:
      ObserveCar(ParseCarText(body, arena), arena, out);
      break;
    case AiTxtVariant::kDescription:
    case AiTxtVariant::kNone:
      break;
  }
}

}  // namespace

std::string_view WellKnownPath(WellKnown file) {
  return kFiles[static_cast<std::size_t>(file)].path;
}
std::string_view WellKnownName(WellKnown file) {
  return kFiles[static_cast<std::size_t>(file)].name;
}

WellKnownMatch WellKnownFromPath(std::string_view path) {
  path = path.substr(0, FindFirstOf(path, {'?', '#', '#'}));
  for (std::size_t i = 0; i < kFiles.size(); ++i) {
    if (kFiles[i].path == path) return {true, static_cast<WellKnown>(i)};
  }
  return {};
}

void ObserveRobotsFlags(std::string_view body, Arena& arena, FlagList& flags_out) {
  ReadFlagged(body, arena, flags_out);
}

void ObserveWellKnown(WellKnown file, std::string_view body, std::string_view file_url,
                      Arena& arena, SignalList& signals_out, FlagList& flags_out) {
  if (file == WellKnown::kRobotsTxt) return ObserveRobots(body, arena, signals_out, flags_out);
  if (file == WellKnown::kTdmrep) {
    return ObserveTdmrep(body, file_url, arena, signals_out, flags_out);
  }
  if (IsHtmlBody(body)) {
    const bool llms = file == WellKnown::kLlmsTxt;
    const bool trust = file == WellKnown::kTrustTxt || file == WellKnown::kWellKnownTrustTxt;
    flags_out.push_back(llms    ? "llmstxt.html_body"
                        : trust ? "trusttxt.html_body"
                                : "aitxt.html_body");
    return;
  }
  switch (file) {
    case WellKnown::kAiTxt:
    case WellKnown::kWellKnownAiTxt:
      ObserveAiTxt(body, arena, signals_out);
      break;
    case WellKnown::kWellKnownAiJson:
      if (const auto car = ParseCarJson(body, arena)) ObserveCar(*car, arena, signals_out);
      break;
    case WellKnown::kTrustTxt:
    case WellKnown::kWellKnownTrustTxt:
      ObserveTrust(body, arena, signals_out);
      break;
    case WellKnown::kLlmsTxt:
      ObserveLlms(body, arena, signals_out);
      break;
    case WellKnown::kRobotsTxt:
    case WellKnown::kTdmrep:
      break;
  }
}

}  // namespace crawlcard::robots
