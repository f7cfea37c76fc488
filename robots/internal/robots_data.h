// robots/internal/robots_data.h - what a RobotsTxt holds, and how its records are walked.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/text.h"
#include "robots/internal/cic_file.h"
#include "robots/internal/path_match.h"
#include "robots/internal/robots_records.h"
#include "robots/observe.h"
#include "robots/robots_txt.h"

namespace crawlcard::robots {

namespace internal {

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

// A line of a family that speaks inside robots.txt, with its Signals.
struct FamilyLine {
  std::uint32_t record = 0;
  std::uint32_t signal_begin = 0;
  std::uint32_t signal_end = 0;
  bool orphan = false;
  bool has_path = false;
  PathPattern path;
};

// Built when signals() or its kin are first asked for.
struct Derived {
  Arena arena{8 * 1024};
  SignalList signals;
  std::vector<std::uint32_t> lines;  // of the signals, in the same order
  std::vector<FamilyLine> family_lines;
  std::vector<std::string_view> agents;
  bool prose = false;
};

}  // namespace internal

struct RobotsTxt::Data {
  std::string body;
  Arena arena{4 * 1024};
  internal::RobotsRecords read;
  std::vector<std::string_view> flags;
  std::vector<std::string_view> sitemaps;
  // The file past the limits that the other dialects keep: empty where nothing was cut.
  std::string whole;

  const internal::Derived& derived() const;
  // The records that `dialect` decides by.
  const internal::RobotsRecords& read_for(Dialect dialect) const;
  const internal::CicFile& cic(Dialect dialect) const;

 private:
  struct Whole {
    Arena arena{4 * 1024};
    internal::RobotsRecords read;
  };
  mutable std::once_flag whole_once_;
  mutable std::unique_ptr<Whole> whole_read_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<internal::Derived> derived_;
  mutable std::once_flag cic_once_[2];
  mutable std::unique_ptr<internal::CicFile> cic_[2];
};

namespace internal {
// Fills `derived` from the records of `data`.
void Derive(const RobotsRecords& read, std::string_view body, Derived& derived);
// Whether the readings of the groups differ for `agent` (robots.group_ambiguous).
bool GroupsDiffer(const RobotsRecords& read, std::string_view agent, Dialect dialect);
}  // namespace internal

}  // namespace crawlcard::robots
