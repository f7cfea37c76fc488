// robots/internal/robots_data.h - what a RobotsTxt holds, and how its records are walked.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/text.h"
#include "robots/internal/cic_file.h"
#include "robots/internal/robots_data_operators.h"
#include "robots/internal/robots_data_rules.h"
#include "robots/internal/robots_records.h"
#include "robots/observe.h"
#include "robots/path_match.h"
#include "robots/robots_txt.h"

namespace crawlcard::robots {

namespace internal {

// A line of a family that speaks inside robots.txt, with its Signals.
struct FamilyLine {
  std::uint32_t record = 0;
  std::uint32_t signal_begin = 0;
  std::uint32_t signal_end = 0;
  bool orphan = false;
  bool has_path = false;
  PathPattern path;
};

// Built when signals() or its kin are first asked for. Texts that are not the file's own live in
// the arena.
struct Derived {
  explicit Derived(Arena& memory) : arena(memory), signals(&memory) {}

  Arena& arena;
  SignalList signals;
  std::vector<std::uint32_t> lines;  // of the signals, in the same order
  std::vector<FamilyLine> family_lines;
  std::uint8_t families = 0;  // kCloses bits of those lines
  std::vector<std::string_view> agents;
  bool prose = false;
};

}  // namespace internal

struct RobotsTxt::Data {
  std::unique_ptr<char[]> buffer;
  std::string_view body;  // a view of it
  Arena arena{4 * 1024};
  internal::RobotsRecords read;
  std::vector<std::string_view> flags;
  std::vector<std::string_view> sitemaps;
  bool one_way = false;  // kLenient reads it as kRfc9309 does
  // The file past the limits that the other dialects keep: empty where nothing was cut.
  std::unique_ptr<char[]> whole_buffer;
  std::string_view whole;

  const internal::Derived& derived() const;
  // The records that `dialect` decides by.
  const internal::RobotsRecords& read_for(Dialect dialect) const;
  const internal::CicFile& cic(Dialect dialect) const;
  const internal::NamedOperators& operators(Dialect dialect) const;
  // Which rule decides; not for the Consent-in-Crisis dialects.
  internal::Outcome Answer(std::string_view agent, std::string_view path_and_query,
                           Dialect dialect) const;
  // What the rules kept for askers hold at most, for a file of `records`.
  static constexpr std::size_t AskersBytesMax(std::size_t records) {
    constexpr std::size_t kLink = sizeof(Asker) - sizeof(internal::AskerRules);
    return kAskersMax * (kLink + internal::AskerRules::HeldBytesMax(records, kAgentBytesMax));
  }

 private:
  struct Whole {
    Arena arena{4 * 1024};
    internal::RobotsRecords read;
  };
  mutable std::once_flag whole_once_;
  mutable std::unique_ptr<Whole> whole_read_;
  mutable std::once_flag once_;
  mutable Arena derived_arena_{8 * 1024};
  mutable std::unique_ptr<internal::Derived> derived_;
  mutable std::once_flag cic_once_[2];
  mutable std::unique_ptr<internal::CicFile> cic_[2];
  mutable std::once_flag operators_once_[3];
  mutable std::unique_ptr<internal::NamedOperators> operators_[3];

  // Rules of askers that come again and again, made at their kAskedBefore-th question: a list that
  // only grows, read without a lock.
  struct Asker {
    Asker(const internal::RobotsRecords& read_in, std::string_view agent, Dialect dialect)
        : rules(read_in, agent, dialect) {}
    internal::AskerRules rules;
    std::unique_ptr<Asker> next;
  };
  static constexpr unsigned kAskedBefore = 8;
  static constexpr unsigned kAskersMax = 4;
  static constexpr std::size_t kAgentBytesMax = 64;  // of one that rules are kept for
  const internal::AskerRules* RulesOf(std::string_view agent, Dialect dialect) const;
  mutable std::atomic<unsigned> asked_{0};
  mutable std::atomic<const Asker*> askers_{nullptr};
  mutable std::mutex askers_mutex_;
  mutable std::unique_ptr<Asker> first_asker_;  // guarded by askers_mutex_
  mutable unsigned asker_count_ = 0;            // likewise
};

namespace internal {
// The lines that end within limits::kRobotsTxtBytesMax, as ReadRobotsRecords() wants them.
std::string_view ReadableLines(std::string_view body, Arena& arena);
// Fills `derived` from the records of a file.
void Derive(const RobotsRecords& read, std::string_view body, Derived& derived);
// The same for its signals alone.
void DeriveSignals(const RobotsRecords& read, Derived& derived);
// Whether the readings of the groups differ for `agent` (robots.group_ambiguous).
bool GroupsDiffer(const RobotsRecords& read, std::string_view agent, Dialect dialect);
}  // namespace internal

}  // namespace crawlcard::robots
