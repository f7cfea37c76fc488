#include "robots/internal/robots_data_rules.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace crawlcard::robots::internal {
namespace {

// False where the names differ at once, as most do. An agent asked for is not empty.
bool SameFirst(std::string_view value, std::string_view agent) {
  return !value.empty() && !agent.empty() && AsciiLower(value.front()) == AsciiLower(agent.front());
}

// Whether `path` begins with `prefix`. Most rules differ in the first octets.
bool BeginsWith(std::string_view path, std::string_view prefix) {
  if (path.size() < prefix.size()) return false;
  if (prefix.size() >= 8) {
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    std::memcpy(&a, path.data(), sizeof(a));
    std::memcpy(&b, prefix.data(), sizeof(b));
    return a == b && std::memcmp(path.data() + 8, prefix.data() + 8, prefix.size() - 8) == 0;
  }
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (path[i] != prefix[i]) return false;
  }
  return true;
}

bool MatchesFast(const PathPattern& pattern, std::string_view path) {
  if (pattern.has_star) return Matches(pattern, path);
  if (pattern.anchored && path.size() != pattern.text.size()) return false;
  return BeginsWith(path, pattern.text);
}

// Google: an allowed index page opens its folder (docs/formats/signals.md 1.5).
void ConsiderFolder(const PathPattern& page, std::string_view path, std::uint32_t rule,
                    std::uint32_t group, Best& best) {
  PathPattern folder = page;
  folder.length = IndexPageBytes(page);
  folder.text = page.text.substr(0, folder.length);
  folder.anchored = true;
  folder.length += 1;
  if (best.priority < folder.length && Matches(folder, path)) best = {folder.length, rule, group};
}

// The rules that speak to an asker. Groups that name it set those of `*` aside (RFC 9309 section
// 2.2.1): what they said is forgotten when the first such group comes.
class RuleWalk {
 public:
  // Records of rules, and of the groups they stand in.
  using RuleList = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

  RuleWalk(const RobotsRecords& read, const Ask& ask, RuleList* rules = nullptr)
      : read_(read), ask_(ask), rules_(rules) {
    cursor_.begin = GroupCursor::kNoGroup;
  }

  Outcome Run() {
    const std::uint8_t bit = BitOf(ask_.dialect);
    for (std::size_t i = 0; i < read_.agent_lines.size(); ++i) {
      const std::uint32_t line = read_.agent_lines[i];
      const bool last = i + 1 == read_.agent_lines.size();
      const std::size_t next = last ? read_.records.size() : read_.agent_lines[i + 1];
      if ((read_.records[line].agent_in & bit) != 0) AgentLine(line);
      if (next > line + 1) Rest(line + 1, static_cast<std::uint32_t>(next), bit);
    }
    outcome_.selected = outcome_.group != GroupCursor::kNoGroup;
    return Judged(best_, outcome_);
  }

 private:
  void AgentLine(std::uint32_t line) {
    cursor_.AgentLine(read_.records[line], line, ask_.agent, ask_.dialect);
    if (cursor_.named && !outcome_.by_name) {
      outcome_.by_name = true;
      outcome_.group = GroupCursor::kNoGroup;
      best_ = {};
      if (rules_ != nullptr) rules_->clear();
    }
    if (Speaks() && outcome_.group == GroupCursor::kNoGroup) outcome_.group = cursor_.begin;
  }

  bool Speaks() const { return outcome_.by_name ? cursor_.named : cursor_.star; }

  // The lines up to the next agent line. Of a group that speaks to others only its end is sought.
  void Rest(std::uint32_t begin, std::uint32_t end, std::uint8_t bit) {
    const bool speaks = Speaks();
    const bool google = ask_.dialect == Dialect::kGoogle;
    for (std::uint32_t i = begin; i < end; ++i) {
      const Record& record = read_.records[i];
      if ((record.rule_in & bit) != 0) {
        cursor_.closed = true;
        if (!speaks) return;
        if (rules_ != nullptr) {
          rules_->emplace_back(i, cursor_.begin);
        } else {
          Consider(read_, i, ask_.path, google, cursor_.begin, best_);
        }
      } else if ((record.closes_for & ask_.closes_mask) != 0) {
        cursor_.closed = true;
        if (!speaks) return;
      }
    }
  }

  const RobotsRecords& read_;
  const Ask& ask_;
  RuleList* rules_;  // takes the rules instead of comparing them, or null
  GroupCursor cursor_;
  BestTwo best_;
  Outcome outcome_{.group = GroupCursor::kNoGroup};
};

}  // namespace

std::string_view LenientToken(std::string_view value) {
  std::size_t end = 0;
  while (end < value.size() && (IsAsciiAlpha(value[end]) || IsAsciiDigit(value[end]) ||
                                value[end] == '_' || value[end] == '-' || value[end] == '.')) {
    ++end;
  }
  return value.substr(0, end);
}

bool IsGoogleStar(std::string_view value) {
  return !value.empty() && value.front() == '*' &&
         (value.size() == 1 || value[1] == ' ' || (value[1] >= '\t' && value[1] <= '\r'));
}

