// crawler/publisher_engine.h - the deciding half of a publisher crawl: what to ask for next, and
// what an answer means.
//
// No socket, no clock, no thread: time is an argument, requests come out, answers go in. So the
// same code runs against the network (publisher_job.h) and on virtual time (tests/sim/). State
// lives in the frontier and changes only when an answer has been archived: a crawl that is killed
// loses nothing but requests in flight.
//
//   Next() ------> resolve HOST ------> Resolved()
//          \-----> fetch, Ticket -----> Answered() --> archive --> Archived()
//           \----> wait until, or done
//
// Thread rule: thread-compatible (the network thread).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "crawler/clock.h"
#include "crawler/crawl_counts.h"
#include "crawler/fetch_plan.h"
#include "crawler/frontier.h"
#include "crawler/limits.h"
#include "crawler/named_urls.h"
#include "crawler/politeness.h"
#include "crawler/retry_policy.h"
#include "crawler/robots_gate.h"

namespace crawlcard::crawler {

struct EngineOptions {
  // Affects behaviour.
  std::string agent = "crawlcard";  // product token that robots.txt is asked about
  PolitenessOptions politeness;
  RetryOptions retry;
  std::int64_t crawl_delay_ms_max = limits::kCrawlDelayMsMax;
  // Publishers whose plan was finished longer ago are asked again; nullopt: none is.
  std::optional<std::int64_t> stale_ms;
  std::uint64_t seed = 0;  // of the jitter

  // Affects speed and memory.
  std::size_t in_flight_max = 256;
  std::size_t in_flight_bytes_max = 128U << 20;  // sum of the caps of bodies under way
};

// A request to make. `fields` are to be sent besides those of the fetcher.
struct PlannedFetch {
  std::uint64_t ticket = 0;
  std::string url;
  // To connect to; empty where the name has no address: nothing is sent, and `unresolved` is the
  // answer.
  std::string address;
  FetchError unresolved = FetchError::kNone;
  StepKind kind = StepKind::kRobots;
  std::size_t body_bytes_max = 0;
  std::vector<std::pair<std::string, std::string>> fields;
};

struct Turn {
  std::optional<PlannedFetch> fetch;
  std::string resolve;  // a host name to look up, or empty
  // Neither: nothing to do before this time, or before the next answer.
  UnixMillis ask_again_at = 0;
  bool finished = false;  // nothing is left, now or later
};

// Views live during the call.
struct Answer {
  FetchError error = FetchError::kNone;
  std::uint16_t status = 0;
  std::string_view head;  // status line and fields
  std::string_view body;  // as it travelled
};

// What the archive should say about an answer.
struct ArchiveNote {
  // A 304: the record that still holds.
  bool not_modified = false;
  std::string revisit_record_id;
  std::string revisit_digest;
  UnixMillis revisit_date = 0;
  std::vector<std::pair<std::string, std::string>> metadata;
};

class PublisherEngine {
 public:
  // Borrows `frontier`. `now`: an earlier process may have asked hosts up to this moment.
  PublisherEngine(Frontier& frontier, EngineOptions options, UnixMillis now);

  // Adds a publisher by URL or host name. A known one is left alone, or renewed when it is stale.
  // Errors: kInvalidArgument, and those of the frontier.
  [[nodiscard]] Status AddSeed(std::string_view seed, UnixMillis now);

  // What to do now; call again until it gives neither a fetch nor a host. Errors: of the frontier.
  [[nodiscard]] Result<Turn> Next(UnixMillis now);

  // Answers a Turn's `resolve`. `addresses` in the order to try; empty with `error`.
  [[nodiscard]] Status Resolved(std::string_view host, const std::vector<std::string>& addresses,
                                FetchError error, UnixMillis now);

  // Answers a Turn's `fetch`: judges it, and frees the host from `now` on.
  [[nodiscard]] Result<ArchiveNote> Answered(std::uint64_t ticket, const Answer& answer,
                                             UnixMillis now);
  // The answer is in the archive: what was decided is stored. `record_id` and `digest` are of its
  // response record, empty where there is none.
  [[nodiscard]] Status Archived(std::uint64_t ticket, std::string_view record_id,
                                std::string_view digest, UnixMillis now);

  // Requests under way, and answers that are not archived yet.
  std::size_t in_flight() const { return in_flight_; }
  const CrawlCounts& counts() const { return counts_; }

