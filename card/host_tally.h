// card/host_tally.h - what origins said in files with a fixed place: robots.txt, tdmrep.json, ...
//
// Population: origins (scheme, host, port) with at least one observation of such a file. What an
// origin says is read from its latest observation of each file (by WARC-Date, then key order). Rows
// of one origin are neighbours; the first and the last origin stay open until parts have been
// merged.
//
// Thread rule: a value, thread-compatible.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "card/counts.h"
#include "card/limits.h"
#include "card/robots_reading.h"
#include "index/scan.h"
#include "robots/agents.h"
#include "robots/observe.h"
#include "robots/origin.h"
#include "robots/signal.h"

namespace crawlcard::card {

inline constexpr std::size_t kWellKnownCount = 8;
inline constexpr std::size_t kFetchStateCount = 5;

// One file kind over all origins.
struct WellKnownCount {
  std::uint64_t observations = 0;
  std::uint64_t origins = 0;
  std::array<std::uint64_t, kFetchStateCount> latest_state{};  // origins, by robots::FetchState
  std::uint64_t unread = 0;  // origins whose latest body was fetched but is not in the index
  DistinctCount bodies;      // of all observations
};

// Origins by what their robots.txt says to one agent, or to any agent of one operator.
struct AccessCount {
  std::array<std::uint64_t, 3> origins{};  // by Access
  std::uint64_t named = 0;                 // the file has a group for the agent itself
  std::uint64_t named_refused = 0;         // of these: refused

  std::uint64_t refused() const { return origins[2]; }
  std::uint64_t partly() const { return origins[1]; }
  std::uint64_t allowed() const { return origins[0]; }
};

class HostTally {
 public:
  HostTally();

  // False where the body of a row has been read before.
  bool WantsBody(const index::ScannedHostRow& row) const;
  // A row whose body was not wanted comes without one.
  void Add(const index::ScannedHostRow& row);
  // Frees what only makes the next rows cheaper.
  void Rest();
  // `right` follows in key order.
  void Merge(HostTally&& right);
  // Closes what is open. Add and Merge may not follow.
  void Finish();

  std::uint64_t origins() const { return origins_; }
  std::uint64_t observations() const { return observations_; }
  const WellKnownCount& file(robots::WellKnown file) const {
    return files_[static_cast<std::size_t>(file)];
  }
  // Origins that make each statement.
  const std::map<HostStatement, std::uint64_t>& statements() const { return statements_; }
  // Origins whose latest robots.txt could be read: the population of agents() and operators().
  std::uint64_t robots_read() const { return robots_read_; }
  // Agent 0 is "*", the rest follow robots::AgentRegistry().
  const std::vector<AccessCount>& agents() const { return agents_; }
  // By operator name: strictest over all its tokens, and over its training tokens alone.
  struct OperatorCount {
    AccessCount any;
    AccessCount training;
    bool trains = false;  // has a token whose purpose is training
  };
  const std::map<std::string_view, OperatorCount>& operators() const { return operators_; }

 private:
  using SharedReading = std::shared_ptr<const RobotsReading>;

  struct ByContent {
    bool operator()(const SharedReading& a, const SharedReading& b) const { return *a < *b; }
  };
  struct Latest {
    std::optional<UnixSeconds> date;
    robots::FetchState state = robots::FetchState::kOk;
    std::string body;
    std::string url;
    SharedReading reading;                  // of a robots.txt with content
    std::vector<HostStatement> statements;  // of rows whose body is in no index
  };
  struct Origin {
    bool starts_here = false;  // false: the part began inside it
    std::array<std::optional<Latest>, kWellKnownCount> files;
  };

  void Open(Origin origin);
  void Close(const Origin& origin);
  void CloseFile(robots::WellKnown file, const Latest& latest);
  void CountStatements(robots::WellKnown file, const Latest& latest);
  static std::size_t PlaceOf(std::uint64_t form) { return form % limits::kRobotsFormsMax; }
  bool IsKnown(std::uint64_t form) const {
    return PlaceOf(form) < readings_.size() && readings_[PlaceOf(form)].form == form;
  }
  void CountBody(const index::ScannedHostRow& row, WellKnownCount& count);
  SharedReading ReadingOf(const index::ScannedHostRow& row);
  SharedReading Share(RobotsReading&& reading);
  void Forget();
  // Counts what `pending_` holds.
  void Settle();
  // Operators in the order of operators_, and what the registry says of its agents.
  struct OperatorsOfAgents;
  void CountRobots(const RobotsReading& reading, std::uint64_t origins,
                   OperatorsOfAgents& operators);
  static void Keep(std::optional<Latest>& kept, Latest&& later);

  std::array<WellKnownCount, kWellKnownCount> files_;
  std::map<HostStatement, std::uint64_t> statements_;
  std::vector<AccessCount> agents_;
  std::map<std::string_view, OperatorCount> operators_;
  std::uint64_t origins_ = 0;
  std::uint64_t observations_ = 0;
  std::uint64_t robots_read_ = 0;
  std::vector<Origin> open_;  // at most two: the first origin of this part, and the last
  RobotsReader reader_;
  // By BodyNumber::form, as far as another with the same end has not taken its place; no part of
  // the value.
  struct Known {
    std::uint64_t form = 0;
    SharedReading reading;
  };
  std::vector<Known> readings_;
  std::uint64_t last_form_ = 0;  // rows of one origin mostly have the same
  SharedReading last_reading_;
  std::vector<bool> counted_;  // of robots.txt, by BodyNumber::body
  // Most files say what another does.
  std::set<SharedReading, ByContent> said_;
  std::unordered_map<SharedReading, std::uint64_t> pending_;  // origins of each, not counted yet
  SharedReading empty_;                                       // of a file without rules
};

}  // namespace crawlcard::card
