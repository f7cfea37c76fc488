// The statements of a robots.txt file, and which of them apply to an agent and a path.

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <unordered_set>

#include "base/find.h"
#include "robots/aipref.h"
#include "robots/content_signal.h"
#include "robots/internal/flags.h"
#include "robots/internal/robots_data.h"
#include "robots/limits.h"

namespace crawlcard::robots {
namespace internal {
namespace {

// Records belong to groups; the groups depend on which family reads (docs/formats/signals.md 1.6).
struct Grouping {
  static constexpr std::uint32_t kOrphan = 0;
  std::vector<std::uint32_t> group_of;  // by record; 0: before the first agent line
  std::uint32_t groups = 1;
};

Grouping GroupBy(const RobotsRecords& read, std::uint8_t dialect_bit, std::uint8_t closes_mask) {
  Grouping grouping;
  grouping.group_of.resize(read.records.size());
  bool closed = true;
  std::uint32_t current = Grouping::kOrphan;
  for (std::size_t i = 0; i < read.records.size(); ++i) {
    const Record& record = read.records[i];
    if ((record.agent_in & dialect_bit) != 0) {
      if (closed) current = grouping.groups++;
      closed = false;
    } else if ((record.rule_in & dialect_bit) != 0 || (record.closes_for & closes_mask) != 0) {
      closed = true;
    }
    grouping.group_of[i] = current;
  }
  return grouping;
}

// Agent values of each group, joined as written. Linear: each value is copied once.
std::vector<std::string_view> JoinAgents(const RobotsRecords& read, const Grouping& grouping,
                                         Arena& arena) {
  std::vector<std::string_view> joined(grouping.groups);
  std::string text;
  std::uint32_t current = Grouping::kOrphan;
  const auto flush = [&] {
    if (current != Grouping::kOrphan) joined[current] = arena.Copy(text);
    text.clear();
  };
  for (std::size_t i = 0; i < read.records.size(); ++i) {
    const Record& record = read.records[i];
    if (record.agent_in == 0 || grouping.group_of[i] == Grouping::kOrphan) continue;
    if (grouping.group_of[i] != current) flush();
    current = grouping.group_of[i];
    if (!text.empty()) text += ", ";
    text += record.value();
  }
  flush();
  return joined;
}

// Family lines with their groups by their own reading, everything else by that of RFC 9309.
class Deriver {
 public:
  Deriver(const RobotsRecords& read, Derived& derived) : read_(read), derived_(derived) {}

  void Run() {
    unsigned families = 0;
    for (const Record& record : read_.records) families |= record.closes_for;
    for (const std::uint8_t mask : {std::uint8_t{0}, kClosesForContentSignal, kClosesForAipref,
                                    kClosesForRsl, kClosesForAiTraining}) {
      if (mask != 0 && (families & mask) == 0) continue;
      groupings_[mask] = GroupBy(read_, kInLenient, mask);
      agents_[mask] = JoinAgents(read_, groupings_[mask], derived_.arena);
    }
    derived_.signals.reserve(read_.records.size());
    for (std::uint32_t i = 0; i < read_.records.size(); ++i) {
      const Record& record = read_.records[i];
      if ((record.agent_in & kInLenient) != 0 || record.kind == RecordKind::kSitemap) continue;
      if (record.agent_in != 0) continue;
      OneRecord(record, i);
      derived_.lines.resize(derived_.signals.size(), record.line);
    }
  }

 private:
  std::string_view LineName(std::uint32_t line) const {
    constexpr std::string_view kLine = "line ";
    std::array<char, kLine.size() + 10> text;
    char* const end = std::copy(kLine.begin(), kLine.end(), text.data());
    const std::to_chars_result result = std::to_chars(end, text.data() + text.size(), line);
    return derived_.arena.Copy({text.data(), static_cast<std::size_t>(result.ptr - text.data())});
  }

  void OneRecord(const Record& record, std::uint32_t index) {
    const std::uint8_t mask = record.closes_for;
    const std::uint32_t group = groupings_[mask].group_of[index];
    Signal base;
    base.carrier = Carrier::kRobotsTxt;
    base.location = LineName(record.line);
    base.agent = agents_[mask][group];
    base.raw = Utf8Prefix(record.raw(), limits::kRawBytesMax);
    base.value = record.value();
    if (record.flags != 0) {
      flags_.clear();
      AppendFlagNames(record.flags, flags_);
      base.flags = derived_.arena.CopySpan(FlagSpan(flags_));
    }
    base.key = LowerName(record);
    if (mask == 0) {
      AppendPlain(record, base);
      return;
    }
    FamilyLine line;
    line.record = index;
    line.orphan = group == Grouping::kOrphan;
    line.signal_begin = static_cast<std::uint32_t>(derived_.signals.size());
    AppendFamily(record, base, line);
    line.signal_end = static_cast<std::uint32_t>(derived_.signals.size());
    derived_.families |= mask;
    derived_.family_lines.push_back(line);
  }

