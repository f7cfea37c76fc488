#include "robots/c2pa.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "robots/internal/cbor.h"
#include "robots/internal/flags.h"
#include "robots/internal/json.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

using internal::CborCursor;
using internal::JsonDocument;
using internal::JsonValue;

constexpr std::string_view kCawgPrefix = "cawg.";
constexpr std::string_view kC2paPrefix = "c2pa.";

struct KnownKey {
  std::string_view name;
  Axis axis;
};
constexpr std::array<KnownKey, 4> kKeys = {{{"data_mining", Axis::kTdm},
                                            {"ai_inference", Axis::kAiInput},
                                            {"ai_training", Axis::kTrainAny},
                                            {"ai_generative_training", Axis::kTrain}}};

// What one entry says, before it is judged.
struct RawEntry {
  std::string_view key;
  std::string_view use;
  std::string_view constraint;
};

class Reader {
 public:
  Reader(std::string_view label, Arena& arena) : arena_(arena) {
    if (label.substr(0, kC2paPrefix.size()) == kC2paPrefix) Flag("c2pa.legacy_label");
  }

  void Add(const RawEntry& raw) {
    if (assertion_.entries.size() >= limits::kC2paEntriesMax) return Flag("c2pa.truncated");
    C2paEntry entry;
    entry.key = Keep(raw.key);
    entry.use = Keep(raw.use);
    entry.constraint = Keep(raw.constraint);
    entry.axis = AxisOf(entry.key);
    if (entry.axis != Axis::kNone) entry.says = SaysOf(entry);
    assertion_.entries.push_back(entry);
  }
  void Flag(std::string_view flag) {
    auto& flags = assertion_.flags;
    if (std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.push_back(flag);
  }
  C2paAssertion Finish(bool readable) {
    assertion_.readable = readable;
    if (!readable) Flag("c2pa.syntax");
    return assertion_;
  }

 private:
  std::string_view Keep(std::string_view text) {
    return arena_.Copy(Utf8Prefix(text, limits::kRawBytesMax));
  }

  Axis AxisOf(std::string_view key) {
    const bool legacy = key.substr(0, kC2paPrefix.size()) == kC2paPrefix;
    if (!legacy && key.substr(0, kCawgPrefix.size()) != kCawgPrefix) return Axis::kNone;
    for (const KnownKey& known : kKeys) {
      if (key.substr(kCawgPrefix.size()) != known.name) continue;
      if (legacy) Flag("c2pa.legacy_label");
      return known.axis;
    }
    return Axis::kNone;
  }

  Says SaysOf(const C2paEntry& entry) {
    if (entry.use == "allowed") return Says::kAllow;
    if (entry.use == "notAllowed") return Says::kDeny;
    if (entry.use == "constrained") {
      // CAWG 1.1: constrained without information counts as notAllowed.
      return TrimAscii(entry.constraint).empty() ? Says::kDeny : Says::kConditional;
    }
    Flag("c2pa.bad_value");
    return Says::kNothing;
  }

  Arena& arena_;
  C2paAssertion assertion_;
};

bool IsConstraintKey(std::string_view key) {
  return key == "constraint_info" || key == "constraints_info";  // the prose has both spellings
}

// {"use": ..., "constraint_info": ...}
bool ReadCborEntry(CborCursor& value, std::string& use, std::string& constraint) {
  return value.Map([&](std::string_view key, CborCursor& member) {
    if (key == "use") return member.Text(use);
    return IsConstraintKey(key) && member.Text(constraint);
  });
}

bool ReadCborEntries(CborCursor& value, Reader& reader) {
  return value.Map([&](std::string_view key_view, CborCursor& member) {
    const std::string key(key_view);
    std::string use;
    std::string constraint;
    const bool is_map = ReadCborEntry(member, use, constraint);
    if (is_map) reader.Add({key, use, constraint});
    return is_map;
  });
}

}  // namespace

