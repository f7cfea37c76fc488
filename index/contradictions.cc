// Where the files of one origin say opposite things about the same use to the same agent.
#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "index/diff.h"
#include "index/internal/host_walk.h"
#include "index/internal/in_order.h"
#include "index/internal/target.h"
#include "page/public_suffix.h"
#include "robots/agents.h"
#include "robots/axes.h"

namespace crawlcard::index {
namespace {

using robots::Axis;
using robots::Family;
using robots::Says;
using robots::Statement;

constexpr std::array<Axis, 8> kUses{Axis::kCrawl,   Axis::kTrain,  Axis::kTrainAny, Axis::kAiInput,
                                    Axis::kAiIndex, Axis::kSearch, Axis::kTdm,      Axis::kArchive};
constexpr std::string_view kEverybody = "*";

// What one statement says about a use, or kNothing. A rule of robots.txt is about fetching, and for
// an agent of the registry about what that agent fetches for: not for a search engine's use when a
// training crawler is refused.
Says SaysOf(const Statement& statement, Axis use) {
  const robots::Signal& signal = statement.signal;
  Axis about = signal.use;
  if (signal.family == Family::kRobots && signal.agent != kEverybody && use != Axis::kCrawl) {
    const robots::Agent* agent = robots::FindAgent(signal.agent);
    about = agent == nullptr ? Axis::kNone : robots::AxisOfPurpose(agent->purpose);
  }
  if (about == use) return signal.says;
  // Permissions are never widened.
  return signal.says != Says::kAllow && robots::Contains(about, use) ? signal.says : Says::kNothing;
}

bool IsAddressed(const Statement& statement, std::string_view agent) {
  return statement.signal.agent == agent || statement.signal.agent == kEverybody ||
         statement.signal.agent.empty();
}

robots::Reason ReasonOf(const Statement& statement) {
  const robots::Signal& signal = statement.signal;
  robots::Reason reason;
  reason.family = signal.family;
  reason.carrier = signal.carrier;
  reason.says = signal.says;
  reason.use = signal.use;
  reason.agent = signal.agent;
  reason.key = signal.key;
  reason.scope = signal.scope;
  reason.location = signal.location;
  reason.raw = signal.raw;
  if (statement.evidence != nullptr) reason.evidence = *statement.evidence;
  return reason;
}

struct FoundOrigin {
  OriginContradictions origin;
  bool is_first_of_host = false;
};

// About, with the texts of both reasons.
constexpr std::size_t kContradictionBytes = sizeof(Contradiction) + 512;

class ContradictionVisitor final : public GroupVisitor {
 public:
  ContradictionVisitor(const ContradictionOptions& options, InOrder<FoundOrigin>& found,
                       std::size_t range)
      : options_(options), found_(found), range_(range) {}

  Status OnGroup(GroupReader& group) override;
  Status OnEnd(bool good) override { return found_.End(range_, good); }

  std::uint64_t origins = 0;

 private:
  void Look(const robots::OriginSignals& signals, const std::string& url,
            std::vector<Contradiction>& out);
  robots::Question Collect(const robots::OriginSignals& signals, const std::string& url,
                           std::string_view agent);
  // In what was collected for the agent.
  std::optional<Contradiction> Between(robots::Question question, Axis use) const;

