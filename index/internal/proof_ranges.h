// index/internal/proof_ranges.h - the key ranges that a question about a URL or host is about.
//
// Thread rule: functions are thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "index/internal/target.h"

namespace crawlcard::index {

inline constexpr std::string_view kProofSchema = "crawlcard.proof.v1";

// Leaf keys from `lower` on and below `upper`.
struct LeafRange {
  std::string lower;
  std::string upper;

  bool operator==(const LeafRange&) const = default;
};

// Of a URL: the observations of its origin's file, when it is one with a fixed place, and the
// captures under its SURT key. Of a host: its well-known files, then its pages.
std::vector<LeafRange> RangesOf(const Target& target);

}  // namespace crawlcard::index