bool IsTrainingMiningLabel(std::string_view label) {
  constexpr std::string_view kName = "training-mining";
  const std::string_view prefix = label.substr(0, kCawgPrefix.size());
  if (prefix != kCawgPrefix && prefix != kC2paPrefix) return false;
  label.remove_prefix(kCawgPrefix.size());
  if (label.substr(0, kName.size()) != kName) return false;
  label.remove_prefix(kName.size());
  return label.empty() || label.substr(0, 2) == "__";
}

C2paAssertion ReadC2paJson(std::string_view label, std::string_view json, Arena& arena) {
  Reader reader(label, arena);
  if (json.size() > limits::kC2paAssertionBytesMax) {
    reader.Flag("c2pa.truncated");
    return reader.Finish(false);
  }
  JsonDocument document;
  const auto root = document.Parse(json, limits::kC2paDepthMax);
  if (!root || !root->IsObject()) return reader.Finish(false);
  const bool found = root->WithMember("entries", [&](const JsonValue& entries) {
    entries.ForEachMember([&](std::string_view key, const JsonValue& entry) {
      if (!entry.IsObject()) return true;
      auto constraint = entry.StringMember("constraint_info");
      if (!constraint) constraint = entry.StringMember("constraints_info");
      reader.Add({key, entry.StringMember("use").value_or(""), constraint.value_or("")});
      return true;
    });
  });
  return reader.Finish(found);
}

C2paAssertion ReadC2paCbor(std::string_view label, std::string_view cbor, Arena& arena) {
  Reader reader(label, arena);
  if (cbor.size() > limits::kC2paAssertionBytesMax) {
    reader.Flag("c2pa.truncated");
    return reader.Finish(false);
  }
  CborCursor cursor(cbor, limits::kC2paDepthMax);
  bool found = false;
  const bool whole = cursor.Map([&](std::string_view key, CborCursor& value) {
    if (key != "entries") return false;
    found = ReadCborEntries(value, reader);
    return found;
  });
  return reader.Finish(whole && found);
}

AxisMap C2paAxes(const C2paAssertion& assertion) {
  AxisMap widened;
  Says training = Says::kNothing;
  for (const C2paEntry& entry : assertion.entries) {
    if (entry.axis == Axis::kTrainAny) {
      training = Stricter(training, entry.says);
    } else if (entry.axis != Axis::kNone) {
      widened.Add(entry.axis, entry.says);
    }
  }
  widened.Widen();
  AxisMap axes;
  for (std::size_t i = 1; i < kAxisCount; ++i) {
    const auto axis = static_cast<Axis>(i);
    const bool own = axis == Axis::kTrainAny && training != Says::kNothing;
    axes.Add(axis, own ? training : widened.At(axis));
  }
  return axes;
}

void AppendC2paSignals(const C2paAssertion& assertion, bool active, const Signal& base,
                       Arena& arena, SignalList& signals_out) {
  Signal common = base;
  common.family = Family::kC2pa;
  common.agent = "*";
  common.flags = arena.CopySpan(internal::FlagSpan(assertion.flags));
  if (!active) {
    common.scope = "ingredient";
    common.confidence = SignalConfidence::kLow;
    common.flags = internal::WithFlags(common.flags, {"c2pa.ingredient"}, arena);
  }
  for (const C2paEntry& entry : assertion.entries) {
    Signal signal = common;
    signal.key = entry.key;
    signal.value = entry.use;
    const std::string raw = std::string(entry.key) + "=" + std::string(entry.use);
    signal.raw = arena.Copy(Utf8Prefix(raw, limits::kRawBytesMax));
    signal.condition = entry.constraint;
    if (active) {
      signal.use = entry.axis;
      signal.says = entry.says;
    }
    signals_out.push_back(signal);
  }
  if (!assertion.readable) signals_out.push_back(common);
}

}  // namespace crawlcard::robots
