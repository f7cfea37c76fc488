#include "index/diff.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/digest.h"
#include "index/internal/host_walk.h"
#include "index/internal/in_order.h"
#include "index/internal/target.h"
#include "index/limits.h"
#include "page/public_suffix.h"
#include "robots/agents.h"
#include "robots/compare_files.h"

namespace crawlcard::index {
namespace {

using robots::FetchState;
using Parsed = std::shared_ptr<const robots::ParsedFile>;  // shared with the store's cache

// How much a value lets a reader do: nothing said stands between a grant and a restriction.
int Strictness(robots::Says says) {
  switch (says) {
    case robots::Says::kAllow:
      return 0;
    case robots::Says::kNothing:
      return 1;
    case robots::Says::kLimited:
      return 2;
    case robots::Says::kConditional:
      return 3;
    case robots::Says::kDeny:
      return 4;
  }
  return 1;
}

int Sign(int number) {
  return number > 0 ? 1 : number < 0 ? -1 : 0;
}

// A side as rows can be compared with it.
struct Side {
  std::optional<UnixSeconds> instant;
  std::set<std::uint64_t> files;  // of the snapshot

  bool Sees(const Observation& seen) const {
    return instant ? seen.date <= *instant : files.contains(seen.file_id);
  }
};

// The last observation of one file of one origin on each side.
struct Pair {
  std::string prefix;
  robots::WellKnown file = robots::WellKnown::kRobotsTxt;
  std::optional<Observation> before;
  std::optional<Observation> after;
};

// About, in memory.
std::size_t BytesOf(const HostDiff& host) {
  std::size_t bytes = sizeof host;
  for (const SignalDiff& signal : host.signals) {
    bytes += sizeof signal + signal.origin.size() + signal.agent.size();
    for (const ChangedLine& line : signal.lines) {
      bytes += sizeof line + line.text.size() + line.path.size();
    }
  }
  return bytes;
}

// Nothing was said there; unset where that is not known.
std::optional<bool> IsAbsent(const Observation& seen) {
  if (seen.state == FetchState::kOkEmpty || seen.state == FetchState::kUnavailable) return true;
  if (seen.state != FetchState::kOk) return std::nullopt;
  return seen.body_sha256.empty();
}

class DiffVisitor final : public GroupVisitor {
 public:
  DiffVisitor(const Store::Impl& store, const DiffOptions& options, const Side& from,
              const Side& to, InOrder<HostDiff>& hosts, std::size_t range)
      : store_(store), options_(options), from_(from), to_(to), hosts_(hosts), range_(range) {}

  Status OnGroup(GroupReader& group) override;
  Status OnEnd(bool good) override { return hosts_.End(range_, good); }

  DiffSummary summary;  // the counts of files alone

 private:
  Status Compare(GroupReader& group, const Pair& pair);
  Result<Parsed> Get(GroupReader& group, robots::WellKnown file, const std::string& digest);
  HostDiff& HostOf(std::string_view prefix);

  const Store::Impl& store_;
  const DiffOptions& options_;
  const Side& from_;
  const Side& to_;
  InOrder<HostDiff>& hosts_;
  const std::size_t range_;
  std::map<std::string, HostDiff, std::less<>> found_;  // of the group, by exact host
};

// --- one file -----------------------------------------------------------------------------------

// Gathers lines by family and agent.
class Signals {
 public:
  Signals(std::string origin, robots::WellKnown file, bool absent_before, bool absent_after)
      : origin_(std::move(origin)),
        file_(robots::WellKnownName(file)),
        absent_before_(absent_before),
        absent_after_(absent_after) {}

  void Take(const robots::FileChange& change);
  std::vector<SignalDiff> Finish();

