// crawler/robots_gate.h - what a robots.txt allows this crawler, and for how long that is known.
//
// RFC 9309 sections 2.3 and 2.4 with the choices of
// docs/decisions/0014-robots-rules-of-the-crawl.md: 4xx allows, 5xx, 429 and silence forbid (a copy
// from before goes on ruling), a day is the longest that an answer counts. Judged by
// robots/robots_fetch.h, the same code that judges archives.
//
// Thread rule: RobotsRules is immutable; functions are thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crawler/clock.h"
#include "crawler/error_class.h"
#include "crawler/origin_record.h"
#include "robots/robots_txt.h"

namespace crawlcard::crawler {

// The rules of one file for one crawler.
class RobotsRules {
 public:
  // `agent` is the product token, such as "crawlcard".
  RobotsRules(std::string_view body, std::string agent);

  bool Allows(std::string_view url) const;

  // Seconds of the Crawl-delay lines of the agent's group, else of `*`, the longest of several, as
  // milliseconds; nullopt where there is none. Not part of RFC 9309; honoured all the same.
  std::optional<std::int64_t> CrawlDelayMs() const;

 private:
  robots::RobotsTxt rules_;
  std::string agent_;
};

// The last answer to a robots.txt, its redirects followed.
struct RobotsAnswer {
  FetchError error = FetchError::kNone;
  std::uint16_t status = 0;
  std::uint32_t hops = 0;      // redirects before it
  bool lost = false;           // the last redirect led nowhere, or there were too many
  std::string_view body = {};  // decoded
};

// Fills `facts_out` from an answer at `now`; what it held before is the history. A 304 renews what
// was known. True when `answer.body` is a good copy to keep.
bool JudgeRobots(const RobotsAnswer& answer, std::string_view robots_url, UnixMillis now,
                 RobotsFacts& facts_out);

// Whether robots.txt has to be asked for before anything else is.
bool NeedsRobots(const RobotsFacts& facts, UnixMillis now);

// Whether the decision stands in rules, and so in the copy that the frontier keeps.
bool RulesDecide(const RobotsFacts& facts);

}  // namespace crawlcard::crawler
