#include "robots/origin.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "robots/agents.h"
#include "robots/internal/parsed_file.h"
#include "robots/internal/url.h"
#include "robots/robots_fetch.h"

namespace crawlcard::robots {
namespace {

constexpr std::array<std::string_view, 5> kStateNames = {"ok", "ok-empty", "unavailable",
                                                         "unreachable", "redirect"};
// Files that an answer names even when nobody asked for them.
constexpr std::array<WellKnown, 4> kExpectedFiles = {WellKnown::kRobotsTxt, WellKnown::kTdmrep,
                                                     WellKnown::kAiTxt, WellKnown::kTrustTxt};
constexpr std::array<std::string_view, 1> kOrderConflict = {"tdmrep.order_conflict"};

struct LoadedFile {
  FileObservation observation;
  // Shared with the cache and with other origins that serve the same bytes.
  std::shared_ptr<const ParsedFile> parsed;
  std::shared_ptr<const Evidence> unread;  // where it was not kOk
};

// Statements of one file about one URL.
class Collector {
 public:
  Collector(const LoadedFile& file, std::string_view path, const Question& question,
            std::vector<Statement>& out)
      : file_(file), path_(path), question_(question), out_(out) {}

  void Robots(const RobotsTxt& robots) {
    for (const std::string& agent : question_.agents) {
      Asker(robots, agent);
      RobotsPreferences(robots, agent);
    }
    refusals_.clear();
    robots.RefusedOperators(path_, question_.dialect, refusals_);
    for (const OperatorRefusal& refusal : refusals_) {
      if (IsAsker(refusal.agent->token)) continue;
      Add(SignalOf(robots, {false, true, refusal.line}, refusal.agent->token));
    }
  }

  void Tdmrep(const TdmrepFile& tdmrep) {
    const TdmrepMatch match = tdmrep.Match(path_);
    if (match.rule != nullptr) {
      // Rules and signals stand in the same order.
      Signal signal =
          file_.parsed->signals()[static_cast<std::size_t>(match.rule - tdmrep.rules().data())];
      if (match.order_conflict) {
        signal.flags = kOrderConflict;
        if (match.longest->reservation == Reservation::kReserved) signal.careful = Says::kDeny;
      }
      Add(signal);
    } else if (!tdmrep.lenient_rules().empty()) {
      Add(file_.parsed->signals().back());
    }
  }

  void Spawning(std::span<const SpawningRule> rules) {
    const SpawningRule* rule = MatchSpawning(rules, path_);
    if (rule == nullptr) return;
    Signal signal = file_.parsed->signals()[static_cast<std::size_t>(rule - rules.data())];
    signal.agent = "*";
    Add(signal);
  }

  void Car(const CarFile& car) {
    for (const std::string& agent : question_.agents) {
      for (const CarPolicy* policy : CarPoliciesFor(car, agent)) {
        Signal signal =
            file_.parsed->signals()[static_cast<std::size_t>(policy - car.policies.data())];
        signal.says = CarTraining(car, *policy, path_);
        Add(signal);
      }
    }
  }

  void Rest() {
    for (const Signal& signal : file_.parsed->signals()) Add(signal);
  }

 private:
  void Add(const Signal& signal) { out_.push_back({signal, &file_.observation.evidence}); }

  bool IsAsker(std::string_view token) const {
    return std::any_of(question_.agents.begin(), question_.agents.end(),
                       [&](const std::string& own) { return EqualsIgnoreCase(own, token); });
  }

  static Signal SignalOf(const RobotsTxt& robots, const RobotsAnswer& decision,
                         std::string_view agent) {
    Signal signal;
    const Signal* rule = robots.FindSignal(decision.line);
    if (rule != nullptr) signal = *rule;
    signal.family = Family::kRobots;
    signal.carrier = Carrier::kRobotsTxt;
    signal.use = Axis::kCrawl;
    signal.says = decision.allowed ? Says::kAllow : Says::kDeny;
    signal.careful = Says::kNothing;
    signal.agent = agent;
    return signal;
  }