 private:
  struct Gathered {
    SignalDiff diff;
    bool came = false;  // something was said anew
    bool went = false;
    bool stayed = false;
    bool stricter = false;
    bool looser = false;
  };
  Gathered& At(robots::Family family, const std::string& agent) {
    return gathered_[{family, agent}];
  }
  static void Add(Gathered& gathered, ChangedLine line) {
    constexpr std::size_t kLinesMax = 20;
    gathered.stricter = gathered.stricter || line.stricter > 0;
    gathered.looser = gathered.looser || line.stricter < 0;
    if (gathered.diff.lines.size() < kLinesMax) {
      gathered.diff.lines.push_back(std::move(line));
    } else {
      gathered.diff.cut = true;
    }
  }
  void TakeRules(const robots::AgentChange& change, const std::string& agent);
  void TakePreference(const robots::PreferenceChange& change, const std::string& agent);
  void TakeStatement(const robots::StatementChange& change);
  SignalChange ChangeOf(const Gathered& gathered) const;

  const std::string origin_;
  const std::string file_;
  const bool absent_before_;
  const bool absent_after_;
  std::map<std::pair<robots::Family, std::string>, Gathered> gathered_;
};

void Signals::TakeRules(const robots::AgentChange& change, const std::string& agent) {
  const bool matters = std::any_of(change.rules.begin(), change.rules.end(),
                                   [](const auto& rule) { return !rule.path.empty(); });
  if (!matters && !absent_before_ && !absent_after_) return;
  Gathered& gathered = At(robots::Family::kRobots, agent);
  gathered.stayed = true;
  for (const robots::RuleChange& rule : change.rules) {
    ChangedLine line{(rule.gone ? "- " : "+ ") + rule.rule, rule.path, 0, robots::Axis::kCrawl};
    if (!rule.path.empty()) line.stricter = rule.allowed_before - rule.allowed_after;
    Add(gathered, std::move(line));
  }
}

void Signals::TakePreference(const robots::PreferenceChange& change, const std::string& agent) {
  Gathered& gathered = At(change.family, agent);
  gathered.came = gathered.came || !change.before;
  gathered.went = gathered.went || !change.after;
  gathered.stayed = gathered.stayed || (change.before && change.after);
  const auto told = [](const auto& value) { return value ? value->value : std::string("nothing"); };
  const auto says = [](const auto& value) { return value ? value->says : robots::Says::kNothing; };
  ChangedLine line;
  line.text = change.key + ": " + told(change.before) + ", now " + told(change.after);
  line.path = change.path;
  line.stricter = Sign(Strictness(says(change.after)) - Strictness(says(change.before)));
  line.use = change.use;
  Add(gathered, std::move(line));
}

void Signals::TakeStatement(const robots::StatementChange& change) {
  Gathered& gathered = At(change.family, change.agent);
  (change.gone ? gathered.went : gathered.came) = true;
  ChangedLine line;
  line.text = (change.gone ? "- " : "+ ") + change.key + ": " + change.value;
  line.path = change.scope;
  const int stricter = Sign(Strictness(change.says) - Strictness(robots::Says::kNothing));
  line.stricter = change.gone ? -stricter : stricter;
  line.use = change.use;
  Add(gathered, std::move(line));
}

void Signals::Take(const robots::FileChange& change) {
  for (const robots::AgentChange& one : change.agents) {
    for (const std::string& agent : one.agents) {
      TakeRules(one, agent);
      for (const robots::PreferenceChange& preference : one.preferences) {
        TakePreference(preference, agent);
      }
    }
  }
  for (const robots::StatementChange& statement : change.statements) TakeStatement(statement);
  // A file that came or went with nothing in it that anybody is told otherwise.
  if (gathered_.empty() && absent_before_ != absent_after_ && file_ == "robots.txt") {
    At(robots::Family::kRobots, "*");
  }
  if (!change.cut) return;
  for (auto& [key, gathered] : gathered_) gathered.diff.cut = true;
}

SignalChange Signals::ChangeOf(const Gathered& gathered) const {
  if (absent_before_) return SignalChange::kAppeared;
  if (absent_after_) return SignalChange::kVanished;
  if (!gathered.stayed && gathered.came != gathered.went) {
    return gathered.came ? SignalChange::kAppeared : SignalChange::kVanished;
  }
  if (gathered.stricter != gathered.looser) {
    return gathered.stricter ? SignalChange::kTightened : SignalChange::kLoosened;
  }
  return SignalChange::kMixed;
}

std::vector<SignalDiff> Signals::Finish() {
  std::vector<SignalDiff> signals;
  for (auto& [key, gathered] : gathered_) {
    SignalDiff& diff = gathered.diff;
    diff.origin = origin_;
    diff.file = file_;
    diff.family = key.first;
    diff.agent = key.second;
    if (const robots::Agent* agent = robots::FindAgent(key.second)) {
      diff.operator_name = robots::TheAgents().CurrentOf(*agent).operator_name;
    }
    diff.change = ChangeOf(gathered);
    diff.stricter = int{gathered.stricter} - int{gathered.looser};
    signals.push_back(std::move(diff));
  }
  return signals;
}

// --- one group ----------------------------------------------------------------------------------

Result<Parsed> DiffVisitor::Get(GroupReader& group, robots::WellKnown file,
                                const std::string& digest) {
  if (digest.empty()) return store_.parsed_files().Get(file, "none", "");
  CRAWLCARD_ASSIGN(const std::string_view bytes, group.blobs().Read(digest));
  return store_.parsed_files().Get(file, "sha256:" + Hex(digest), bytes);
}

HostDiff& DiffVisitor::HostOf(std::string_view prefix) {
  HostOriginView origin;
  if (!DecodeOriginPrefix(prefix, origin)) origin.host = prefix;
  const auto found = found_.find(origin.host);
  if (found != found_.end()) return found->second;
  HostDiff host;
  host.host = origin.host;
  host.domain = page::RegistrableDomain(origin.host);
  return found_.emplace(host.host, std::move(host)).first->second;
}

Status DiffVisitor::Compare(GroupReader& group, const Pair& pair) {
  if (!pair.after) return {};
  if (!pair.before) {
    ++summary.files_new;
    return {};
  }
  const std::optional<bool> none_before = IsAbsent(*pair.before);
  const std::optional<bool> none_after = IsAbsent(*pair.after);
  if (!none_before || !none_after) {
    ++summary.files_unknown;
    return {};
  }
  ++summary.files_compared;
  const std::string before = *none_before ? std::string() : pair.before->body_sha256;
  const std::string after = *none_after ? std::string() : pair.after->body_sha256;
  if (before == after) return {};
  CRAWLCARD_ASSIGN(const Parsed one, Get(group, pair.file, before));
  CRAWLCARD_ASSIGN(const Parsed other, Get(group, pair.file, after));
  // Nothing of the right kind in it: verdicts take it so, too.
  const bool absent_before = !robots::HasContent(*one);
  const bool absent_after = !robots::HasContent(*other);
  const robots::FileChange change =
      robots::CompareFiles(*one, *other, {options_.dialect, options_.agents});
  if (change.changed != robots::Changed::kMeaning && absent_before == absent_after) return {};
  Signals signals(OriginText(pair.prefix), pair.file, absent_before, absent_after);
  signals.Take(change);
  std::vector<SignalDiff> made = signals.Finish();
  if (made.empty()) return {};
  HostDiff& host = HostOf(pair.prefix);
  std::move(made.begin(), made.end(), std::back_inserter(host.signals));
  return {};
}

Status DiffVisitor::OnGroup(GroupReader& group) {
  found_.clear();
  Pair pair;
  const auto take = [&](std::string_view prefix, const Observation& seen) -> Status {
    if (prefix != pair.prefix || seen.file != pair.file) {
      CRAWLCARD_TRY(Compare(group, pair));
      pair = {std::string(prefix), seen.file, std::nullopt, std::nullopt};
    }
    if (from_.Sees(seen)) pair.before = seen;
    if (to_.Sees(seen)) pair.after = seen;
    return {};
  };
  CRAWLCARD_TRY(group.history().ForEach(take));
  CRAWLCARD_TRY(Compare(group, pair));
  if (found_.empty()) return {};
  CRAWLCARD_ASSIGN(const HostWeights* const weights, group.Weights());
  for (auto& [name, host] : found_) {
    if (const auto weight = weights->find(name); weight != weights->end()) {
      host.pages = weight->second.pages;
      host.bytes = weight->second.bytes;
    }
    const std::size_t bytes = BytesOf(host);
    CRAWLCARD_TRY(hosts_.Put(range_, std::move(host), bytes));
  }
  return {};
}

// --- all of them --------------------------------------------------------------------------------

Result<Side> SideOf(const Store::Impl& store, const DiffSide& asked) {
  Side side;
  side.instant = asked.instant;
  if (side.instant) return side;
  CRAWLCARD_TRY(store.ForEachFile([&](std::uint64_t id, FileEntry&& entry) -> Status {
    if (entry.snapshot == asked.snapshot) side.files.insert(id);
    return {};
  }));
  if (!side.files.empty()) return side;
  return Fail(ErrorCode::kNotFound,
              "'{}' is no date, and no file of the index is of a snapshot of "
              "that name",
              asked.name);
}

Result<std::vector<std::string>> GroupsOf(const std::vector<std::string>& hosts) {
  std::set<std::string> groups;
  for (const std::string& host : hosts) {
    CRAWLCARD_ASSIGN(Target target, ParseTarget(host));
    groups.insert(std::move(target.group));
  }
  return std::vector<std::string>(groups.begin(), groups.end());
}

// Adds hosts, which come in key order: those of a domain are neighbours.
class Totals {
 public:
  void Add(const HostDiff& host, DiffSummary& summary) {
    ++summary.hosts_changed;
    summary.domains_changed += host.domain != domain_ ? 1U : 0U;
    summary.pages += host.pages;
    summary.bytes += host.bytes;
    domain_ = host.domain;
    std::set<Key> seen;
    for (const SignalDiff& signal : host.signals) {
      const Key key{signal.family, signal.agent, signal.change};
      if (!seen.insert(key).second) continue;
      Sum& sum = sums_[key];
      sum.total.family = signal.family;
      sum.total.agent = signal.agent;
      sum.total.operator_name = signal.operator_name;
      sum.total.change = signal.change;
      ++sum.total.hosts;
      sum.total.domains += host.domain != sum.domain ? 1U : 0U;
      sum.total.pages += host.pages;
      sum.total.bytes += host.bytes;
      sum.domain = host.domain;
    }
  }
  std::vector<DiffTotal> Finish() {
    std::vector<DiffTotal> totals;
    for (auto& [key, sum] : sums_) totals.push_back(std::move(sum.total));
    return totals;
  }

