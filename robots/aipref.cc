#include "robots/aipref.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "robots/internal/flags.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace {

struct Label {
  std::string_view label;
  Axis axis;
};

// draft-ietf-aipref-vocab-08 section 4.
constexpr std::array kLabels = {Label{"train-ai", Axis::kTrain}, Label{"ai-use", Axis::kAiInput},
                                Label{"search", Axis::kSearch}};

// Earlier revisions, docs/formats/signals.md 5.2.
constexpr std::array kRetired = {
    RetiredLabel{"tdm", Axis::kTdm, "01"},     RetiredLabel{"ai", Axis::kTrainAny, "01"},
    RetiredLabel{"genai", Axis::kTrain, "01"}, RetiredLabel{"inference", Axis::kAiInput, "01"},
    RetiredLabel{"all", Axis::kAll, "02"},     RetiredLabel{"train-genai", Axis::kTrain, "02-03"},
    RetiredLabel{"bots", Axis::kAll, "03-04"}, RetiredLabel{"ai-output", Axis::kAiInput, "04"},
};

// Words of the Content Signals policy (docs/formats/signals.md 6) under the wrong name.
constexpr std::array kForeign = {Label{"ai-train", Axis::kTrain},
                                 Label{"ai-input", Axis::kAiInput}};

bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}

// RFC 9651 section 3.3.4: tchar, ":" and "/".
bool IsTokenChar(char c) {
  return IsAsciiAlpha(c) || IsAsciiDigit(c) ||
         std::string_view("!#$%&'*+-.^_`|~:/").find(c) != std::string_view::npos;
}

// Reads one dictionary from front to back; every Read returns false where the text departs.
class DictionaryReader {
 public:
  explicit DictionaryReader(std::string_view text) : rest_(text) {}

  bool Read(std::vector<DictionaryMember>& members) {
    SkipSpaces();
    while (!rest_.empty() && rest_.back() == ' ') rest_.remove_suffix(1);
    while (!rest_.empty()) {
      if (members.size() >= limits::kDictionaryMembersMax) return false;
      DictionaryMember member;
      if (!ReadMember(member)) return false;
      members.push_back(std::move(member));
      SkipOws();
      if (rest_.empty()) return true;
      if (!Take(',')) return false;
      SkipOws();
      if (rest_.empty()) return false;  // a trailing comma fails the parse
    }
    return true;
  }

 private:
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void SkipSpaces() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  void SkipOws() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t'))
      rest_.remove_prefix(1);
  }
  std::string_view TakeBytes(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  bool ReadKey(std::string_view& key) {
    if (rest_.empty() || (!IsLower(rest_.front()) && rest_.front() != '*')) return false;
    std::size_t end = 1;
    while (end < rest_.size() &&
           (IsLower(rest_[end]) || IsAsciiDigit(rest_[end]) ||
            std::string_view("_-.*").find(rest_[end]) != std::string_view::npos)) {
      ++end;
    }
    key = TakeBytes(end);
    return true;
  }

  bool ReadMember(DictionaryMember& member) {
    if (!ReadKey(member.key)) return false;
    if (Take('=')) {
      const std::string_view start = rest_;
      const bool list = !rest_.empty() && rest_.front() == '(';
      if (list ? !ReadInnerList() : !ReadBareItem(member.token)) return false;
      member.value = start.substr(0, start.size() - rest_.size());
    }
    return ReadParameters(&member.parameters);
  }

  bool ReadParameters(std::vector<std::string_view>* keys) {
    while (Take(';')) {
      SkipSpaces();
      std::string_view key;
      if (!ReadKey(key)) return false;
      if (keys != nullptr) keys->push_back(key);
      bool token = false;
      if (Take('=') && !ReadBareItem(token)) return false;
    }
    return true;
  }

  bool ReadInnerList() {
    Take('(');
    for (;;) {
      SkipSpaces();
      if (Take(')')) return true;
      bool token = false;
      if (!ReadBareItem(token) || !ReadParameters(nullptr)) return false;
      if (rest_.empty() || (rest_.front() != ' ' && rest_.front() != ')')) return false;
    }
  }

  bool ReadBareItem(bool& token) {
    if (rest_.empty()) return false;
    const char first = rest_.front();
    if (first == '-' || IsAsciiDigit(first)) return ReadNumber();
    if (first == '"') return ReadString();
    if (first == ':') return ReadBytes();
    if (first == '?') {
      if (rest_.size() < 2 || (rest_[1] != '0' && rest_[1] != '1')) return false;
      TakeBytes(2);
      return true;
    }
    if (first == '@') {  // a date is an integer
      TakeBytes(1);
      const std::string_view start = rest_;
      return ReadNumber() &&
             start.substr(0, start.size() - rest_.size()).find('.') == std::string_view::npos;
    }
    if (first == '%') {
      TakeBytes(1);
      return ReadString();
    }
    if (!IsAsciiAlpha(first) && first != '*') return false;
    std::size_t end = 1;
    while (end < rest_.size() && IsTokenChar(rest_[end])) ++end;
    TakeBytes(end);
    token = true;
    return true;
  }

  // Sections 4.2.4: at most 15 digits, or 12 and 3 after the point.
  bool ReadNumber() {
    Take('-');
    std::size_t whole = 0;
    while (whole < rest_.size() && IsAsciiDigit(rest_[whole])) ++whole;
    if (whole == 0 || whole > 15) return false;
    TakeBytes(whole);
    if (rest_.empty() || rest_.front() != '.') return true;
    TakeBytes(1);
    std::size_t fraction = 0;
    while (fraction < rest_.size() && IsAsciiDigit(rest_[fraction])) ++fraction;
    if (whole > 12 || fraction == 0 || fraction > 3) return false;
    TakeBytes(fraction);
    return true;
  }

  bool ReadString() {
    if (!Take('"')) return false;
    while (!rest_.empty()) {
      const char c = TakeBytes(1).front();
      if (c == '"') return true;
      if (c < 0x20 || c > 0x7E) return false;
      if (c == '\\') {
        if (rest_.empty() || (rest_.front() != '"' && rest_.front() != '\\')) return false;
        TakeBytes(1);
      }
    }
    return false;
  }

  bool ReadBytes() {
    Take(':');
    const std::size_t end = rest_.find(':');
    if (end == std::string_view::npos) return false;
    for (const char c : TakeBytes(end + 1).substr(0, end)) {
      if (!IsAsciiAlpha(c) && !IsAsciiDigit(c) && c != '+' && c != '/' && c != '=') return false;
    }
    return true;
  }

  std::string_view rest_;
};

