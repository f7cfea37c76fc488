// index/history.h - the timeline of a host's files: runs of equal meaning, and what changed
// between.
//
// Every observation is a row of its own and stays one; runs are made when they are read. A run
// lasts while the file is served in one state and means the same; its bodies may differ in bytes. A
// body is parsed once however often it was seen, and two bodies are compared once.
// docs/formats/history.md.
//
// Thread rule: functions may run side by side on one Store.
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
#include "index/scan.h"
#include "index/store.h"
#include "robots/compare_files.h"
#include "robots/origin.h"
#include "robots/verdict.h"

namespace crawlcard::index {

struct HistoryOptions {
  robots::Dialect dialect = robots::Dialect::kRfc9309;
  std::vector<std::string> agents;  // meaning for these alone; empty: for all that are named
  TimelineOptions timeline;
};

// One distinct body of a run.
struct HistoryBody {
  robots::Changed differs = robots::Changed::kNothing;  // from the body before it in the run
  UnixSeconds from = 0;                                 // 0: the archive gave no date
  UnixSeconds last_seen = 0;
  std::uint64_t observations = 0;
  robots::Evidence evidence;  // of the first observation
};

// What is otherwise in a run than in the one before it.
struct HistoryChange {
  robots::FetchState state_before = robots::FetchState::kUnreachable;
  // Against the last body before this run, which may be older than the run before; unset where
  // there is none, or none here.
  std::optional<robots::FileChange> body;
};

struct HistoryRun {
  std::string origin;  // "https://www.example.org"
  robots::WellKnown file = robots::WellKnown::kRobotsTxt;
  robots::FetchState state = robots::FetchState::kUnreachable;
  UnixSeconds from = 0;
  UnixSeconds last_seen = 0;
  std::uint64_t observations = 0;
  std::uint64_t unchanged = 0;          // of these a 304 or a revisit
  robots::Evidence evidence;            // of the first observation
  std::vector<HistoryBody> bodies;      // in the order in which they were met; state kOk alone
  std::optional<HistoryChange> change;  // unset for the first run
};

// Runs of every file of a host (all its origins: schemes, ports, with and without "www") or of the
// origin of a URL, by origin, file and time.
[[nodiscard]] Status ShowHistory(const Store& store, std::string_view url_or_host,
                                 const HistoryOptions& options,
                                 const std::function<Status(const HistoryRun&)>& on_run);

// Writes one crawlcard.history.v1 object (docs/schemas/).
void WriteHistoryRun(const HistoryRun& run, const HistoryOptions& options, JsonWriter& json);

}  // namespace crawlcard::index
