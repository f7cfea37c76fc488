// crawler/crawl_counts.h - what a publisher crawl did, by outcome: evidence of its conduct.
// Thread rule: value.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string_view>

#include "crawler/error_class.h"
#include "crawler/origin_record.h"

namespace crawlcard::crawler {

struct CrawlCounts {
  std::uint64_t requests = 0;  // tries, redirects and failures included
  std::uint64_t retries = 0;   // of these: not the first for their step
  std::uint64_t redirects = 0;
  std::uint64_t body_bytes = 0;  // as travelled
  std::uint64_t publishers_added = 0;
  std::uint64_t publishers_finished = 0;                // whole plans that ended, however
  std::uint64_t publishers_fresh = 0;                   // known, and not stale
  std::array<std::uint64_t, kStepOutcomes> steps{};     // ended steps by outcome
  std::map<FetchError, std::uint64_t> errors;           // requests without an answer
  std::map<robots::RobotsState, std::uint64_t> robots;  // robots.txt judged

  bool operator==(const CrawlCounts&) const = default;
};

}  // namespace crawlcard::crawler
