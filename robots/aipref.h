// robots/aipref.h - AI Preferences: Content-Usage values read by vocabulary
// draft-ietf-aipref-vocab-08.
//
// A value is a Structured Fields dictionary (RFC 9651 section 3.2). Retired labels, words of the
// Content Signals policy and superseded duplicates state nothing; a careful reader takes their
// refusals. docs/formats/signals.md 5. Thread rule: functions are thread-safe.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "robots/observe.h"
#include "robots/signal.h"

namespace crawlcard::robots {

// One member of a dictionary. `token`: the value is a Token, the only type that states anything.
struct DictionaryMember {
  std::string_view key;
  std::string_view value;  // bare item as written; empty for a bare key
  bool token = false;
  std::vector<std::string_view> parameters;  // keys
};

struct Dictionary {
  bool valid = false;                     // false: the whole value fails and states nothing
  std::vector<DictionaryMember> members;  // in order, duplicates kept
};

// RFC 9651 section 4.2.2.
Dictionary ParseDictionary(std::string_view text);

// A label of an earlier revision of the vocabulary.
struct RetiredLabel {
  std::string_view label;
  Axis axis;
  std::string_view revisions;  // "03-04"
};
const RetiredLabel* FindRetiredLabel(std::string_view label);

// Axis of a current label (train-ai, ai-use, search), or kNone.
Axis AxisOfUsageLabel(std::string_view label);

// Appends the Signals of one value; carrier, location, agent, scope, raw and flags come from
// `base`. Returns false when the value cannot be parsed.
bool AppendContentUsage(std::string_view value, const Signal& base, Arena& arena,
                        SignalList& signals_out);

// Combines two sources or parties: a refusal wins, then a permission (draft-ietf-aipref-vocab-08
// section 5).
Says CombineUsage(Says a, Says b);

struct UsagePreferences {
  Says train_ai = Says::kNothing;
  Says ai_use = Says::kNothing;
  Says search = Says::kNothing;
};

// What the preferences say about one use: inside a search service that meets the conditions,
// `search` rules if it is known; else training of a generative model takes `train-ai`, input to one
// `ai-use`, and everything else is not spoken about.
Says ApplyUsage(const UsagePreferences& preferences, bool training, bool generative,
                bool inside_search);

}  // namespace crawlcard::robots
