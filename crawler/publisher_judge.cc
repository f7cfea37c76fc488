// What an answer means for its step, its origin, and others that it names. Choosing:
// publisher_engine.cc.
#include <algorithm>

#include "base/assert.h"
#include "base/text.h"
#include "crawler/publisher_engine.h"
#include "crawler/soft_404.h"
#include "index/ingest/crawl_fields.h"
#include "page/http.h"
#include "page/public_suffix.h"
#include "page/url.h"
#include "robots/limits.h"

namespace crawlcard::crawler {
namespace {

// More than is read of a robots.txt by a line, so that its reader sees where it has to stop.
constexpr std::size_t kRobotsKeptBytes =
    robots::limits::kRobotsTxtBytesMax + robots::limits::kRobotsLineBytesMax;
// A body that was unpacked to more than this gives its memory back.
constexpr std::size_t kScratchBytes = 4 << 20;

// Values that may be sent back as they came: visible ASCII and blanks (RFC 9110 section 5.5).
bool IsSendable(std::string_view value) {
  return value.size() <= limits::kValidatorBytesMax &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

StepOutcome OutcomeOfFailure(AnswerClass answer) {
  if (answer == AnswerClass::kBusy) return StepOutcome::kBusy;
  return answer == AnswerClass::kServerError ? StepOutcome::kServerError : StepOutcome::kFailed;
}

// How a robots.txt step ended, for the counts; what follows from it is in RobotsFacts.
StepOutcome OutcomeOfRobots(const RobotsFacts& facts, AnswerClass answer, bool lost,
                            std::string_view body) {
  if (lost) return StepOutcome::kRedirectLost;
  switch (answer) {
    case AnswerClass::kOk:
      if (facts.state == robots::RobotsState::kOk) return StepOutcome::kOk;
      return body.empty() ? StepOutcome::kEmpty : StepOutcome::kSoft404;
    case AnswerClass::kNotModified:
      return StepOutcome::kNotModified;
    case AnswerClass::kRedirect:
      return StepOutcome::kRedirectLost;
    case AnswerClass::kAbsent:
      return StepOutcome::kAbsent;
    case AnswerClass::kBusy:
    case AnswerClass::kServerError:
    case AnswerClass::kNoAnswer:
      break;
  }
  return OutcomeOfFailure(answer);
}

// Where a redirect leads, without its fragment; empty where it leads nowhere that may be asked.
std::string RedirectTarget(std::string_view from, const page::HttpHead& head) {
  const std::string_view location = head.Field("Location");
  if (location.empty()) return {};
  std::string target = page::ResolveUrl(from, location);
  target.resize(std::min(target.find('#'), target.size()));
  const bool known_scheme =
      StartsWithIgnoreCase(target, "http://") || StartsWithIgnoreCase(target, "https://");
  if (!known_scheme || target.size() > limits::kPlanUrlBytesMax || page::OriginOf(target).empty()) {
    return {};
  }
  return target;
}

}  // namespace

Step& PublisherEngine::StepOf(Active& active) {
  for (Step& step : active.record.steps) {
    if (step.kind == active.step_kind && step.url == active.step_url) return step;
  }
  CRAWLCARD_ASSERT(false && "the step under way is part of the plan");
  return active.record.steps.front();
}

void PublisherEngine::End(Step& step, StepOutcome outcome) {
  CRAWLCARD_ASSERT(step.pending() && outcome != StepOutcome::kPending);
  step.outcome = outcome;
  ++counts_.steps[static_cast<std::size_t>(outcome)];
}

void PublisherEngine::EndAll(OriginRecord& record, StepOutcome outcome) {
  for (Step& step : record.steps) {
    if (step.pending()) End(step, outcome);
  }
}

Result<std::int64_t> PublisherEngine::Judge(Active& active, const Answer& answer, UnixMillis now) {
  arena_.Reset();
  if (scratch_.capacity() > kScratchBytes) std::string().swap(scratch_);
  Step& step = StepOf(active);
  step.status = answer.status;
  step.error = answer.error;
  const AnswerClass answer_class = ClassifyAnswer(answer.error, answer.status);
  const page::HttpHead head = page::ParseHttpHead(answer.head, arena_);
  std::string_view body;
  if (answer_class == AnswerClass::kOk) {
    body = page::DecodeHttpBody(head, answer.body, scratch_, arena_).bytes;
    if (step.kind == StepKind::kRobots) body = body.substr(0, kRobotsKeptBytes);
  }
  const Judged judged{active, step, answer, answer_class, head, body, now};
  switch (answer_class) {
    case AnswerClass::kBusy:
    case AnswerClass::kServerError:
    case AnswerClass::kNoAnswer:
      return JudgeFailure(judged);
    case AnswerClass::kRedirect:
      CRAWLCARD_TRY(JudgeRedirect(judged));
      return 0;
    case AnswerClass::kOk:
    case AnswerClass::kNotModified:
    case AnswerClass::kAbsent:
      break;
  }
  if (step.kind == StepKind::kRobots) {
    CRAWLCARD_TRY(EndRobots(judged, false));
  } else if (answer_class == AnswerClass::kOk) {
    CRAWLCARD_TRY(JudgeWhole(judged));
  } else {
    End(step, answer_class == AnswerClass::kNotModified ? StepOutcome::kNotModified
                                                        : StepOutcome::kAbsent);
    CRAWLCARD_TRY(AddNamed(judged, {}));
  }
  return 0;
}

Result<std::int64_t> PublisherEngine::JudgeFailure(const Judged& judged) {
  OriginRecord& record = judged.active.record;
  ++record.failures;
  const std::optional<std::int64_t> asked =
      ParseRetryAfter(judged.head.Field("Retry-After"), judged.now);
  const RetryDecision decision = DecideRetry(judged.answer_class, judged.answer.error,
                                             judged.step.tries, asked, options_.retry, jitter_);
  const bool worn_out = record.failures > limits::kHostFailuresMax;
  if (decision.again && !worn_out) return decision.wait_ms;
  if (judged.step.kind == StepKind::kRobots) {
    CRAWLCARD_TRY(EndRobots(judged, false));
  } else {
    End(judged.step, OutcomeOfFailure(judged.answer_class));
  }
  // Waiting out a long Retry-After for each of the other files would take hours.
  if (asked.value_or(0) > limits::kRetryAfterMsMax) EndAll(record, StepOutcome::kBusy);
  if (worn_out) EndAll(record, StepOutcome::kGivenUp);
  return decision.wait_ms;
}

Status PublisherEngine::JudgeRedirect(const Judged& judged) {
  Step& step = judged.step;
  ++counts_.redirects;
  const std::string target = RedirectTarget(step.next_url(), judged.head);
  const bool lost = target.empty() || step.hops >= limits::kStepHopsMax;
  if (step.kind == StepKind::kRobots) {
    // RFC 9309 section 2.3.1.2: across hosts if need be, for the authority that was asked first.
    if (lost) return EndRobots(judged, true);
  } else if (lost) {
    End(step, StepOutcome::kRedirectLost);
    return {};
  } else if (page::OriginOf(target) != judged.active.record.origin) {
    return FollowAway(judged, target);
  } else {
    CRAWLCARD_ASSIGN(const bool allowed, MayAsk(judged.active.record, target));
    if (!allowed) {
      End(step, StepOutcome::kDisallowed);
      return {};
    }
  }
  step.at_url = target;
  ++step.hops;
  step.tries = 0;
  return {};
}

// Another origin has a robots.txt of its own: the target becomes a step there.
Status PublisherEngine::FollowAway(const Judged& judged, const std::string& target) {
  const auto depth = static_cast<std::uint8_t>(judged.step.depth + 1);
  if (depth > limits::kStepHopsMax) {
    End(judged.step, StepOutcome::kRedirectLost);
    return {};
  }
  End(judged.step, StepOutcome::kRedirectAway);
  // "example.org" that lives at "www.example.org": the publisher is there.
  const OriginRecord& record = judged.active.record;
  const bool promote = judged.step.kind == StepKind::kFrontPage && !record.promoted &&
                       page::RegistrableDomain(page::HostOf(target)) ==
                           page::RegistrableDomain(page::HostOf(record.origin));
  return AskElsewhere(target, depth, promote, judged.now);
}

Status PublisherEngine::JudgeWhole(const Judged& judged) {
  Step& step = judged.step;
  StepOutcome outcome = StepOutcome::kOk;
  if (judged.body.empty()) {
    outcome = StepOutcome::kEmpty;
  } else if (IsSoft404(step.kind, judged.body)) {
    outcome = StepOutcome::kSoft404;
  }
  End(step, outcome);
  KeepValidators(judged);
  if (step.kind == StepKind::kTrustTxt && outcome == StepOutcome::kOk) {
    for (Step& other : judged.active.record.steps) {
      if (other.kind == StepKind::kWellKnownTrustTxt && other.pending()) {
        End(other, StepOutcome::kNotNeeded);
      }
    }
  }
  return AddNamed(judged, outcome == StepOutcome::kOk ? judged.body : std::string_view());
}

Status PublisherEngine::EndRobots(const Judged& judged, bool lost) {
  OriginRecord& record = judged.active.record;
  RobotsAnswer answer;
  answer.error = judged.answer.error;
  answer.status = judged.answer.status;
  answer.hops = judged.step.hops;
  answer.lost = lost;
  answer.body = judged.body;
  const bool good = JudgeRobots(answer, judged.step.url, judged.now, record.robots);
  ++counts_.robots[record.robots.state];
  if (good) {
    CRAWLCARD_TRY(frontier_.PutRobots(record.origin, judged.body));
  }
  End(judged.step, OutcomeOfRobots(record.robots, judged.answer_class, lost, judged.body));
  if (judged.answer_class == AnswerClass::kOk) KeepValidators(judged);
  CRAWLCARD_TRY(ApplyRobots(record));
  return AddNamed(judged, good ? judged.body : std::string_view());
}

// Ends what robots.txt forbids, and learns the delay.
Status PublisherEngine::ApplyRobots(OriginRecord& record) {
  if (!RulesDecide(record.robots)) {
    record.delay_ms = 0;
    if (record.robots.decides != robots::RobotsDefault::kAllow) {
      EndAll(record, StepOutcome::kUnreachable);
    }
    return {};
  }
  std::string body;
  CRAWLCARD_ASSIGN(const bool kept, frontier_.GetRobots(record.origin, body));
  if (!kept) return Fail(ErrorCode::kCorrupt, "frontier lost the robots.txt of a host");
  const RobotsRules rules(body, options_.agent);
  record.delay_ms = rules.CrawlDelayMs().value_or(0);
  if (record.delay_ms > options_.crawl_delay_ms_max) {
    EndAll(record, StepOutcome::kDelayTooLong);
    return {};
  }
  for (Step& step : record.steps) {
    if (step.pending() && !rules.Allows(step.url)) End(step, StepOutcome::kDisallowed);
  }
  return {};
}

Result<bool> PublisherEngine::MayAsk(const OriginRecord& record, std::string_view url) const {
  if (!RulesDecide(record.robots)) {
    return record.robots.decides == robots::RobotsDefault::kAllow;
  }
  std::string body;
  CRAWLCARD_ASSIGN(const bool kept, frontier_.GetRobots(record.origin, body));
  if (!kept) return Fail(ErrorCode::kCorrupt, "frontier lost the robots.txt of a host");
  return RobotsRules(body, options_.agent).Allows(url);
}

// --- what answers name --------------------------------------------------------------------------

Status PublisherEngine::AddNamed(const Judged& judged, std::string_view body) {
  // What a named document names in its turn is not asked for: one hop of indirection.
  const StepKind kind = judged.step.kind;
  if (kind == StepKind::kNamed) return {};
  const std::string url = judged.step.next_url();
  // From here on `judged.step` may be gone: the plan grows.
  for (const std::string& named : finder_.Find(kind, url, judged.head, body)) {
    if (page::OriginOf(named) == judged.active.record.origin) {
      CRAWLCARD_TRY(AskHere(judged.active.record, named, 0));
    } else {
      CRAWLCARD_TRY(AskElsewhere(named, 0, false, judged.now));
    }
  }
  return {};
}

Status PublisherEngine::AskHere(OriginRecord& record, const std::string& url, std::uint8_t depth) {
  if (!AddNamedStep(record, url, depth)) return {};
  // Where robots.txt is still to come, it will judge this step with the others.
  if (record.steps.front().pending()) return {};
  if (record.delay_ms > options_.crawl_delay_ms_max) {
    End(record.steps.back(), StepOutcome::kDelayTooLong);
    return {};
  }
  CRAWLCARD_ASSIGN(const bool allowed, MayAsk(record, url));
  if (!allowed) {
    End(record.steps.back(),
        RulesDecide(record.robots) ? StepOutcome::kDisallowed : StepOutcome::kUnreachable);
  }
  return {};
}

Status PublisherEngine::AskElsewhere(const std::string& url, std::uint8_t depth, bool promote,
                                     UnixMillis now) {
  const std::string origin = page::OriginOf(url);
  const auto active = active_.find(origin);
  std::optional<OriginRecord> found;
  if (active == active_.end()) {
    CRAWLCARD_ASSIGN(found, frontier_.Find(origin));
    if (!found) found.emplace();
    found->origin = origin;
  }
  OriginRecord& record = active == active_.end() ? *found : active->second.record;
  if (promote && !record.whole_plan) {
    AddWholePlan(record);
    record.promoted = true;
    ++counts_.publishers_added;
  }
  const bool stale = options_.stale_ms && !record.queued && record.run != frontier_.run();
  if (stale) RenewNamedStep(record, url);
  CRAWLCARD_TRY(AskHere(record, url, depth));
  if (active != active_.end()) return {};
  if (!record.queued && record.NextStep() != nullptr) {
    record.queued = true;
    record.due = now;
  }
  return frontier_.Put(record);
}

// --- what is kept of an answer ------------------------------------------------------------------

void PublisherEngine::KeepValidators(const Judged& judged) {
  if (!judged.step.at_url.empty()) return;  // of another URL
  Step kept;
  const std::string_view etag = judged.head.Field("ETag");
  const std::string_view modified = judged.head.Field("Last-Modified");
  if (IsSendable(etag)) kept.etag = etag;
  if (IsSendable(modified)) kept.last_modified = modified;
  kept.fetched_at = judged.now;
  judged.active.validators = std::move(kept);
}

ArchiveNote PublisherEngine::NoteOf(const Active& active, const Answer& answer, const Step& before,
                                    const Step& after) {
  ArchiveNote note;
  note.not_modified = answer.error == FetchError::kNone && answer.status == 304 &&
                      active.conditional && !before.record_id.empty();
  if (note.not_modified) {
    note.revisit_record_id = before.record_id;
    note.revisit_digest = before.digest;
    note.revisit_date = before.fetched_at;
  }
  note.metadata.emplace_back(index::kStepField, StepKindName(before.kind));
  note.metadata.emplace_back("crawlcard-try", std::to_string(before.tries));
  if (!after.pending()) {
    note.metadata.emplace_back("crawlcard-outcome", StepOutcomeName(after.outcome));
  }
  if (answer.error != FetchError::kNone) {
    note.metadata.emplace_back(index::kErrorField, FetchErrorName(answer.error));
  }
  if (!before.at_url.empty()) note.metadata.emplace_back("via", before.url);
  return note;
}

}  // namespace crawlcard::crawler
