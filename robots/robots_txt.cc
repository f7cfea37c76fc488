#include "robots/robots_txt.h"

#include <algorithm>
#include <array>

#include "robots/internal/robots_data.h"
#include "robots/limits.h"

namespace crawlcard::robots {

using internal::AgentMatch;
using internal::GroupCursor;
using internal::PathPattern;
using internal::Record;
using internal::RobotsRecords;

namespace {

constexpr std::array<Dialect, 6> kDialects = {Dialect::kRfc9309,   Dialect::kGoogle,
                                              Dialect::kLenient,   Dialect::kCommonCrawl,
                                              Dialect::kCicLegacy, Dialect::kCicFixed};
constexpr std::array<std::string_view, kDialects.size()> kDialectNames = {
    "rfc9309", "google", "lenient", "common-crawl", "cic-legacy", "cic-fixed"};

// The best rule of one kind so far. Priority -1: none matched.
struct Best {
  std::int64_t priority = -1;
  std::uint32_t record = 0;
  std::uint32_t group = 0;
};

// Rules that matched, for groups that name the agent and for `*`.
struct Tally {
  Best allow[2];
  Best disallow[2];
  bool ever_named = false;
  std::uint32_t first_group[2] = {GroupCursor::kNoGroup, GroupCursor::kNoGroup};
};

struct Outcome {
  bool allowed = true;
  bool by_name = false;
  bool decided = false;   // a rule matched
  bool selected = false;  // a group was selected
  std::uint32_t record = 0;
  std::uint32_t group = 0;
};

struct Ask {
  std::string_view agent;
  std::string_view path;  // in the form of the dialect
  Dialect dialect;
  std::uint8_t closes_mask;  // families whose lines end a list of agent lines
};

void Consider(const Record& record, std::uint32_t index, const RobotsRecords& read, const Ask& ask,
              std::uint32_t group, Best& best) {
  const internal::RulePattern& pattern = read.patterns[record.pattern];
  const bool google = ask.dialect == Dialect::kGoogle;
  if (!google && (record.flags & internal::kFlagBadPath) != 0) return;
  const PathPattern& path = google ? pattern.google : pattern.rfc;
  if (path.length > 0 && path.length <= best.priority) return;
  if (Matches(path, ask.path)) {
    if (best.priority < path.length) best = {path.length, index, group};
    return;
  }
  if (!google || pattern.index_page_bytes == 0) return;
  // Google: an allowed index page opens its folder (docs/formats/signals.md 1.5).
  PathPattern folder = path;
  folder.text = path.text.substr(0, pattern.index_page_bytes);
  folder.anchored = true;
  folder.length = pattern.index_page_bytes + 1;
  if (best.priority < folder.length && Matches(folder, ask.path))
    best = {folder.length, index, group};
}

Tally WalkRules(const RobotsRecords& read, const Ask& ask) {
  Tally tally;
  GroupCursor cursor;
  cursor.begin = GroupCursor::kNoGroup;
  const std::uint8_t bit = internal::BitOf(ask.dialect);
  for (std::uint32_t i = 0; i < read.records.size(); ++i) {
    const Record& record = read.records[i];
    if ((record.agent_in & bit) != 0) {
      cursor.AgentLine(record, i, ask.agent, ask.dialect);
      tally.ever_named = tally.ever_named || cursor.named;
      const std::size_t kind = cursor.named ? 0 : 1;
      if ((cursor.named || cursor.star) && tally.first_group[kind] == GroupCursor::kNoGroup) {
        tally.first_group[kind] = cursor.begin;
      }
    } else if ((record.rule_in & bit) != 0) {
      cursor.closed = true;
      if (!cursor.named && !cursor.star) continue;
      const std::size_t kind = cursor.named ? 0 : 1;
      Best& best = record.allows() ? tally.allow[kind] : tally.disallow[kind];
      Consider(record, i, read, ask, cursor.begin, best);
    } else if ((record.closes_for & ask.closes_mask) != 0) {
      cursor.closed = true;
    }
  }
  return tally;
}

Outcome Judge(const Tally& tally) {
  // A named group never inherits from `*` (RFC 9309 section 2.2.1).
  const std::size_t kind = tally.ever_named ? 0 : 1;
  Outcome outcome;
  outcome.group = tally.first_group[kind];
  outcome.selected = outcome.group != GroupCursor::kNoGroup;
  outcome.by_name = tally.ever_named;
  const Best& allow = tally.allow[kind];
  const Best& disallow = tally.disallow[kind];
  if (allow.priority <= 0 && disallow.priority <= 0) return outcome;
  outcome.decided = true;
  outcome.allowed = disallow.priority <= allow.priority;
  const Best& best = outcome.allowed ? allow : disallow;
  outcome.record = best.record;
  outcome.group = best.group;
  return outcome;
}

// Lenient: both readings of ambiguous groups; a refusal in either counts.
Outcome Answer(const RobotsRecords& read, Ask ask) {
  const Outcome outcome = Judge(WalkRules(read, ask));
  if (ask.dialect != Dialect::kLenient || !read.maybe_ambiguous || !outcome.allowed) return outcome;
  ask.closes_mask = internal::kClosesForAll;
  const Outcome other = Judge(WalkRules(read, ask));
  return other.allowed ? outcome : other;
}

// RFC 9309 section 2.2.2: the file itself may always be fetched; Google's matcher knows no such
// rule.
bool IsRobotsTxtItself(std::string_view path, Dialect dialect) {
  return dialect != Dialect::kGoogle && path == "/robots.txt";
}

RobotsDecision Describe(const RobotsRecords& read, const Ask& ask, const Outcome& outcome) {
  RobotsDecision decision;
  decision.allowed = outcome.allowed;
  decision.by_name = outcome.by_name;
  // What was not read may hide the rule that would have decided.
  constexpr unsigned kOfTheFile = internal::kFlagTruncated | internal::kFlagUtf16;
  auto flags = static_cast<std::uint16_t>(read.flags & kOfTheFile);
  if (outcome.decided) {
    const Record& record = read.records[outcome.record];
    decision.line = record.line;
    decision.rule = record.raw;
    flags |= record.flags;
  }
  if (outcome.selected) {
    const std::uint8_t bit = internal::BitOf(ask.dialect);
    for (std::uint32_t i = outcome.group; i < read.records.size(); ++i) {
      const Record& record = read.records[i];
      if ((record.rule_in & bit) != 0 || (record.closes_for & ask.closes_mask) != 0) break;
      if ((record.agent_in & bit) == 0) continue;
      decision.group.push_back(record.value());
      flags |= record.flags;
    }
  }
  internal::AppendFlagNames(flags, decision.flags);
  if (read.maybe_ambiguous && internal::GroupsDiffer(read, ask.agent, ask.dialect)) {
    decision.flags.push_back("robots.group_ambiguous");
  }
  return decision;
}

RobotsDecision DecideWithMask(const RobotsRecords& read, std::string_view agent,
                              std::string_view path, Dialect dialect, std::uint8_t mask) {
  std::string scratch;
  if (path.empty()) path = "/";
  if (IsRobotsTxtItself(path, dialect)) return {};
  if (dialect != Dialect::kGoogle) path = internal::NormaliseRfcPath(path, scratch);
  const Ask ask{agent, path, dialect, mask};
  return Describe(read, ask, Answer(read, ask));
}

}  // namespace

namespace internal {
namespace {

// The part of an agent value that the lenient reading takes as a token: digits and dots are let in,
// a version or a comment behind it is cut off.
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

}  // namespace

AgentMatch MatchAgent(const Record& record, std::string_view agent, Dialect dialect,
                      std::string_view& matched_out) {
  const std::string_view value = record.value();
  matched_out = value;
  if (dialect == Dialect::kGoogle) {
    if (IsGoogleStar(value)) return AgentMatch::kStar;
    return EqualsIgnoreCase(GoogleToken(value), agent) ? AgentMatch::kNamed : AgentMatch::kNone;
  }
  if (value == "*") return AgentMatch::kStar;
  if (agent == "*") {
    return dialect == Dialect::kLenient && IsGoogleStar(value) ? AgentMatch::kStar
                                                               : AgentMatch::kNone;
  }
  constexpr std::uint16_t kNoToken = kFlagCommaAgents | kFlagTruncatedAgent | kFlagNongrammarToken;
  if (dialect != Dialect::kLenient) {
    // A value that is no token matches nobody (docs/formats/signals.md 1.3).
    if ((record.flags & kNoToken) != 0 || value.size() != agent.size()) return AgentMatch::kNone;
    return EqualsIgnoreCase(value, agent) ? AgentMatch::kNamed : AgentMatch::kNone;
  }
  if (IsGoogleStar(value)) return AgentMatch::kStar;
  if (EqualsIgnoreCase(value, agent)) return AgentMatch::kNamed;
  if ((record.flags & kNoToken) == 0) return AgentMatch::kNone;
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

}  // namespace internal

std::string_view DialectName(Dialect dialect) {
  return kDialectNames[static_cast<std::size_t>(dialect)];
}

std::span<const Dialect> AllDialects() {
  return kDialects;
}

std::optional<Dialect> DialectFromName(std::string_view name) {
  for (std::size_t i = 0; i < kDialectNames.size(); ++i) {
    if (kDialectNames[i] == name) return static_cast<Dialect>(i);
  }
  return std::nullopt;
}

RobotsTxt::RobotsTxt(std::unique_ptr<Data> data) : data_(std::move(data)) {}
RobotsTxt::RobotsTxt(RobotsTxt&&) noexcept = default;
RobotsTxt& RobotsTxt::operator=(RobotsTxt&&) noexcept = default;
RobotsTxt::~RobotsTxt() = default;

namespace {

// The lines that end within `bytes_max`. What is left of a line that is cut is nothing that anybody
// wrote: half of "Disallow: /private" would refuse more, half of "Allow: /a$" allow more.
std::string_view WholeLines(std::string_view body, std::size_t bytes_max) {
  if (body.size() <= bytes_max) return body;
  const std::size_t last = body.find_last_of("\r\n", bytes_max);
  return body.substr(0, last == std::string_view::npos ? bytes_max : std::min(last, bytes_max));
}

}  // namespace

RobotsTxt RobotsTxt::Parse(std::string_view body) {
  auto data = std::make_unique<Data>();
  const bool truncated = body.size() > limits::kRobotsTxtBytesMax;
  data->body = WholeLines(body, limits::kRobotsTxtBytesMax);
  data->read = internal::ReadRobotsRecords(data->body, limits::kRobotsRecordsMax, data->arena);
  if (truncated) data->read.flags |= internal::kFlagTruncated;
  if ((data->read.flags & internal::kFlagTruncated) != 0) {
    data->whole = body.substr(0, limits::kRobotsWholeBytesMax + 1);
  }
  internal::AppendFlagNames(data->read.flags, data->flags);
  for (const Record& record : data->read.records) {
    if (record.google_kind != internal::RecordKind::kSitemap) continue;
    if ((data->read.flags & internal::kFlagHtmlBody) == 0) data->sitemaps.push_back(record.value());
  }
  return RobotsTxt(std::move(data));
}

// Google's library has no limit of its own: its crawler cuts files before they reach it. The
// dialect promises the decisions of the library, so it reads on.
const internal::RobotsRecords& RobotsTxt::Data::read_for(Dialect dialect) const {
  if (dialect != Dialect::kGoogle || whole.empty()) return read;
  std::call_once(whole_once_, [this] {
    auto all = std::make_unique<Whole>();
    const std::string_view text = WholeLines(whole, limits::kRobotsWholeBytesMax);
    all->read = internal::ReadRobotsRecords(text, limits::kRobotsWholeRecordsMax, all->arena);
    if (text.size() < whole.size()) all->read.flags |= internal::kFlagTruncated;
    whole_read_ = std::move(all);
  });
  return whole_read_->read;
}

RobotsDecision RobotsTxt::Decide(std::string_view agent, std::string_view path_and_query,
                                 Dialect dialect) const {
  if (internal::IsCic(dialect)) return data_->cic(dialect).Decide(agent, path_and_query);
  return DecideWithMask(data_->read_for(dialect), agent, path_and_query, dialect, 0);
}

bool RobotsTxt::Allows(std::string_view agent, std::string_view path_and_query,
                       Dialect dialect) const {
  if (internal::IsCic(dialect)) return data_->cic(dialect).Decide(agent, path_and_query).allowed;
  std::string_view path = path_and_query.empty() ? "/" : path_and_query;
  if (IsRobotsTxtItself(path, dialect)) return true;
  std::string scratch;
  if (dialect != Dialect::kGoogle) path = internal::NormaliseRfcPath(path, scratch);
  return Answer(data_->read_for(dialect), Ask{agent, path, dialect, 0}).allowed;
}

RobotsDecision RobotsTxt::DecideByAiprefGrammar(std::string_view agent,
                                                std::string_view path_and_query) const {
  return DecideWithMask(data_->read, agent, path_and_query, Dialect::kRfc9309,
                        internal::kClosesForAipref);
}

std::span<const std::string_view> RobotsTxt::sitemaps() const {
  return data_->sitemaps;
}
std::span<const std::string_view> RobotsTxt::flags() const {
  return data_->flags;
}
std::span<const Signal> RobotsTxt::signals() const {
  return data_->derived().signals;
}
std::span<const std::string_view> RobotsTxt::agents() const {
  return data_->derived().agents;
}
bool RobotsTxt::has_content_signal_prose() const {
  return data_->derived().prose;
}

const Signal* RobotsTxt::FindSignal(std::uint32_t line) const {
  const internal::Derived& derived = data_->derived();
  const auto found = std::lower_bound(derived.lines.begin(), derived.lines.end(), line);
  if (found == derived.lines.end() || *found != line) return nullptr;
  return &derived.signals[static_cast<std::size_t>(found - derived.lines.begin())];
}

bool RobotsTxt::has_records() const {
  return !data_->read.records.empty() && (data_->read.flags & internal::kFlagHtmlBody) == 0;
}

std::size_t RobotsTxt::held_bytes() const {
  // The derived part is counted as if it were there: a cache must not be surprised by it.
  return sizeof(Data) + data_->body.capacity() + data_->whole.capacity() +
         data_->arena.held_bytes() +
         data_->read.records.capacity() *
             (sizeof(Record) + sizeof(Signal) + 32 + internal::CicFile::kBytesPerLine) +
         data_->read.patterns.capacity() * sizeof(internal::RulePattern);
}

const internal::CicFile& RobotsTxt::cic(Dialect dialect) const {
  return data_->cic(dialect);
}

const internal::CicFile& RobotsTxt::Data::cic(Dialect dialect) const {
  const std::size_t which = dialect == Dialect::kCicFixed ? 1 : 0;
  std::call_once(cic_once_[which],
                 [&] { cic_[which] = std::make_unique<internal::CicFile>(body, dialect); });
  return *cic_[which];
}

const internal::Derived& RobotsTxt::Data::derived() const {
  std::call_once(once_, [this] {
    derived_ = std::make_unique<internal::Derived>();
    internal::Derive(read, body, *derived_);
  });
  return *derived_;
}

std::string GooglePathOf(std::string_view url) {
  const std::size_t start = url.substr(0, 2) == "//" ? 2 : 0;
  const std::size_t early = url.find_first_of("/?;", start);
  std::size_t authority = url.find("://", start);
  authority = authority == std::string_view::npos || early < authority ? start : authority + 3;
  const std::size_t path = url.find_first_of("/?;", authority);
  const std::size_t fragment = url.find('#', start);
  if (path == std::string_view::npos || fragment < path) return "/";
  const std::string_view found = url.substr(path, fragment - path);
  std::string out;
  if (found.front() != '/') out.push_back('/');
  return out.append(found);
}

}  // namespace crawlcard::robots
