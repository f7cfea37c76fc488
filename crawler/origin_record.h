// crawler/origin_record.h - what a crawl knows of one origin: its plan, and how far it got.
//
// One value of the frontier's database, written after every answer: a crawl that is killed goes on
// from here. Layout: docs/formats/frontier.md. Thread rule: value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crawler/clock.h"
#include "crawler/error_class.h"
#include "robots/robots_fetch.h"

namespace crawlcard::crawler {

// In the order in which they are asked for. Stored: append only.
enum class StepKind : std::uint8_t {
  kRobots,
  kTdmrep,
  kAiTxt,
  kWellKnownAiTxt,
  kWellKnownAiJson,
  kTrustTxt,
  kWellKnownTrustTxt,  // only where kTrustTxt found none
  kFrontPage,
  kNamed,  // an RSL licence or a TDM policy that something named
};
inline constexpr std::size_t kStepKinds = 9;
// robots::WellKnownName() of files with a fixed place, "front-page", "named".
std::string_view StepKindName(StepKind kind);

// How a step ended. Stored: append only.
enum class StepOutcome : std::uint8_t {
  kPending,
  kOk,
  kNotModified,
  kEmpty,         // 200 with no byte
  kSoft404,       // 200 with something else than was asked for
  kAbsent,        // 4xx and odd 3xx
  kRedirectAway,  // to another origin, which was given the URL to ask for
  kRedirectLost,  // too many hops, a loop, or no place to go
  kBusy,          // 429 or 503 to the last try
  kServerError,   // 5xx to the last try
  kFailed,        // no answer: Step::error says why
  kDisallowed,    // robots.txt says no
  kUnreachable,   // robots.txt could not be had, which forbids everything
  kGivenUp,       // the host failed too often in this run
  kDelayTooLong,  // a Crawl-delay beyond the limit
  kNotNeeded,     // another step has the answer
};
inline constexpr std::size_t kStepOutcomes = 16;
std::string_view StepOutcomeName(StepOutcome outcome);  // "ok", "not-modified", ...

struct Step {
  StepKind kind = StepKind::kRobots;
  std::string url;         // as planned
  std::uint8_t depth = 0;  // of kNamed: redirects from other origins that led here
  StepOutcome outcome = StepOutcome::kPending;
  FetchError error = FetchError::kNone;
  std::uint16_t status = 0;  // of the last answer

  // While it is under way.
  std::uint32_t tries = 0;
  std::uint32_t hops = 0;
  std::string at_url;  // where the last redirect led; empty: url

  // Of the last whole answer to `url` itself, for asking whether it still holds.
  std::string etag;
  std::string last_modified;
  UnixMillis fetched_at = 0;  // 0: never
  std::string record_id;      // of its response record
  std::string digest;         // of its payload

  bool pending() const { return outcome == StepOutcome::kPending; }
  const std::string& next_url() const { return at_url.empty() ? url : at_url; }
};

// What the last answer for robots.txt means, and since when.
struct RobotsFacts {
  UnixMillis judged_at = 0;  // 0: never asked
  robots::RobotsState state = robots::RobotsState::kUnreachable;
  robots::RobotsDefault decides = robots::RobotsDefault::kDeny;
  UnixMillis failing_since = 0;  // 0: the last answer was one
  bool has_copy = false;         // the frontier keeps the body of a good answer
};

struct OriginRecord {
  std::string origin;       // "https://example.org:8443"; the key
  bool whole_plan = false;  // false: only what others named, after its robots.txt
  bool promoted = false;    // the plan was made because another origin's front page led here
  UnixMillis due = 0;
  bool queued = false;         // something is left to do at `due`
  std::uint64_t run = 0;       // that touched it last
  std::int64_t delay_ms = 0;   // its Crawl-delay, if it has one
  std::uint32_t failures = 0;  // of this plan
  UnixMillis finished_at = 0;  // of the last plan that was done
  RobotsFacts robots;
  std::vector<Step> steps;

  Step* NextStep();
};

void EncodeOrigin(const OriginRecord& record, std::string& value_out);
// Errors: kCorrupt, kSchema for a version of a later build.
[[nodiscard]] Result<OriginRecord> DecodeOrigin(std::string_view origin, std::string_view value);

}  // namespace crawlcard::crawler