  // The rule that decides for one token of the asker.
  void Asker(const RobotsTxt& robots, std::string_view agent) {
    const RobotsAnswer decision = robots.Answer(agent, path_, question_.dialect);
    const std::string_view named = decision.by_name ? agent : std::string_view("*");
    if (decision.line != 0) Add(SignalOf(robots, decision, named));
    if (!decision.allowed || question_.dialect == Dialect::kLenient) return;
    const bool read_alike =
        question_.dialect == Dialect::kRfc9309 || question_.dialect == Dialect::kCommonCrawl;
    if (read_alike && robots.reads_one_way()) return;
    const RobotsAnswer lenient = robots.Answer(agent, path_, Dialect::kLenient);
    if (lenient.allowed) return;
    Signal careful = SignalOf(robots, lenient, lenient.by_name ? agent : std::string_view("*"));
    careful.says = Says::kNothing;
    careful.careful = Says::kDeny;
    Add(careful);
  }

  void RobotsPreferences(const RobotsTxt& robots, std::string_view agent) {
    selected_.clear();
    robots.SelectSignals(agent, path_, question_.dialect, selected_);
    for (const Signal& signal : selected_) Add(signal);
  }

  const LoadedFile& file_;
  std::string_view path_;
  const Question& question_;
  std::vector<Statement>& out_;
  std::vector<Signal>& selected_ = Scratch().selected;
  std::vector<OperatorRefusal>& refusals_ = Scratch().refusals;

  // Kept by the thread: a collector is made for each file and URL.
  struct Lists {
    std::vector<Signal> selected;
    std::vector<OperatorRefusal> refusals;
  };
  static Lists& Scratch() {
    thread_local Lists lists;
    return lists;
  }
};

// The outcome in the eyes of the dialect. Archives hold no other outcome that Common Crawl's policy
// reads differently: what it defers stays unreachable, so that nothing is cleared.
FetchState StateIn(Dialect dialect, const FileObservation& seen) {
  if (seen.file != WellKnown::kRobotsTxt || seen.state != FetchState::kUnreachable) {
    return seen.state;
  }
  if (dialect != Dialect::kCommonCrawl || !seen.no_answer) return seen.state;
  const FetchRules rules = FetchRulesOf(FetchPolicyOf(dialect));
  return rules.network == OnFailure::kAllow ? FetchState::kUnavailable : seen.state;
}

}  // namespace

std::string_view FetchStateName(FetchState state) {
  return kStateNames[static_cast<std::size_t>(state)];
}

FetchState FetchStateFromStatus(std::uint16_t status) {
  if (status >= 200 && status < 300) return FetchState::kOk;
  if (status >= 300 && status < 400) return FetchState::kRedirect;
  // 429 asks for less, not for everything: the careful side (docs/formats/signals.md 1.2).
  if (status >= 400 && status < 500 && status != 429) return FetchState::kUnavailable;
  return FetchState::kUnreachable;
}

struct OriginSignals::Impl {
  std::vector<LoadedFile> files;

  const LoadedFile* Find(WellKnown file) const {
    for (const LoadedFile& one : files) {
      if (one.observation.file == file) return &one;
    }
    return nullptr;
  }

  // ai.json is preferred to its text twin, and trust.txt at the root to the other place.
  bool Superseded(WellKnown file) const {
    const WellKnown preferred = file == WellKnown::kWellKnownAiTxt ? WellKnown::kWellKnownAiJson
                                : file == WellKnown::kWellKnownTrustTxt ? WellKnown::kTrustTxt
                                                                        : file;
    if (preferred == file) return false;
    const LoadedFile* other = Find(preferred);
    return other != nullptr && other->parsed != nullptr && !other->parsed->signals().empty();
  }

