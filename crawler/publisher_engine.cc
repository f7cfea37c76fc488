// Choosing what to ask for next. What answers mean: publisher_judge.cc.
#include "crawler/publisher_engine.h"

#include <algorithm>

#include "base/assert.h"
#include "page/url.h"

namespace crawlcard::crawler {
namespace {

// Names are looked up again after this; those without an address sooner.
constexpr std::int64_t kNameMs = 600'000;
constexpr std::int64_t kNoNameMs = 60'000;
// Longer waits are spent in the frontier, not in memory.
constexpr std::int64_t kParkMs = 2000;
constexpr std::int64_t kSweepMs = 30'000;
constexpr std::size_t kRefill = 64;
constexpr std::int64_t kFarMs = 3'600'000;

bool IsAddress(std::string_view host) {
  return !host.empty() && (host.find(':') != std::string_view::npos ||
                           host.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace

PublisherEngine::PublisherEngine(Frontier& frontier, EngineOptions options, UnixMillis now)
    : frontier_(frontier),
      options_(std::move(options)),
      politeness_(options_.politeness, frontier.run() > 1 ? now : 0),
      jitter_(options_.seed),
      swept_at_(now) {}

Status PublisherEngine::AddSeed(std::string_view seed, UnixMillis now) {
  const std::string origin = OriginOfSeed(seed);
  if (origin.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "neither a host name nor an http or https URL without a user name");
  }
  if (const auto active = active_.find(origin); active != active_.end()) {
    AddWholePlan(active->second.record);
    return {};
  }
  CRAWLCARD_ASSIGN(std::optional<OriginRecord> known, frontier_.Find(origin));
  OriginRecord record = known ? std::move(*known) : OriginRecord();
  record.origin = origin;
  if (record.whole_plan && record.queued) return {};
  if (record.whole_plan) {
    if (!options_.stale_ms || now - record.finished_at < *options_.stale_ms) {
      ++counts_.publishers_fresh;
      return {};
    }
    RenewPlan(record);
  } else {
    AddWholePlan(record);
  }
  ++counts_.publishers_added;
  if (!record.queued) record.due = now;
  record.queued = true;
  return frontier_.Put(record);
}

// --- turns --------------------------------------------------------------------------------------

Result<Turn> PublisherEngine::Next(UnixMillis now) {
  if (now - swept_at_ >= kSweepMs) Sweep(now);
  Turn turn;
  while (true) {
    CRAWLCARD_ASSIGN(const bool launched, LaunchOne(now, turn));
    if (launched) return turn;
    CRAWLCARD_ASSIGN(const bool refilled, Refill(now));
    if (!refilled) break;
  }
  turn.ask_again_at = now + kFarMs;
  if (in_flight_ < options_.in_flight_max && !waiting_.empty()) {
    turn.ask_again_at = std::max(now + 1, waiting_.top().at);
  }
  if (active_.size() < active_max()) {
    CRAWLCARD_ASSIGN(const std::optional<UnixMillis> due, frontier_.NextDue());
    if (due) turn.ask_again_at = std::min(turn.ask_again_at, std::max(now + 1, *due));
    turn.finished = !due && active_.empty();
  }
  return turn;
}

// False when no more origins were taken into memory.
Result<bool> PublisherEngine::Refill(UnixMillis now) {
  if (active_.size() >= active_max() || in_flight_ >= options_.in_flight_max) return false;
  CRAWLCARD_ASSIGN(std::vector<OriginRecord> records,
                   frontier_.TakeDue(now, std::min(kRefill, active_max() - active_.size())));
  for (OriginRecord& record : records) {
    if (record.run != frontier_.run()) {
      // The hops of one fetch stand in one file: a chain that an earlier run began starts again.
      for (Step& step : record.steps) {
        if (!step.pending()) continue;
        step.at_url.clear();
        step.hops = 0;
      }
      record.run = frontier_.run();
    }
    const std::string origin = record.origin;
    active_[origin].record = std::move(record);
    waiting_.push({now, origin});
  }
  return !records.empty();
}

Result<bool> PublisherEngine::LaunchOne(UnixMillis now, Turn& turn_out) {
  while (in_flight_ < options_.in_flight_max && !waiting_.empty() && waiting_.top().at <= now) {
    const std::string origin = waiting_.top().origin;
    waiting_.pop();
    CRAWLCARD_ASSIGN(const bool done, TryOrigin(origin, now, turn_out));
    if (done) return true;
  }
  return false;
}

// True when `turn_out` was filled. Otherwise the origin waits somewhere, or is done.
Result<bool> PublisherEngine::TryOrigin(const std::string& origin, UnixMillis now, Turn& turn_out) {
  Active& active = active_.at(origin);
  OriginRecord& record = active.record;
  const bool robots_known = !NeedsRobots(record.robots, now);
  if (!robots_known && record.NextStep() != nullptr && !record.steps.front().pending()) {
    AskRobotsAgain(record);
  }
  Step* const step = record.NextStep();
  if (step == nullptr) {
    CRAWLCARD_TRY(Settle(origin, now, now));
    return false;
  }
  const std::string host = page::HostOf(step->next_url());
  Found found;
  if (!FindAddress(host, origin, now, found, turn_out)) return !turn_out.resolve.empty();

  CRAWLCARD_ASSIGN(active.delay_ms, DelayFor(record, step->next_url()));
  const UnixMillis host_ready = politeness_.HostReadyAt(host, active.delay_ms, now);
  if (host_ready > now) {
    slots_.erase(origin);
    CRAWLCARD_TRY(Park(origin, host_ready, now));
    return false;
  }
  const std::string address = found.address();
  if (!address.empty()) {
    const auto [slot, is_new] = slots_.try_emplace(origin, 0);
    if (is_new) slot->second = politeness_.TakeSlot(address, now);
    const UnixMillis ready = std::max(slot->second, politeness_.AddressReadyAt(address));
    if (ready > now) {
      CRAWLCARD_TRY(Park(origin, ready, now));
      return false;
    }
  }
  if (in_flight_ > 0 &&
      in_flight_bytes_ + BodyBytesMax(step->kind) > options_.in_flight_bytes_max) {
    constexpr std::int64_t kRoomMs = 50;
    waiting_.push({now + kRoomMs, origin});
    return false;
  }
  slots_.erase(origin);
  active.host = host;
  turn_out.fetch = Launch(active, *step, found, now);
  return true;
}

// False when the name must be looked up first; `turn_out` asks for that if nobody did yet.
bool PublisherEngine::FindAddress(const std::string& host, const std::string& origin,
                                  UnixMillis now, Found& found_out, Turn& turn_out) {
  if (IsAddress(host)) {
    found_out.addresses = {host};
    return true;
  }
  const auto known = names_.find(host);
  if (known != names_.end() && known->second.until > now) {
    found_out = known->second;
    return true;
  }
  std::vector<std::string>& waiting = resolving_[host];
  waiting.push_back(origin);
  if (waiting.size() == 1) turn_out.resolve = host;
  return false;
}

Result<std::int64_t> PublisherEngine::DelayFor(const OriginRecord& record,
                                               std::string_view url) const {
  const std::string origin = page::OriginOf(url);
  if (origin == record.origin) return DelayOf(record);
  if (const auto active = active_.find(origin); active != active_.end()) {
    return DelayOf(active->second.record);
  }
  CRAWLCARD_ASSIGN(const std::optional<OriginRecord> other, frontier_.Find(origin));
  return other ? DelayOf(*other) : 0;
}

// A longer delay ends the plan, and is waited for at most this long by those who come once.
std::int64_t PublisherEngine::DelayOf(const OriginRecord& record) const {
  return std::min(record.delay_ms, options_.crawl_delay_ms_max);
}

Status PublisherEngine::Park(const std::string& origin, UnixMillis at, UnixMillis now) {
  if (at - now <= kParkMs) {
    waiting_.push({at, origin});
    return {};
  }
  OriginRecord& record = active_.at(origin).record;
  record.due = at;
  record.queued = true;
  CRAWLCARD_TRY(frontier_.Put(record));
  active_.erase(origin);
  return {};
}

PlannedFetch PublisherEngine::Launch(Active& active, Step& step, const Found& found,
                                     UnixMillis now) {
  PlannedFetch fetch;
  fetch.ticket = active.ticket = ++last_ticket_;
  fetch.url = step.next_url();
  fetch.address = found.address();
  fetch.unresolved = found.error;
  fetch.kind = step.kind;
  fetch.body_bytes_max = BodyBytesMax(step.kind);
  // A 304 is of use only beside the copy that it speaks of.
  if (step.kind != StepKind::kRobots || active.record.robots.has_copy) {
    fetch.fields = ConditionalFields(step);
  }
  active.conditional = !fetch.fields.empty();
  active.step_url = step.url;
  active.step_kind = step.kind;
  active.reserved_bytes = fetch.body_bytes_max;
  active.validators.reset();
  if (step.tries > 0) ++counts_.retries;
  ++step.tries;
  tickets_[fetch.ticket] = active.record.origin;
  ++in_flight_;
  in_flight_bytes_ += active.reserved_bytes;
  politeness_.Start(active.host, fetch.address, active.delay_ms, now);
  if (!fetch.address.empty()) ++counts_.requests;
  return fetch;
}

Status PublisherEngine::Resolved(std::string_view host, const std::vector<std::string>& addresses,
                                 FetchError error, UnixMillis now) {
  CRAWLCARD_ASSERT(!addresses.empty() || error != FetchError::kNone);
  Found& found = names_[std::string(host)];
  found.addresses = addresses;
  found.next = 0;
  found.error = addresses.empty() ? error : FetchError::kNone;
  found.until = now + (addresses.empty() ? kNoNameMs : kNameMs);
  const auto waiting = resolving_.find(std::string(host));
  if (waiting == resolving_.end()) return {};
  for (const std::string& origin : waiting->second) waiting_.push({now, origin});
  resolving_.erase(waiting);
  return {};
}

// --- answers ------------------------------------------------------------------------------------

Result<ArchiveNote> PublisherEngine::Answered(std::uint64_t ticket, const Answer& answer,
                                              UnixMillis now) {
  Active& active = active_.at(tickets_.at(ticket));
  CRAWLCARD_ASSERT(active.ticket == ticket);
  counts_.body_bytes += answer.body.size();
  if (answer.error != FetchError::kNone) ++counts_.errors[answer.error];
  if (answer.error == FetchError::kConnectRefused || answer.error == FetchError::kConnectTimeout) {
    TryAnotherAddress(active.host);
  }

  const Step before = StepOf(active);
  CRAWLCARD_ASSIGN(const std::int64_t wait_ms, Judge(active, answer, now));
  // A robots.txt at the end of a redirect speaks about the host it stands on, too.
  const bool says_delay =
      active.step_kind == StepKind::kRobots || page::HostOf(active.record.origin) == active.host;
  const std::int64_t delay_ms =
      std::max(active.delay_ms, says_delay ? DelayOf(active.record) : std::int64_t{0});
  politeness_.Finish(active.host, delay_ms, wait_ms, now);
  const std::int64_t rest_ms = std::max({wait_ms, delay_ms, options_.politeness.host_delay_ms});
  active.due = now + 1 + rest_ms;  // when the host is ready: politeness.cc
  return NoteOf(active, answer, before, StepOf(active));
}

// Many names have addresses of both families, and some machines reach one of them.
void PublisherEngine::TryAnotherAddress(const std::string& host) {
  const auto known = names_.find(host);
  if (known == names_.end() || known->second.addresses.empty()) return;
  known->second.next = (known->second.next + 1) % known->second.addresses.size();
}

Status PublisherEngine::Archived(std::uint64_t ticket, std::string_view record_id,
                                 std::string_view digest, UnixMillis now) {
  const auto entry = tickets_.find(ticket);
  CRAWLCARD_ASSERT(entry != tickets_.end());
  const std::string origin = entry->second;
  tickets_.erase(entry);
  Active& active = active_.at(origin);
  active.ticket = 0;
  // Not before: a slow disk slows the network down.
  --in_flight_;
  in_flight_bytes_ -= active.reserved_bytes;
  if (active.validators) {
    Step& step = StepOf(active);
    step.etag = std::move(active.validators->etag);
    step.last_modified = std::move(active.validators->last_modified);
    step.fetched_at = active.validators->fetched_at;
    step.record_id = record_id;
    step.digest = digest;
    active.validators.reset();
  }
  return Settle(origin, active.due, now);
}

// Back to the frontier: to be asked again at `due`, or done.
Status PublisherEngine::Settle(const std::string& origin, UnixMillis due, UnixMillis now) {
  OriginRecord& record = active_.at(origin).record;
  record.queued = record.NextStep() != nullptr;
  record.due = due;
  if (!record.queued) {
    if (record.whole_plan && record.finished_at == 0) ++counts_.publishers_finished;
    record.finished_at = now;
    record.failures = 0;
  }
  CRAWLCARD_TRY(frontier_.Put(record));
  active_.erase(origin);
  return {};
}

void PublisherEngine::Sweep(UnixMillis now) {
  swept_at_ = now;
  politeness_.Sweep(now);
  std::erase_if(names_, [&](const auto& name) { return name.second.until <= now; });
  std::erase_if(slots_, [&](const auto& slot) {
    return slot.second + kNameMs < now && !active_.contains(slot.first);
  });
}

}  // namespace crawlcard::crawler