  std::string_view LowerName(const Record& record) {
    const std::string_view name = record.name();
    const bool lower =
        std::none_of(name.begin(), name.end(), [](char c) { return c != AsciiLower(c); });
    if (lower) return name;
    auto* const copy = static_cast<char*>(derived_.arena.allocate(name.size(), 1));
    std::transform(name.begin(), name.end(), copy, AsciiLower);
    return {copy, name.size()};
  }

  // Rules and unknown records.
  void AppendPlain(const Record& record, Signal signal) {
    const bool rule = (record.rule_in & (kInRfc | kInLenient)) != 0;
    if (rule) {
      signal.family = Family::kRobots;
      signal.use = Axis::kCrawl;
      signal.scope = record.value();
      const Says says = record.allows() ? Says::kAllow : Says::kDeny;
      // An empty pattern has no effect, and one that is no path matches nothing.
      const bool effective =
          !record.value().empty() && (record.flags & (kFlagBadPath | kFlagMissingColon)) == 0;
      if (effective && (record.rule_in & kInRfc) != 0) signal.says = says;
      if (effective && (record.rule_in & kInRfc) == 0) signal.careful = says;
    }
    derived_.signals.push_back(signal);
  }

  void AppendFamily(const Record& record, Signal base, FamilyLine& line) {
    const PathAndRest split = SplitLeadingPath(record.value());
    std::string_view path = split.path;
    switch (record.kind) {
      case RecordKind::kContentSignal:
        base.family = Family::kContentSignal;
        base.scope = path;
        if (base.key == "content-signals") {
          base.flags = WithFlags(base.flags, {"contentsignal.plural_name"}, derived_.arena);
        }
        AppendContentSignal(split.rest, base, derived_.arena, derived_.signals);
        break;
      case RecordKind::kContentUsage:
        base.family = Family::kAipref;
        base.scope = path;
        if (line.orphan) {
          base.flags = WithFlags(base.flags, {"aipref.outside_group"}, derived_.arena);
        }
        AppendContentUsage(split.rest, base, derived_.arena, derived_.signals);
        break;
      case RecordKind::kLicense:
        base.family = Family::kRsl;
        path = {};
        if (record.value().find("://") == std::string_view::npos) {
          base.flags = WithFlags(base.flags, {"rsl.relative_url"}, derived_.arena);
        }
        derived_.signals.push_back(base);
        break;
      default: {  // draft-canel-robots-ai-control: rules like Allow and Disallow, for training
        path = record.value();
        base.family = Family::kAipref;
        base.use = Axis::kTrain;
        base.scope = path;
        const bool allows = record.kind == RecordKind::kAllowAiTraining;
        if (!path.empty()) base.says = allows ? Says::kAllow : Says::kDeny;
        derived_.signals.push_back(base);
        break;
      }
    }
    line.has_path = !path.empty();
    line.path = CompileRfcPattern(path, derived_.arena);
  }