 private:
  using Key = std::tuple<robots::Family, std::string, SignalChange>;
  struct Sum {
    DiffTotal total;
    std::string domain;  // of the last host
  };
  std::string domain_;
  std::map<Key, Sum> sums_;
};

}  // namespace

std::string_view SignalChangeName(SignalChange change) {
  switch (change) {
    case SignalChange::kAppeared:
      return "appeared";
    case SignalChange::kTightened:
      return "tightened";
    case SignalChange::kLoosened:
      return "loosened";
    case SignalChange::kMixed:
      return "mixed";
    case SignalChange::kVanished:
      return "vanished";
  }
  return "";
}

Result<DiffSummary> Diff(const Store& store, const DiffOptions& options,
                         const std::function<Status(const HostDiff&)>& on_host) {
  const Store::Impl& impl = store.impl();
  CRAWLCARD_ASSIGN(const Side from, SideOf(impl, options.from));
  CRAWLCARD_ASSIGN(const Side to, SideOf(impl, options.to));
  CRAWLCARD_ASSIGN(const std::vector<std::string> groups, GroupsOf(options.hosts));
  CRAWLCARD_ASSIGN(const std::shared_ptr<const FileTable> files, impl.Files(options.known_by));
  DiffSummary summary;
  Totals totals;
  InOrder<HostDiff> hosts(
      [&](const HostDiff& host) {
        totals.Add(host, summary);
        return on_host(host);
      },
      kWalkHeldBytes);
  std::size_t ranges = 0;
  CRAWLCARD_ASSIGN(const auto visitors, WalkHosts(impl, *files, groups, options.jobs, [&] {
                     return std::make_unique<DiffVisitor>(impl, options, from, to, hosts, ranges++);
                   }));
  for (const auto& visitor : visitors) {
    const auto& part = static_cast<const DiffVisitor&>(*visitor);
    summary.files_compared += part.summary.files_compared;
    summary.files_new += part.summary.files_new;
    summary.files_unknown += part.summary.files_unknown;
  }
  summary.totals = totals.Finish();
  return summary;
}

}  // namespace crawlcard::index