  // What `file` says about one path.
  void Statements(const LoadedFile& file, std::string_view path, std::string_view google_path,
                  const Question& question, std::vector<Statement>& out) const;
};

OriginSignals::OriginSignals(std::vector<FileObservation> observations, ParsedFileCache& cache)
    : impl_(std::make_unique<Impl>()) {
  impl_->files.reserve(observations.size());
  for (FileObservation& observation : observations) {
    LoadedFile file;
    if (observation.state == FetchState::kOk) {
      file.parsed = cache.Get(observation.file, observation.evidence.digest, observation.body);
      if (!file.parsed->has_content()) observation.state = FetchState::kOkEmpty;
      observation.body.clear();
      observation.body.shrink_to_fit();
    }
    if (observation.state != FetchState::kOk && !observation.evidence.file.empty()) {
      file.unread = std::make_shared<const Evidence>(observation.evidence);
    }
    file.observation = std::move(observation);
    impl_->files.push_back(std::move(file));
  }
}

OriginSignals::~OriginSignals() = default;
OriginSignals::OriginSignals(OriginSignals&&) noexcept = default;

void OriginSignals::Impl::Statements(const LoadedFile& file, std::string_view path,
                                     std::string_view google_path, const Question& question,
                                     std::vector<Statement>& out) const {
  if (file.parsed == nullptr || Superseded(file.observation.file)) return;
  const bool google = !google_path.empty() && file.parsed->robots() != nullptr;
  Collector collector(file, google ? google_path : path, question, out);
  if (file.parsed->robots() != nullptr) {
    collector.Robots(*file.parsed->robots());
  } else if (file.parsed->tdmrep() != nullptr) {
    collector.Tdmrep(*file.parsed->tdmrep());
  } else if (file.parsed->car() != nullptr) {
    collector.Car(*file.parsed->car());
  } else if (!file.parsed->spawning().empty()) {
    collector.Spawning(file.parsed->spawning());
  } else {
    collector.Rest();
  }
}

void OriginSignals::CollectStatements(std::string_view path, const Question& question,
                                      std::vector<Statement>& statements_out) const {
  // A path that begins with a slash is its own in the eyes of Google's parser, too.
  const std::string_view google = question.dialect == Dialect::kGoogle ? path : std::string_view();
  for (const LoadedFile& file : impl_->files) {
    impl_->Statements(file, path, google, question, statements_out);
  }
}

PathSieve OriginSignals::Sieve(Dialect dialect) const {
  PathSieve sieve;
  const bool by_rfc = dialect == Dialect::kRfc9309 || dialect == Dialect::kCommonCrawl ||
                      dialect == Dialect::kLenient;
  if (!by_rfc) sieve.HoldAny();
  for (const LoadedFile& file : impl_->files) {
    if (file.parsed == nullptr) continue;
    const ParsedFile& parsed = *file.parsed;
    if (parsed.robots() != nullptr) parsed.robots()->HoldIn(sieve);
    const bool other = parsed.tdmrep() != nullptr || parsed.car() != nullptr;
    if (other || !parsed.spawning().empty()) sieve.HoldAny();
  }
  return sieve;
}

void OriginSignals::Collect(std::string_view url, const Question& question,
                            std::vector<Statement>& statements_out,
                            std::vector<Coverage>& coverage_out) const {
  const std::string path = internal::PathAndQuery(url);
  // Google's parser cuts the path out of a URL in its own way.
  const std::string google_path =
      question.dialect == Dialect::kGoogle ? GooglePathOf(url) : std::string();
  for (const LoadedFile& file : impl_->files) {
    const FileObservation& seen = file.observation;
    Coverage coverage;
    coverage.carrier = WellKnownName(seen.file);
    coverage.state = FetchStateName(StateIn(question.dialect, seen));
    if (seen.evidence.date != 0) coverage.date = seen.evidence.date;
    coverage.evidence = file.unread;
    coverage_out.push_back(std::move(coverage));
    impl_->Statements(file, path, google_path, question, statements_out);
  }
  for (const WellKnown file : kExpectedFiles) {
    if (impl_->Find(file) != nullptr) continue;
    coverage_out.push_back({std::string(WellKnownName(file)), "not-asked", std::nullopt});
  }
}

}  // namespace crawlcard::robots