AgentMatch MatchAgent(const Record& record, std::string_view agent, Dialect dialect,
                      std::string_view& matched_out) {
  const std::string_view value = record.value();
  matched_out = value;
  if (dialect == Dialect::kGoogle) {
    if (IsGoogleStar(value)) return AgentMatch::kStar;
    if (!SameFirst(value, agent)) return AgentMatch::kNone;
    return EqualsIgnoreCase(GoogleToken(value), agent) ? AgentMatch::kNamed : AgentMatch::kNone;
  }
  if (value == "*") return AgentMatch::kStar;
  if (agent == "*") {
    return dialect == Dialect::kLenient && IsGoogleStar(value) ? AgentMatch::kStar
                                                               : AgentMatch::kNone;
  }
  if (dialect != Dialect::kLenient) {
    if ((record.flags & kNoTokenFlags) != 0 || value.size() != agent.size())
      return AgentMatch::kNone;
    if (!SameFirst(value, agent)) return AgentMatch::kNone;
    return EqualsIgnoreCase(value, agent) ? AgentMatch::kNamed : AgentMatch::kNone;
  }
  if (IsGoogleStar(value)) return AgentMatch::kStar;
  if (EqualsIgnoreCase(value, agent)) return AgentMatch::kNamed;
  if ((record.flags & kNoTokenFlags) == 0) return AgentMatch::kNone;
  AgentMatch match = AgentMatch::kNone;
  AnyCommaPart(value, [&](std::string_view part) {
    if (part == "*") {
      match = AgentMatch::kStar;
      return false;
    }
    if (!EqualsIgnoreCase(part, agent) && !EqualsIgnoreCase(LenientToken(part), agent))
      return false;
    match = AgentMatch::kNamed;
    matched_out = part;
    return true;
  });
  return match;
}

void Consider(const RobotsRecords& read, std::uint32_t rule, std::string_view path, bool google,
              std::uint32_t group, BestTwo& two) {
  const Record& record = read.records[rule];
  if (!google && (record.flags & kFlagBadPath) != 0) return;
  Best& best = record.allows() ? two.allow : two.disallow;
  const PathPattern pattern = PatternOf(read, record, google);
  if (pattern.length > 0 && pattern.length <= best.priority) return;
  if (MatchesFast(pattern, path)) {
    if (best.priority < pattern.length) best = {pattern.length, rule, group};
  } else if (google && (record.shape & kShapeIndexPage) != 0) {
    ConsiderFolder(pattern, path, rule, group, best);
  }
}

Outcome Judged(const BestTwo& best, Outcome outcome) {
  if (best.allow.priority <= 0 && best.disallow.priority <= 0) return outcome;
  outcome.decided = true;
  outcome.allowed = best.disallow.priority <= best.allow.priority;
  const Best& deciding = outcome.allowed ? best.allow : best.disallow;
  outcome.record = deciding.record;
  outcome.group = deciding.group;
  return outcome;
}

Outcome Answer(const RobotsRecords& read, Ask ask) {
  const Outcome outcome = RuleWalk(read, ask).Run();
  if (ask.dialect != Dialect::kLenient || !read.maybe_ambiguous || !outcome.allowed) return outcome;
  ask.closes_mask = kClosesForAll;
  const Outcome other = RuleWalk(read, ask).Run();
  return other.allowed ? outcome : other;
}

AskerRules::AskerRules(const RobotsRecords& read, std::string_view agent, Dialect dialect)
    : read_(read), agent_(agent), dialect_(dialect) {
  const Ask ask{agent_, "/", dialect, 0};
  RuleWalk::RuleList rules;
  selected_ = RuleWalk(read, ask, &rules).Run();
  // Lists are counted first: 0 for any letter, the others behind it.
  std::array<std::uint32_t, kLetters + 2> next{};
  const auto list_of = [&read](std::uint32_t record) -> std::size_t {
    const auto letter =
        static_cast<unsigned char>(FixedLetter(PatternOf(read, read.records[record], false)));
    return letter == 0 ? 0 : 1 + letter % kLetters;
  };
  for (const auto& rule : rules) ++next[list_of(rule.first) + 1];
  for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
  std::copy(next.begin() + 1, next.end(), begin_.begin());
  rules_.resize(rules.size());
  for (const auto& [record, group] : rules) rules_[next[list_of(record)]++] = {record, group};
}

std::size_t AskerRules::held_bytes() const {
  const bool inside = agent_.capacity() <= std::string().capacity();
  return sizeof(*this) + (inside ? 0 : agent_.capacity() + 1) + rules_.capacity() * sizeof(Rule);
}

Outcome AskerRules::Answer(std::string_view path) const {
  const std::size_t letter =
      path.size() > 1 ? static_cast<unsigned char>(path[1]) % kLetters : kLetters;
  BestTwo best;
  // In the order of the file: of two rules that are alike the first one counts.
  std::size_t one = 0;
  const std::size_t one_end = begin_[0];
  std::size_t other = begin_[std::min(letter, kLetters - 1)];
  const std::size_t other_end = letter == kLetters ? other : begin_[letter + 1];
  while (one != one_end || other != other_end) {
    const bool first =
        other == other_end || (one != one_end && rules_[one].record < rules_[other].record);
    const Rule& rule = rules_[first ? one++ : other++];
    Consider(read_, rule.record, path, false, rule.group, best);
  }
  return Judged(best, selected_);
}

}  // namespace crawlcard::robots::internal
