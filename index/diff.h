// index/diff.h - what the files of hosts say at one time and said at another, and where the files
// of one host contradict each other.
//
// Every observation is a fact; both answers are computed when asked. A file counts as changed when
// its meaning did (robots/compare_files.h) between the observation in force at the one side and
// that at the other. docs/formats/diff.md defines every word.
//
// Thread rule: functions may run side by side on one Store; they run their own threads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"
#include "base/time.h"
#include "index/store.h"
#include "robots/robots_txt.h"
#include "robots/signal.h"
#include "robots/verdict.h"

namespace crawlcard::index {

// One side of a comparison: what was in force at an instant, or what a snapshot saw.
struct DiffSide {
  std::string name;  // as asked for
  std::optional<UnixSeconds> instant;
  std::string snapshot;  // when there is no instant
};

struct DiffOptions {
  DiffSide from;
  DiffSide to;
  robots::Dialect dialect = robots::Dialect::kRfc9309;
  std::vector<std::string> agents;  // these alone; empty: all that a file names
  std::vector<std::string> hosts;   // these alone; empty: all of the index
  std::optional<UnixSeconds> known_by;
  unsigned jobs = 1;
};

// What became of a signal. kMixed: stricter here, less strict there.
enum class SignalChange : std::uint8_t { kAppeared, kTightened, kLoosened, kMixed, kVanished };
std::string_view SignalChangeName(SignalChange change);  // "appeared", "tightened", ...

// A line that stands in one of the versions alone, or a preference that changed.
struct ChangedLine {
  std::string text;  // "+ Disallow: /private", "content-signal ai-train: nothing, now no"
  std::string path;  // that is answered otherwise; empty where none was found
  int stricter = 0;  // 1: the answer there is stricter now, -1: less strict, 0: not known
  robots::Axis use = robots::Axis::kNone;
};

// One family and agent in one file of one origin.
struct SignalDiff {
  std::string origin;
  std::string file;  // robots::WellKnownName()
  robots::Family family = robots::Family::kRobots;
  std::string agent;          // "*", a token; empty where nobody is named
  std::string operator_name;  // of the agent, where the registry knows it
  SignalChange change = SignalChange::kTightened;
  int stricter = 0;  // what it amounts to: 1, -1, or 0 where it is both or neither
  std::vector<ChangedLine> lines;
  bool cut = false;
};

struct HostDiff {
  std::string host;
  std::string domain;
  std::uint64_t pages = 0;
  std::uint64_t bytes = 0;
  std::vector<SignalDiff> signals;
};

struct DiffTotal {
  robots::Family family = robots::Family::kRobots;
  std::string agent;
  std::string operator_name;
  SignalChange change = SignalChange::kTightened;
  std::uint64_t hosts = 0;
  std::uint64_t domains = 0;
  std::uint64_t pages = 0;  // of these hosts
  std::uint64_t bytes = 0;
};

struct DiffSummary {
  std::uint64_t files_compared = 0;  // a file of an origin, known on both sides
  std::uint64_t files_new = 0;       // not observed on the first side
  std::uint64_t files_unknown = 0;   // a side could not be read: unreachable, redirect not seen
  std::uint64_t hosts_changed = 0;
  std::uint64_t domains_changed = 0;
  std::uint64_t pages = 0;  // of the hosts that changed
  std::uint64_t bytes = 0;
  std::vector<DiffTotal> totals;  // by family, agent, change
};

// Hands out each host with a difference, in key order, one at a time and from any thread. Memory
// does not grow with their number. Errors: kNotFound for a snapshot that no file of the index is
// of, kInvalidArgument, kIo, kCorrupt.
[[nodiscard]] Result<DiffSummary> Diff(const Store& store, const DiffOptions& options,
                                       const std::function<Status(const HostDiff&)>& on_host);

// crawlcard.diff.v1 objects (docs/schemas/).
void WriteHostDiff(const HostDiff& host, const DiffOptions& options, JsonWriter& json);
void WriteDiffSummary(const DiffSummary& summary, const DiffOptions& options, JsonWriter& json);

// --- contradictions -----------------------------------------------------------------------------

struct ContradictionOptions {
  std::optional<UnixSeconds> as_of;  // unset: what was seen last
  robots::Dialect dialect = robots::Dialect::kRfc9309;
  robots::Policy policy;           // for what follows from both
  std::vector<std::string> hosts;  // these alone; empty: all of the index
  std::optional<UnixSeconds> known_by;
  unsigned jobs = 1;
};

// One family refuses a use to an agent, another grants the same use.
struct Contradiction {
  robots::Axis use = robots::Axis::kNone;
  std::string agent;
  robots::Reason denies;
  robots::Reason allows;
  robots::Decision decision = robots::Decision::kUnspecified;  // of all together
  std::string clause;                                          // that decided
};

struct OriginContradictions {
  std::string origin;
  std::string host;
  std::string domain;
  std::uint64_t pages = 0;  // of the host
  std::uint64_t bytes = 0;
  std::vector<Contradiction> contradictions;
};

struct ContradictionSummary {
  std::uint64_t origins = 0;  // looked at
  std::uint64_t origins_contradictory = 0;
  std::uint64_t pages = 0;  // of their hosts, each host once
  std::uint64_t bytes = 0;
};

[[nodiscard]] Result<ContradictionSummary> FindContradictions(
    const Store& store, const ContradictionOptions& options,
    const std::function<Status(const OriginContradictions&)>& on_origin);

// crawlcard.contradictions.v1 objects (docs/schemas/).
void WriteContradictions(const OriginContradictions& origin, const ContradictionOptions& options,
                         JsonWriter& json);
void WriteContradictionSummary(const ContradictionSummary& summary,
                               const ContradictionOptions& options, JsonWriter& json);

}  // namespace crawlcard::index