  const RobotsRecords& read_;
  Derived& derived_;
  // By kCloses bit.
  std::array<Grouping, kClosesForAiTraining + 1> groupings_;
  std::array<std::vector<std::string_view>, kClosesForAiTraining + 1> agents_;
  std::vector<std::string_view> flags_;  // kept for its memory
};

void DeriveAgents(const RobotsRecords& read, Derived& derived) {
  std::unordered_set<std::string_view> seen;
  for (const Record& record : read.records) {
    if ((record.agent_in & kInLenient) == 0) continue;
    AnyCommaPart(record.value(), [&](std::string_view part) {
      if (seen.insert(part).second) derived.agents.push_back(part);
      return false;
    });
  }
}

bool HasProse(std::string_view body) {
  constexpr std::string_view kWords = "content signals";
  std::size_t found = 0;
  while ((found = FindIgnoreCase(body, kWords, found)) != std::string_view::npos) {
    const std::size_t line = body.find_last_of("\r\n", found);
    const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
    if (body.substr(begin, found - begin).find('#') != std::string_view::npos) return true;
    // On to the next line: a line is looked at once.
    found = body.find_first_of("\r\n", found);
    if (found == std::string_view::npos) return false;
  }
  return false;
}

// Which records speak to `agent`, once groups are formed under `closes_mask`.
std::vector<bool> SpeakTo(const RobotsRecords& read, std::string_view agent, Dialect dialect,
                          std::uint8_t closes_mask) {
  const std::uint8_t bit = BitOf(dialect);
  const Grouping grouping = GroupBy(read, bit, closes_mask);
  std::vector<std::uint8_t> match(grouping.groups);
  bool ever_named = false;
  for (std::size_t i = 0; i < read.records.size(); ++i) {
    if ((read.records[i].agent_in & bit) == 0) continue;
    std::string_view value;
    const AgentMatch one = MatchAgent(read.records[i], agent, dialect, value);
    if (one == AgentMatch::kNone) continue;
    ever_named = ever_named || one == AgentMatch::kNamed;
    match[grouping.group_of[i]] |= one == AgentMatch::kNamed ? 2 : 1;
  }
  std::vector<bool> speaks(read.records.size());
  for (std::size_t i = 0; i < read.records.size(); ++i) {
    speaks[i] = (match[grouping.group_of[i]] & (ever_named ? 2 : 1)) != 0;
  }
  return speaks;
}

}  // namespace

void DeriveSignals(const RobotsRecords& read, Derived& derived) {
  Deriver(read, derived).Run();
}

void Derive(const RobotsRecords& read, std::string_view body, Derived& derived) {
  DeriveSignals(read, derived);
  DeriveAgents(read, derived);
  derived.prose = HasProse(body);
}

bool GroupsDiffer(const RobotsRecords& read, std::string_view agent, Dialect dialect) {
  const std::vector<bool> plain = SpeakTo(read, agent, dialect, 0);
  const std::uint8_t bit = BitOf(dialect);
  for (unsigned family = 1; family < kClosesForAll; family *= 2) {
    const auto mask = static_cast<std::uint8_t>(family);
    const std::vector<bool> other = SpeakTo(read, agent, dialect, mask);
    for (std::size_t i = 0; i < read.records.size(); ++i) {
      const Record& record = read.records[i];
      const bool counts = (record.rule_in & bit) != 0 || (record.closes_for & mask) != 0;
      if (counts && plain[i] != other[i]) return true;
    }
  }
  return false;
}

}  // namespace internal

namespace {

using internal::FamilyLine;
using internal::GroupCursor;

enum class Choice : std::uint8_t { kNone, kNamed, kStar, kOrphan };

// Lines of one family that match the path, by how their group was chosen.
struct Candidates {
  struct Line {
    const FamilyLine* line;
    Choice choice;
    std::string_view agent;
  };
  std::vector<Line> lines;
  bool ever_named = false;
  bool has_group_line[2] = {false, false};  // named, star: whatever the path
};

// A line without a path is shorter than any path (docs/formats/signals.md 5.3, interpretation).
std::int64_t PathLength(const FamilyLine& line) {
  return line.has_path ? static_cast<std::int64_t>(line.path.length) : -1;
}

bool PathMatches(const FamilyLine& line, std::string_view path) {
  return !line.has_path || Matches(line.path, path);
}

Candidates Collect(const internal::RobotsRecords& read, const internal::Derived& derived,
                   std::uint8_t family, std::string_view agent, std::string_view path,
                   Dialect dialect) {
  Candidates out;
  GroupCursor cursor;
  cursor.begin = GroupCursor::kNoGroup;
  const std::uint8_t bit = internal::BitOf(dialect);
  auto next = derived.family_lines.begin();
  for (std::uint32_t i = 0; i < read.records.size(); ++i) {
    const internal::Record& record = read.records[i];
    if ((record.agent_in & bit) != 0) {
      cursor.AgentLine(record, i, agent, dialect);
      out.ever_named = out.ever_named || cursor.named;
    } else if ((record.rule_in & bit) != 0) {
      cursor.closed = true;
    }
    if (next == derived.family_lines.end() || next->record != i) continue;
    const FamilyLine& line = *next++;
    if (record.closes_for != family) continue;
    cursor.closed = true;
    const bool orphan = cursor.begin == GroupCursor::kNoGroup;
    if (!orphan && !cursor.named && !cursor.star) continue;
    if (!orphan) out.has_group_line[cursor.named ? 0 : 1] = true;
    if (!PathMatches(line, path)) continue;
    const Choice choice = orphan ? Choice::kOrphan : cursor.named ? Choice::kNamed : Choice::kStar;
    out.lines.push_back({&line, choice, cursor.named ? cursor.matched : std::string_view("*")});
  }
  return out;
}

class Selector {
 public:
  Selector(const internal::Derived& derived, std::vector<Signal>& out)
      : derived_(derived), out_(out) {}

  // The lines of `choice` with the longest path, as they are.
  void TakeLongest(const Candidates& candidates, Choice choice) {
    std::int64_t longest = -2;
    for (const auto& one : candidates.lines) {
      if (one.choice == choice) longest = std::max(longest, PathLength(*one.line));
    }
    for (const auto& one : candidates.lines) {
      if (one.choice == choice && PathLength(*one.line) == longest) Take(one, false);
    }
  }

