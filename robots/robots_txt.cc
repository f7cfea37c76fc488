#include "robots/robots_txt.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "robots/internal/robots_data.h"
#include "robots/internal/robots_data_rules.h"
#include "robots/limits.h"
#include "robots/path_sieve.h"

namespace crawlcard::robots {

using internal::AgentMatch;
using internal::Ask;
using internal::Outcome;
using internal::Record;
using internal::RobotsRecords;

namespace {

constexpr std::array<Dialect, 6> kDialects = {Dialect::kRfc9309,   Dialect::kGoogle,
                                              Dialect::kLenient,   Dialect::kCommonCrawl,
                                              Dialect::kCicLegacy, Dialect::kCicFixed};
constexpr std::array<std::string_view, kDialects.size()> kDialectNames = {
    "rfc9309", "google", "lenient", "common-crawl", "cic-legacy", "cic-fixed"};

// Whether the lenient reading takes the same lines for the same agents as that of the standard.
bool ReadOneWay(const RobotsRecords& read) {
  if (read.maybe_ambiguous) return false;
  const auto same = [](std::uint8_t dialects) {
    return ((dialects & internal::kInRfc) != 0) == ((dialects & internal::kInLenient) != 0);
  };
  for (const Record& record : read.records) {
    if (!same(record.agent_in) || !same(record.rule_in)) return false;
    if ((record.agent_in & internal::kInRfc) == 0) continue;
    const bool token = (record.flags & internal::kNoTokenFlags) == 0 || record.value() == "*";
    if (!token || (internal::IsGoogleStar(record.value()) && record.value() != "*")) return false;
  }
  return true;
}

// Kept by the thread, so that no question allocates but the longest one of all.
std::string& PathScratch() {
  thread_local std::string scratch;
  return scratch;
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
    decision.rule = record.raw();
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
  if (path.empty()) path = "/";
  if (internal::IsRobotsTxtItself(path, dialect)) return {};
  if (dialect != Dialect::kGoogle) path = internal::NormaliseRfcPath(path, PathScratch());
  const Ask ask{agent, path, dialect, mask};
  return Describe(read, ask, Answer(read, ask));
}

}  // namespace

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

// With octets behind it that may be read (internal::kReadPastBytes).
std::string_view CopyPadded(std::string_view text, std::unique_ptr<char[]>& buffer_out) {
  buffer_out = std::make_unique_for_overwrite<char[]>(text.size() + internal::kReadPastBytes);
  if (!text.empty()) std::memcpy(buffer_out.get(), text.data(), text.size());
  std::memset(buffer_out.get() + text.size(), 0, internal::kReadPastBytes);
  return {buffer_out.get(), text.size()};
}

}  // namespace

std::string_view internal::ReadableLines(std::string_view body, Arena& arena) {
  const std::string_view text = WholeLines(body, limits::kRobotsTxtBytesMax);
  auto* const copy = static_cast<char*>(arena.allocate(text.size() + kReadPastBytes, 1));
  if (!text.empty()) std::memcpy(copy, text.data(), text.size());
  std::memset(copy + text.size(), 0, kReadPastBytes);
  return {copy, text.size()};
}