 private:
  // An origin in memory: held in the frontier.
  struct Active {
    OriginRecord record;
    std::uint64_t ticket = 0;  // not 0: under way, or being archived
    // Of the request under way.
    std::string host;
    std::string step_url;
    StepKind step_kind = StepKind::kRobots;
    std::int64_t delay_ms = 0;
    std::size_t reserved_bytes = 0;
    bool conditional = false;
    // Of its answer.
    UnixMillis due = 0;
    std::optional<Step> validators;  // what to ask with next time
  };
  struct Waiting {
    UnixMillis at;
    std::string origin;
    bool operator>(const Waiting& other) const { return at > other.at; }
  };
  struct Found {
    std::vector<std::string> addresses;  // empty: the name has none
    std::size_t next = 0;                // of them
    FetchError error = FetchError::kNone;
    UnixMillis until = 0;

    std::string address() const { return addresses.empty() ? std::string() : addresses[next]; }
  };

  // publisher_engine.cc: choosing.
  [[nodiscard]] Result<bool> Refill(UnixMillis now);
  [[nodiscard]] Result<bool> LaunchOne(UnixMillis now, Turn& turn_out);
  [[nodiscard]] Result<bool> TryOrigin(const std::string& origin, UnixMillis now, Turn& turn_out);
  bool FindAddress(const std::string& host, const std::string& origin, UnixMillis now,
                   Found& found_out, Turn& turn_out);
  [[nodiscard]] Result<std::int64_t> DelayFor(const OriginRecord& record,
                                              std::string_view url) const;
  std::int64_t DelayOf(const OriginRecord& record) const;
  [[nodiscard]] Status Park(const std::string& origin, UnixMillis at, UnixMillis now);
  [[nodiscard]] Status Settle(const std::string& origin, UnixMillis due, UnixMillis now);
  PlannedFetch Launch(Active& active, Step& step, const Found& found, UnixMillis now);
  void TryAnotherAddress(const std::string& host);
  void Sweep(UnixMillis now);
  std::size_t active_max() const { return options_.in_flight_max * 4; }

  // publisher_judge.cc: judging.
  struct Judged {
    Active& active;
    Step& step;
    const Answer& answer;
    AnswerClass answer_class;
    const page::HttpHead& head;
    std::string_view body;  // decoded; of whole answers alone
    UnixMillis now;
  };
  static Step& StepOf(Active& active);
  void End(Step& step, StepOutcome outcome);
  void EndAll(OriginRecord& record, StepOutcome outcome);
  // Gives how long to leave the host alone.
  [[nodiscard]] Result<std::int64_t> Judge(Active& active, const Answer& answer, UnixMillis now);
  [[nodiscard]] Result<std::int64_t> JudgeFailure(const Judged& judged);
  [[nodiscard]] Status JudgeRedirect(const Judged& judged);
  [[nodiscard]] Status JudgeWhole(const Judged& judged);
  [[nodiscard]] Status EndRobots(const Judged& judged, bool lost);
  [[nodiscard]] Status ApplyRobots(OriginRecord& record);
  [[nodiscard]] Result<bool> MayAsk(const OriginRecord& record, std::string_view url) const;
  [[nodiscard]] Status FollowAway(const Judged& judged, const std::string& target);
  [[nodiscard]] Status AskElsewhere(const std::string& url, std::uint8_t depth, bool promote,
                                    UnixMillis now);
  [[nodiscard]] Status AskHere(OriginRecord& record, const std::string& url, std::uint8_t depth);
  [[nodiscard]] Status AddNamed(const Judged& judged, std::string_view body);
  static void KeepValidators(const Judged& judged);
  static ArchiveNote NoteOf(const Active& active, const Answer& answer, const Step& before,
                            const Step& after);

  Frontier& frontier_;
  EngineOptions options_;
  Politeness politeness_;
  Jitter jitter_;
  NamedUrlFinder finder_;
  Arena arena_;
  std::string scratch_;
  CrawlCounts counts_;

  std::unordered_map<std::string, Active> active_;  // by origin
  std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> waiting_;
  std::unordered_map<std::string, UnixMillis> slots_;  // promised by the address, by origin
  std::unordered_map<std::string, Found> names_;       // by host
  std::unordered_map<std::string, std::vector<std::string>> resolving_;  // origins by host
  std::unordered_map<std::uint64_t, std::string> tickets_;               // origins
  std::uint64_t last_ticket_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t in_flight_bytes_ = 0;
  UnixMillis swept_at_ = 0;
};

}  // namespace crawlcard::crawler