  const ContradictionOptions& options_;
  InOrder<FoundOrigin>& found_;
  const std::size_t range_;
  std::vector<Statement> statements_;
  std::vector<robots::Coverage> coverage_;
};

robots::Question ContradictionVisitor::Collect(const robots::OriginSignals& signals,
                                               const std::string& url, std::string_view agent) {
  robots::Question question;
  question.agents = {std::string(agent)};
  question.dialect = options_.dialect;
  statements_.clear();
  coverage_.clear();
  signals.Collect(url, question, statements_, coverage_);
  return question;
}

// A refusal and a grant of another family. For an agent that is named, one of the two has to name
// it: what everybody is told is found once, for everybody.
std::optional<Contradiction> ContradictionVisitor::Between(robots::Question question,
                                                           Axis use) const {
  const std::string agent = question.agents.front();
  question.use = use;
  // Inside a family the stricter statement stands (signals.md 12.1).
  const auto refuses = [&](Family family) {
    return std::any_of(statements_.begin(), statements_.end(), [&](const Statement& one) {
      return one.signal.family == family && IsAddressed(one, agent) &&
             SaysOf(one, use) == Says::kDeny;
    });
  };
  const auto named = [&](const Statement& one) {
    return agent == kEverybody || one.signal.agent == agent;
  };
  for (const Statement& denial : statements_) {
    if (!IsAddressed(denial, agent) || SaysOf(denial, use) != Says::kDeny) continue;
    for (const Statement& grant : statements_) {
      if (grant.signal.family == denial.signal.family || !IsAddressed(grant, agent) ||
          SaysOf(grant, use) != Says::kAllow || refuses(grant.signal.family) ||
          (!named(denial) && !named(grant))) {
        continue;
      }
      const robots::Verdict verdict =
          robots::Judge(question, statements_, coverage_, options_.policy);
      Contradiction against;
      against.use = use;
      against.agent = agent;
      against.denies = ReasonOf(denial);
      against.allows = ReasonOf(grant);
      against.decision = verdict.decision;
      if (!verdict.reasons.empty()) against.clause = verdict.reasons.front().clause;
      return against;
    }
  }
  return std::nullopt;
}

void ContradictionVisitor::Look(const robots::OriginSignals& signals, const std::string& url,
                                std::vector<Contradiction>& out) {
  Collect(signals, url, kEverybody);
  // What is refused to others is among the statements, with their names.
  std::set<std::string> agents{std::string(kEverybody)};
  for (const Statement& one : statements_) {
    if (robots::FindAgent(one.signal.agent) != nullptr) agents.emplace(one.signal.agent);
  }
  for (const std::string& agent : agents) {
    const robots::Question question = Collect(signals, url, agent);
    std::set<Family> families;
    for (const Statement& one : statements_) {
      if (one.signal.says != Says::kNothing) families.insert(one.signal.family);
    }
    if (families.size() < 2) continue;
    for (const Axis use : kUses) {
      if (std::optional<Contradiction> one = Between(question, use)) {
        out.push_back(std::move(*one));
      }
    }
  }
}

Status ContradictionVisitor::OnGroup(GroupReader& group) {
  const UnixSeconds as_of = options_.as_of.value_or(std::numeric_limits<UnixSeconds>::max() - 1);
  std::set<std::string> prefixes;
  std::set<std::string> hosts;
  CRAWLCARD_TRY(group.history().ForEach([&](std::string_view prefix, const Observation&) -> Status {
    prefixes.emplace(prefix);
    return {};
  }));
  for (const std::string& prefix : prefixes) {
    ++origins;
    CRAWLCARD_ASSIGN(const robots::OriginSignals* const signals,
                     group.history().InForce(prefix, as_of));
    OriginContradictions one;
    one.origin = OriginText(prefix);
    Look(*signals, one.origin + "/", one.contradictions);
    if (one.contradictions.empty()) continue;
    HostOriginView origin;
    if (DecodeOriginPrefix(prefix, origin)) one.host = origin.host;
    one.domain = page::RegistrableDomain(one.host);
    CRAWLCARD_ASSIGN(const HostWeights* const weights, group.Weights());
    if (const auto weight = weights->find(one.host); weight != weights->end()) {
      one.pages = weight->second.pages;
      one.bytes = weight->second.bytes;
    }
    const std::size_t bytes = sizeof one + one.contradictions.size() * kContradictionBytes;
    const bool is_first = hosts.insert(one.host).second;
    CRAWLCARD_TRY(found_.Put(range_, {std::move(one), is_first}, bytes));
  }
  return {};
}

}  // namespace

Result<ContradictionSummary> FindContradictions(
    const Store& store, const ContradictionOptions& options,
    const std::function<Status(const OriginContradictions&)>& on_origin) {
  const Store::Impl& impl = store.impl();
  std::set<std::string> groups;
  for (const std::string& host : options.hosts) {
    CRAWLCARD_ASSIGN(Target target, ParseTarget(host));
    groups.insert(std::move(target.group));
  }
  CRAWLCARD_ASSIGN(const std::shared_ptr<const FileTable> files, impl.Files(options.known_by));
  ContradictionSummary summary;
  InOrder<FoundOrigin> found(
      [&](const FoundOrigin& one) {
        ++summary.origins_contradictory;
        if (one.is_first_of_host) {
          summary.pages += one.origin.pages;
          summary.bytes += one.origin.bytes;
        }
        return on_origin(one.origin);
      },
      kWalkHeldBytes);
  std::size_t ranges = 0;
  CRAWLCARD_ASSIGN(const auto visitors,
                   WalkHosts(impl, *files, {groups.begin(), groups.end()}, options.jobs, [&] {
                     return std::make_unique<ContradictionVisitor>(options, found, ranges++);
                   }));
  for (const auto& visitor : visitors) {
    summary.origins += static_cast<const ContradictionVisitor&>(*visitor).origins;
  }
  return summary;
}

}  // namespace crawlcard::index