RobotsTxt RobotsTxt::Parse(std::string_view body) {
  auto data = std::make_unique<Data>();
  const bool truncated = body.size() > limits::kRobotsTxtBytesMax;
  data->body = CopyPadded(WholeLines(body, limits::kRobotsTxtBytesMax), data->buffer);
  data->read = internal::ReadRobotsRecords(data->body, limits::kRobotsRecordsMax, data->arena);
  if (truncated) data->read.flags |= internal::kFlagTruncated;
  if ((data->read.flags & internal::kFlagTruncated) != 0) {
    data->whole = CopyPadded(body.substr(0, limits::kRobotsWholeBytesMax + 1), data->whole_buffer);
  }
  internal::AppendFlagNames(data->read.flags, data->flags);
  data->one_way = ReadOneWay(data->read);
  if ((data->read.flags & internal::kFlagHtmlBody) != 0) return RobotsTxt(std::move(data));
  for (const Record& record : data->read.records) {
    if (record.google_kind != internal::RecordKind::kSitemap) continue;
    data->sitemaps.push_back(record.value());
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

RobotsAnswer RobotsTxt::Answer(std::string_view agent, std::string_view path_and_query,
                               Dialect dialect) const {
  if (internal::IsCic(dialect)) {
    const RobotsDecision decision = data_->cic(dialect).Decide(agent, path_and_query);
    return {decision.allowed, decision.by_name, decision.line};
  }
  const Outcome outcome = data_->Answer(agent, path_and_query, dialect);
  RobotsAnswer answer{outcome.allowed, outcome.by_name, 0};
  if (outcome.decided) answer.line = data_->read_for(dialect).records[outcome.record].line;
  return answer;
}

bool RobotsTxt::Allows(std::string_view agent, std::string_view path_and_query,
                       Dialect dialect) const {
  if (internal::IsCic(dialect)) return data_->cic(dialect).Decide(agent, path_and_query).allowed;
  return data_->Answer(agent, path_and_query, dialect).allowed;
}

internal::Outcome RobotsTxt::Data::Answer(std::string_view agent, std::string_view path_and_query,
                                          Dialect dialect) const {
  std::string_view path = path_and_query.empty() ? "/" : path_and_query;
  if (internal::IsRobotsTxtItself(path, dialect)) return {};
  if (dialect != Dialect::kGoogle) path = internal::NormaliseRfcPath(path, PathScratch());
  if (const internal::AskerRules* rules = RulesOf(agent, dialect)) return rules->Answer(path);
  return internal::Answer(read_for(dialect), Ask{agent, path, dialect, 0});
}

RobotsDecision RobotsTxt::DecideByAiprefGrammar(std::string_view agent,
                                                std::string_view path_and_query) const {
  return DecideWithMask(data_->read, agent, path_and_query, Dialect::kRfc9309,
                        internal::kClosesForAipref);
}

// Null: not made, because it is seldom asked or because the dialect compares in its own way.
const internal::AskerRules* RobotsTxt::Data::RulesOf(std::string_view agent,
                                                     Dialect dialect) const {
  const bool lenient = dialect == Dialect::kLenient && !read.maybe_ambiguous;
  if (dialect != Dialect::kRfc9309 && dialect != Dialect::kCommonCrawl && !lenient) return nullptr;
  if (agent.size() > kAgentBytesMax) return nullptr;
  const Asker* asker = askers_.load(std::memory_order_acquire);
  for (; asker != nullptr; asker = asker->next.get()) {
    if (asker->rules.IsFor(agent, dialect)) return &asker->rules;
  }
  if (asked_.fetch_add(1, std::memory_order_relaxed) < kAskedBefore) return nullptr;
  const std::lock_guard lock(askers_mutex_);
  if (asker_count_ == kAskersMax) return nullptr;
  ++asker_count_;
  auto made = std::make_unique<Asker>(read, agent, dialect);
  made->next = std::move(first_asker_);
  first_asker_ = std::move(made);
  askers_.store(first_asker_.get(), std::memory_order_release);
  return &first_asker_->rules;
}

void RobotsTxt::HoldIn(PathSieve& sieve) const {
  internal::PathPattern own;
  own.text = "/robots.txt";
  sieve.Hold(own);
  for (const Record& record : data_->read.records) {
    if (record.rule_in != 0) sieve.Hold(internal::PatternOf(data_->read, record, false));
  }
  for (const internal::FamilyLine& line : data_->derived().family_lines) {
    if (line.has_path) sieve.Hold(line.path);
  }
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

const internal::RobotsRecords& RobotsTxt::records(Dialect dialect) const {
  return data_->read_for(dialect);
}

bool RobotsTxt::reads_one_way() const {
  return data_->one_way;
}

std::size_t RobotsTxt::held_bytes() const {
  // The derived parts are counted as if they were there: a cache must not be surprised by them.
  return sizeof(Data) + data_->body.size() + data_->whole.size() + data_->arena.held_bytes() +
         data_->read.records.capacity() *
             (sizeof(Record) + sizeof(Signal) + 32 + internal::CicFile::kBytesPerLine +
              internal::NamedOperators::kBytesPerLine) +
         data_->read.agent_lines.capacity() * sizeof(std::uint32_t) +
         data_->read.patterns.capacity() * sizeof(internal::RulePattern) +
         Data::AskersBytesMax(data_->read.records.size());
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

const internal::NamedOperators& RobotsTxt::Data::operators(Dialect dialect) const {
  const std::size_t which = internal::BitOf(dialect) >> 1;
  std::call_once(operators_once_[which], [&] {
    operators_[which] = std::make_unique<internal::NamedOperators>(read_for(dialect), read,
                                                                   derived().agents, dialect);
  });
  return *operators_[which];
}

void RobotsTxt::RefusedOperators(std::string_view path_and_query, Dialect dialect,
                                 std::vector<OperatorRefusal>& refusals_out) const {
  const std::string_view path = path_and_query.empty() ? "/" : path_and_query;
  const internal::NamedOperators& named = data_->operators(dialect);
  if (named.list().empty()) return;
  const bool two_readings = named.uses_lenient() || dialect == Dialect::kLenient;
  if (!internal::IsCic(dialect) && !(two_readings && data_->read.maybe_ambiguous)) {
    const std::string_view normal = internal::NormaliseRfcPath(path, PathScratch());
    return named.Refused(path, normal, refusals_out);
  }
  // Readings that no list of groups knows: one question an operator.
  for (const internal::NamedOperators::Named& one : named.list()) {
    const RobotsAnswer answer = Answer(one.name, path, one.lenient ? Dialect::kLenient : dialect);
    if (!answer.allowed && answer.by_name && answer.line != 0) {
      refusals_out.push_back({one.agent, answer.line});
    }
  }
}

const internal::Derived& RobotsTxt::Data::derived() const {
  std::call_once(once_, [this] {
    derived_ = std::make_unique<internal::Derived>(derived_arena_);
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
