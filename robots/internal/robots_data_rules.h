// robots/internal/robots_data_rules.h - who a group speaks to, and which of its rules decides.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "robots/internal/robots_records.h"
#include "robots/path_match.h"
#include "robots/robots_txt.h"

namespace crawlcard::robots::internal {

enum class AgentMatch : std::uint8_t { kNone, kNamed, kStar };

// Whether an agent line names `agent` (not empty) in `dialect`. `matched_out` is the value, or the
// part of a comma list, that named it.
AgentMatch MatchAgent(const Record& record, std::string_view agent, Dialect dialect,
                      std::string_view& matched_out);

inline bool IsCic(Dialect dialect) {
  return dialect == Dialect::kCicLegacy || dialect == Dialect::kCicFixed;
}

inline std::uint8_t BitOf(Dialect dialect) {
  switch (dialect) {
    case Dialect::kRfc9309:
    case Dialect::kCommonCrawl:
    case Dialect::kCicLegacy:
    case Dialect::kCicFixed:
      return kInRfc;
    case Dialect::kGoogle:
      return kInGoogle;
    case Dialect::kLenient:
      return kInLenient;
  }
  return kInRfc;
}

// The group that a walk is in: agent lines gather until a closing line; the next agent line then
// opens a new group (docs/formats/signals.md 1.3 and 1.6).
struct GroupCursor {
  bool named = false;
  bool star = false;
  bool closed = false;
  std::uint32_t begin = 0;  // record of the first agent line
  std::string_view matched;

  void AgentLine(const Record& record, std::uint32_t index, std::string_view agent,
                 Dialect dialect) {
    if (closed || begin == kNoGroup) {
      *this = GroupCursor{};
      begin = index;
    }
    std::string_view value;
    const AgentMatch match = MatchAgent(record, agent, dialect, value);
    if (match == AgentMatch::kNamed) matched = value;
    named = named || match == AgentMatch::kNamed;
    star = star || match == AgentMatch::kStar;
  }

  static constexpr std::uint32_t kNoGroup = 0xFFFFFFFF;
};

// The part of an agent value that the lenient reading takes as a token: digits and dots are let in,
// a version or a comment behind it is cut off.
std::string_view LenientToken(std::string_view value);
// `*`, and white space behind it or not.
bool IsGoogleStar(std::string_view value);

// Deviations of an agent value that is no token: by the grammar it matches nobody
// (docs/formats/signals.md 1.3).
inline constexpr std::uint16_t kNoTokenFlags =
    kFlagCommaAgents | kFlagTruncatedAgent | kFlagNongrammarToken;

// Calls `visit` for each name that an agent line names: those for which MatchAgent() says kNamed,
// without case. True stops and is returned.
template <class Visit>
bool AnyNameOf(const Record& record, Dialect dialect, Visit visit) {
  const std::string_view value = record.value();
  if (dialect == Dialect::kGoogle) return !IsGoogleStar(value) && visit(GoogleToken(value));
  if (value == "*") return false;
  const bool token = (record.flags & kNoTokenFlags) == 0;
  if (dialect != Dialect::kLenient) return token && visit(value);
  if (IsGoogleStar(value)) return false;
  if (visit(value)) return true;
  return !token && AnyCommaPart(value, [&](std::string_view part) {
    return part != "*" && (visit(part) || visit(LenientToken(part)));
  });
}

// RFC 9309 section 2.2.2: the file itself may always be fetched; Google's matcher knows no such
// rule.
inline bool IsRobotsTxtItself(std::string_view path, Dialect dialect) {
  return dialect != Dialect::kGoogle && path == "/robots.txt";
}

// The best rule of one kind so far. Priority -1: none matched.
struct Best {
  std::int64_t priority = -1;
  std::uint32_t record = 0;
  std::uint32_t group = 0;

  // The earlier of two that are alike stays.
  void Take(const Best& other) {
    if (priority < other.priority) *this = other;
  }
};

struct BestTwo {
  Best allow;
  Best disallow;
};

// What has to stand behind the first slash of a path that `pattern` matches; 0: anything may. Not
// for kGoogle, where an index page also opens its folder.
inline char FixedLetter(const PathPattern& pattern) {
  const std::string_view text = pattern.text;
  return text.size() > 1 && text[0] == '/' && text[1] != '*' ? text[1] : '\0';
}

// Sees whether `rule` (a rule of the dialect) of `group` matches `path` better than those before.
void Consider(const RobotsRecords& read, std::uint32_t rule, std::string_view path, bool google,
              std::uint32_t group, BestTwo& best);

struct Outcome {
  bool allowed = true;
  bool by_name = false;
  bool decided = false;   // a rule matched
  bool selected = false;  // a group was selected
  std::uint32_t record = 0;
  std::uint32_t group = 0;
};

// What the rules of the selected groups mean; `outcome` says which were selected.
Outcome Judged(const BestTwo& best, Outcome outcome);

struct Ask {
  std::string_view agent;
  std::string_view path;  // in the form of the dialect
  Dialect dialect;
  std::uint8_t closes_mask;  // families whose lines end a list of agent lines
};

// Lenient: both readings of ambiguous groups; a refusal in either counts.
Outcome Answer(const RobotsRecords& read, Ask ask);

// The rules that one agent is under, sorted by the letter behind the first slash: a file of
// hundreds of rules is asked about thousands of paths. Not for kGoogle, and for kLenient only where
// no group is ambiguous.
//
// Thread rule: immutable after construction. Borrows the records.
class AskerRules {
 public:
  AskerRules(const RobotsRecords& read, std::string_view agent, Dialect dialect);

  bool IsFor(std::string_view agent, Dialect dialect) const {
    return agent == agent_ && dialect == dialect_;
  }
  // The same as internal::Answer() with no other lines that close groups.
  Outcome Answer(std::string_view path) const;

  std::size_t held_bytes() const;
  // What it holds at most for an agent of `agent_bytes` and a file of `records`.
  static constexpr std::size_t HeldBytesMax(std::size_t records, std::size_t agent_bytes) {
    return sizeof(AskerRules) + agent_bytes + 1 + records * sizeof(Rule);
  }

 private:
  struct Rule {
    std::uint32_t record = 0;
    std::uint32_t group = 0;
  };
  static constexpr std::size_t kLetters = 64;

  const RobotsRecords& read_;
  std::string agent_;
  Dialect dialect_;
  Outcome selected_;  // which group, before any rule
  // First those that may match whatever follows the slash; then by its letter, of which begin_ says
  // where each begins. In the order of the file, each.
  std::vector<Rule> rules_;
  std::array<std::uint32_t, kLetters + 1> begin_{};
};

}  // namespace crawlcard::robots::internal
