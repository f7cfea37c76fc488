// dataset/study/cic_2024.h - the parts of the study cic-2024 that can be checked by hand.
//
// Source: arXiv 2407.14933 and its code (Data-Provenance-Collection, robots_util.py and
// parse_robots.py). Rules: docs/formats/study.md.
//
// Thread rule: values; functions are thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "dataset/study/periods.h"
#include "robots/restriction.h"

namespace crawlcard::dataset {

// Ways of reading robots.txt, in the order of the report.
inline constexpr std::array<robots::Dialect, 3> kCicModes = {
    robots::Dialect::kCicLegacy, robots::Dialect::kCicFixed, robots::Dialect::kRfc9309};

// The operators counted in a mode, and behind them "Combined".
std::vector<robots::CicOperator> CicTracked(robots::Dialect mode);

// One robots.txt as every operator of every mode is told: by mode, then as CicTracked() has them.
using CicClasses = std::vector<robots::DetailClass>;
CicClasses CicReduce(std::string_view body);
// Of a site that has no robots.txt.
CicClasses CicNoRobots();
// Where the operators of a mode begin in CicClasses.
std::size_t CicModeBegin(std::size_t mode);

// What a site said from `date` on.
struct CicSnapshot {
  UnixSeconds date = 0;
  CicClasses classes;
};
struct CicSite {
  UnixSeconds first_seen = 0;
  std::vector<CicSnapshot> snapshots;  // by date
};

// What counts for a period: the latest snapshot of its end or before, if the site had appeared when
// the period began; a site without one has no robots.txt yet. nullptr: the site does not count.
const CicClasses* CicAt(const CicSite& site, const Period& period, const CicClasses& no_robots);

// Sites and weight of one stratum.
struct CicStratum {
  std::array<std::uint64_t, robots::kDetailClassCount> sites{};
  std::array<std::uint64_t, robots::kDetailClassCount> weight{};
  void Add(robots::DetailClass value, std::uint64_t site_weight) {
    ++sites[static_cast<std::size_t>(value)];
    weight[static_cast<std::size_t>(value)] += site_weight;
  }
  std::uint64_t AllWeight() const;
  std::uint64_t RestrictedWeight() const {
    return weight[static_cast<std::size_t>(robots::DetailClass::kAll)];
  }
};

// h * (restricted head / head) + (1 - h) * (restricted random / random). A stratum that has no part
// of the whole (h of 1 or 0) is left out; nullopt where one that has a part was not observed.
std::optional<double> CicEstimate(double head_share, const CicStratum& head,
                                  const CicStratum& random);

}  // namespace crawlcard::dataset