  // Lines that speak to others: only their refusals count, and for a careful reader alone.
  void TakeRefusalsForCareful(const Candidates& candidates) {
    for (const auto& one : candidates.lines) {
      if (one.choice == Choice::kStar || one.choice == Choice::kOrphan) Take(one, true);
    }
  }

  void TakeAll(const Candidates& candidates, Choice choice) {
    for (const auto& one : candidates.lines) {
      if (one.choice == choice) Take(one, false);
    }
  }

 private:
  void Take(const Candidates::Line& candidate, bool careful_only) {
    for (std::uint32_t i = candidate.line->signal_begin; i < candidate.line->signal_end; ++i) {
      Signal signal = derived_.signals[i];
      signal.agent = candidate.choice == Choice::kOrphan ? std::string_view() : candidate.agent;
      if (careful_only) {
        if (signal.says != Says::kDeny) continue;
        signal.says = Says::kNothing;
        signal.careful = Says::kDeny;
      }
      out_.push_back(signal);
    }
  }

  const internal::Derived& derived_;
  std::vector<Signal>& out_;
};

constexpr std::array<std::string_view, 1> kConflictFlag = {"contentsignal.conflict"};

// One bit a use.
unsigned UseBit(const Signal& signal) {
  return 1U << static_cast<unsigned>(signal.use);
}

unsigned UsesOf(std::span<const Signal> signals, Says says) {
  unsigned uses = 0;
  for (const Signal& signal : signals) {
    if (signal.says == says) uses |= UseBit(signal);
  }
  return uses;
}

// Where lines of one scope say both `kept` and `dropped` about a use, `kept` stays. Refusals stay
// in preferences (docs/formats/signals.md 5.3 and 6), permissions in AI-training rules (5.4).
void KeepOne(std::span<Signal> signals, Says kept, Says dropped,
             std::span<const std::string_view> flag) {
  const unsigned both = UsesOf(signals, kept) & UsesOf(signals, dropped);
  if (both == 0) return;
  for (Signal& signal : signals) {
    if ((both & UseBit(signal)) == 0) continue;
    if (signal.says == dropped) signal.says = Says::kNothing;
    if (signal.says == kept && !flag.empty()) signal.flags = flag;
  }
}

}  // namespace

void RobotsTxt::SelectSignals(std::string_view agent, std::string_view path_and_query,
                              Dialect dialect, std::vector<Signal>& signals_out) const {
  const internal::Derived& derived = data_->derived();
  if (derived.family_lines.empty()) return;
  std::string scratch;
  const std::string_view path =
      internal::NormaliseRfcPath(path_and_query.empty() ? "/" : path_and_query, scratch);
  // Extensions are no business of Google's matcher: its dialect reads groups as RFC 9309 does.
  const Dialect reading = dialect == Dialect::kLenient ? Dialect::kLenient : Dialect::kRfc9309;
  Selector selector(derived, signals_out);
  const auto collect = [&](std::uint8_t family) {
    if ((derived.families & family) == 0) return Candidates{};
    return Collect(data_->read, derived, family, agent, path, reading);
  };
  const auto chosen = [](const Candidates& candidates) {
    return candidates.ever_named ? Choice::kNamed : Choice::kStar;
  };

  std::size_t begin = signals_out.size();
  const auto added = [&] { return std::span<Signal>(signals_out).subspan(begin); };
  Candidates candidates = collect(internal::kClosesForContentSignal);
  if (candidates.has_group_line[candidates.ever_named ? 0 : 1]) {
    selector.TakeLongest(candidates, chosen(candidates));
    KeepOne(added(), Says::kDeny, Says::kAllow, kConflictFlag);
  } else {
    selector.TakeRefusalsForCareful(candidates);
  }

  // A path that may not be crawled carries no preference (draft-ietf-aipref-attach-05 section 3).
  candidates = collect(internal::kClosesForAipref);
  if (!candidates.lines.empty() && DecideByAiprefGrammar(agent, path_and_query).allowed) {
    begin = signals_out.size();
    selector.TakeLongest(candidates, chosen(candidates));
    KeepOne(added(), Says::kDeny, Says::kAllow, {});
  }
  candidates = collect(internal::kClosesForAiTraining);
  begin = signals_out.size();
  selector.TakeLongest(candidates, chosen(candidates));
  KeepOne(added(), Says::kAllow, Says::kDeny, {});

  candidates = collect(internal::kClosesForRsl);
  const bool in_group = candidates.has_group_line[candidates.ever_named ? 0 : 1];
  selector.TakeAll(candidates, in_group ? chosen(candidates) : Choice::kOrphan);
}

}  // namespace crawlcard::robots