Axis FindAxis(std::span<const Label> labels, std::string_view key) {
  const auto found = std::find_if(labels.begin(), labels.end(),
                                  [&](const Label& one) { return one.label == key; });
  return found == labels.end() ? Axis::kNone : found->axis;
}

// What one member says, without regard to duplicates.
void ReadMember(const DictionaryMember& member, Arena& arena, Signal& signal) {
  const bool refuses = member.token && (member.value == "n" || member.value == "no");
  const Axis current = AxisOfUsageLabel(member.key);
  const Axis foreign = FindAxis(kForeign, member.key);
  const RetiredLabel* retired = FindRetiredLabel(member.key);
  if (current != Axis::kNone && member.token && (member.value == "y" || member.value == "n")) {
    signal.use = current;
    signal.says = member.value == "y" ? Says::kAllow : Says::kDeny;
  } else if (foreign != Axis::kNone ||
             (current != Axis::kNone && (member.value == "yes" || member.value == "no"))) {
    signal.use = foreign != Axis::kNone ? foreign : current;
    signal.flags = internal::WithFlags(signal.flags, {"aipref.foreign_vocabulary"}, arena);
    if (refuses) signal.careful = Says::kDeny;
  } else if (retired != nullptr) {
    signal.use = retired->axis;
    signal.flags = internal::WithFlags(signal.flags, {"aipref.retired_label"}, arena);
    if (refuses) signal.careful = Says::kDeny;
  }
  for (const std::string_view parameter : member.parameters) {
    if (AxisOfUsageLabel(parameter) == Axis::kNone && FindRetiredLabel(parameter) == nullptr &&
        FindAxis(kForeign, parameter) == Axis::kNone) {
      continue;
    }
    signal.flags = internal::WithFlags(signal.flags, {"aipref.semicolon"}, arena);
  }
}

}  // namespace

Dictionary ParseDictionary(std::string_view text) {
  Dictionary dictionary;
  dictionary.valid = DictionaryReader(text).Read(dictionary.members);
  if (!dictionary.valid) dictionary.members.clear();
  return dictionary;
}

const RetiredLabel* FindRetiredLabel(std::string_view label) {
  const auto found = std::find_if(kRetired.begin(), kRetired.end(),
                                  [&](const RetiredLabel& one) { return one.label == label; });
  return found == kRetired.end() ? nullptr : &*found;
}

Axis AxisOfUsageLabel(std::string_view label) {
  return FindAxis(kLabels, label);
}

bool AppendContentUsage(std::string_view value, const Signal& base, Arena& arena,
                        SignalList& signals_out) {
  const Dictionary dictionary = ParseDictionary(value);
  if (!dictionary.valid) {
    Signal signal = base;
    if (signal.key.empty()) signal.key = "content-usage";
    signal.value = value;
    signal.flags = internal::WithFlags(signal.flags, {"aipref.parse_error"}, arena);
    signals_out.push_back(signal);
    return false;
  }
  // The last member of a key counts, even where it means nothing (RFC 9651 section 3.2).
  std::map<std::string_view, std::size_t> last;
  for (std::size_t i = 0; i < dictionary.members.size(); ++i) last[dictionary.members[i].key] = i;
  for (std::size_t i = 0; i < dictionary.members.size(); ++i) {
    const DictionaryMember& member = dictionary.members[i];
    Signal signal = base;
    signal.key = member.key;
    signal.value = member.value;
    ReadMember(member, arena, signal);
    if (last[member.key] != i) {
      if (signal.says == Says::kDeny) signal.careful = Says::kDeny;
      signal.says = Says::kNothing;
      signal.flags = internal::WithFlags(signal.flags, {"aipref.duplicate_key"}, arena);
    }
    signals_out.push_back(signal);
  }
  return true;
}

Says CombineUsage(Says a, Says b) {
  if (a == Says::kDeny || b == Says::kDeny) return Says::kDeny;
  return a == Says::kAllow || b == Says::kAllow ? Says::kAllow : Says::kNothing;
}

Says ApplyUsage(const UsagePreferences& preferences, bool training, bool generative,
                bool inside_search) {
  if (inside_search && preferences.search != Says::kNothing) return preferences.search;
  if (!generative) return Says::kNothing;
  return training ? preferences.train_ai : preferences.ai_use;
}

}  // namespace crawlcard::robots
